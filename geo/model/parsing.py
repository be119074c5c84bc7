"""Reading the files of a data folder row by row, collecting every problem on the way."""

import csv
import io
from collections.abc import Iterator
from typing import Any, TypeVar

import shapely
from pydantic import ValidationError
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from geo.base.errors import DataError, Problem, short
from geo.model.rows import Read
from geo.model.schema import Row
from geo.storage import geojson
from geo.storage.snapshot import Content, text_of

# Longer than any honest cell, short enough that a stray quote can't swallow a whole file.
csv.field_size_limit(100_000)
# A file with so many problems is of another kind; with so many rows, of another size.
MAX_PROBLEMS = 100
MAX_ROWS = 500_000

R = TypeVar("R", bound=Row)
T = TypeVar("T")
Bounds = tuple[float, float, float, float]


def read_table(
    file: str, content: Content, model: type[R], crs: CRS, problems: list[Problem]
) -> list[Read[R]]:
    """Return the valid rows of a CSV file with a header; labels are line numbers.

    `crs`: as in `read_features`, for the columns lon and lat, if there are such.
    """
    try:
        text = text_of(file, content)
    except DataError as error:
        problems.extend(error.problems)
        return []
    reader = csv.DictReader(io.StringIO(text), strict=True)
    placed = "lon" in model.model_fields
    rows = []
    for label, values in _bounded(file, _lines(file, reader, model, problems), problems):
        if None in values or None in values.values():
            fix = "Quote cells with commas"
            problems.append(Problem(file, label, "too few or too many cells", fix))
            continue
        row = _validated(file, label, values, model, problems)
        fault = _where(_point(row), crs) if row is not None and placed else None
        if fault:
            problems.append(Problem(file, label, *fault))
        elif row is not None:
            rows.append(Read(label, row))
    return rows


def read_features(
    file: str, content: Content, model: type[R], crs: CRS, problems: list[Problem]
) -> list[Read[R]]:
    """Return the valid features of a GeoJSON file in WGS84.

    `crs` is the city's metric CRS: coordinates outside its area of use are a problem.
    Labels are feature numbers from 1, with the feature's id or slug.
    """
    rows = []
    for number, feature in _bounded(file, _features(file, content, problems), problems):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            problems.append(Problem(file, number, "not a feature", "Give it properties"))
            continue
        properties = feature["properties"]
        id_ = str(properties.get("id") or properties.get("slug") or "no id")[:120]
        label = f"{number} ({id_})"
        row = _validated(file, label, properties, model, problems)
        geometry = _geometry(file, label, feature.get("geometry"), crs, problems)
        if row is not None:
            rows.append(Read(label, row, geometry))
    return rows


def _features(file: str, content: Content, problems: list[Problem]) -> Iterator[tuple[str, object]]:
    try:
        features, crs = geojson.feature_list(file, text_of(file, content))
    except DataError as error:
        problems.extend(error.problems)
        return
    if crs is not None:
        problems.append(Problem(file, "", "in another CRS than WGS84", "Export it in EPSG:4326"))
        return
    for number, feature in enumerate(features, start=1):
        yield f"feature {number}", feature


def _bounded(
    file: str, rows: Iterator[tuple[str, T]], problems: list[Problem]
) -> Iterator[tuple[str, T]]:
    """Yield rows until there are too many, or too many problems with them."""
    known = len(problems)
    for number, (label, row) in enumerate(rows, start=1):
        if number > MAX_ROWS:
            what = f"it has more than {MAX_ROWS:,} rows"
            problems.append(Problem(file, "", what, "Leave out what lies outside the city"))
            return
        yield label, row
        if len(problems) - known >= MAX_PROBLEMS:
            what = "so many problems that the rest wasn't read"
            problems.append(Problem(file, label, what, "Check that it's the right file"))
            return


def _geometry(
    file: str, label: str, written: object, crs: CRS, problems: list[Problem]
) -> BaseGeometry | None:
    geometry = geojson.geometry(written)
    if isinstance(geometry, str):
        problems.append(Problem(file, label, geometry, "Mend or remove it"))
        return None
    fault = None if geometry is None else _fault(geometry, crs)
    if fault:
        problems.append(Problem(file, label, *fault))
        return None
    return geometry


def _fault(geometry: BaseGeometry, crs: CRS) -> tuple[str, str] | None:
    if geometry.is_empty:
        return "empty geometry", "Give it coordinates, or null for none"
    fault = _where(geometry.bounds, crs)
    if fault is None and not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        return f"invalid geometry ({reason})", "Mend the shape, for instance with make_valid"
    return fault


def _point(row: Any) -> Bounds:
    return row.lon, row.lat, row.lon, row.lat


def _where(bounds: Bounds, crs: CRS) -> tuple[str, str] | None:
    """Return what is wrong with where something lies (degrees), if anything is."""
    west, south, east, north = bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        return "coordinates aren't degrees", "Reproject it to WGS84 (EPSG:4326)"
    area = crs.area_of_use
    if area is None or _within(bounds, area.bounds):
        return None
    if _within((south, west, north, east), area.bounds):
        return "longitude and latitude are swapped", "Write longitude first, then latitude"
    return f"lies outside the area of {crs.to_string()}", "Check its coordinates"


def _within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return bool(
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def _header_fits(file: str, header: Any, model: type[Row], problems: list[Problem]) -> bool:
    found, wanted = list(header or ()), list(model.model_fields)
    if sorted(found) == sorted(wanted):
        return True
    told = ", ".join(found)
    what = f"the columns are {told if len(told) <= 300 else f'{told[:300]}…'}"
    problems.append(
        Problem(
            file,
            "line 1",
            what if found else "the columns are missing",
            f"They should be {', '.join(wanted)}",
        )
    )
    return False


def _lines(
    file: str, reader: "csv.DictReader[str]", model: type[Row], problems: list[Problem]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each line with its number; cells that lack, or are too many, stand with None."""
    try:
        if not _header_fits(file, reader.fieldnames, model, problems):
            return
        for values in reader:
            yield f"line {reader.line_num}", values
    except csv.Error as error:
        label = f"line {max(1, reader.line_num)}"
        problems.append(Problem(file, label, f"broken CSV ({error})", "Mend the quotes"))


def _validated(
    file: str, label: str, values: dict[str, Any], model: type[R], problems: list[Problem]
) -> R | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            field = ".".join(str(part) for part in fault["loc"]) or "row"
            ours = fault["type"] == "value_error"
            said = str(fault["ctx"]["error"]) if ours else fault["msg"]
            what = f"{field}: {said[0].lower()}{said[1:]}"
            problems.append(
                Problem(file, label, what, f"Correct {field} (it says {short(fault['input'])})")
            )
        return None
