"""The indicators: worked out on paper, and what must hold for any people and places."""

import doctest
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo.analysis.population
import geo.large.sums
import geo.spatial.access
import geo.spatial.grid
import geo.spatial.siting
from geo.spatial.access import (
    combine,
    distances,
    floating_catchment,
    gini,
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


@pytest.mark.parametrize(
    "module",
    [
        geo.spatial.grid,
        geo.spatial.access,
        geo.spatial.siting,
        geo.analysis.population,
        geo.large.sums,
    ],
)
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


def test_gini_leaves_out_what_is_not_known() -> None:
    values, weights = pd.Series([1, 2, 3, 4, np.nan, 9]), pd.Series([1, 1, 1, 1, 5, np.nan])
    assert gini(values, weights) == pytest.approx(0.25)
    assert np.isnan(gini(pd.Series([0, 0]), pd.Series([1, 1])))
    assert gini(pd.Series([1, 3]), pd.Series([300, 100])) == pytest.approx(
        gini(pd.Series([1, 1, 1, 3]), pd.Series([1, 1, 1, 1]))
    )


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
