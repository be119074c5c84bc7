"""Each indicator of the town, computed by hand: values, ranks, small counts, city, inequality."""

import pandas as pd
import pytest

from geo.analysis.indicators import DEFINITIONS, Definition, indicators, members
from geo.model.dataset import Dataset

AREA_KM2 = {"est": 1.729934, "nord": 0.864889, "sud": 0.865042}
ROWS = {
    # slug: est, nord, sud, the city, Gini
    "residenti": (2000, 1000, 500, 4000, None),
    "organizzazioni-per-1000": (0.5, 3, 0, 1, 0.5),
    "scuole-per-1000": (0.5, 1, 0, 0.5, 2 / 7),
    "parrocchie-per-1000": (0, 0, 2, 0.25, 6 / 7),
    "beni-comuni-per-1000": (1, 2, 2, 1.25, 6 / 35),
    "membri": (1, 2, 1, 4, None),
    "verde": (None, 0.8, 2.4, 0.5, 4 / 15),
    "parco-entro-300": (33.35, 0, 100, 116700 / 3500, 0.448892),
    "spazio-di-quartiere-entro-500": (0, 0, 0, 0, None),
    "biblioteca-entro-500": (0, 100, 0, 100 / 3.5, 5 / 7),
    "scuola-primaria-entro-500": (0, 75, 0, 75 / 3.5, 5 / 7),
}


def test_every_value_of_the_town(town: Dataset) -> None:
    found = indicators(town)
    assert found.table.columns.tolist() == list(DEFINITIONS)
    assert found.table.index.tolist() == ["est", "nord", "sud"]
    assert found.table.dtypes.eq(float).all()
    for slug, (est, nord, sud, city, _gini) in ROWS.items():
        expected = [float("nan") if value is None else value for value in (est, nord, sud)]
        assert found.table[slug].tolist() == pytest.approx(expected, nan_ok=True), slug
        assert found.city[slug] == pytest.approx(city), slug


def test_density_is_residents_per_square_kilometre(town: Dataset) -> None:
    found = indicators(town)
    density = {slug: found.table.loc[slug, "residenti"] / km2 for slug, km2 in AREA_KM2.items()}
    assert found.table["densita"].to_dict() == pytest.approx(density, rel=1e-5)
    assert found.city["densita"] == pytest.approx(4000 / sum(AREA_KM2.values()), rel=1e-5)


def test_inequality_is_that_of_rates_and_shares(town: Dataset) -> None:
    expected = {
        slug: float("nan") if gini is None else gini
        for slug, (*_values, gini) in ROWS.items()
        if slug not in ("residenti", "membri")
    }
    assert indicators(town).gini.to_dict() == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_the_highest_value_is_first_and_equal_ones_share_a_rank(town: Dataset) -> None:
    ranks = indicators(town).ranks.fillna(0)
    assert ranks["residenti"].tolist() == [1, 2, 3]
    assert ranks["beni-comuni-per-1000"].tolist() == [3, 1, 1]
    assert ranks["membri"].tolist() == [2, 1, 2]
    assert ranks["verde"].tolist() == [0, 2, 1]
    assert ranks["biblioteca-entro-500"].tolist() == [2, 1, 2]


def test_no_known_member_is_no_last_place(small: Dataset) -> None:
    assert indicators(small).ranks["membri"].fillna(0).to_dict() == {"est": 0, "nord": 1, "sud": 0}


def test_only_rates_on_one_to_four_places_are_small(town: Dataset) -> None:
    small = indicators(town).small
    assert small.columns.tolist() == list(DEFINITIONS)
    assert small.index.tolist() == ["est", "nord", "sud"]
    marked = {slug: small[slug].tolist() for slug in small if small[slug].any()}
    assert marked == {
        "organizzazioni-per-1000": [True, True, False],
        "scuole-per-1000": [True, True, False],
        "parrocchie-per-1000": [False, False, True],
        "beni-comuni-per-1000": [True, True, True],
    }


def test_a_body_in_two_networks_is_one_member(town: Dataset) -> None:
    found = members(town)
    assert found.to_dict() == {"est": 1, "nord": 2, "sud": 1}
    assert found.dtype == int


def test_they_are_computed_once_for_each_dataset(town: Dataset) -> None:
    assert indicators(town) is indicators(town)


def test_definitions_name_their_unit_decimals_and_method() -> None:
    assert DEFINITIONS["scuole-per-1000"] == Definition(
        "scuole-per-1000", "places/1000", 2, "per-1000", "scuole"
    )
    assert DEFINITIONS["biblioteca-entro-500"] == Definition(
        "biblioteca-entro-500", "%", 1, "quota", "biblioteca", 500
    )
    assert [each.digits for each in DEFINITIONS.values()] == [0, 0, 2, 2, 2, 2, 0, 1, 1, 1, 1, 1]
    assert pd.Series([each.slug for each in DEFINITIONS.values()]).tolist() == list(DEFINITIONS)
