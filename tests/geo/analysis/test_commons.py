"""Common goods, indicators and resources: counted once, missing where unknown, adding up."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo.analysis import commons, networks, themes
from geo.analysis.counts import OUTSIDE, UNPLACED
from geo.analysis.indicators import DEFINITIONS, indicators, members
from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS, KINDS, kinds_of
from geo.publish.quartiere_sheet import sheet
from tests.helpers.cities import small_city


def test_every_common_good_counts_in_one_row(bergamo: Dataset) -> None:
    found = commons.commons(bergamo).table
    there = commons.in_stage(bergamo)
    assert found["commons"].sum() == len(there)
    assert there["kind"].isin(kinds_of(COMMONS)).all()
    for stage in ("offered", "proposal", "agreement", "ended"):
        assert found[stage].sum() == len(commons.in_stage(bergamo, stage))
    with pytest.raises(ValueError, match="one of offered"):
        commons.in_stage(bergamo, "lost")


def test_green_is_the_known_area_and_says_what_is_not_known(small: Dataset) -> None:
    table = commons.commons(small).table
    assert table.loc["sud", "green_m2"] == 1200
    # sud has no known residents, so no green for each of them.
    assert pd.isna(table.loc["sud", "green_each"])
    # est's park has no known area: the sum isn't known, rather than zero.
    park = small.places["quartiere"].loc["osm:node/3"]
    assert pd.isna(table.loc[park, "green_m2"])
    assert table.loc[park, "unmeasured"] == 1
    assert table.loc[OUTSIDE, "parks"] == 1
    assert table.loc[UNPLACED, "parks"] == 0


def test_an_agreement_tells_its_age(tmp_path: Path) -> None:
    agreed = small_city.place("osm:node/9", "orto", (9.605, 45.704), stage="agreement")
    old = small_city.place(
        "osm:node/8", "orto", (9.605, 45.703), stage="agreement", stage_year=2017, holder="Amici"
    )
    data = Dataset.read(small_city.write(tmp_path, places=[*small_city.PLACES, agreed, old]))
    ages = commons.by_stage(data, date(2026, 11, 24))["agreement"]["age"]
    assert ages["osm:node/8"] == 9
    assert pd.isna(ages["osm:node/9"])


def test_the_city_green_is_read_and_checked(tmp_path: Path, folder: Path) -> None:
    assert Dataset.read(folder).city.green is None
    city = folder / "city.toml"
    told = '[green]\narea_m2 = 100\nper_resident = 2.5\nyear = 2024\nsource = "https://a.example"\n'
    city.write_text(small_city.CITY + told, encoding="utf-8")
    green = Dataset.read(folder).city.green
    assert green is not None
    assert (green.area_m2, green.per_resident, green.year) == (100, 2.5, 2024)
    city.write_text(small_city.CITY + told.replace("= 100", '= "much"'), encoding="utf-8")
    with pytest.raises(DataError, match=r"city.toml.*no number"):
        Dataset.read(folder)


def test_indicators_rank_what_is_known(bergamo: Dataset) -> None:
    found = indicators(bergamo)
    assert list(found.table) == list(DEFINITIONS)
    known = found.table.notna()
    counted = [slug for slug in DEFINITIONS if slug != "membri"]
    assert (found.ranks[counted].notna() == known[counted]).all(axis=None)
    # Nobody known is no last place.
    assert (found.ranks["membri"].notna() == (found.table["membri"] > 0)).all()
    for slug in DEFINITIONS:
        best = found.table[slug].idxmax()
        assert found.ranks.loc[best, slug] == 1
    km2 = bergamo.quartieri.to_crs(bergamo.city.metric_crs).area / 1e6
    residents = bergamo.quartieri["residents"].astype(float)
    pd.testing.assert_series_equal(
        found.table["densita"] * km2, residents, check_names=False, check_dtype=False
    )


def test_an_unknown_number_of_residents_gives_no_rates(small: Dataset) -> None:
    found = indicators(small)
    assert found.table.loc["sud", ["residenti", "densita", "scuole-per-1000"]].isna().all()
    assert found.table.loc["nord", "scuole-per-1000"] == 0


def test_only_members_count_as_members_and_once(small: Dataset) -> None:
    # The school took part in an event, the other body has an agreement: no members.
    assert members(small).to_dict() == {"nord": 1, "sud": 0, "est": 0}


def test_themes_hold_each_kind_at_most_once() -> None:
    listed = [kind for kinds in themes.THEMES.values() for kind in kinds]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(KINDS)


def test_themes_and_networks_add_up(bergamo: Dataset) -> None:
    found = themes.themes(bergamo)
    assert found.table.sum().tolist() == found.summary["total"].tolist()
    told = themes.network_summary(bergamo)
    ties = bergamo.memberships[bergamo.memberships["network"].notna()]
    assert told[["member", "takes_part", "agreement"]].sum().sum() == len(ties)
    unknown = told[told["member"] == 0]
    assert unknown["members_per_1000"].isna().all()


def test_green_that_nobody_measured_is_not_zero(tmp_path: Path) -> None:
    park = small_city.place("osm:node/6", "parco", None, name="Parco di chissà dove")
    data = Dataset.read(small_city.write(tmp_path, places=[*small_city.PLACES, park]))
    found = commons.commons(data)
    # Both parks out of the quartieri are of unknown area.
    assert found.nowhere["parks"] == 2
    assert pd.isna(found.nowhere["green_m2"])
    assert found.total["green_m2"] == 1200
    assert found.total["unmeasured"] == found.table["unmeasured"].sum()


def test_a_sheet_holds_what_lies_in_its_quartiere(bergamo: Dataset) -> None:
    found = sheet(bergamo, "malpensata")
    assert set(found.rooms["quartiere"]) == {"malpensata"}
    assert set(found.agreements["stage"]) == {"agreement"}
    west, south, east, north = (0, 0, found.close.width, found.close.height)
    assert all(west < x < east and south < y < north for _layer, (x, y) in found.marks)
    with pytest.raises(KeyError):
        sheet(bergamo, "atlantide")


def test_rooms_name_the_networks_that_sources_tie_to_them(bergamo: Dataset) -> None:
    found = networks.rooms_with_networks(bergamo)
    assert found.index.tolist() == commons.rooms(bergamo).index.tolist()
    for network in bergamo.networks.index:
        tied = set(networks.commons_of(bergamo, network).index) & set(found.index)
        named = {ident for ident, some in found["networks"].items() if network in some}
        assert named == tied
