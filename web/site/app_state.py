"""The state of the running app: the dataset that it serves, and its built assets."""

import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, url_for

from geo.model.dataset import Dataset
from geo.model.queries import records

# The key of the state among the app's extensions.
EXTENSION = "quartieri"


@dataclass(frozen=True, eq=False)
class Site:
    """One version of what the app serves: a dataset, and the built assets' file names."""

    dataset: Dataset
    assets: dict[str, str]


def init_app(app: Flask, data: Dataset) -> None:
    """Let the app serve a dataset, with the assets that are built; error if they aren't."""
    app.extensions[EXTENSION] = Site(data, _read_assets(app))


def site() -> Site:
    """Return what the running app serves: the same version for the whole of a request."""
    if "site" not in g:
        g.site = current_app.extensions[EXTENSION]
    return cast("Site", g.site)


def dataset() -> Dataset:
    """Return the dataset that the running app serves."""
    return site().dataset


def state_of(app: Flask) -> Callable[[], Hashable]:
    """Return a function whose value changes whenever a page may change at the same address.

    The value consists of the data, the assets, the day, and the folder of printed sheets.
    """
    sheets = Path(app.root_path) / app.config["SHEETS"]

    def state() -> Hashable:
        current = cast("Site", app.extensions[EXTENSION])
        return current, _today(current.dataset), _changed_ns(sheets)

    return state


def _changed_ns(folder: Path) -> int | None:
    """Return when a folder was last changed (nanoseconds), or None if there is no such folder."""
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def today() -> date:
    """Return the date in the city's time zone."""
    return _today(dataset())


def _today(data: Dataset) -> date:
    return datetime.now(ZoneInfo(data.city.time_zone)).date()


def source_titles(ids: Iterable[str]) -> str:
    """Return the titles of sources, each with its date, in the language of the data."""
    table = dataset().sources.loc[list(ids)]
    return "; ".join(
        f"{row['title']} ({row['date']})" if row["date"] else row["title"]
        for _, row in records(table)
    )


def any_indicative() -> bool:
    """Return whether the boundary of any quartiere is not an official one."""
    return bool((dataset().quartieri["boundary_status"] != "official").any())


def _read_assets(app: Flask) -> dict[str, str]:
    """Return the file names of the built assets by their plain names; error if not built."""
    manifest = Path(cast("str", app.static_folder)) / "dist" / "manifest.json"
    if not manifest.is_file():
        raise FileNotFoundError(f"{manifest} is missing: build the assets with `make assets`")
    return cast("dict[str, str]", json.loads(manifest.read_text(encoding="utf-8")))


def asset(name: str) -> str:
    """Return the address of a built asset by its plain name; it changes with the content."""
    return url_for("static", filename=f"dist/{site().assets[name]}")
