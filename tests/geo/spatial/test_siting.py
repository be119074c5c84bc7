"""The next best sites: by hand, and beside the exact optimum."""

import doctest

import geopandas as gpd
import numpy as np
import pandas as pd
import pulp
import pytest
from spopt.locate import MCLP

import geo.spatial.siting
from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.model.dataset import Dataset
from geo.spatial.siting import next_best_sites


def test_existing_places_stay_and_the_gain_is_what_is_new() -> None:
    at = gpd.points_from_xy([0, 100, 200, 1000], [0, 0, 0, 0])
    people = gpd.GeoDataFrame({"residents": [50, 40, 30, 60.0]}, geometry=at, crs=32632)
    found = next_best_sites(people, pd.Series([True, False, False, False]), 150, 5)
    assert found["newly_reached"].tolist() == [70, 60]
    assert found["reached_total"].tolist() == [70, 130]
    assert found["rank"].tolist() == [1, 2]


def test_nobody_left_means_no_site() -> None:
    people = gpd.GeoDataFrame(
        {"residents": [50.0, np.nan]}, geometry=gpd.points_from_xy([0, 900], [0, 0]), crs=32632
    )
    assert next_best_sites(people, pd.Series([True, False]), 150, 3).empty


def people(xs: list[float], residents: list[float | None], crs: object = 32632) -> gpd.GeoDataFrame:
    at = gpd.points_from_xy(xs, [0] * len(xs))
    return gpd.GeoDataFrame({"residents": residents, "aged_65": 1.0}, geometry=at, crs=crs)


def nobody(frame: gpd.GeoDataFrame) -> pd.Series:
    return pd.Series(data=False, index=frame.index)


def test_the_examples_in_the_docstrings_are_true() -> None:
    assert doctest.testmod(geo.spatial.siting).failed == 0


def test_a_site_reaches_those_at_the_distance_itself_and_no_farther() -> None:
    homes = people([0, 100, 200.001], [5, 7, 11])
    found = next_best_sites(homes, nobody(homes), 100, 1, candidates=homes.iloc[[0]])
    assert found["newly_reached"].tolist() == [12]


def test_no_more_sites_than_requested_and_none_for_zero() -> None:
    homes = people([0, 1000, 2000], [1, 2, 3])
    assert next_best_sites(homes, nobody(homes), 10, 2)["newly_reached"].tolist() == [3, 2]
    assert next_best_sites(homes, nobody(homes), 10, 0).empty
    # Half a person who isn't reached is one to reach.
    halves = people([0], [0.5])
    assert next_best_sites(halves, nobody(halves), 10, 5)["newly_reached"].tolist() == [0.5]


def test_of_equal_candidates_the_first_row_wins() -> None:
    homes = people([0, 1000, 2000], [4, 9, 9])
    found = next_best_sites(
        homes.set_index(pd.Index(["a", "b", "c"])),
        pd.Series(data=False, index=["a", "b", "c"]),
        10,
        2,
    )
    assert found.index.tolist() == ["b", "c"]
    assert found["rank"].tolist() == [1, 2]


def test_sites_are_rows_of_the_candidates() -> None:
    homes = people([0, 100], [4, 9])
    places = gpd.GeoDataFrame(
        {"name": ["far", "near"]}, geometry=gpd.points_from_xy([5000, 60], [0, 0]), crs=32632
    )
    found = next_best_sites(homes, nobody(homes), 60, 5, candidates=places)
    assert found["name"].tolist() == ["near"]
    assert found["newly_reached"].tolist() == [13]
    assert next_best_sites(homes, nobody(homes), 60, 5, candidates=places[:0]).empty
    assert next_best_sites(homes[:0], nobody(homes[:0]), 60, 5, candidates=places).empty


def test_another_population_is_counted_by_its_column() -> None:
    homes = people([0, 1000], [40, 9])
    found = next_best_sites(homes, nobody(homes), 10, 5, population="aged_65")
    assert found["newly_reached"].tolist() == [1, 1]


def test_unknown_people_count_as_none() -> None:
    homes = people([0, 10, 1000], [None, 3, 2])
    found = next_best_sites(homes.astype({"residents": object}), nobody(homes), 10, 5)
    assert found["newly_reached"].tolist() == [3, 2]


@pytest.mark.parametrize(
    ("crs", "others", "message"),
    [
        (None, None, "demand is in None: bring it into a CRS in metres"),
        (4326, 4326, "demand is in EPSG:4326: bring it into a CRS in metres"),
        (32632, 4326, "candidates is in EPSG:4326: bring it into a CRS in metres"),
        (32632, 32633, "demand is in EPSG:32632, candidates in EPSG:32633: use one CRS"),
        (2263, 2263, "demand is in EPSG:2263: bring it into a CRS in metres"),  # feet
    ],
)
def test_only_one_crs_in_metres_measures_distances(
    crs: int | None, others: int | None, message: str
) -> None:
    homes = people([0], [1], crs)
    with pytest.raises(ValueError, match=f"^{message}$"):
        next_best_sites(homes, nobody(homes), 10, 1, candidates=people([0], [1], others))


# What spopt itself does with its solver.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*PuLP 4.0:DeprecationWarning")
@pytest.mark.parametrize("number", [1, 3, 5])
def test_greedy_is_at_least_63_percent_of_the_optimum(bergamo: Dataset, number: int) -> None:
    people = compute_coverage(bergamo, CoverageQuery(("spazio-di-quartiere",), 500)).demand
    # Every third point: what an exact solver does in seconds.
    people = people.iloc[::3].reset_index(drop=True)
    found = next_best_sites(people, people["covered"], 500, number)
    xy = np.column_stack([people.geometry.x, people.geometry.y])
    cost = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    waiting = people["residents"].where(~people["covered"], 0.0).to_numpy()
    model = MCLP.from_cost_matrix(cost, waiting, service_radius=500, p_facilities=number)
    exact = model.solve(pulp.PULP_CBC_CMD(msg=False)).problem.objective.value()
    reached = found["reached_total"].iloc[-1]
    assert (1 - 1 / np.e) * exact <= reached <= exact + 1e-6
    if number == 1:
        assert reached == pytest.approx(exact)
