"""Where people live: whole people, spread so that each quartiere keeps its own."""

import doctest
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo.analysis.population
from geo.analysis.population import (
    apportion,
    cell_corners,
    demand,
    is_estimated,
    populations,
)
from geo.base.errors import DataError
from geo.model.dataset import Dataset


def test_the_examples_in_the_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(geo.analysis.population)
    assert failed == 0
    assert tried > 0


@given(st.integers(0, 200_000), st.lists(st.integers(1, 50), min_size=1, max_size=200))
def test_whole_people_are_spread_and_none_is_lost(total: int, weights: list[int]) -> None:
    people = apportion(total, np.array(weights, dtype=float))
    assert people.sum() == total
    assert (people == np.floor(people)).all()
    assert (np.abs(people - total * np.array(weights) / sum(weights)) < 1).all()


def test_each_quartiere_of_the_real_city_keeps_its_residents(bergamo: Dataset) -> None:
    people = demand(bergamo)
    by_quartiere = people.groupby("quartiere")["residents"].sum()
    assert by_quartiere.to_dict() == bergamo.quartieri["residents"].to_dict()
    assert people["quartiere"].notna().all()
    assert people.crs == bergamo.city.metric_crs
    assert populations(bergamo) == ("residents",)


def test_where_residents_are_unknown_so_are_those_of_its_points(small: Dataset) -> None:
    people = demand(small)
    assert people.loc[people["quartiere"] == "sud", "residents"].isna().all()
    assert people.loc[people["quartiere"] == "nord", "residents"].tolist() == [250, 750]
    assert people.loc[people["quartiere"] == "est", "residents"].tolist() == [667, 667, 666]
    assert people["estimated"].all()


def rewrite(folder: Path, *lines: str) -> Path:
    header = "lon,lat,weight,residents,aged_65,aged_0_14,source"
    (folder / "demand.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return folder


def test_counted_residents_and_ages_are_taken_as_they_are(folder: Path) -> None:
    counted = Dataset.read(
        rewrite(folder, "9.605,45.705,1,30,8,5,walk", "9.605,45.695,1,12,2,0,walk")
    )
    assert populations(counted) == ("residents", "aged_65", "aged_0_14")
    assert demand(counted)["residents"].tolist() == [30, 12]
    assert not demand(counted)["estimated"].any()


def test_an_age_that_nobody_counted_is_no_population(folder: Path) -> None:
    counted = Dataset.read(rewrite(folder, "9.605,45.705,1,30,,5,walk", "9.70,45.70,1,12,,3,walk"))
    assert populations(counted) == ("residents", "aged_0_14")
    people = demand(counted)
    assert people.columns.tolist() == [
        "quartiere", "geometry", "residents", "aged_0_14", "estimated"
    ]  # fmt: skip
    assert people["quartiere"].tolist() == ["nord", None]
    assert people["aged_0_14"].tolist() == [5, 3]
    assert not is_estimated(counted)


def test_estimated_people_stand_in_the_metric_crs(small: Dataset) -> None:
    people = demand(small)
    assert people.crs == "EPSG:32632"
    assert people.geometry.x.iloc[1] == pytest.approx(547094.863, abs=0.001)
    assert people.columns.tolist() == ["quartiere", "geometry", "residents", "estimated"]
    assert is_estimated(small)
    people["residents"] = 0
    assert demand(small)["residents"].sum() == 3000


def test_the_largest_remainders_get_the_rest_and_of_equal_ones_the_first() -> None:
    assert apportion(10, np.array([5.0, 3.0, 2.0])).tolist() == [5, 3, 2]
    assert apportion(101, np.array([5.0, 3.0, 2.0])).tolist() == [51, 30, 20]
    assert apportion(3, np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).tolist() == [1, 1, 1, 0, 0, 0]
    assert apportion(0, np.array([1.0, 2.0])).tolist() == [0, 0]
    assert apportion(7, np.array([2.0])).tolist() == [7]
    assert apportion(5, np.array([1.0, 2.9, 1.1])).tolist() == [1, 3, 1]


def test_a_cell_of_100_m_starts_at_its_south_western_corner() -> None:
    west, south = cell_corners(np.array([0.0, 99.9, 100.0, -0.1]), np.array([250.0, 1, 399, 400]))
    assert west.tolist() == [0, 0, 100, -100]
    assert south.tolist() == [200, 0, 300, 400]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "there is no demand point"),
        (["9.6,45.7,1,30,,,walk", "9.6,45.7,1,,,,walk"], "line 3: residents is missing"),
        (["9.6,45.7,1,3,3,1,walk"], "line 2: 4 people of an age, but 3 residents"),
        (["9.6,45.7,0,,,,walk"], "line 2: weight"),
        (["9.6,45.7,1,-3,,,walk"], "line 2: residents"),
        (["9.6,45.7,1,,,,nobody"], "unknown source 'nobody'"),
    ],
)
def test_bad_points_are_named(folder: Path, lines: list[str], message: str) -> None:
    with pytest.raises(DataError, match=r"demand\.csv") as caught:
        Dataset.read(rewrite(folder, *lines))
    assert message in str(caught.value)
