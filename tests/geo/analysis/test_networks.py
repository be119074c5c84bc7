from geo.analysis.counts import missing_kinds, profile
from geo.analysis.networks import Citation, commons_of, sources_of, spaces_of
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city


def test_spaces_near_a_network_are_not_said_to_be_its_own(small: Dataset) -> None:
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


def test_what_a_quartiere_lacks(small: Dataset) -> None:
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
