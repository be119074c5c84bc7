"""Counted residents come in: nobody is lost, what is outside is told, what is wrong is refused."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.analysis.population import demand, populations
from geo.base.errors import DataError
from geo.cli import main
from geo.imports.boundaries import import_boundaries
from geo.imports.residents import Publication, import_residents
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city
from tests.helpers.effort import short_or_long

TOLD = Publication("walk", 2021, "https://example.org/census")


def sections(folder: Path, *rows: tuple, columns: tuple[str, ...] = ("P1",)) -> Path:
    """A file of sections: bounds (west, south, east, north) and their numbers."""
    shapes = [shapely.box(*row[0]) for row in rows]
    values = {name: [row[at] for row in rows] for at, name in enumerate(columns, start=1)}
    path = folder / "sections.gpkg"
    gpd.GeoDataFrame(values, geometry=shapes, crs=4326).to_file(path)
    return path


def test_sections_are_apportioned_and_residents_outside_are_reported(folder: Path) -> None:
    # One in nord; one half in sud, half in est; one half in est, half outside the city.
    file = sections(
        folder,
        ((9.601, 45.701, 9.609, 45.709), 900),
        ((9.605, 45.691, 9.615, 45.699), 100),
        ((9.615, 45.701, 9.625, 45.709), 51),
    )
    report = import_residents(file, folder, TOLD)
    data = Dataset.read(folder)
    residents = data.quartieri["residents"].to_dict()
    assert residents["nord"] == 900
    assert residents["sud"] == 50
    assert residents["est"] in (75, 76)
    inside = sum(residents.values())
    assert f"{inside} in the quartieri, {1051 - inside} outside" in report
    assert demand(data).groupby("quartiere")["residents"].sum().to_dict() == residents
    assert not data.quartieri["residents_estimated"].any()
    assert set(data.quartieri["residents_year"]) == {2021}


def test_ages_come_along_and_never_exceed_the_residents(folder: Path) -> None:
    columns = ("residenti", "over_65", "under_15")
    file = sections(folder, ((9.6, 45.69, 9.62, 45.71), 1001, 250, 133), columns=columns)
    import_residents(file, folder, TOLD)
    data = Dataset.read(folder)
    people = demand(data)
    assert populations(data) == ("residents", "aged_65", "aged_0_14")
    assert people[["residents", "aged_65", "aged_0_14"]].sum().tolist() == [1001, 250, 133]
    assert (people["aged_65"] + people["aged_0_14"] <= people["residents"]).all()


@settings(
    max_examples=short_or_long(8, 100), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 400), min_size=4, max_size=4).filter(any), st.floats(-0.004, 0.004))
def test_no_resident_is_lost(tmp_path: Path, people: list[int], shift: float) -> None:
    folder = small_city.write(tmp_path / "city")
    west = 9.602 + shift
    boxes = [(west + at * 0.004, 45.692, west + (at + 1) * 0.004, 45.708) for at in range(4)]
    report = import_residents(sections(folder, *zip(boxes, people, strict=True)), folder, TOLD)
    counted = [int(line.split()[0]) for line in report.splitlines()[:2]]
    inside = demand(Dataset.read(folder))["residents"].sum()
    assert counted == [sum(people), inside]


def test_points_are_taken_where_they_are(folder: Path) -> None:
    points = gpd.points_from_xy([9.605, 9.615, 9.7], [45.705, 45.705, 45.7])
    path = folder / "points.geojson"
    gpd.GeoDataFrame({"pop": [30, 20, 9]}, geometry=points, crs=4326).to_file(path)
    assert "50 in the quartieri, 9 outside" in import_residents(path, folder, TOLD)
    assert Dataset.read(folder).quartieri["residents"].to_dict() == {
        "est": 20,
        "nord": 30,
        "sud": None,
    }


def test_new_boundaries_move_counted_residents(folder: Path) -> None:
    points = gpd.points_from_xy([9.6095, 9.605, 9.615, 9.605], [45.705, 45.705, 45.705, 45.695])
    path = folder / "points.geojson"
    gpd.GeoDataFrame({"pop": [30, 20, 9, 5]}, geometry=points, crs=4326).to_file(path)
    import_residents(path, folder, TOLD)
    boxes = [
        shapely.box(9.6, 45.7, 9.609, 45.71),
        shapely.box(9.6, 45.69, 9.609, 45.7),
        shapely.box(9.609, 45.69, 9.62, 45.71),
    ]
    comune = gpd.GeoDataFrame(
        {"slug": ["p"]}, geometry=[shapely.box(9.6, 45.69, 9.62, 45.71)], crs=4326
    )
    comune.to_file(folder / "comune.geojson")
    new = folder / "new.gpkg"
    gpd.GeoDataFrame({"name": ["Nord", "Sud", "Est"]}, geometry=boxes, crs=4326).to_file(new)
    assert "import their sections again" in import_boundaries(new, folder)
    residents = Dataset.read(folder).quartieri["residents"].to_dict()
    assert residents == {"est": 39, "nord": 20, "sud": 5}


BOX, NEXT = (9.601, 45.701, 9.605, 45.709), (9.605, 45.701, 9.609, 45.709)


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ([(BOX, -1)], ("P1",), "feature 1: P1 is -1"),
        ([(BOX, 1), (NEXT, 1.5)], ("P1",), "feature 2: P1 is"),
        ([(BOX, "many")], ("P1",), "feature 1: P1 is many"),
        ([(BOX, None), (NEXT, 3)], ("P1",), "feature 1: P1 is"),
        ([(BOX, 0)], ("P1",), "nobody lives in it"),
        ([(BOX, 5)], ("heads",), "no column holds residents"),
        ([(BOX, 5), (BOX, 6)], ("P1",), "overlaps feature 2"),
        ([(BOX, 5, 6)], ("P1", "over_65"), "more people of an age"),
        ([((8.0, 45.0, 8.1, 45.1), 5)], ("P1",), "outside all quartieri"),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(
    folder: Path, rows: list[tuple], columns: tuple[str, ...], message: str
) -> None:
    before = Dataset.read(folder).version
    with pytest.raises(DataError) as caught:
        import_residents(sections(folder, *rows, columns=columns), folder, TOLD)
    assert message in str(caught.value)
    assert Dataset.read(folder).version == before


def test_lines_are_no_homes(folder: Path) -> None:
    path = folder / "lines.geojson"
    line = shapely.LineString([(9.601, 45.701), (9.602, 45.702)])
    gpd.GeoDataFrame({"P1": [3]}, geometry=[line], crs=4326).to_file(path)
    with pytest.raises(DataError, match="either polygons or points"):
        import_residents(path, folder, TOLD)


def test_the_command_takes_the_name_of_a_column(folder: Path) -> None:
    file = sections(folder, (BOX, 5), columns=("heads",))
    told = ["--year", "2021", "--source", "walk", "--publication", "census"]
    asked = ["import", "residents", str(file), "--data", str(folder), *told]
    result = CliRunner().invoke(main, [*asked, "--residents-column", "heads"])
    assert result.exit_code == 0, result.output
    assert "nord: 1000 -> 5" in result.output
    assert (
        "no column 'feet'"
        in CliRunner().invoke(main, [*asked, "--residents-column", "feet"]).output
    )
