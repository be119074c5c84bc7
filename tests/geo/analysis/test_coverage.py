"""Questions put to a city: who has nothing near, and what a change would bring."""

import doctest
import os

import numpy as np
import pytest

from geo.analysis import coverage_details
from geo.analysis.coverage import CoverageQuery, Scenario, compute_coverage
from geo.analysis.coverage_details import cell_squares, places_beyond, sites, uncovered_cells
from geo.model.dataset import Dataset
from geo.spatial.point_in_area import locate
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
