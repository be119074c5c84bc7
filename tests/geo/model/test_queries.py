"""Queries of a dataset: places by kind and quartiere, networks, ties."""

import pandas as pd
import pytest

from geo.model.dataset import Dataset
from geo.model.kinds import GROUPS, STANDARD
from geo.model.queries import (
    Tie,
    counts_by_kind,
    counts_by_quartiere,
    networks_of,
    places_by_kind,
    position_quality,
    record,
    records,
    select_places,
    sort_by_name,
    ties,
)


def test_records_keep_none_and_their_labels() -> None:
    table = pd.DataFrame({"a": [1, None], "b": ["x", None]}, index=["p", "q"], dtype=object)
    assert records(table) == [("p", {"a": 1, "b": "x"}), ("q", {"a": None, "b": None})]
    assert record(table, "q") == {"a": None, "b": None}
    assert records(table[:0]) == []
    with pytest.raises(KeyError):
        record(table, "z")


def test_names_are_sorted_whatever_their_case_and_equal_ones_stay() -> None:
    table = pd.DataFrame({"name": ["b", "a", "B", "A", "ß"]}, index=range(5))
    assert sort_by_name(table).index.tolist() == [1, 3, 0, 2, 4]


def test_places_of_a_kind_or_group_in_a_quartiere_by_name(town: Dataset) -> None:
    assert select_places(town, "parco").index.tolist() == [
        "osm:node/5", "osm:node/3", "osm:node/4", "osm:node/2"
    ]  # fmt: skip
    assert select_places(town, "scuole", "est").index.tolist() == ["mim:AA1"]
    assert select_places(town, quartiere="sud").index.tolist() == [
        "osm:node/2", "parrocchia:sud", "org:chiuso"
    ]  # fmt: skip
    assert len(select_places(town)) == len(town.places)
    for kind, quartiere in (("disco", None), (None, "atlantide"), ("parco", "atlantide")):
        with pytest.raises(KeyError):
            select_places(town, kind, quartiere)


def test_kinds_with_places_come_in_the_order_of_the_kinds(town: Dataset) -> None:
    found = places_by_kind(town.places, town.kinds)
    assert list(found) == [kind for kind in STANDARD.slugs if (town.places["kind"] == kind).any()]
    assert found["orto"].index.tolist() == ["osm:node/6"]
    assert places_by_kind(town.places[:0], town.kinds) == {}


def test_every_kind_and_group_has_a_count(town: Dataset) -> None:
    found = counts_by_kind(town.places, town.kinds)
    assert list(found) == [*GROUPS, *STANDARD.slugs]
    assert (found["parco"], found["scuole"], found["scout"]) == (4, 2, 0)
    assert found["beni-comuni"] == 8
    assert all(isinstance(number, int) for number in found.values())


def test_every_quartiere_has_a_count(town: Dataset) -> None:
    found = counts_by_quartiere(town, town.places[town.places["kind"] == "parco"])
    assert found == {"est": 1, "nord": 1, "sud": 1}
    assert counts_by_quartiere(town, town.places[:0]) == {"est": 0, "nord": 0, "sud": 0}
    assert all(type(number) is int for number in found.values())


def test_the_networks_of_a_quartiere(town: Dataset) -> None:
    assert networks_of(town, "nord").index.tolist() == ["rete-a", "rete-c"]
    assert networks_of(town, "est").index.tolist() == ["rete-b", "rete-c"]
    assert networks_of(town, "atlantide").empty
    assert networks_of(town, "nord").columns.tolist() == town.networks.columns.tolist()


def test_ties_come_by_evidence_and_name(town: Dataset) -> None:
    found = ties(town, network="rete-a")
    assert list(found) == ["member", "takes part"]
    assert [tie.place for tie in found["member"]] == [
        "org:amici", "org:canto", "org:chiuso", "org:verdi"
    ]  # fmt: skip
    assert [tie.place for tie in found["takes part"]] == ["osm:node/8", "mim:AA1"]
    # Of one body by the name of the network.
    assert [tie.network for tie in ties(town, place="org:canto")["member"]] == ["rete-b", "rete-a"]
    assert ties(town, place="osm:node/2") == {}
    assert sum(len(group) for group in ties(town).values()) == len(town.memberships)


def test_a_tie_names_its_ends(town: Dataset) -> None:
    assert ties(town, common_good="osm:node/7") == {
        "agreement": [
            Tie(
                place="org:verdi",
                place_name="Verdi",
                place_status="unknown",
                kind="associazione-ambientale",
                network="rete-b",
                network_name="Alleanza di Est",
                evidence="agreement",
                common_good="osm:node/7",
                common_good_name="Cascina",
                source_url="https://example.org/patto",
                source_date="2021",
            )
        ]
    }
    (alone,) = ties(town, place="org:ovunque")["agreement"]
    assert (alone.network, alone.network_name) == (None, None)
    assert (alone.common_good, alone.common_good_name) == ("osm:node/6", "Zolla")
    assert ties(town, place="org:canto", network="rete-a")["member"][0].common_good_name is None
    assert ties(town, place="org:chiuso")["member"][0].place_status == "closed"


def test_positions_by_group(town: Dataset) -> None:
    table = position_quality(town)
    assert table.columns.tolist() == ["exact", "street", "none"]
    assert table.loc["parrocchie"].tolist() == [0, 1, 0]
    assert table.loc["organizzazioni"].tolist() == [3, 0, 3]
    assert table.loc["scuole"].tolist() == [2, 0, 0]
