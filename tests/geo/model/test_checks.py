"""What must hold between rows: exact limits, and the row that breaks each of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.base.errors import DataError
from geo.model.checks import OVERLAP_TOLERANCE_M2, TangledError, overlapping, overlaps
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city

HEADER = "lon,lat,weight,residents,aged_65,aged_0_14,source\n"


def problems_of(folder: Path) -> list[tuple[str, str, str, str]]:
    with pytest.raises(DataError) as refused:
        Dataset.read(folder)
    return [(each.file, each.row, each.what, each.fix) for each in refused.value.problems]


def boxes(*widths: float) -> np.ndarray:
    """A box of 10 by 10 m, and for each width one that lies so far upon it."""
    first = shapely.box(0, 0, 10, 10)
    return np.array([first, *(shapely.box(10 - width, 0, 30, 10) for width in widths)])


def test_areas_may_share_as_much_as_the_tolerance_and_no_more() -> None:
    assert OVERLAP_TOLERANCE_M2 == 25.0
    assert overlapping(boxes(2.5)) == []
    assert overlapping(boxes(2.6)) == [(0, 1, pytest.approx(26.0))]
    assert overlapping(boxes(-5.0)) == []


def test_each_pair_that_overlaps_is_found_once() -> None:
    found = sorted(overlapping(boxes(3.0, 4.0)))
    assert [(i, j) for i, j, _ in found] == [(0, 1), (0, 2), (1, 2)]
    assert [area for *_, area in found] == pytest.approx([30.0, 40.0, 230.0])


def test_pairs_far_apart_in_the_list_are_found_too() -> None:
    # More shapes than are compared in one go.
    shapes = [shapely.box(20 * n, 0, 20 * n + 10, 10) for n in range(25_000)]
    shapes.append(shapely.box(0, 0, 6, 10))
    assert overlapping(np.array(shapes)) == [(0, 25_000, pytest.approx(60.0))]


def test_a_heap_of_shapes_is_not_compared_pair_by_pair() -> None:
    heap = np.array([shapely.box(0, 0, 10, 10)] * 300)
    with pytest.raises(TangledError):
        overlapping(heap)
    assert len(overlapping(heap[:100])) == 4950


def test_no_shapes_do_not_overlap() -> None:
    assert overlapping(np.array([], dtype=object)) == []
    assert overlaps([], "EPSG:32632") == []


def test_overlaps_are_measured_in_square_metres_of_the_city() -> None:
    [(first, second, area)] = overlaps(
        [shapely.box(9.60, 45.70, 9.61, 45.71), shapely.box(9.609, 45.70, 9.62, 45.71)],
        "EPSG:32632",
    )
    assert (first, second) == (0, 1)
    # A thousandth of a degree by a hundredth, at this latitude.
    assert area == pytest.approx(77.9 * 1111.7, rel=0.01)


def test_a_name_of_a_quartiere_stands_once(tmp_path: Path) -> None:
    areas = small_city.features()["quartieri.geojson"]
    areas[1]["properties"]["name"] = "Nord"
    assert problems_of(small_city.write(tmp_path, quartieri=areas)) == [
        ("quartieri.geojson", "feature 2 (sud)", "name 'Nord' stands at feature 1 (nord) too",
         "Keep one")
    ]  # fmt: skip


def test_a_quartiere_without_a_polygon_is_named_once(tmp_path: Path) -> None:
    areas = small_city.features()["quartieri.geojson"]
    areas[0]["geometry"] = None
    areas[1]["geometry"] = {"type": "Polygon", "coordinates": []}
    found = problems_of(small_city.write(tmp_path, quartieri=areas))
    assert [(row, what) for _, row, what, _ in found] == [
        ("feature 1 (nord)", "no geometry"),
        ("feature 2 (sud)", "empty geometry"),
    ]


def test_an_empty_file_of_areas_or_points_is_one_problem(folder: Path) -> None:
    (folder / "demand.csv").write_text(HEADER)
    assert problems_of(folder) == [
        ("demand.csv", "", "there is no demand point", "Add at least one")
    ]
    (folder / "demand.csv").write_text("lon\n")
    assert [what for _, _, what, _ in problems_of(folder)] == ["the columns are lon"]


def test_a_multipolygon_is_an_area(tmp_path: Path) -> None:
    areas = small_city.features()["quartieri.geojson"]
    shape = areas[0]["geometry"]
    areas[0]["geometry"] = {"type": "MultiPolygon", "coordinates": [shape["coordinates"]]}
    assert len(Dataset.read(small_city.write(tmp_path, quartieri=areas)).quartieri) == 3


@pytest.mark.parametrize(
    ("lines", "row", "what"),
    [
        ("9.6,45.7,1,5,,,walk\n9.6,45.7,1,,,,walk\n", "line 3", "residents is missing"),
        ("9.6,45.7,1,5,2,,walk\n9.6,45.7,1,5,,,walk\n", "line 3", "aged_65 is missing"),
        ("9.6,45.7,1,5,,,walk\n9.6,45.7,1,5,,1,walk\n", "line 2", "aged_0_14 is missing"),
        ("9.6,45.7,1,5,3,3,walk\n", "line 2", "6 people of an age, but 5 residents"),
        ("9.6,45.7,1,,0,1,walk\n", "line 2", "1 people of an age, but 0 residents"),
        ("9.6,45.7,1,,,,hearsay\n", "line 2", "unknown source 'hearsay'"),
    ],
)
def test_people_are_counted_at_every_point_or_at_none(
    folder: Path, lines: str, row: str, what: str
) -> None:
    (folder / "demand.csv").write_text(HEADER + lines)
    [found] = problems_of(folder)
    assert found[:3] == ("demand.csv", row, what)


@pytest.mark.parametrize("lines", ["9.6,45.7,1,5,3,2,walk\n", "9.6,45.7,1,0,0,0,walk\n"])
def test_as_many_people_of_an_age_as_residents_are_right(folder: Path, lines: str) -> None:
    (folder / "demand.csv").write_text(HEADER + lines)
    assert len(Dataset.read(folder).demand_points) == 1


def place(**values: object) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        places = small_city.features()["places.geojson"]
        places[0]["properties"].update(values)
        return small_city.write(folder, places=places)

    return write


def test_the_position_of_a_place_agrees_with_its_point(tmp_path: Path) -> None:
    assert problems_of(place(position="none")(tmp_path / "a")) == [
        ("places.geojson", "feature 1 (osm:node/1)", "position is 'none' but it has a point",
         "Make the two agree")
    ]  # fmt: skip
    assert Dataset.read(place(position="street")(tmp_path / "b")).version


def test_references_are_not_checked_against_a_file_that_could_not_be_read(folder: Path) -> None:
    (folder / "sources.csv").unlink()
    assert [(file, what) for file, _, what, _ in problems_of(folder)] == [
        ("sources.csv", "the file is missing")
    ]
    # One of several rows that can't be read: the references to it are told, too.
    path = small_city.write(folder) / "networks.csv"
    path.write_text(path.read_text().replace("https://example.org/rete", "ftp://x"))
    assert {file for file, *_ in problems_of(folder)} == {"networks.csv"}


def test_every_reference_leads_somewhere(folder: Path) -> None:
    path = folder / "memberships.csv"
    path.write_text(path.read_text().replace("agreement,osm:node/2", "agreement,osm:node/99"))
    assert problems_of(folder) == [
        ("memberships.csv", "line 4", "unknown common_good 'osm:node/99'",
         "Add that common_good or correct the name")
    ]  # fmt: skip
    path.write_text(path.read_text().replace("agreement,osm:node/99", "agreement,"))
    assert problems_of(folder) == [
        ("memberships.csv", "line 4", "a tie to nothing", "Name a network or a common_good")
    ]
