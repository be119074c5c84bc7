"""The counts add up, and a rate is missing where it can't be known."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.analysis.counts import OUTSIDE, UNPLACED, city_counts, counts, counts_by_quartiere
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS, GROUPS, KINDS
from geo.spatial.rates import per_1000


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


def test_places_are_points_in_degrees_and_stay_so(small: Dataset) -> None:
    assert isinstance(small.places, gpd.GeoDataFrame)
    counts(small)
    assert small.places.crs == "EPSG:4326"
