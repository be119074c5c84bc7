"""The next best sites: by hand, and beside the exact optimum."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pulp
import pytest
from spopt.locate import MCLP

from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.model.dataset import Dataset
from geo.spatial.siting import next_best_sites


def test_existing_places_are_kept_and_the_gain_is_what_is_new() -> None:
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
