"""What every page needs: the dataset, the language, addresses, assets, numbers as text."""

import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import pandas as pd
from babel.dates import format_date
from flask import Blueprint, Flask, current_app, g, request, url_for
from flask_babel import Babel, force_locale, format_decimal, get_locale, gettext
from werkzeug.datastructures import MultiDict

from geo.model.dataset import Dataset
from geo.model.queries import records
from web.site import labels

DEFAULT_LANGUAGE = "it"
LANGUAGES = {"it": "Italiano", "en": "English", "fr": "Français"}
CITIZENS = "citizens"
# The blueprints whose pages exist in each language under the same name.
PAGES = {CITIZENS, "council", "near", "open_data", "operators", "quality", "search"}


class LanguageLink(NamedTuple):
    """A link to the same page in a language."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, eq=False)
class Site:
    """What the app holds for as long as it runs: the dataset and the assets' addresses."""

    dataset: Dataset
    assets: dict[str, str]


def site() -> Site:
    """Return what the running app holds: the same for the whole of a request."""
    if "site" not in g:
        g.site = current_app.extensions["quartieri"]
    return cast("Site", g.site)


def state_of(app: Flask) -> Callable[[], Hashable]:
    """Return what tells, for each request, what pages depend on besides their address.

    That is: data, assets, day, printed sheets.
    """
    sheets = Path(app.root_path) / app.config["SHEETS"]

    def state() -> Hashable:
        held = cast("Site", app.extensions["quartieri"])
        return held, _today(held.dataset), _changed_ns(sheets)

    return state


def _changed_ns(folder: Path) -> int | None:
    """Return when a folder was last changed, or None if it isn't there."""
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def dataset() -> Dataset:
    """Return the dataset that the running app serves."""
    return site().dataset


def sources_in_words(ids: Iterable[str]) -> str:
    """Return the titles of sources, each with its date, in the language of the data."""
    table = dataset().sources.loc[list(ids)]
    return "; ".join(
        f"{row['title']} ({row['date']})" if row["date"] else row["title"]
        for _, row in records(table)
    )


def today() -> date:
    """Return the day where the city is."""
    return _today(dataset())


def _today(data: Dataset) -> date:
    return datetime.now(ZoneInfo(data.city.time_zone)).date()


def any_indicative() -> bool:
    """Return whether some border isn't the official one."""
    return bool((dataset().quartieri["boundary_status"] != "official").any())


def in_each_language(text: object) -> dict[str, str]:
    """Return a text that waits for a language in each of ours."""
    told = {}
    for code in LANGUAGES:
        with force_locale(code):
            told[code] = str(text)
    return told


def read_assets(app: Flask) -> dict[str, str]:
    """Return the file names of the built assets by their plain names; error if not built."""
    manifest = Path(cast("str", app.static_folder)) / "dist" / "manifest.json"
    if not manifest.is_file():
        raise FileNotFoundError(f"{manifest} is missing: build the assets with `make assets`")
    return cast("dict[str, str]", json.loads(manifest.read_text(encoding="utf-8")))


def current_language() -> str:
    """Return the language that the address asks for, also on an address that isn't there."""
    first = request.path.split("/", 2)[1]
    return first if first in LANGUAGES else DEFAULT_LANGUAGE


def register_in_each_language(app: Flask, *blueprints: Blueprint) -> None:
    """Serve blueprints at the root in the default language, and under /xx/ in each other."""
    for language in LANGUAGES:
        prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
        parent = Blueprint(language, __name__, url_prefix=prefix or None)
        for blueprint in blueprints:
            parent.register_blueprint(blueprint)
        app.register_blueprint(parent)


def url(endpoint: str, language: str | None = None, **values: Any) -> str:
    """Return the address of a page of ours in a language (by default the current one).

    `endpoint`: a page for citizens by its name, any other as blueprint.name.
    """
    full = endpoint if "." in endpoint else f"{CITIZENS}.{endpoint}"
    return url_for(f"{language or current_language()}.{full}", **values)


def asset(name: str) -> str:
    """Return the address of a built asset by its plain name; it changes with the content."""
    return url_for("static", filename=f"dist/{site().assets[name]}")


def languages() -> list[LanguageLink]:
    """Return links to this page in each language, its state kept; to the home page on errors."""
    return [
        LanguageLink(
            code,
            label,
            this_page(code, request.args) or url("home", code),
            code == current_language(),
        )
        for code, label in LANGUAGES.items()
    ]


def page_name() -> str | None:
    """Return the page that was asked for, as `url` takes it, or None for anything else."""
    parts = (request.endpoint or "").split(".")
    if len(parts) != 3 or parts[1] not in PAGES:
        return None
    return parts[2] if parts[1] == CITIZENS else ".".join(parts[1:])


def this_page(language: str, state: MultiDict[str, str]) -> str | None:
    """Return this page's address in a language with a state, or None where it is no page.

    The state doesn't go through `url_for`: whoever writes an address would steer it
    with names such as _scheme.
    """
    name = page_name()
    if name is None:
        return None
    address = url(name, language, **(request.view_args or {}))
    query = urlencode([(key, value) for key, value in state.items(multi=True) if value])
    return f"{address}?{query}" if query else address


def number(value: object, digits: int = 0) -> str:
    """Return a number as text in the reader's language, or "n.d." where it is missing."""
    if value is None or pd.isna(cast("float", value)):
        return str(gettext("n.d."))
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(value, format=pattern))


def partial_date(text: str | None) -> str:
    """Return "2023", "2023-10" or "2023-10-07" as a date in the reader's language."""
    if not text:
        return str(gettext("n.d."))
    pattern = {4: "y", 7: "MMMM y", 10: "d MMMM y"}[len(text)]
    day = date.fromisoformat(text + "-01-01"[: 10 - len(text)])
    return format_date(day, format=pattern, locale=get_locale())


def host(address: str) -> str:
    """Return the host of an address, for a short link text."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def lower_first(text: object) -> str:
    """Return `text` with a small first letter, to follow a colon."""
    words_ = str(text)
    return words_[:1].lower() + words_[1:]


def init_app(app: Flask) -> None:
    """Set up languages and everything that templates use."""
    Babel(app, locale_selector=current_language)
    for each in (number, partial_date, host, lower_first, records):
        app.add_template_filter(each)
    app.add_template_filter(pd.isna, "missing")
    app.jinja_env.globals.update(url=url, asset=asset, words=labels)

    @app.context_processor
    def page_context() -> dict[str, object]:
        language = current_language()
        return {
            "language": language,
            # The language of the texts that the data hold: titles, notes, addresses.
            "data_language": DEFAULT_LANGUAGE,
            "languages": languages(),
            "city_name": dataset().city.names.in_language(language),
            "dataset_version": dataset().version,
            "any_indicative": any_indicative(),
        }
