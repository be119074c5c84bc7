"""Common goods, indicators and resources: counted once, missing where unknown, adding up."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo.analysis import commons, networks, themes
from geo.analysis.counts import OUTSIDE, UNPLACED
from geo.analysis.indicators import DEFINITIONS, indicators, members
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS
from geo.publish.quartiere_sheet import sheet
from tests.helpers.cities import small_city


def test_every_common_good_counts_in_one_row(bergamo: Dataset) -> None:
    found = commons.commons(bergamo).table
    there = commons.in_stage(bergamo)
    assert found["commons"].sum() == len(there)
    assert there["kind"].isin(bergamo.kinds.expand(COMMONS)).all()
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


def test_the_common_goods_of_the_town(town: Dataset) -> None:
    found = commons.commons(town)
    table = found.table
    assert table.index.tolist() == ["est", "nord", "sud", OUTSIDE, UNPLACED]
    assert table.columns.tolist() == [
        "name", "residents", "residents_estimated", "commons", "parks", "unmeasured", "green_m2",
        "rooms", "green_each", "offered", "proposal", "agreement", "ended",
    ]  # fmt: skip
    rows = table.drop(columns=["name", "residents_estimated"]).astype(float).fillna(-1)
    assert rows.loc["est"].tolist() == [2000, 2, 1, 1, -1, 1, -1, 0, 1, 0, 0]
    assert rows.loc["nord"].tolist() == [1000, 2, 0, 0, 800, 2, 0.8, 0, 0, 1, 0]
    assert rows.loc["sud"].tolist() == [500, 1, 1, 0, 1200, 0, 2.4, 0, 0, 0, 1]
    assert rows.loc[OUTSIDE].tolist() == [-1, 1, 1, 0, 300, 0, -1, 0, 0, 0, 0]
    assert rows.loc[UNPLACED].tolist() == [-1, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0]
    assert table["name"].fillna("").tolist() == ["Est", "Nord", "sud", "", ""]
    assert table["residents_estimated"].iloc[:3].tolist() == [True, False, False]


def test_the_sums_of_the_town(town: Dataset) -> None:
    found = commons.commons(town)
    assert found.nowhere.to_dict() == {
        "commons": 1, "parks": 1, "unmeasured": 0, "green_m2": 300, "rooms": 0, "offered": 0,
        "proposal": 0, "agreement": 0, "ended": 0,
    }  # fmt: skip
    assert found.total.to_dict() == {
        "commons": 6, "parks": 3, "unmeasured": 1, "green_m2": 2300, "rooms": 3, "offered": 0,
        "proposal": 1, "agreement": 1, "ended": 1,
    }  # fmt: skip
    assert (found.green_m2, found.green_each) == (2000, 0.5)
    # Each of three places cites the walk, each of two the map.
    assert found.green_sources == ("walk", "map")


def test_a_place_without_green_is_zero_and_not_unknown(tmp_path: Path) -> None:
    places = [each for each in small_city.PLACES if each["properties"]["kind"] != "parco"]
    folder = small_city.write(tmp_path, places=places)
    lines = (folder / "memberships.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "memberships.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    found = commons.commons(Dataset.read(folder))
    assert found.total["green_m2"] == 0
    assert found.table["green_m2"].tolist() == [0] * 5
    assert found.green_sources == ()


def test_common_goods_come_by_quartiere_and_name(town: Dataset) -> None:
    assert commons.in_stage(town).index.tolist() == [
        "osm:node/7", "osm:node/3", "osm:node/1", "osm:node/6", "osm:node/2", "osm:node/4"
    ]  # fmt: skip
    assert commons.in_stage(town, "agreement").index.tolist() == ["osm:node/6"]
    assert commons.in_stage(town, "offered").empty
    assert commons.in_stage(town).columns.tolist() == town.places.columns.tolist()
    assert commons.rooms(town).index.tolist() == ["osm:node/7", "osm:node/1", "osm:node/8"]
    with pytest.raises(
        ValueError, match=r"^stage 'lost': one of offered, proposal, agreement, ended$"
    ):
        commons.in_stage(town, "lost")


def test_each_stage_has_its_goods_with_their_age(town: Dataset) -> None:
    found = commons.by_stage(town, date(2026, 11, 24))
    assert list(found) == ["offered", "proposal", "agreement", "ended"]
    assert found["agreement"]["age"].to_dict() == {"osm:node/6": 7}
    assert found["agreement"]["age"].dtype == "Int64"
    assert found["proposal"]["age"].isna().tolist() == [True]
