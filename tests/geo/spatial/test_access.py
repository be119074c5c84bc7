"""The indicators: worked out on paper, and what must hold for any people and places."""

import doctest
import warnings
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

import geo.spatial.access
import geo.spatial.grid
import geo.spatial.rates
from geo.spatial.access import (
    combine,
    distances,
    existing,
    floating_catchment,
    mean_distance,
    nearest,
    nearest_distance,
    share_within,
    uncovered,
    within,
)

METRIC = "EPSG:32632"
Points = list[tuple[float, float]]


def homes(points: Points, residents: list[float], quartieri: list[str | None]) -> gpd.GeoDataFrame:
    geometry = gpd.points_from_xy(*np.array(points, dtype=float).reshape(-1, 2).T)
    values = {"residents": residents, "quartiere": quartieri}
    return gpd.GeoDataFrame(values, geometry=geometry, crs=METRIC)


def spots(points: Points, kinds: list[str] | None = None) -> gpd.GeoDataFrame:
    geometry = gpd.points_from_xy(*np.array(points, dtype=float).reshape(-1, 2).T)
    ids = [f"p{at:03}" for at in range(len(points))]
    return gpd.GeoDataFrame(
        {"kind": kinds or ["parco"] * len(points)}, index=ids, geometry=geometry, crs=METRIC
    )


# Two squares of 1 km side by side, with people in their corners and middles.
PEOPLE = homes(
    [(100, 100), (900, 900), (500, 500), (1100, 100), (1900, 900)],
    [100, 300, 600, 50, 150],
    ["west", "west", "west", "est", "est"],
)


@pytest.mark.parametrize("module", [geo.spatial.grid, geo.spatial.access, geo.spatial.rates])
def test_the_examples_in_the_docstrings_are_true(module: object) -> None:
    failed, tried = doctest.testmod(module)
    assert failed == 0
    assert tried > 0


def test_distances_alone_are_those_of_the_nearest_place() -> None:
    for places in (spots([(500, 100), (1100, 500)]), spots([])):
        alone = nearest_distance(PEOPLE, places)
        pd.testing.assert_series_equal(alone, nearest(PEOPLE, places)["distance_m"])


def test_shares_and_uncovered_of_two_squares() -> None:
    found = nearest(PEOPLE, spots([(500, 100), (1100, 500)]))
    assert found["distance_m"].tolist() == pytest.approx([400, 447.2136, 400, 400, 894.4272])
    assert found["place"].tolist() == ["p000", "p001", "p000", "p001", "p001"]
    covered = within(found["distance_m"], 400)
    assert share_within(PEOPLE, covered).to_dict() == {"est": 0.25, "west": 0.7}
    assert uncovered(PEOPLE, covered).to_dict() == {"est": 150, "west": 300}
    mean = mean_distance(PEOPLE, found["distance_m"])
    assert mean.to_dict() == pytest.approx({"est": 770.8204, "west": 414.1641})


def test_any_is_the_nearest_and_each_is_the_farthest_of_the_chosen() -> None:
    places = spots([(0, 100), (900, 900), (500, 900)], ["parco", "biblioteca", "orto"])
    table = distances(PEOPLE, places, {"verde": ("parco", "orto"), "biblioteca": ("biblioteca",)})
    assert table["verde"].tolist()[:3] == pytest.approx([100, 400, 400])
    assert combine(table, "any").tolist()[:3] == pytest.approx([100, 0, 400])
    assert combine(table, "each")[0] == pytest.approx(1131.3708)


def test_without_a_place_nobody_is_covered_and_the_distance_is_infinite() -> None:
    found = nearest(PEOPLE, spots([]))
    assert np.isinf(found["distance_m"]).all()
    assert share_within(PEOPLE, within(found["distance_m"], 5000)).to_dict() == {
        "est": 0,
        "west": 0,
    }


def test_unknown_people_are_missing_and_never_zero() -> None:
    people = homes([(0, 0), (9, 9)], [np.nan, 10], ["sud", "nord"])
    covered = pd.Series([True, True])
    assert np.isnan(share_within(people, covered)["sud"])
    assert np.isnan(uncovered(people, covered)["sud"])
    assert uncovered(people, covered)["nord"] == 0


def test_places_at_the_same_distance_go_by_their_id() -> None:
    found = nearest(homes([(0, 0)], [1], ["a"]), spots([(0, 5), (5, 0), (3, 4)]))
    assert found["place"].tolist() == ["p000"]


def test_degrees_and_mixed_projections_are_refused() -> None:
    with pytest.raises(ValueError, match="places is in EPSG:4326"):
        nearest(PEOPLE, spots([(9, 45)]).set_crs(4326, allow_override=True))
    with pytest.raises(ValueError, match="use one CRS"):
        nearest(PEOPLE, spots([(9, 45)]).set_crs(32633, allow_override=True))
    with pytest.raises(ValueError, match="choose at least one kind"):
        combine(pd.DataFrame(index=[0]), "any")


def test_distances_to_the_kinds_of_a_choice_keep_the_index() -> None:
    people = PEOPLE.set_index(pd.Index(list("vwxyz")))
    table = distances(people, spots([(0, 100)]), {"parco": ["parco"], "nessuno": ["scout"]})
    assert table.index.tolist() == list("vwxyz")
    assert table.columns.tolist() == ["parco", "nessuno"]
    assert table.loc["v", "parco"] == 100
    assert np.isinf(table["nessuno"]).all()
    assert distances(people, spots([]), {}).index.tolist() == list("vwxyz")


def test_the_distance_itself_is_within_and_what_is_unknown_is_not() -> None:
    reached = within(pd.Series([399.999, 400.0, 400.001, np.nan, np.inf]), 400)
    assert reached.tolist() == [True, True, False, False, False]


def test_only_any_and_each_combine_distances() -> None:
    with pytest.raises(ValueError, match=r"^how='all': 'any' or 'each'$"):
        combine(pd.DataFrame({"a": [1.0]}), "all")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^distances has no column: choose at least one kind$"):
        combine(pd.DataFrame(index=[0]), "each")


def test_existing_places_are_open_or_of_unknown_status() -> None:
    status = pd.DataFrame({"status": ["open", "unknown", "closed", "planned", None]})
    assert existing(status).tolist() == [True, True, False, False, False]


def test_the_nearest_place_keeps_the_index_and_the_types() -> None:
    people = PEOPLE.set_index(pd.Index(list("vwxyz")))
    for places in (spots([(500, 100)]), spots([])):
        found = nearest(people, places)
        assert found.index.tolist() == list("vwxyz")
        assert found.columns.tolist() == ["distance_m", "place"]
        assert found["distance_m"].dtype == np.float64
    assert found["place"].tolist() == [None] * 5
    alone = nearest_distance(people, spots([(500, 100)]))
    assert (alone.index.tolist(), alone.name) == (list("vwxyz"), "distance_m")


def test_ties_go_to_the_first_label_whatever_the_order_of_the_rows() -> None:
    here = homes([(0, 0), (1000, 1000), (3, 4)], [1, 1, 1], ["a"] * 3)
    places = spots([(0, 5), (5, 0), (1000, 1000.5), (1000, 1000.5), (400, 400)])
    for rows in ([4, 3, 2, 1, 0], [0, 1, 2, 3, 4], [1, 3, 0, 4, 2]):
        found = nearest(here, places.iloc[rows])
        assert found["place"].tolist() == ["p000", "p002", "p000"]
        assert found["distance_m"].tolist() == pytest.approx([5, 0.5, np.sqrt(10)])
    # A place that is nearer by a hair more than rounding is the nearest.
    close = nearest(homes([(0, 0)], [1], ["a"]), spots([(0, 5.000001), (5, 0)]))
    assert close["place"].tolist() == ["p001"]


def test_many_points_in_threads_have_the_same_distances() -> None:
    rng = np.random.default_rng(5)
    here = homes(rng.uniform(0, 1000, (10_000, 2)).tolist(), [1] * 10_000, ["a"] * 10_000)
    there = rng.uniform(0, 1000, (20, 2))
    expected = np.hypot(*(shapely.get_coordinates(here.geometry)[:, None] - there).T).min(axis=0)
    assert nearest_distance(here, spots(there.tolist())).tolist() == pytest.approx(expected)
    assert nearest(here, spots(there.tolist()))["distance_m"].tolist() == pytest.approx(expected)


@pytest.mark.parametrize("of", [nearest, nearest_distance])
def test_a_row_without_a_point_is_refused(of: Callable) -> None:
    places = spots([(1, 1), (2, 2)]).set_geometry(
        gpd.GeoSeries([None, Point(2, 2)], crs=METRIC).array
    )
    with pytest.raises(ValueError, match=r"^each row needs one point: leave out those without"):
        of(PEOPLE, places)
    with pytest.raises(ValueError, match="demand is in EPSG:4326"):
        of(PEOPLE.set_crs(4326, allow_override=True), spots([(1, 1)]))
    with pytest.raises(ValueError, match="places is in None"):
        of(PEOPLE, spots([(1, 1)]).set_crs(None, allow_override=True))


def test_another_population_and_people_outside_all_quartieri() -> None:
    people = homes([(0, 0), (1, 1), (2, 2)], [10, 20, 30], ["nord", None, "nord"])
    people["aged_65"] = [1.0, 5.0, 3.0]
    covered = pd.Series([True, True, False])
    assert share_within(people, covered, "aged_65").to_dict() == {"nord": 0.25}
    assert uncovered(people, covered, "aged_65").to_dict() == {"nord": 3}
    distance = pd.Series([100.0, 7.0, 500.0])
    assert mean_distance(people, distance, "aged_65").to_dict() == {"nord": 400}


def test_where_nobody_lives_there_is_no_share_and_nobody_walks() -> None:
    people = homes([(0, 0), (1, 1), (2, 2)], [0, 0, 4], ["empty", "some", "some"])
    covered = pd.Series([True, True, False])
    assert share_within(people, covered).fillna(-1).to_dict() == {"empty": -1, "some": 0}
    assert uncovered(people, covered).to_dict() == {"empty": 0, "some": 4}
    mean = mean_distance(people, pd.Series([np.inf, np.inf, 50.0]))
    assert mean.fillna(-1).to_dict() == {"empty": -1, "some": 50}


def test_a_quartiere_of_partly_unknown_people_is_that_of_the_known() -> None:
    people = homes([(0, 0), (1, 1), (2, 2)], [np.nan, 6, np.nan], ["a", "a", "b"])
    distance = pd.Series([900.0, 100.0, 5.0])
    assert mean_distance(people, distance).fillna(-1).to_dict() == {"a": 100, "b": -1}
    assert uncovered(people, pd.Series([False, False, False])).fillna(-1).to_dict() == {
        "a": 6, "b": -1
    }  # fmt: skip


def test_the_catchment_of_two_homes_and_two_places_on_paper() -> None:
    people = pd.Series([30, 10], index=["a", "b"])
    supply = pd.Series([2, 5])
    cost = np.array([[100.0, 501.0], [500.0, 501.0]])
    # Both reach the first place (one of them at the very distance), neither the second.
    found = floating_catchment(people, supply, cost, 500, np.ones_like)
    assert found.to_dict() == {"a": 0.05, "b": 0.05}
    halved = floating_catchment(people, supply, cost, 501, lambda metres: 100 / metres)
    first, second = 2 / (30 + 10 / 5), 5 / (40 * 100 / 501)
    assert halved["a"] == pytest.approx(first + second * 100 / 501)
    assert halved["b"] == pytest.approx(first / 5 + second * 100 / 501)


def test_less_than_one_person_shares_a_place_too() -> None:
    found = floating_catchment(
        pd.Series([0.25, 0.5]), pd.Series([3.0]), np.array([[1.0], [2.0]]), 5, np.ones_like
    )
    assert found.tolist() == [4, 4]


def test_a_place_without_people_in_reach_serves_nobody() -> None:
    nobody = floating_catchment(
        pd.Series([0.0, 0.0]), pd.Series([1.0]), np.array([[1.0], [2.0]]), 5, np.ones_like
    )
    assert nobody.tolist() == [0, 0]


def test_a_cost_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^cost is \(1, 2\), not 2 rows by 1$"):
        floating_catchment(pd.Series([1, 1]), pd.Series([1]), np.ones((1, 2)), 5, np.ones_like)


def test_floating_catchment_is_that_of_pysal() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import weights as decay_of  # noqa: PLC0415
        from access.access import fca  # noqa: PLC0415
    ids = pd.Index([1, 2, 3], name="geoid")
    people = pd.DataFrame({"demand": [100.0, 50.0, 10.0]}, index=ids)
    supply = pd.DataFrame({"supply": [15.0, 20.0, 100.0]}, index=ids)
    cost = np.array([[1.0, 80, 40], [80, 1, 40], [40, 40, 1]])
    pairs = [(one, other, cost[one - 1, other - 1]) for one in ids for other in ids]
    table = pd.DataFrame(pairs, columns=["origin", "dest", "cost"])
    decay = decay_of.gravity(1, -1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = fca.two_stage_fca(people, supply, table, 61, weight_fn=decay).sort_index()
    ours = floating_catchment(people["demand"], supply["supply"], cost, 61, lambda d: 1 / d)
    assert ours.tolist() == pytest.approx([0.331444, 0.579828, 7.286418], abs=1e-6)
    assert ours.tolist() == pytest.approx(theirs.tolist())


coordinate = st.integers(0, 2000).map(float)
points = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=12)


@st.composite
def peopled(draw: st.DrawFn) -> gpd.GeoDataFrame:
    at = draw(points)
    people = draw(st.lists(st.integers(0, 500).map(float), min_size=len(at), max_size=len(at)))
    where = st.sampled_from(["nord", "sud", None])
    return homes(at, people, draw(st.lists(where, min_size=len(at), max_size=len(at))))


def covered_by(people: gpd.GeoDataFrame, places: Points, metres: float) -> pd.Series:
    return within(nearest(people, spots(places))["distance_m"], metres)


@given(peopled(), points, st.tuples(coordinate, coordinate), st.floats(0, 3000))
def test_one_more_place_or_a_longer_way_never_lowers_a_share(
    people: gpd.GeoDataFrame, places: Points, more: tuple[float, float], metres: float
) -> None:
    share = share_within(people, covered_by(people, places, metres)).fillna(-1)
    with_more = share_within(people, covered_by(people, [*places, more], metres)).fillna(-1)
    farther = share_within(people, covered_by(people, places, metres * 1.5)).fillna(-1)
    assert (with_more >= share).all()
    assert (farther >= share).all()


@given(peopled(), points, st.floats(0, 3000), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    people: gpd.GeoDataFrame, places: Points, metres: float, random: object
) -> None:
    shuffled = people.sample(frac=1, random_state=random.randrange(2**32))  # type: ignore[attr-defined]
    one = uncovered(people, covered_by(people, places, metres))
    other = uncovered(shuffled, covered_by(shuffled, places[::-1], metres))
    pd.testing.assert_series_equal(one, other.reindex(one.index))


@given(peopled(), points, st.floats(0, 3000))
def test_splitting_a_quartiere_keeps_the_total(
    people: gpd.GeoDataFrame, places: Points, metres: float
) -> None:
    covered = covered_by(people, places, metres)
    halves = people["quartiere"].where(people.geometry.x < 1000, people["quartiere"] + "-bis")
    split = people.assign(quartiere=halves)
    assert uncovered(split, covered).sum() == uncovered(people, covered).sum()
    share = share_within(people, covered)
    total = people.groupby("quartiere")["residents"].sum()
    left = (total * (1 - share)).fillna(0)
    assert left.to_numpy() == pytest.approx(uncovered(people, covered).to_numpy())
