"""The counts add up, and a rate is missing where it can't be known."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.analysis.counts import (
    OUTSIDE,
    UNPLACED,
    CityCounts,
    city_counts,
    counts,
    counts_by_quartiere,
    is_complete,
    missing_kinds,
    profile,
    row_of,
)
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS, GROUPS, STANDARD
from geo.spatial.rates import per_1000
from tests.helpers.cities import town as made_up_town
from tests.helpers.cities.small_city import place


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
    total = there["kind"].value_counts().reindex(list(STANDARD.slugs), fill_value=0)
    pd.testing.assert_series_equal(table[list(STANDARD.slugs)].sum(), total, check_names=False)
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


def test_the_rows_of_a_kind_in_the_town(town: Dataset) -> None:
    table = counts_by_quartiere(town, "parco")
    assert table.index.tolist() == ["est", "nord", "sud"]
    assert table.columns.tolist() == [
        "name", "residents", "residents_year", "residents_estimated", "count", "per_1000", "small",
    ]  # fmt: skip
    assert table["count"].tolist() == [1, 0, 1]
    assert table["per_1000"].tolist() == [0.5, 0, 2]


def test_one_to_four_places_are_few_and_five_are_not(tmp_path: Path) -> None:
    more = [place(f"osm:node/{n}", "scout", (9.605, 45.695)) for n in range(20, 24)]
    others = [place(f"osm:node/{n}", "scout", (9.605, 45.705)) for n in range(30, 35)]
    data = Dataset.read(made_up_town.write(tmp_path, *more, *others))
    table = counts_by_quartiere(data, "scout")
    assert table["count"].to_dict() == {"est": 0, "nord": 5, "sud": 4}
    assert table["small"].to_dict() == {"est": False, "nord": False, "sud": True}
    assert profile(data, "nord").loc["scout", ["count", "small"]].tolist() == [5, False]
    assert profile(data, "sud").loc["scout", ["count", "small"]].tolist() == [4, True]


def test_the_counts_of_a_city(town: Dataset) -> None:
    assert city_counts(town, "parco") == CityCounts(2, 1, 0, 0.5, 2)
    assert city_counts(town, "comitato") == CityCounts(0, 0, 1, 0, 0)
    assert city_counts(town, "scuole") == CityCounts(2, 0, 0, 0.5, 2)
    assert city_counts(town, "associazione-culturale").quartieri_with == 1
    with pytest.raises(KeyError):
        city_counts(town, "disco")


def test_a_place_without_a_point_counts_where_its_source_says(town: Dataset) -> None:
    rows = row_of(town.places)
    assert rows["org:amici"] == "nord"
    assert rows["org:ovunque"] == UNPLACED
    assert rows["osm:node/4"] == OUTSIDE
    assert rows["osm:node/2"] == "sud"


def test_each_call_returns_a_table_of_its_own(town: Dataset) -> None:
    table = counts(town)
    table["parco"] = 0
    assert counts(town)["parco"].sum() == 3
    assert table.index.name == "quartiere"
    assert table.columns.name is None
    assert table.columns.tolist() == [*STANDARD.slugs, *GROUPS]


def test_a_register_is_complete_only_for_all_of_its_kinds(town: Dataset) -> None:
    assert is_complete(town, "scuola-primaria")
    assert is_complete(town, "parrocchia")
    assert not is_complete(town, "scuole")
    assert not is_complete(town, "biblioteca")


def test_a_profile_sets_a_quartiere_beside_the_city(town: Dataset) -> None:
    table = profile(town, "est")
    assert table.index.tolist() == [*STANDARD.slugs, *GROUPS]
    assert table.columns.tolist() == ["count", "per_1000", "small", "city_count", "city_per_1000"]
    assert table.loc["parco"].tolist() == [1, 0.5, True, 2, 0.5]
    assert table.loc["biblioteca"].tolist() == [0, 0, False, 1, 0.25]
    assert table.loc["comitato", "city_count"] == 0
    with pytest.raises(KeyError):
        profile(town, "atlantide")


def test_missing_kinds_are_those_that_the_city_has_the_most_expected_first(town: Dataset) -> None:
    table = missing_kinds(town, "nord")
    assert table.columns.tolist() == ["city_count", "city_per_1000", "quartieri_with", "expected"]
    assert table.index[0] == "parco"
    assert set(table.index) == {"parco", "associazione-ambientale", "parrocchia", "bene-comune"}
    assert table.loc["parco"].tolist() == [2, 0.5, 2, 0.5]
    assert table.loc["parrocchia"].tolist() == [1, 0.25, 1, 0.25]
    # At the same rate they come in the order of the kinds.
    order = [kind for kind in STANDARD.slugs if kind in table.index[1:]]
    assert table.index[1:].tolist() == order
    assert missing_kinds(town, "est").loc["biblioteca", "expected"] == 0.5


def test_an_unknown_kind_is_refused(small: Dataset) -> None:
    with pytest.raises(KeyError):
        counts_by_quartiere(small, "disco")


def test_places_are_points_in_degrees_and_stay_so(small: Dataset) -> None:
    assert isinstance(small.places, gpd.GeoDataFrame)
    counts(small)
    assert small.places.crs == "EPSG:4326"
