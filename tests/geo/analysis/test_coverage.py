"""Questions put to a city: who has nothing near, and what a change would bring."""

import doctest
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.analysis import coverage_details
from geo.analysis.coverage import (
    CoverageQuery,
    Scenario,
    Spread,
    added_points,
    compare,
    compare_city,
    compute_coverage,
    counted_places,
    spread,
)
from geo.analysis.coverage_details import cell_squares, places_beyond, sites, uncovered_cells
from geo.model.dataset import Dataset
from geo.spatial.point_in_area import locate
from tests.helpers.cities import town as made_up_town
from tests.helpers.cities.small_city import place
from tests.helpers.paths import ROOT

LIBRARY = CoverageQuery(("biblioteca",), 400)


def test_a_library_reaches_those_within_its_distance(small: Dataset) -> None:
    found = compute_coverage(small, LIBRARY)
    # Nord's library stands on one of its two demand points, 407 m from the other.
    assert found.table["share"].to_dict() == pytest.approx(
        {"est": 0, "nord": 0.75, "sud": np.nan}, nan_ok=True
    )
    assert found.table["uncovered"].fillna(-1).to_dict() == {"est": 2000, "nord": 250, "sud": -1}
    assert found.table["rank"].fillna(-1).to_dict() == {"est": 1, "nord": 2, "sud": -1}
    assert found.city["share"] == pytest.approx(750 / 3000)
    assert found.city["uncovered"] == 2250
    assert (
        compute_coverage(small, CoverageQuery(("biblioteca",), 410)).table.loc["nord", "share"] == 1
    )


def test_the_parts_add_up_to_the_city(bergamo: Dataset) -> None:
    for kinds in (("biblioteca",), ("parco", "orto"), ("scuole",)):
        found = compute_coverage(bergamo, CoverageQuery(kinds, 300))
        assert found.table["uncovered"].sum() == found.city["uncovered"]
        assert found.table["population"].sum() == bergamo.quartieri["residents"].sum()
        cells = uncovered_cells(bergamo, found)
        assert cells["people"].sum() == found.city["uncovered"]


def test_each_of_two_kinds_covers_no_more_than_any(bergamo: Dataset) -> None:
    kinds = ("biblioteca", "parco")
    some, all_ = (
        compute_coverage(bergamo, CoverageQuery(kinds, 500, how)) for how in ("any", "each")
    )
    assert (all_.table["share"] <= some.table["share"]).all()
    assert all_.city["share"] < some.city["share"]


def test_a_place_added_and_a_place_closed(small: Dataset) -> None:
    more = compute_coverage(
        small, CoverageQuery(("biblioteca",), 400, scenario=Scenario(((9.615, 45.695),)))
    )
    assert more.table["count"].to_dict() == {"est": 1, "nord": 1, "sud": 0}
    assert more.table.loc["est", "uncovered"] == 1333
    closed = compute_coverage(
        small, CoverageQuery(("biblioteca",), 400, scenario=Scenario((), ("osm:node/1",)))
    )
    assert closed.table["count"].sum() == 0
    assert closed.city["share"] == 0
    assert np.isinf(closed.table.loc["est", "distance_m"])
    with pytest.raises(KeyError, match="osm:node/99"):
        compute_coverage(
            small, CoverageQuery(("biblioteca",), 400, scenario=Scenario((), ("osm:node/99",)))
        )


def test_a_place_without_a_point_counts_but_covers_nobody(small: Dataset) -> None:
    found = compute_coverage(small, CoverageQuery(("promozione-sociale",), 5000))
    assert found.table.loc["nord", "count"] == 1
    assert found.without_point == 1
    assert found.city["share"] == 0


def test_parks_that_reach_homes_have_an_area_and_a_catchment(small: Dataset) -> None:
    found = compute_coverage(small, CoverageQuery(("parco",), 1000))
    assert found.without_area == 2
    assert found.table["area_per_resident"].fillna(-1).to_dict() == {"est": 0, "nord": 0, "sud": -1}
    # Every place that anybody reaches is shared out whole among those who do.
    shared = (found.table["catchment"] * found.table["population"]).sum() / 1000
    assert shared == pytest.approx(2)


def test_uncovered_cells_hold_their_points(bergamo: Dataset) -> None:
    found = compute_coverage(bergamo, CoverageQuery(("biblioteca",), 500))
    cells = uncovered_cells(bergamo, found, "colli")
    assert set(cells["quartiere"]) == {"colli"}
    assert (cells["distance_m"] > 500).all()
    assert cells["people"].is_monotonic_decreasing
    assert cells["street"].isin(bergamo.streets["street"]).all()
    squares = cell_squares(bergamo, cells)
    assert squares.intersects(cells.geometry.to_crs(squares.crs)).all()
    assert squares.to_crs(bergamo.city.metric_crs).area.to_numpy() == pytest.approx(10_000)


def test_places_beyond_and_sites_within_a_quartiere(bergamo: Dataset) -> None:
    found = compute_coverage(bergamo, CoverageQuery(("biblioteca",), 500))
    beyond = places_beyond(bergamo, found, "loreto")
    assert "loreto" not in set(beyond["quartiere"])
    assert beyond["border_m"].is_monotonic_increasing
    best = sites(bergamo, found, 3, "loreto")
    assert (locate(best.geometry, bergamo.quartieri.geometry) == "loreto").all()
    assert best["newly_reached"].is_monotonic_decreasing
    site = best.geometry.iloc[0]
    with_it = CoverageQuery(("biblioteca",), 500, scenario=Scenario(((site.x, site.y),)))
    gained = found.city["uncovered"] - compute_coverage(bergamo, with_it).city["uncovered"]
    assert gained == best["newly_reached"].iloc[0]


@pytest.mark.slow
def test_the_examples_in_the_documents_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    root = ROOT
    monkeypatch.chdir(root)
    failed, tried = doctest.testfile(os.fspath(root / "docs/coverage.md"), module_relative=False)
    assert failed == 0
    assert tried > 10


def test_cells_by_street_and_sites_by_quartiere_add_up(bergamo: Dataset) -> None:
    found = compute_coverage(bergamo, CoverageQuery(("spazio-di-quartiere",), 500))
    cells = coverage_details.uncovered_cells(bergamo, found, "boccaleone")
    streets = coverage_details.by_street(cells)
    assert streets["cells"].sum() == len(cells)
    assert streets["people"].sum() == found.table.loc["boccaleone", "uncovered"]
    assert streets["people"].is_monotonic_decreasing
    sites = coverage_details.sites(bergamo, found, 3, "boccaleone")
    assert (sites["reached_here"] <= sites["newly_reached"]).all()
    assert 0 < sites["reached_here"].sum() <= found.table.loc["boccaleone", "uncovered"]
    every = coverage_details.sites(bergamo, found, 3)
    assert every["reached_here"].tolist() == every["newly_reached"].tolist()


def test_an_answer_names_the_sources_it_rests_on(bergamo: Dataset) -> None:
    found = compute_coverage(bergamo, CoverageQuery(("biblioteca",), 500))
    assert "iccu" in found.sources
    assert "osm-2014" in found.sources
    assert not any(source.startswith("mim") for source in found.sources)


def test_every_measure_of_the_town(town: Dataset) -> None:
    found = compute_coverage(town, CoverageQuery(("parco", "biblioteca"), 1000, "each"))
    table = found.table
    assert table.index.tolist() == ["est", "nord", "sud"]
    assert table.columns.tolist() == [
        "name", "population", "estimated", "share", "uncovered", "distance_m", "count", "per_1000",
        "area_per_resident", "unplaced", "small", "rank", "catchment",
    ]  # fmt: skip
    assert table["name"].tolist() == ["Est", "Nord", "sud"]
    assert table["population"].tolist() == [2000, 1000, 500]
    assert table["estimated"].tolist() == [True, False, False]
    assert table["share"].tolist() == pytest.approx([0.3335, 1, 0])
    assert table["uncovered"].tolist() == [1333, 0, 500]
    assert table["distance_m"].tolist() == pytest.approx([1066.846, 728.464, 1111.040], abs=0.001)
    assert table["count"].tolist() == [1, 1, 1]
    assert table["per_1000"].tolist() == [0.5, 1, 2]
    assert table["area_per_resident"].tolist() == [0, 0, 2.4]
    assert table["unplaced"].tolist() == [0, 0, 0]
    assert table["small"].tolist() == [True, True, True]
    assert table["rank"].tolist() == [1, 3, 2]
    # 1,000 people of nord and 1,333 of est reach the park of est; 1,000 and 667 the library;
    # 250, 667 and 500 of sud the park of sud.
    park, library, south = 1000 / 2333, 1000 / 1667, 1000 / 1417
    assert table["catchment"].tolist() == pytest.approx(
        [
            (1333 * park + 667 * library + 667 * south) / 2000,
            park + library + south / 4,
            south,
        ]
    )


def test_every_measure_of_the_whole_town(town: Dataset) -> None:
    found = compute_coverage(town, CoverageQuery(("parco", "biblioteca"), 1000, "each"))
    assert found.city.to_dict() == pytest.approx(
        {
            "population": 3500,
            "share": 1667 / 3500,
            "uncovered": 1833,
            "distance_m": 976.479115,
            "count": 3,
            "per_1000": 3 / 3.5,
            "catchment": 3 / 3.5,
            "area_per_resident": 1200 / 3500,
        }
    )
    assert found.gini == pytest.approx(
        {
            "share": 0.371326,
            "per_1000": 2 / 7,
            "catchment": 0.117398,
            "area_per_resident": 6 / 7,
        },
        abs=1e-6,
    )


def test_what_a_result_rests_on(town: Dataset) -> None:
    query = CoverageQuery(("parco", "promozione-sociale", "comitato"), 300)
    found = compute_coverage(town, query)
    assert found.query is query
    assert found.places.index.tolist() == ["osm:node/2", "osm:node/3", "osm:node/4"]
    assert found.places.crs == "EPSG:4326"
    assert found.without_point == 2
    assert found.without_area == 3
    assert found.sources == {"walk", "map"}
    assert found.table["unplaced"].to_dict() == {"est": 0, "nord": 1, "sud": 0}
    assert found.demand.crs == "EPSG:32632"
    library = compute_coverage(town, CoverageQuery(("biblioteca",), 300))
    assert library.without_area is None
    assert library.without_point == 0
    assert library.sources == {"walk"}


def test_four_places_are_few_and_five_are_not(tmp_path: Path) -> None:
    more = [place(f"osm:node/{n}", "scout", (9.605, 45.695)) for n in range(20, 24)]
    others = [place(f"osm:node/{n}", "scout", (9.605, 45.705)) for n in range(30, 35)]
    data = Dataset.read(made_up_town.write(tmp_path, *more, *others))
    table = compute_coverage(data, CoverageQuery(("scout",), 300)).table
    assert table["count"].to_dict() == {"est": 0, "nord": 5, "sud": 4}
    assert table["small"].to_dict() == {"est": False, "nord": False, "sud": True}


def test_equal_gaps_share_the_better_rank(town: Dataset) -> None:
    table = compute_coverage(town, CoverageQuery(("biblioteca",), 3000)).table
    assert table["uncovered"].tolist() == [0, 0, 0]
    assert table["rank"].tolist() == [1, 1, 1]


def test_the_distance_itself_covers(town: Dataset) -> None:
    metres = compute_coverage(town, CoverageQuery(("biblioteca",), 400)).demand["distance_m"]
    assert metres.iloc[0] == pytest.approx(406.987, abs=0.001)
    assert (
        compute_coverage(town, CoverageQuery(("biblioteca",), 406)).table.loc["nord", "share"]
        == 0.75
    )
    assert (
        compute_coverage(town, CoverageQuery(("biblioteca",), 407)).table.loc["nord", "share"] == 1
    )


def test_people_of_an_age_are_counted_where_they_live(tmp_path: Path) -> None:
    demand = (
        "9.605,45.705,1,30,8,0,walk\n9.602,45.702,1,10,4,0,walk\n"
        "9.615,45.695,1,12,0,0,walk\n9.7,45.7,1,50,50,0,walk\n"
    )
    data = Dataset.read(made_up_town.write(tmp_path, demand=demand))
    found = compute_coverage(data, CoverageQuery(("biblioteca",), 100, population="aged_65"))
    assert found.table["population"].fillna(-1).to_dict() == {"est": 0, "nord": 12, "sud": -1}
    assert found.table["share"].fillna(-1).to_dict() == pytest.approx(
        {"est": -1, "nord": 2 / 3, "sud": -1}
    )
    assert found.table["uncovered"].fillna(-1).to_dict() == {"est": 0, "nord": 4, "sud": -1}
    # Who lives outside all quartieri is in no figure of the city.
    assert found.city[["population", "uncovered"]].tolist() == [12, 4]
    assert found.city["share"] == pytest.approx(2 / 3)
    assert found.table["catchment"].fillna(-1).to_dict() == pytest.approx(
        {"est": -1, "nord": 1000 / 12, "sud": -1}
    )
    with pytest.raises(KeyError):
        compute_coverage(data, CoverageQuery(("biblioteca",), 100, population="aged_99"))


def test_without_known_people_the_city_has_no_share(tmp_path: Path) -> None:
    demand = "9.605,45.705,1,30,0,0,walk\n"
    data = Dataset.read(made_up_town.write(tmp_path, demand=demand))
    city = compute_coverage(data, CoverageQuery(("parco",), 100, population="aged_65")).city
    assert city["population"] == 0
    assert city[["share", "per_1000", "distance_m", "catchment"]].isna().all()


def test_a_new_place_is_of_every_kind_of_the_query(town: Dataset) -> None:
    scenario = Scenario(added=((9.605, 45.695), (9.7, 45.7)))
    query = CoverageQuery(("scout", "nido"), 100, "each", scenario=scenario)
    found = compute_coverage(town, query)
    assert found.table["share"].to_dict() == {"est": 0, "nord": 0, "sud": 1}
    # One is outside all quartieri.
    assert found.table["count"].to_dict() == {"est": 0, "nord": 0, "sud": 1}
    assert found.table["catchment"].to_dict() == {"est": 0, "nord": 0, "sud": 2}
    added = added_points(town, scenario)
    assert added["quartiere"].tolist() == ["sud", None]
    assert added.crs == "EPSG:32632"
    assert (added.geometry.x.round(2).tolist()[0], added.geometry.y.round(2).tolist()[0]) == (
        547103.26, 5060338.78
    )  # fmt: skip
    assert added_points(town, Scenario()).empty


def test_a_new_place_never_lengthens_a_way(town: Dataset) -> None:
    far = Scenario(added=((9.7, 45.7),))
    with_it = compute_coverage(town, CoverageQuery(("biblioteca",), 400, scenario=far))
    without = compute_coverage(town, with_it.query.without_scenario)
    assert with_it.demand["distance_m"].tolist() == without.demand["distance_m"].tolist()
    assert with_it.query.without_scenario == CoverageQuery(("biblioteca",), 400)
    assert bool(far)
    assert bool(Scenario(closed=("osm:node/1",)))
    assert not Scenario()


def test_a_group_stands_for_its_kinds(town: Dataset) -> None:
    found = counted_places(town, CoverageQuery(("scuole", "parrocchia"), 300))
    assert found.index.tolist() == ["mim:AA1", "mim:AA2", "parrocchia:sud"]
    closed = Scenario(closed=("mim:AA1", "osm:node/1"))
    assert counted_places(
        town, CoverageQuery(("scuole",), 300, scenario=closed)
    ).index.tolist() == ["mim:AA2"]
    with pytest.raises(KeyError, match="discoteca"):
        counted_places(town, CoverageQuery(("discoteca",), 300))
    unknown = Scenario(closed=("osm:node/99", "osm:node/98", "mim:AA1"))
    with pytest.raises(KeyError, match="osm:node/98"):
        counted_places(town, CoverageQuery(("scuole",), 300, scenario=unknown))


def test_two_results_are_compared_by_quartiere(town: Dataset) -> None:
    one = compute_coverage(town, CoverageQuery(("biblioteca",), 400))
    other = compute_coverage(town, CoverageQuery(("parco",), 400))
    table = compare(one, other, "share")
    assert table.columns.tolist() == [
        "name", "population", "estimated", "first", "second", "difference"
    ]  # fmt: skip
    assert table["first"].tolist() == [0, 0.75, 0]
    assert table["second"].tolist() == pytest.approx([0.3335, 0, 1])
    assert table["difference"].tolist() == pytest.approx([0.3335, -0.75, 1])


def test_two_results_are_compared_for_the_whole_city(town: Dataset) -> None:
    one = compute_coverage(town, CoverageQuery(("biblioteca",), 400))
    other = compute_coverage(town, CoverageQuery(("parco",), 400))
    assert compare_city(one, other, "share").to_dict() == pytest.approx(
        {"first": 750 / 3500, "second": 1167 / 3500, "difference": 417 / 3500}
    )


def test_the_spread_of_a_measure_names_the_lowest_and_the_highest() -> None:
    values = pd.Series([3.0, 1.0, np.nan, 7.0, 1.0, 7.0], index=list("abcdef"))
    assert spread(values) == Spread(1, ["b", "e"], 3, 7, ["d", "f"])
    assert spread(pd.Series([np.nan])) is None


def test_a_result_is_computed_once_for_each_dataset(town: Dataset) -> None:
    assert compute_coverage(town, CoverageQuery(("parco",), 317)) is compute_coverage(
        town, CoverageQuery(("parco",), 317)
    )
