"""Languages: the one that a request uses, and the addresses of pages in each of them."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Flask, request, url_for
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

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


def current_language() -> str:
    """Return the language of the request's address, also where there is no page."""
    first = request.path.split("/", 2)[1]
    return first if first in LANGUAGES else DEFAULT_LANGUAGE


def in_each_language(text: object) -> dict[str, str]:
    """Return a lazily translated text in each language, by its code."""
    texts = {}
    for code in LANGUAGES:
        with force_locale(code):
            texts[code] = str(text)
    return texts


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


def language_links() -> list[LanguageLink]:
    """Return links to this page in each language, with its query; to the home page on errors."""
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
    """Return the endpoint of the requested page, as `url` takes it; None for anything else."""
    parts = (request.endpoint or "").split(".")
    if len(parts) != 3 or parts[1] not in PAGES:
        return None
    return parts[2] if parts[1] == CITIZENS else ".".join(parts[1:])


def this_page(language: str, query: MultiDict[str, str]) -> str | None:
    """Return this page's address in a language with a query, or None where it is no page.

    The query doesn't go through `url_for`: whoever writes an address would control it
    with names such as _scheme.
    """
    name = page_name()
    if name is None:
        return None
    address = url(name, language, **(request.view_args or {}))
    text = urlencode([(key, value) for key, value in query.items(multi=True) if value])
    return f"{address}?{text}" if text else address
