"""What a city is: read from `city.toml`, so that no code names one."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import DataError, Problem
from geo.kinds import KINDS, Names
from geo.plain import link
from geo.rows import Slug, Text

FILE = "city.toml"
LANGUAGES = ("it", "en", "fr")


@dataclass(frozen=True)
class CityResidents:
    """The residents of the whole city in one year, with the source that says so."""

    count: int
    year: int
    source: str


@dataclass(frozen=True)
class CityGreen:
    """The green that the city says it looks after: m² in all and per resident, year and source."""

    area_m2: float
    per_resident: float
    year: int
    source: str


@dataclass(frozen=True)
class City:
    """A city: names, the CRS in which it is measured (metres), time zone, residents.

    `green`: what the city publishes of its green, None where nothing is known.

    `registered_kinds`: the kinds of place that a complete register lists. Of the others
    only what some source happens to name is known, so zero doesn't mean that none is there.
    """

    slug: str
    names: Names
    metric_crs: str
    time_zone: str
    residents: CityResidents
    green: CityGreen | None
    registered_kinds: frozenset[str]


def read_city(folder: Path) -> City:
    """Read `city.toml` in `folder`; DataError when it is missing or says something unusable."""
    try:
        table = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _error("the file is missing", "Put it into the data folder") from None
    except UnicodeDecodeError as error:
        raise _error(f"not UTF-8 text ({error.reason})", "Save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise _error(f"not valid TOML ({error})", "Mend the line it names") from None
    try:
        return _city(table)
    except (KeyError, TypeError, AttributeError) as error:
        raise _error(f"a setting is missing or of the wrong type ({error})", _EXAMPLE) from None


_EXAMPLE = (
    "Needed: slug, time_zone, metric_crs, registered_kinds and the tables [names] "
    "(it, en, fr) and [residents] (count, year, source); if you like, also [green] (area_m2, "
    "per_resident, year, source)"
)


def _city(table: dict[str, Any]) -> City:
    _check_crs(table["metric_crs"])
    _check_zone(table["time_zone"])
    residents = table["residents"]
    _check("slug", Slug, table["slug"])
    for language, name in table["names"].items():
        _check(f"names.{language}", Text, name)
    return City(
        slug=table["slug"],
        names=Names(**table["names"]),
        metric_crs=table["metric_crs"],
        time_zone=table["time_zone"],
        residents=CityResidents(
            int(residents["count"]),
            int(residents["year"]),
            _link("residents.source", residents["source"]),
        ),
        green=_green(table.get("green")),
        registered_kinds=_known_kinds(table["registered_kinds"]),
    )


def _green(told: dict[str, Any] | None) -> CityGreen | None:
    if told is None:
        return None
    try:
        numbers = (float(told["area_m2"]), float(told["per_resident"]), int(told["year"]))
    except ValueError as error:
        raise _error(f"[green] has what is no number ({error})", _EXAMPLE) from None
    return CityGreen(*numbers, _link("green.source", told["source"]))


def _check(setting: str, wanted: Any, value: object) -> None:
    try:
        TypeAdapter(wanted).validate_python(value)
    except ValidationError as error:
        what = f"{setting}: {error.errors()[0]['msg']}"
        raise _error(what, f"Correct {setting} (it says {value!r})") from None


def _link(setting: str, value: str) -> str:
    try:
        return link(value)
    except ValueError as error:
        raise _error(f"{setting}: {error}", f"Correct {setting} (it says {value!r})") from None


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise _error(f"unknown time_zone {name!r}", "Name one such as Europe/Rome") from None


def _known_kinds(slugs: list[str]) -> frozenset[str]:
    unknown = sorted(set(slugs) - set(KINDS))
    if unknown:
        raise _error(f"registered_kinds names unknown kinds {unknown}", "See geo/kinds.py")
    return frozenset(slugs)


def _check_crs(name: str) -> None:
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        raise _error(f"unknown metric_crs {name!r}", "Name an EPSG code") from None
    if crs.is_geographic or crs.axis_info[0].unit_name != "metre":
        raise _error(f"metric_crs {name!r} isn't in metres", "Name a projected CRS in metres")


def _error(what: str, fix: str) -> DataError:
    return DataError([Problem(FILE, "", what, fix)])
