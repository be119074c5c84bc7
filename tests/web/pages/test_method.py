"""The page that explains the figures: its examples are what the indicators give."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from flask.testing import FlaskClient

from geo.analysis import coverage, worked_example
from geo.analysis.population import apportion
from geo.model.dataset import Dataset
from geo.spatial import access, rates
from geo.spatial.classes import classify_together
from geo.spatial.siting import next_best_sites
from tests.helpers.pages.page import get_page
from web.coverage.measures import MEASURES
from web.maps.measures import COUNT_MEASURES
from web.site import labels

ONE = pd.Series(1.0, index=range(4))


def test_the_made_up_examples_are_what_the_functions_give(client: FlaskClient) -> None:
    text = get_page(client, "/metodo/").text()
    assert "(0, 0, 0, 1): 0,75. Se hanno 1, 2, 3 e 4: 0,25" in text
    assert rates.gini(pd.Series([0, 0, 0, 1.0]), ONE) == pytest.approx(0.75)
    assert rates.gini(pd.Series([1, 2, 3, 4.0]), ONE) == pytest.approx(0.25)

    assert "5, 3 e 2 fra vie ed edifici: 50, 30 e 20 residenti" in text
    assert apportion(100, np.array([5, 3, 2])).tolist() == [50, 30, 20]

    assert "= 190 metri" in text
    people = pd.DataFrame({"quartiere": "a", "residents": [50, 30, 20]})
    metres = pd.Series([100.0, 200.0, 400.0])
    assert access.mean_distance(people, metres, "residents")["a"] == 190

    assert "0,5 + 0,25 = 0,75" in text
    catchment = access.floating_catchment(
        pd.Series([2000.0, 2000.0]), pd.Series([1.0, 1.0]),
        np.array([[900.0, 100.0], [100.0, 100.0]]), 500, np.ones_like,
    )  # fmt: skip
    assert (1000 * catchment).tolist() == [0.25, 0.75]


def test_the_example_of_the_sites_is_what_the_search_finds(client: FlaskClient) -> None:
    text = get_page(client, "/metodo/").text()
    assert "(350 residenti); il secondo raggiunge i 100 che restano" in text
    row = shapely.points([0, 400, 800, 1200], 0)
    people = gpd.GeoDataFrame({"residents": [100, 100, 100, 150]}, geometry=row, crs=32632)
    found = next_best_sites(people, pd.Series([False] * 4), 450, 2)
    assert found["newly_reached"].tolist() == [350, 100]
    assert found.index[0] == 2


def test_the_city_own_example_is_what_the_page_of_coverage_says(
    client: FlaskClient, bergamo: Dataset
) -> None:
    found = worked_example.worked_example(bergamo)
    assert found is not None
    answer = coverage.compute_coverage(bergamo, worked_example.QUERY)
    assert found.row["share"] == answer.table.loc[found.slug, "share"]
    assert found.covered + found.row["uncovered"] == found.row["population"]


def test_each_measure_has_its_section(client: FlaskClient) -> None:
    page = get_page(client, "/metodo/")
    assert set(MEASURES) | set(COUNT_MEASURES) <= set(labels.METHOD)
    for anchor in labels.METHOD:
        assert f"#{anchor}" in page.links()
        assert page.one(f"#{anchor}").tag == "section"


def test_two_maps_share_their_classes_and_each_keeps_its_values() -> None:
    first = pd.Series({"a": 0.0, "b": 1.0, "c": None})
    second = pd.Series({"a": 1.0, "b": 50.0, "c": 100.0})
    one, other = classify_together(first, second)
    assert one.ranges == other.ranges
    assert one.of["b"] == other.of["a"]
    assert pd.isna(one.of["c"])
    assert one.of["a"] == 0
    assert other.of["b"] < other.of["c"] == max(one.ranges)
