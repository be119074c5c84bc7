"""The rows of the tables: each checked by itself, wherever it comes from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import shapely
from pydantic import ValidationError
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from geo.base.errors import Problem, Problems
from geo.base.limits import MAX_ROWS
from geo.model.schema import Row, faults
from geo.model.tables import Table

R = TypeVar("R", bound=Row)
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class RawRow:
    """A row as its source has it: its label for people, cells by column, WGS84 geometry."""

    label: str
    cells: Mapping[Any, object]
    geometry: BaseGeometry | None = None


@dataclass(frozen=True)
class CheckedRow(Generic[R]):
    """A row that is valid by itself: its label for people, its values, its WGS84 geometry."""

    label: str
    values: R
    geometry: BaseGeometry | None = None


@dataclass(frozen=True)
class Rows:
    """The valid rows of each table, and the problems of the others.

    `geo.model.dataset.Dataset.of` checks what must hold between them.
    """

    tables: tuple[Table[Any], ...]
    problems: Problems
    _checked: Mapping[Table[Any], list[CheckedRow[Any]]]

    @classmethod
    def of(cls, raw: Mapping[Table[Any], Iterable[RawRow | Problem]], metric_crs: str) -> "Rows":
        """Check each row of each table by itself.

        `raw`: the rows of every table, a Problem in place of one that can't be read.
        `metric_crs`: the city's; coordinates outside its area of use are a problem.
        """
        crs, problems = CRS.from_user_input(metric_crs), Problems()
        checked = {table: list(_checked(table, rows, crs, problems)) for table, rows in raw.items()}
        return cls(tuple(raw), problems, checked)

    def __getitem__(self, table: Table[R]) -> list[CheckedRow[R]]:
        """Return the valid rows of a table, in their order."""
        return self._checked[table]


def _checked(
    table: Table[R], rows: Iterable[RawRow | Problem], crs: CRS, problems: Problems
) -> Iterator[CheckedRow[R]]:
    """Yield valid rows until there are too many of them, or too many problems."""
    file, number = table.file, 0
    for row in rows:
        if isinstance(row, Problem):
            label = row.row
            problems.extend([row])
        else:
            label, number = row.label, number + 1
            if number > MAX_ROWS:
                what = f"it has more than {MAX_ROWS:,} rows"
                problems.add(file, "", what, "Leave out what lies outside the city")
                return
            values = _values(table, row, problems)
            geometry = _geometry(file, row, crs, problems)
            if values is not None:
                _check_coordinates(table, label, values, crs, problems)
                yield CheckedRow(label, values, geometry)
        if problems.is_full(file):
            what = "so many problems that the rest wasn't read"
            problems.close(file, label, what, "Check that it's the right file")
            return


def _values(table: Table[R], row: RawRow, problems: Problems) -> R | None:
    try:
        return table.row.model_validate(row.cells)
    except ValidationError as error:
        for what, fix in faults(error):
            problems.add(table.file, row.label, what, fix)
        return None


def _geometry(file: str, row: RawRow, crs: CRS, problems: Problems) -> BaseGeometry | None:
    """Return the row's geometry if it can be used."""
    if row.geometry is None:
        return None
    fault = _geometry_fault(row.geometry, crs)
    if fault:
        problems.add(file, row.label, *fault)
        return None
    return row.geometry


def _geometry_fault(geometry: BaseGeometry, crs: CRS) -> tuple[str, str] | None:
    if geometry.is_empty:
        return "empty geometry", "Give it coordinates, or null for none"
    fault = _bounds_fault(geometry.bounds, crs)
    if fault is None and not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        return f"invalid geometry ({reason})", "Correct the shape, for instance with make_valid"
    return fault


def _check_coordinates(
    table: Table[R], label: str, values: Any, crs: CRS, problems: Problems
) -> None:
    """Check the columns lon and lat, where the table has them."""
    if "lon" in table.columns:
        fault = _bounds_fault((values.lon, values.lat, values.lon, values.lat), crs)
        if fault:
            problems.add(table.file, label, *fault)


def _bounds_fault(bounds: Bounds, crs: CRS) -> tuple[str, str] | None:
    """Return what is wrong with bounds in degrees (west, south, east, north), and its fix."""
    west, south, east, north = bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        return "coordinates aren't degrees", "Reproject it to WGS84 (EPSG:4326)"
    area = crs.area_of_use
    if area is None or _is_within(bounds, area.bounds):
        return None
    if _is_within((south, west, north, east), area.bounds):
        return "longitude and latitude are swapped", "Write longitude first, then latitude"
    return f"lies outside the area of {crs.to_string()}", "Check its coordinates"


def _is_within(inner: Bounds, outer: Bounds) -> bool:
    return bool(
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )
