"""Opening the source files, with errors that name the file and what is missing in it."""

import csv
import hashlib
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geo.base.errors import DataError, Problem, short
from geo.base.limits import MAX_PROBLEMS
from geo.storage import geojson
from geo.storage.snapshot import read_file, text_of, unreadable

# The largest source, an export of a whole province, takes a tenth of it.
MAX_SOURCE_BYTES = 250_000_000
# What a reader raises on a row in an unexpected form.
_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, ShapelyError)

Row = TypeVar("Row")
Made = TypeVar("Made")

_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
_DATES_IN_URLS = (
    re.compile(r"[/_](?P<year>20\d\d)[/-](?P<month>\d\d)[/-](?P<day>\d\d)[/_]"),
    re.compile(rf"/(?P<short>\d\d)_(?P<name>{'|'.join(_MONTHS)})_(?P<day>\d\d)/"),
)


def read_csv(path: Path, needed: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV source, cells stripped.

    DataError if a needed column is missing, or there twice.
    """
    reader = csv.DictReader(io.StringIO(_text(path)), strict=True)
    try:
        names = list(reader.fieldnames or ())
        missing = sorted(set(needed) - set(names))
        twice = sorted(name for name in set(needed) if names.count(name) > 1)
        if missing or twice:
            what = f"no column {', '.join(missing)}" if missing else f"two columns {twice[0]}"
            fix = "Get the file again from its source"
            raise DataError([Problem(path.name, "line 1", what, fix)])
        return [{name: (row[name] or "").strip() for name in row if name} for row in reader]
    except csv.Error as error:
        row, what = f"line {max(1, reader.line_num)}", f"broken CSV ({error})"
        raise DataError(
            [Problem(path.name, row, what, "Get the file again from its source")]
        ) from None


def read_json(path: Path) -> Any:
    """Return the content of a JSON source; DataError if it isn't JSON."""
    return geojson.parse(path.name, _text(path))


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON source, each with its properties as a dict."""
    features, _ = geojson.feature_list(path.name, _text(path))
    return each(path.name, features, _feature)


def each(
    file: str,
    rows: Iterable[Row],
    make: Callable[[Row], Made],
    label: Callable[[Row], str] | None = None,
) -> list[Made]:
    """Return `make(row)` for each row; DataError names those that can't be read.

    `label` returns what to call a row; without it, a row is called by its number from 1.
    """
    made: list[Made] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=1):
        try:
            made.append(make(row))
        except DataError:
            raise
        except _ODD as error:
            called = label(row) if label else f"row {number}"
            what = f"not as its source writes it ({type(error).__name__}: {_reason(error)})"
            problems.append(Problem(file, called, what, "Correct or remove it"))
            if len(problems) >= MAX_PROBLEMS:
                break
    if problems:
        raise DataError(problems)
    return made


def degrees(written: Any) -> tuple[float, float]:
    """Return the lon and lat of a GeoJSON point; ValueError if they can't be degrees."""
    lon, lat = (float(value) for value in written["coordinates"][:2])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("its coordinates aren't degrees")
    return lon, lat


def lonlat(written: Any) -> tuple[float, float]:
    """Return the same with six decimals."""
    lon, lat = degrees(written)
    return round(lon, 6), round(lat, 6)


def area_shape(written: Any) -> BaseGeometry:
    """Return the polygon of a GeoJSON geometry; ValueError if it's none, or an invalid one."""
    shape = geojson.geometry(written)
    if isinstance(shape, str):
        raise ValueError(shape)  # noqa: TRY004 - the file's fault, not the caller's
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise ValueError("it isn't a polygon")
    west, south, east, north = shape.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise ValueError("its coordinates aren't degrees")
    if not shape.is_valid:
        raise ValueError("an invalid outline")
    return shape


def row_digest(file: str, row: Mapping[str, str], without: str) -> str:
    """Return a digest of all cells of a row but the one of a column, and of the file's name."""
    cells = [f"{name}={row[name]}" for name in sorted(row) if name != without]
    return hashlib.sha256("\n".join([file, *cells]).encode()).hexdigest()[:12]


def decimal(text: str) -> float | None:
    """Return a number written with a decimal comma or point, or None."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def url_date(url: str) -> str | None:
    """Return the date in a news address (ISO), or None when it carries none."""
    for pattern in _DATES_IN_URLS:
        match = pattern.search(url)
        if match:
            parts = match.groupdict()
            year = parts.get("year") or f"20{parts['short']}"
            month = parts.get("month") or f"{_MONTHS.index(parts['name']) + 1:02}"
            return f"{year}-{month}-{parts['day']}"
    return None


def page_date(url: str, text: str, known: Mapping[str, str]) -> str | None:
    """Return a page's date: the known one, else that in its address, else a year in `text`."""
    years = re.findall(r"\b(20[0-2]\d)\b", text)
    return known.get(url) or url_date(url) or (years[-1] if years else None)


def iso_date(text: str) -> str | None:
    """Return the year, month or day that `text` states (ISO), or None ("undated", "after …")."""
    return text if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else None


def _feature(written: Any) -> dict[str, Any]:
    properties, geometry = written["properties"], written.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict | None):
        raise TypeError("it isn't a feature")
    return {"properties": properties, "geometry": geometry}


def _reason(error: Exception) -> str:
    """Return the error's first line; of pydantic's errors, which have several, the second."""
    lines = str(error).splitlines()[1:3] if isinstance(error, ValidationError) else [str(error)]
    return short(" ".join(lines)).strip("'\"")


def _text(path: Path) -> str:
    try:
        return text_of(path.name, read_file(path, MAX_SOURCE_BYTES))
    except FileNotFoundError:
        fix = f"Put it into {path.parent.name}/"
        raise DataError([Problem(path.name, "", "the source is missing", fix)]) from None
    except OSError as error:
        raise DataError([unreadable(path.name, error)]) from None
