"""The details of a coverage of the town, computed by hand."""

from pathlib import Path

import pytest
import shapely

from geo.analysis import coverage_details
from geo.analysis.coverage import CoverageQuery, CoverageResult, compute_coverage
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city
from tests.helpers.cities import town as made_up_town


@pytest.fixture(scope="module")
def library(town: Dataset) -> CoverageResult:
    """A library within 400 m reaches 750 residents of nord, on the spot."""
    return compute_coverage(town, CoverageQuery(("biblioteca",), 400))


def test_uncovered_cells_have_most_people_first(town: Dataset, library: CoverageResult) -> None:
    cells = coverage_details.uncovered_cells(town, library)
    # Of 667 people each the farther cell comes first.
    assert cells.index.tolist() == [3, 4, 5, 2, 0]
    assert cells["people"].tolist() == [667, 667, 666, 500, 250]
    assert cells["quartiere"].tolist() == ["est", "est", "est", "sud", "nord"]
    assert cells["street"].tolist() == ["Via Verdi"] * 3 + ["Via Roma"] * 2
    assert cells["distance_m"].tolist() == pytest.approx(
        [1356.65, 778.45, 1065.44, 1111.04, 406.99], abs=0.01
    )
    assert cells.crs == "EPSG:32632"
    nord = coverage_details.uncovered_cells(town, library, "nord")
    assert nord.index.tolist() == [0]


def test_cells_outside_all_quartieri_are_left_out(tmp_path: Path) -> None:
    demand = "9.602,45.702,1,30,8,5,walk\n9.7,45.7,1,12,2,0,walk\n"
    data = Dataset.read(made_up_town.write(tmp_path, demand=demand))
    result = compute_coverage(data, CoverageQuery(("scout",), 400))
    assert coverage_details.uncovered_cells(data, result)["people"].tolist() == [30]
    assert coverage_details.sites(data, result, 5)["newly_reached"].tolist() == [30]


def test_people_are_those_of_the_population(tmp_path: Path) -> None:
    demand = "9.602,45.702,1,30,8,5,walk\n9.615,45.695,1,12,9,0,walk\n"
    data = Dataset.read(made_up_town.write(tmp_path, demand=demand))
    result = compute_coverage(data, CoverageQuery(("scout",), 400, population="aged_65"))
    assert coverage_details.uncovered_cells(data, result)["people"].tolist() == [9, 8]
    sites = coverage_details.sites(data, result, 5)
    assert sites["newly_reached"].tolist() == [9, 8]
    assert sites["reached_here"].tolist() == [9, 8]


def test_without_streets_there_is_no_street(tmp_path: Path) -> None:
    data = Dataset.read(made_up_town.write(tmp_path, streets=""))
    result = compute_coverage(data, CoverageQuery(("biblioteca",), 400))
    cells = coverage_details.uncovered_cells(data, result)
    assert cells["street"].isna().all()
    assert coverage_details.by_street(cells).index.tolist() == [""]


def test_a_cell_is_the_square_of_100_m_around_its_point(
    town: Dataset, library: CoverageResult
) -> None:
    points = library.demand.iloc[[1, 0]]
    squares = coverage_details.cell_squares(town, points)
    assert squares.index.tolist() == [1, 0]
    assert squares.crs == "EPSG:4326"
    bounds = squares.to_crs("EPSG:32632").bounds.round(3)
    # The points are at (547094.9, 5061449.8) and (546863.8, 5061114.7).
    assert bounds.to_numpy().tolist() == [
        [547000, 5061400, 547100, 5061500],
        [546800, 5061100, 546900, 5061200],
    ]


def test_places_beyond_the_border_come_nearest_first(town: Dataset) -> None:
    result = compute_coverage(town, CoverageQuery(("parco", "biblioteca"), 300))
    beyond = coverage_details.places_beyond(town, result, "nord")
    # The library is in nord itself; a park outside all quartieri counts.
    assert beyond.index.tolist() == ["osm:node/3", "osm:node/2", "osm:node/4"]
    assert beyond["border_m"].tolist() == pytest.approx([311.38, 555.53, 7006.70], abs=0.01)
    assert beyond.crs == "EPSG:4326"
    assert coverage_details.places_beyond(town, result, "nord", 1).index.tolist() == ["osm:node/3"]
    with pytest.raises(KeyError):
        coverage_details.places_beyond(town, result, "atlantide")


def test_places_at_one_distance_stay_in_the_order_of_their_ids(tmp_path: Path) -> None:
    more = [small_city.place(f"osm:node/{n}", "scout", (9.615, 45.7)) for n in range(100, 130)]
    data = Dataset.read(made_up_town.write(tmp_path, *more))
    result = compute_coverage(data, CoverageQuery(("scout",), 300))
    beyond = coverage_details.places_beyond(data, result, "nord", 30)
    assert beyond.index.tolist() == [f"osm:node/{n}" for n in range(100, 130)]


def test_five_places_beyond_unless_told_otherwise(tmp_path: Path) -> None:
    more = [small_city.place(f"osm:node/{n}", "parco", (9.615, 45.7)) for n in range(10, 15)]
    data = Dataset.read(made_up_town.write(tmp_path, *more))
    result = compute_coverage(data, CoverageQuery(("parco",), 300))
    assert len(coverage_details.places_beyond(data, result, "nord")) == 5


def test_sites_reach_people_beyond_their_quartiere(town: Dataset) -> None:
    # Within 850 m: the southern cells of est and sud reach each other.
    result = compute_coverage(town, CoverageQuery(("biblioteca",), 850))
    assert result.demand["covered"].tolist() == [True, True, False, False, True, False]
    sites = coverage_details.sites(town, result, 3)
    assert sites.index.tolist() == [2, 4]
    assert sites["rank"].tolist() == [1, 2]
    assert sites["newly_reached"].tolist() == [1167, 666]
    assert sites["reached_total"].tolist() == [1167, 1833]
    assert sites["reached_here"].tolist() == [1167, 666]
    assert sites["street"].tolist() == ["Via Roma", "Via Verdi"]
    assert sites.crs == "EPSG:4326"
    in_sud = coverage_details.sites(town, result, 3, "sud")
    assert in_sud.index.tolist() == [2]
    assert in_sud["newly_reached"].tolist() == [1167]
    assert in_sud["reached_here"].tolist() == [500]
    assert shapely.get_x(in_sud.geometry.iloc[0]) == pytest.approx(9.605)


def test_whom_a_better_site_reaches_the_next_one_does_not(town: Dataset) -> None:
    # Within 420 m the cells of nord reach each other, and two of est.
    result = compute_coverage(town, CoverageQuery(("scout",), 420))
    sites = coverage_details.sites(town, result, 9)
    assert (
        sites["newly_reached"].tolist() == sites["reached_here"].tolist() == [1333, 1000, 667, 500]
    )
    nord = coverage_details.sites(town, result, 9, "nord")
    assert nord["reached_here"].tolist() == [1000]


def test_cells_by_street(town: Dataset, library: CoverageResult) -> None:
    streets = coverage_details.by_street(coverage_details.uncovered_cells(town, library))
    assert streets.index.tolist() == ["Via Verdi", "Via Roma"]
    assert streets["cells"].tolist() == [3, 2]
    assert streets["people"].tolist() == [2000, 750]
    assert streets["nearest_m"].tolist() == pytest.approx([778.45, 406.99], abs=0.01)
    assert streets["farthest_m"].tolist() == pytest.approx([1356.65, 1111.04], abs=0.01)


def test_a_street_of_unknown_people_comes_last(small: Dataset) -> None:
    result = compute_coverage(small, CoverageQuery(("biblioteca",), 410))
    streets = coverage_details.by_street(coverage_details.uncovered_cells(small, result))
    assert streets["people"].fillna(-1).to_dict() == {"Via Verdi": 2000, "Via Roma": -1}
    one = coverage_details.uncovered_cells(small, result)[:1]
    assert coverage_details.by_street(one)["people"].tolist() == [667]
