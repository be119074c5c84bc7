"""The classes of a choropleth are few, ordered, complete, and as good as those of PySAL."""

import doctest
from itertools import pairwise

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.spatial import classes as classes_module
from geo.spatial.classes import classify, classify_together


def test_the_examples_in_the_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(classes_module)
    assert failed == 0
    assert tried > 0


def test_zero_is_a_class_of_its_own() -> None:
    classes = classify(pd.Series([0, 1, 1, 2, 9, None], index=list("abcdef")))
    assert classes.of["a"] == 0
    assert classes.of["b"] == classes.of["c"] == 1
    assert classes.of["e"] == 3
    assert pd.isna(classes.of["f"])
    assert classes.ranges == {0: (0, 0), 1: (1, 1), 2: (2, 2), 3: (9, 9)}


@pytest.mark.filterwarnings("ignore:Numba not installed:UserWarning")
@given(st.lists(st.integers(1, 60), min_size=6, max_size=30, unique=True))
def test_the_breaks_are_as_good_as_those_of_pysal(values: list[int]) -> None:
    def spread(labels: np.ndarray) -> float:
        return sum(np.var(some) * len(some) for _, some in pd.Series(values).groupby(labels))

    ours = classify(pd.Series(values, dtype=float)).of.to_numpy(dtype=int)
    theirs = mapclassify.FisherJenks(np.array(values, dtype=float), k=4).yb
    assert spread(ours) == pytest.approx(spread(theirs))


@given(st.lists(st.one_of(st.none(), st.integers(0, 30), st.floats(0, 50)), max_size=40))
def test_classes_are_few_ordered_and_complete(values: list[float | None]) -> None:
    series = pd.Series(values, dtype=float)
    classes = classify(series)
    assert classes.of.isna().tolist() == series.isna().tolist()
    assert len(classes.ranges) <= 5
    for number, value in zip(classes.of.dropna(), series.dropna(), strict=True):
        low, high = classes.ranges[number]
        assert low <= value <= high
        assert (number == 0) == (value == 0)
    positive = [classes.ranges[number] for number in sorted(classes.ranges) if number]
    assert all(first[1] < second[0] for first, second in pairwise(positive))


def test_there_are_four_positive_classes_of_natural_breaks() -> None:
    found = classify(pd.Series([1, 2, 10, 11, 50, 51, 98, 99, 100]))
    assert found.of.tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 4]
    assert found.ranges == {1: (1, 2), 2: (10, 11), 3: (50, 51), 4: (98, 100)}
    assert found.of.dtype == "Int64"


def test_fewer_values_than_classes_have_one_class_each() -> None:
    assert classify(pd.Series([7.0, 7.0])).ranges == {1: (7, 7)}
    assert classify(pd.Series([0.5, 7.0])).ranges == {1: (0.5, 0.5), 2: (7, 7)}


def test_without_a_positive_value_there_is_no_positive_class() -> None:
    found = classify(pd.Series([0, None], index=["a", "b"], dtype=object))
    assert found.of["a"] == 0
    assert pd.isna(found.of["b"])
    assert found.ranges == {0: (0, 0)}
    assert classify(pd.Series([], dtype=float)).ranges == {}


def test_two_series_share_their_classes_and_keep_their_own_order() -> None:
    first = pd.Series([0, 5, None], index=["b", "a", "c"])
    second = pd.Series([1, 9, 2], index=["c", "a", "b"])
    one, other = classify_together(first, second)
    assert list(one.of.index) == ["b", "a", "c"]
    assert one.of.fillna(-1).to_list() == [0, 3, -1]
    assert other.of.to_dict() == {"c": 1, "a": 4, "b": 2}
    assert one.ranges == other.ranges == {0: (0, 0), 1: (1, 1), 2: (2, 2), 3: (5, 5), 4: (9, 9)}
