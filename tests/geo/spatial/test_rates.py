"""Rates are exact, and missing where residents are unknown or nobody lives."""

import numpy as np
import pandas as pd
import pytest

from geo.spatial.rates import area_per_resident, count_in, gini, per_1000, positive

AREAS = pd.Index(["nord", "sud", "est", "ovest"])
RESIDENTS = pd.Series([400, None, 0], index=["nord", "sud", "est"], dtype=object)


def test_places_in_unlisted_areas_are_not_counted() -> None:
    where = pd.Series(["nord", "nord", "altrove", None, "est"])
    found = count_in(where, AREAS)
    assert found.to_dict() == {"nord": 2, "sud": 0, "est": 1, "ovest": 0}
    assert found.dtype == np.int64


def test_rates_follow_the_counts_and_are_missing_without_residents() -> None:
    count = pd.Series([1, 2, 3, 4], index=["sud", "nord", "est", "ovest"])
    rate = per_1000(count, RESIDENTS)
    assert rate.index.tolist() == ["sud", "nord", "est", "ovest"]
    assert rate.fillna(-1).tolist() == [-1, 5, -1, -1]
    area = area_per_resident(count * 1000.0, RESIDENTS)
    assert area.index.tolist() == ["sud", "nord", "est", "ovest"]
    assert area.fillna(-1).tolist() == [-1, 5, -1, -1]


def test_less_than_one_resident_is_somebody_and_a_negative_number_is_nobody() -> None:
    assert positive(pd.Series([0.5, 0, -2, None], dtype=object)).fillna(-1).tolist() == [
        0.5, -1, -1, -1
    ]  # fmt: skip


def test_gini_leaves_out_what_is_not_known() -> None:
    values, weights = pd.Series([1, 2, 3, 4, np.nan, 9]), pd.Series([1, 1, 1, 1, 5, np.nan])
    assert gini(values, weights) == pytest.approx(0.25)
    assert np.isnan(gini(pd.Series([0, 0]), pd.Series([1, 1])))
    assert gini(pd.Series([1, 3]), pd.Series([300, 100])) == pytest.approx(
        gini(pd.Series([1, 1, 1, 3]), pd.Series([1, 1, 1, 1]))
    )


def test_gini_ignores_order_infinity_and_areas_where_nobody_lives() -> None:
    values = pd.Series([4, np.inf, 1, 3, -np.inf, 2, 50])
    weights = pd.Series([1, 1, 1, 1, 1, 1, 0])
    assert gini(values, weights) == pytest.approx(0.25)
    assert gini(pd.Series([4, 1, 3, 2, 50]), pd.Series([1, 1, 1, 1, -1])) == pytest.approx(0.25)


def test_gini_of_small_and_partial_numbers() -> None:
    # Shares below one and weights below one count as others do.
    assert gini(pd.Series([0.0, 0.5]), pd.Series([0.25, 0.25])) == pytest.approx(0.5)
    assert gini(pd.Series([0.25]), pd.Series([0.5])) == pytest.approx(0)
    assert isinstance(gini(pd.Series([1, 2]), pd.Series([1, 1])), float)
    assert np.isnan(gini(pd.Series([], dtype=float), pd.Series([], dtype=float)))
