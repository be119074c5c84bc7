"""Each row is checked by itself: values, geometry, coordinates, and how many there are."""

from typing import Any

import pytest
import shapely

from geo.base.errors import Problem
from geo.base.limits import MAX_PROBLEMS
from geo.model import rows as rows_module
from geo.model.rows import RawRow, Rows
from geo.model.schema import Row, Text
from geo.model.tables import Layer, Table

METRIC = "EPSG:32632"


class Spot(Row):
    """A row with coordinates."""

    name: Text
    lon: float
    lat: float


class Thing(Row):
    """A row of a layer or of a plain table."""

    name: Text


SPOTS = Layer("spots", "spots.csv", Spot)
SHAPES = Layer("shapes", "shapes.geojson", Thing)
THINGS = Table("things", "things.csv", Thing)


def fault_of(table: Table[Any], row: RawRow) -> str | None:
    rows = Rows.of({table: [row]}, METRIC)
    found = rows.problems.of(table.file)
    assert len(found) <= 1
    assert all(problem.row == row.label for problem in found)
    return found[0].what if found else None


# The area of use of EPSG:32632: 6 to 12 degrees east, 0 to 84 north.
@pytest.mark.parametrize(
    ("lon", "lat", "fault"),
    [
        (9.6, 45.7, None),
        (6.0, 0.0, None),
        (12.0, 84.0, None),
        (12.01, 45.7, "lies outside the area of EPSG:32632"),
        (5.99, 45.7, "lies outside the area of EPSG:32632"),
        (9.6, -0.01, "lies outside the area of EPSG:32632"),
        (9.6, 84.01, "lies outside the area of EPSG:32632"),
        (45.7, 9.6, "longitude and latitude are swapped"),
        (180.0, 90.0, "lies outside the area of EPSG:32632"),
        (-180.0, -90.0, "lies outside the area of EPSG:32632"),
        (180.1, 45.7, "coordinates aren't degrees"),
        (-180.1, 45.7, "coordinates aren't degrees"),
        (9.6, 90.1, "coordinates aren't degrees"),
        (9.6, -90.1, "coordinates aren't degrees"),
        (float("nan"), 45.7, "coordinates aren't degrees"),
    ],
)
def test_coordinates_are_degrees_inside_the_area_of_the_crs(
    lon: float, lat: float, fault: str | None
) -> None:
    assert fault_of(SPOTS, RawRow("line 2", {"name": "a", "lon": lon, "lat": lat})) == fault


@pytest.mark.parametrize(("lon", "lat"), [(45.7, 9.6), (12.01, 45.7), (180.1, 45.7)])
def test_so_are_those_of_geometries(lon: float, lat: float) -> None:
    point = RawRow("feature 1", {"name": "a"}, shapely.Point(lon, lat))
    spot = RawRow("line 2", {"name": "a", "lon": lon, "lat": lat})
    assert fault_of(SHAPES, point) == fault_of(SPOTS, spot)
    assert fault_of(SHAPES, point) is not None


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        (None, None),
        (shapely.Point(), "empty geometry"),
        (shapely.box(9.5, 45.6, 9.7, 45.8), None),
        (shapely.box(5.5, 45.6, 9.7, 45.8), "lies outside the area of EPSG:32632"),
        (
            shapely.Polygon([(9.6, 45.7), (9.61, 45.71), (9.61, 45.7), (9.6, 45.71)]),
            "invalid geometry (Self-intersection[9.605 45.705])",
        ),
    ],
)
def test_geometries_are_valid_and_inside(shape: Any, fault: str | None) -> None:
    assert fault_of(SHAPES, RawRow("feature 1", {"name": "a"}, shape)) == fault
    [row] = Rows.of({SHAPES: [RawRow("feature 1", {"name": "a"}, shape)]}, METRIC)[SHAPES]
    assert row.geometry is (None if fault else shape)
    assert (row.label, row.values) == ("feature 1", Thing(name="a"))


def test_a_crs_without_an_area_of_use_takes_any_degrees() -> None:
    rows = Rows.of({SPOTS: [RawRow("line 2", {"name": "a", "lon": -70, "lat": -30})]}, UNBOUNDED)
    assert rows.problems.of("spots.csv") == ()


UNBOUNDED = "+proj=utm +zone=32"


def test_valid_rows_stay_in_order_and_others_become_problems() -> None:
    raw: list[RawRow | Problem] = [
        RawRow("line 2", {"name": "b"}),
        Problem("things.csv", "line 3", "too few or too many cells", "Quote cells with commas"),
        RawRow("line 4", {"name": ""}),
        RawRow("line 5", {"name": "a", "age": "7"}),
        RawRow("line 6", {"name": "a"}),
    ]
    rows = Rows.of({THINGS: raw, SPOTS: []}, METRIC)
    assert [(row.label, row.values.name) for row in rows[THINGS]] == [
        ("line 2", "b"),
        ("line 6", "a"),
    ]
    assert rows[SPOTS] == []
    assert rows.tables == (THINGS, SPOTS)
    assert [(each.row, each.what, each.fix) for each in rows.problems.of("things.csv")] == [
        ("line 3", "too few or too many cells", "Quote cells with commas"),
        ("line 4", "name: string should have at least 1 character", "Correct name (it says '')"),
        ("line 5", "age: extra inputs are not permitted", "Correct age (it says '7')"),
    ]


def test_reading_stops_when_there_are_too_many_problems() -> None:
    taken: list[int] = []

    def endless() -> Any:
        number = 0
        while True:
            number += 1
            taken.append(number)
            yield RawRow(f"line {number}", {"name": ""})

    rows = Rows.of({THINGS: endless()}, METRIC)
    assert len(taken) == MAX_PROBLEMS
    assert rows.problems.of("things.csv")[-1] == Problem(
        "things.csv",
        f"line {MAX_PROBLEMS}",
        "so many problems that the rest wasn't read",
        "Check that it's the right file",
    )


def test_reading_stops_when_there_are_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MAX_ROWS", 3)
    three = [RawRow(f"line {number}", {"name": "a"}) for number in range(3)]
    assert len(Rows.of({THINGS: three}, METRIC)[THINGS]) == 3
    rows = Rows.of({THINGS: [*three, three[0], three[0]]}, METRIC)
    assert len(rows[THINGS]) == 3
    assert rows.problems.of("things.csv") == (
        Problem(
            "things.csv", "", "it has more than 3 rows", "Leave out what lies outside the city"
        ),
    )
