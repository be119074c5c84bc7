"""A city: read from `city.toml`, so that no code names one."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, TypeAdapter, ValidationError
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.base.errors import DataError, Problem, short
from geo.model.kinds import FILE as KINDS_FILE
from geo.model.kinds import STANDARD, Kinds, Names
from geo.model.schema import People, Slug, Text, Url, Year
from geo.storage.snapshot import Content, read_files, text_of

FILE = "city.toml"
LANGUAGES = ("it", "en", "fr")
_SLUG, _TEXT, _URL = TypeAdapter[str](Slug), TypeAdapter[str](Text), TypeAdapter[str](Url)
_COUNT, _YEAR = TypeAdapter[int](People), TypeAdapter[int](Year)
_CODE = TypeAdapter[str](Annotated[str, Field(pattern=r"^[A-Za-z]{2,20}:[0-9]{1,10}$")])
_AMOUNT = TypeAdapter[float](Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)])


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
    `kinds`: the kinds of place, with those that the city adds.
    """

    slug: str
    names: Names
    metric_crs: str
    time_zone: str
    residents: CityResidents
    green: CityGreen | None
    registered_kinds: frozenset[str]
    kinds: Kinds = field(default=STANDARD, repr=False)


def read_city(folder: Path) -> City:
    """Read `city.toml` and `kinds.toml` in a data folder; DataError when they can't be used."""
    contents = read_files(folder, (FILE, KINDS_FILE))
    return city_of(contents[FILE], STANDARD.with_added(contents[KINDS_FILE]))


def city_of(content: Content, kinds: Kinds = STANDARD) -> City:
    """Return the city that the content of `city.toml` describes; DataError as `read_city`."""
    text = text_of(FILE, content)
    try:
        table = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise _error(
            f"not valid TOML ({short(str(error))})", "Correct the line that it names"
        ) from None
    except RecursionError:
        raise _error("not valid TOML (nested too deep)", _EXAMPLE) from None
    try:
        return _city(table, kinds)
    except DataError:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        what = f"a setting is missing or of the wrong type ({short(str(error))})"
        raise _error(what, _EXAMPLE) from None


_EXAMPLE = (
    "Needed: slug, time_zone, metric_crs, registered_kinds and the tables [names] "
    "(it, en, fr) and [residents] (count, year, source); if you like, also [green] (area_m2, "
    "per_resident, year, source)"
)


def _city(table: dict[str, Any], kinds: Kinds) -> City:
    _check_crs(table["metric_crs"])
    residents, names = table["residents"], table["names"]
    return City(
        slug=_text("slug", _SLUG, table["slug"]),
        names=Names(**{code: _text(f"names.{code}", _TEXT, names[code]) for code in LANGUAGES}),
        metric_crs=table["metric_crs"],
        time_zone=_known_zone(table["time_zone"]),
        residents=CityResidents(
            _COUNT.validate_python(residents["count"]),
            _YEAR.validate_python(residents["year"]),
            _text("residents.source", _URL, residents["source"]),
        ),
        green=_green(table.get("green")),
        registered_kinds=_known_kinds(table["registered_kinds"], kinds),
        kinds=kinds,
    )


def _green(table: dict[str, Any] | None) -> CityGreen | None:
    if table is None:
        return None
    try:
        area, each = (_AMOUNT.validate_python(table[name]) for name in ("area_m2", "per_resident"))
        year = _YEAR.validate_python(table["year"])
    except ValueError as error:
        raise _error(f"[green] contains a non-numeric value ({_first(error)})", _EXAMPLE) from None
    return CityGreen(area, each, year, _text("green.source", _URL, table["source"]))


def _text(setting: str, adapter: TypeAdapter[str], value: object) -> str:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        what = f"{setting}: {_first(error)}"
        raise _error(what, f"Correct {setting} (it says {short(value)})") from None


def _known_zone(name: object) -> str:
    try:
        return ZoneInfo(_TEXT.validate_python(name)).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise _error(f"unknown time_zone {short(name)}", "Name one as Europe/Rome") from None


def _known_kinds(slugs: list[str], kinds: Kinds) -> frozenset[str]:
    unknown = sorted(set(slugs) - set(kinds.slugs))
    if unknown:
        raise _error(
            f"registered_kinds names unknown kinds {unknown[:20]}",
            "Correct them, or add them in kinds.toml",
        )
    return frozenset(slugs)


def _check_crs(name: object) -> None:
    """Accept only codes of a register: a PROJ string may name files and has no area of use."""
    try:
        crs = CRS.from_authority(*_CODE.validate_python(name).split(":"))
    except (CRSError, ValueError):
        raise _error(f"unknown metric_crs {short(name)}", "Name an EPSG code") from None
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise _error(f"metric_crs {name!r} isn't in metres", "Name a projected CRS in metres")


def _first(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return error.errors()[0]["msg"].removeprefix("Value error, ")


def _error(what: str, fix: str) -> DataError:
    return DataError([Problem(FILE, "", what, fix)])
