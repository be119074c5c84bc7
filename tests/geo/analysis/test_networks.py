from pathlib import Path

import pytest

from geo.analysis.counts import missing_kinds, profile
from geo.analysis.networks import (
    Citation,
    commons_of,
    rooms_with_networks,
    sources_of,
    spaces_of,
)
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city
from tests.helpers.cities import town as made_up_town


def test_spaces_near_a_network_are_not_presented_as_its_own(small: Dataset) -> None:
    assert list(commons_of(small, "rete-nord-sud").index) == []
    assert list(spaces_of(small, "rete-nord-sud")["name"]) == ["Biblioteca Nord"]


def test_a_common_good_of_a_network_is_named_once(tmp_path) -> None:
    folder = small_city.write(tmp_path / "data")
    ties = folder / "memberships.csv"
    rows = ties.read_text(encoding="utf-8")
    rows += "mim:AA1,rete-nord-sud,agreement,osm:node/1,https://example.org/patto,2021\n"
    rows += "osm:node/2,rete-nord-sud,member,,https://example.org/patto,2021\n"
    ties.write_text(rows, encoding="utf-8")
    data = Dataset.read(folder)
    assert list(commons_of(data, "rete-nord-sud").index) == ["osm:node/1", "osm:node/2"]
    assert spaces_of(data, "rete-nord-sud").empty


def test_sources_are_those_of_the_network_and_of_its_ties(small: Dataset) -> None:
    assert sources_of(small, "rete-nord-sud") == [
        Citation("https://example.org/rete", "2022", True, {"member": 1}),
        Citation("https://example.org/festa", "2023-05", False, {"takes part": 1}),
    ]


def test_the_missing_kinds_of_a_quartiere(small: Dataset) -> None:
    lacking = missing_kinds(small, "nord")
    assert list(lacking.index) == ["parco", "scuola-primaria", "parrocchia"]
    park = lacking.loc["parco"]
    # Two parks in the quartieri, 3,000 residents in the city, 1,000 in nord.
    assert park["city_count"] == 2
    assert park["quartieri_with"] == 2
    assert round(park["city_per_1000"], 3) == 0.667
    assert round(park["expected"], 3) == 0.667


def test_nothing_is_expected_where_residents_are_unknown(small: Dataset) -> None:
    lacking = missing_kinds(small, "sud")
    assert "biblioteca" in lacking.index
    assert lacking["expected"].isna().all()


def test_what_is_there_and_what_is_not_make_up_the_city(bergamo: Dataset) -> None:
    for slug in bergamo.quartieri.index:
        lacking, here = missing_kinds(bergamo, slug), profile(bergamo, slug)
        assert (here.loc[lacking.index, "count"] == 0).all()
        assert (lacking["quartieri_with"] >= 1).all()
        assert (lacking["quartieri_with"] < len(bergamo.quartieri)).all()


def test_common_goods_that_a_network_manages_or_contains(tmp_path: Path) -> None:
    lines = (
        "org:verdi,rete-b,agreement,osm:node/7,https://example.org/patto,2021\n"
        "osm:node/6,rete-b,member,,https://example.org/b,2021\n"
        "osm:node/8,rete-b,takes part,,https://example.org/b,2021\n"
    )
    data = Dataset.read(made_up_town.write(tmp_path, memberships=lines))
    # Zolla is itself a member; the seniors' centre is no common good.
    assert commons_of(data, "rete-b").index.tolist() == ["osm:node/7", "osm:node/6"]
    assert commons_of(data, "rete-a").empty
    assert commons_of(data, "rete-b").columns.tolist() == data.places.columns.tolist()
    tied = rooms_with_networks(data)
    assert tied["networks"].to_dict() == {
        "osm:node/7": ("rete-b",), "osm:node/1": (), "osm:node/8": ()
    }  # fmt: skip


def test_rooms_name_all_networks_tied_to_them(tmp_path: Path) -> None:
    lines = (
        "org:verdi,rete-b,agreement,osm:node/7,https://example.org/patto,2021\n"
        "org:canto,rete-a,agreement,osm:node/7,https://example.org/patto,2022\n"
    )
    data = Dataset.read(made_up_town.write(tmp_path, memberships=lines))
    assert rooms_with_networks(data)["networks"]["osm:node/7"] == ("rete-a", "rete-b")


def test_spaces_are_the_existing_ones_in_the_quartieri_of_a_network(town: Dataset) -> None:
    # By name, whatever its case; Cascina is a common good of rete-b and so no space of it.
    assert spaces_of(town, "rete-a").index.tolist() == ["osm:node/8", "osm:node/1", "osm:node/6"]
    assert spaces_of(town, "rete-b").empty
    assert spaces_of(town, "rete-c").index.tolist() == [
        "osm:node/8", "osm:node/1", "osm:node/7", "osm:node/6"
    ]  # fmt: skip
    with pytest.raises(KeyError):
        spaces_of(town, "rete-z")


def test_sources_of_a_network_come_own_first_then_by_address_and_date(town: Dataset) -> None:
    assert sources_of(town, "rete-a") == [
        Citation("https://example.org/a", "2022", True, {"member": 2, "takes part": 2}),
        Citation("https://example.org/x", "2023", False, {"member": 2}),
    ]
    # The same address with another date is another edition of the page.
    assert sources_of(town, "rete-b") == [
        Citation("https://example.org/b", None, True, {}),
        Citation("https://example.org/b", "2021", False, {"member": 1}),
        Citation("https://example.org/patto", "2021", False, {"agreement": 1}),
    ]


def test_editions_of_a_page_come_by_date_the_undated_first(tmp_path: Path) -> None:
    lines = "".join(
        f"org:{who},rete-c,member,,https://example.org/{page},{year}\n"
        for who, page, year in [
            ("amici", "z", "2021"), ("canto", "z", ""), ("verdi", "c", "2003"),
            ("ovunque", "y", "2030"),
        ]
    )  # fmt: skip
    data = Dataset.read(made_up_town.write(tmp_path, memberships=lines))
    assert [(each.url[-1], each.date) for each in sources_of(data, "rete-c")] == [
        ("c", "2001"), ("c", "2003"), ("y", "2030"), ("z", None), ("z", "2021")
    ]  # fmt: skip
