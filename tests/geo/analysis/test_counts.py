"""The counts add up, and a rate is missing where it can't be known."""

from itertools import pairwise

import geopandas as gpd
import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.counts import OUTSIDE, UNPLACED, city_counts, counts, counts_by_quartiere
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS, GROUPS, KINDS
from geo.spatial.access import per_1000
from geo.spatial.classes import classify


def test_counts_of_the_small_city(small: Dataset) -> None:
    parks = counts(small)["parco"]
    # The park on the border of nord and est counts once, in est (first by slug);
    # the closed one doesn't count.
    assert parks.to_dict() == {"est": 1, "nord": 0, "sud": 1, OUTSIDE: 1, UNPLACED: 0}
    assert counts(small)[COMMONS].to_dict() == {
        "est": 1, "nord": 1, "sud": 1, OUTSIDE: 1, UNPLACED: 0
    }  # fmt: skip
    assert counts(small).loc[UNPLACED, "comitato"] == 1


@pytest.mark.parametrize("city", ["small", "bergamo"])
def test_the_sum_over_quartieri_and_the_outside_is_the_total(
    city: str, request: pytest.FixtureRequest
) -> None:
    dataset: Dataset = request.getfixturevalue(city)
    places = dataset.places
    there = places[places["status"].isin(["open", "unknown"])]
    table = counts(dataset)
    total = there["kind"].value_counts().reindex(list(KINDS), fill_value=0)
    pd.testing.assert_series_equal(table[list(KINDS)].sum(), total, check_names=False)
    assert table[list(GROUPS)].to_numpy().sum() == len(there)


def test_per_1000_as_published() -> None:
    rate = per_1000(pd.Series([330]), pd.Series([121_952], dtype=object))
    assert rate.round(2).tolist() == [2.71]


def test_a_rate_without_residents_is_missing_and_never_zero(small: Dataset) -> None:
    table = counts_by_quartiere(small, "parco")
    assert table.loc["nord", "per_1000"] == 0
    assert np.isnan(table.loc["sud", "per_1000"])
    assert table.loc["est", "per_1000"] == 0.5
    assert table["residents_estimated"].to_dict() == {"est": True, "nord": False, "sud": False}
    assert table["small"].to_dict() == {"est": True, "nord": False, "sud": True}


def test_the_city_counts_what_is_inside_and_tells_the_rest(small: Dataset) -> None:
    city = city_counts(small, "parco")
    assert (city.inside, city.outside, city.unplaced) == (2, 1, 0)
    assert city.per_1000 == pytest.approx(1000 * 2 / 3000)


def test_an_unknown_kind_is_refused(small: Dataset) -> None:
    with pytest.raises(KeyError):
        counts_by_quartiere(small, "disco")


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


def test_places_are_points_in_degrees_and_stay_so(small: Dataset) -> None:
    assert isinstance(small.places, gpd.GeoDataFrame)
    counts(small)
    assert small.places.crs == "EPSG:4326"
