"""Reading the files of a data folder row by row, collecting every problem on the way."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import orjson
import shapely
from pydantic import ValidationError
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from geo.errors import Problem
from geo.plain import seen
from geo.rows import Row

WGS84_NAMES = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"}
# Longer than any honest cell, short enough that a stray quote can't swallow a whole file.
csv.field_size_limit(100_000)
# As much of an id as a message needs to find its row.
_LONGEST_ID = 80

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Read(Generic[R]):
    """One row as read: where it stood (for people), its values, its geometry if any."""

    label: str
    values: R
    geometry: BaseGeometry | None = None


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """Return the text of a UTF-8 file, or None after noting why it can't be read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        problems.append(
            Problem(path.name, "", "the file is missing", f"Put {path.name} into {path.parent}")
        )
        return None
    except OSError as error:
        problems.append(Problem(path.name, "", f"can't be read ({error.strerror})", "Check it"))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(path.name, f"line {line}", "the text isn't UTF-8", "Save the file as UTF-8")
        )
        return None


def read_table(path: Path, model: type[R], problems: list[Problem]) -> list[Read[R]]:
    """Return the valid rows of a CSV file with a header; labels are line numbers."""
    text = read_text(path, problems)
    if text is None:
        return []
    reader = csv.DictReader(io.StringIO(text), strict=True)
    if not _header_fits(path.name, reader.fieldnames, model, problems):
        return []
    rows = []
    for label, values in _lines(path.name, reader, problems):
        row = _validated(path.name, label, values, model, problems)
        if row is not None:
            rows.append(Read(label, row))
    return rows


def read_features(path: Path, model: type[R], crs: CRS, problems: list[Problem]) -> list[Read[R]]:
    """Return the valid features of a GeoJSON file in WGS84.

    `crs` is the city's metric CRS: coordinates outside its area of use are a problem.
    Labels are feature numbers from 1, with the feature's id or slug.
    """
    features = _feature_list(path, problems)
    rows = []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            problems.append(
                Problem(path.name, f"feature {number}", "not a feature", "Give it properties")
            )
            continue
        properties = feature["properties"]
        ident = properties.get("id") or properties.get("slug") or "no id"
        label = f"feature {number} ({seen(ident, _LONGEST_ID)})"
        row = _validated(path.name, label, properties, model, problems)
        geometry = _geometry(path.name, label, feature.get("geometry"), crs, problems)
        if row is not None:
            rows.append(Read(label, row, geometry))
    return rows


def _feature_list(path: Path, problems: list[Problem]) -> list[Any]:
    text = read_text(path, problems)
    if text is None:
        return []
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        line = f"line {error.lineno}"
        problems.append(Problem(path.name, line, f"broken JSON ({error.msg})", "Mend that line"))
        return []
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        problems.append(
            Problem(path.name, "", "not a GeoJSON FeatureCollection", "Export it as GeoJSON")
        )
        return []
    if not _is_wgs84(document.get("crs")):
        problems.append(
            Problem(path.name, "", "in another CRS than WGS84", "Export it in EPSG:4326")
        )
        return []
    features: list[Any] = document["features"]
    return features


def _is_wgs84(member: object) -> bool:
    """RFC 7946 knows no `crs` member; older writers name WGS84 in it."""
    if member is None:
        return True
    try:
        return member["properties"]["name"] in WGS84_NAMES  # type: ignore[index]
    except (KeyError, TypeError):
        return False


def _geometry(
    file: str, label: str, written: object, crs: CRS, problems: list[Problem]
) -> BaseGeometry | None:
    if written is None:
        return None
    try:
        geometry = shapely.from_geojson(orjson.dumps(written))
    except shapely.GEOSException as error:
        what = f"not a GeoJSON geometry ({_short(str(error))})"
        problems.append(Problem(file, label, what, "Mend or remove it"))
        return None
    fault = _fault(geometry, crs)
    if fault:
        problems.append(Problem(file, label, *fault))
        return None
    return geometry


def _fault(geometry: BaseGeometry, crs: CRS) -> tuple[str, str] | None:
    if geometry.is_empty:
        return "empty geometry", "Give it coordinates, or null for none"
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        return f"invalid geometry ({reason})", "Mend the shape, for instance with make_valid"
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        return "coordinates aren't degrees", "Reproject it to WGS84 (EPSG:4326)"
    area = crs.area_of_use
    if area is None or _within(geometry.bounds, area.bounds):
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
    problems.append(
        Problem(
            file,
            "line 1",
            f"the columns are {', '.join(found) or 'missing'}",
            f"They should be {', '.join(wanted)}",
        )
    )
    return False


def _lines(
    file: str, reader: "csv.DictReader[str]", problems: list[Problem]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each line with its number; a line with too few or too many cells is a problem."""
    try:
        for values in reader:
            label = f"line {reader.line_num}"
            if None in values or None in values.values():
                problems.append(
                    Problem(file, label, "too few or too many cells", "Quote cells with commas")
                )
                continue
            yield label, values
    except csv.Error as error:
        label = f"line {reader.line_num}"
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
                Problem(file, label, what, f"Correct {field} (it says {_short(fault['input'])})")
            )
        return None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
