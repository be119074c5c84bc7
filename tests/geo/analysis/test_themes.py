"""Themes and networks of the town, counted by hand."""

import pytest

from geo.analysis.counts import OUTSIDE, UNPLACED
from geo.analysis.themes import network_summary, themes
from geo.model.dataset import Dataset
from geo.model.kinds import STANDARD


def test_themes_count_the_existing_places_of_their_kinds(town: Dataset) -> None:
    table = themes(town).table
    assert table.columns.tolist() == list(STANDARD.themes)
    assert table.index.tolist() == ["est", "nord", "sud", OUTSIDE, UNPLACED]
    assert table["spazio-urbano"].tolist() == [2, 1, 0, 0, 0]
    assert table["cultura"].tolist() == [0, 2, 0, 0, 0]
    assert table["anziani"].tolist() == [0, 1, 0, 0, 0]
    assert table["integrazione"].tolist() == [0, 0, 0, 0, 0]


def test_the_summary_of_a_theme(town: Dataset) -> None:
    summary = themes(town).summary
    assert summary.index.tolist() == list(STANDARD.themes)
    assert summary.loc["spazio-urbano"].to_dict() == pytest.approx(
        {"total": 3, "per_1000": 0.75, "quartieri_with": 2, "gini": 1 / 7}
    )
    assert summary.loc["cultura"].to_dict() == pytest.approx(
        {"total": 2, "per_1000": 0.5, "quartieri_with": 1, "gini": 5 / 7}
    )


def test_places_outside_count_in_the_total_only(small: Dataset) -> None:
    summary = themes(small).summary
    assert summary.loc["cultura", ["total", "quartieri_with"]].tolist() == [1, 1]
    assert summary.loc["cultura", "per_1000"] == pytest.approx(1 / 3)


def test_a_kind_has_one_theme_or_none() -> None:
    assert STANDARD["biblioteca"].theme == "cultura"
    assert STANDARD["scout"].theme == "giovani"
    assert STANDARD["comitato"].theme is None


def test_networks_by_name_with_residents_and_ties(town: Dataset) -> None:
    table = network_summary(town)
    assert table.index.tolist() == ["rete-b", "rete-a", "rete-c"]
    assert table.columns.tolist() == [
        "name", "status", "residents", "member", "takes_part", "agreement", "members_per_1000",
        "themes",
    ]  # fmt: skip
    assert table["name"].tolist() == ["Alleanza di Est", "rete di Nord e Sud", "Zero"]
    assert table["status"].tolist() == ["active", "active", "former"]
    assert table["residents"].tolist() == [2000, 1500, 3000]
    assert table["member"].tolist() == [1, 4, 0]
    assert table["takes_part"].tolist() == [0, 2, 0]
    assert table["agreement"].tolist() == [1, 0, 0]
    assert table["members_per_1000"].fillna(-1).tolist() == pytest.approx([0.5, 8 / 3, -1])


def test_a_network_has_the_themes_of_its_existing_members(town: Dataset) -> None:
    # Canto is a member of both; Spento, also of culture, is closed; Verdi only has an agreement
    # with rete-b; the library takes part in none.
    assert network_summary(town)["themes"].to_dict() == {
        "rete-a": ("cultura", "spazio-urbano"),
        "rete-b": ("cultura",),
        "rete-c": (),
    }


def test_residents_of_a_network_are_missing_where_those_of_a_quartiere_are(small: Dataset) -> None:
    table = network_summary(small)
    assert table["residents"].isna().all()
    assert table["members_per_1000"].isna().all()
    assert table["member"].tolist() == [1]
