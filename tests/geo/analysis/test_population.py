"""Where people live: whole people, spread so that each quartiere keeps its own."""

import doctest
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo.analysis.population
from geo.analysis.population import apportion, demand, populations
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
