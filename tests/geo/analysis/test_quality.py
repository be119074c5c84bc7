"""What is old, unplaced, in disagreement or doubtful is found, and told as work to do."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo.analysis.quality import (
    PROBLEMS,
    disagreements,
    newest_source,
    probable_duplicates,
    seen_only_at_events,
    sources_by_age,
    work_list,
)
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city
from tests.helpers.cities import town as made_up_town

TODAY = date(2029, 5, 1)


def problems(dataset: Dataset) -> dict[str, set[str]]:
    table = work_list(dataset, TODAY)
    return {name: set(table.loc[table["problem"] == name, "id"]) for name in PROBLEMS}


def with_places(folder: Path, *more: dict) -> Dataset:
    places = [*small_city.features()["places.geojson"], *more]
    return Dataset.read(small_city.write(folder / "city", places=places))


def test_the_small_citys_work(small: Dataset) -> None:
    found = problems(small)
    assert found["no_position"] == {"org:amici", "org:ovunque"}
    assert found["only_events"] == {"mim:AA1"}
    assert found["no_network"] == {"est"}
    assert found["no_members"] == found["duplicate"] == found["disagreement"] == set()
    # Everything was seen in May 2024, five years ago; what is closed needs no work.
    assert "osm:node/1" in found["old"]
    assert "osm:node/5" not in found["old"]
    assert work_list(small, date(2029, 4, 30)).query("problem == 'old'").empty


def test_duplicates_are_alike_near_and_of_one_kind(tmp_path: Path) -> None:
    place = small_city.place
    dataset = with_places(
        tmp_path,
        place("osm:node/11", "biblioteca", (9.6052, 45.705), name="Nord Biblioteca"),
        place("osm:node/12", "parco", (9.6052, 45.705), name="Biblioteca Nord"),
        place("osm:node/13", "orto", (9.615, 45.699), name="Orto 1"),
        place("osm:node/14", "orto", (9.615, 45.699), name="Orto 2"),
        place("osm:node/15", "parco", (9.6051, 45.6955), name="Parco Sud"),
        place("org:amici-2", "promozione-sociale", name="Amici del Nord", quartiere="nord"),
    )
    pairs = {tuple(pair) for pair in probable_duplicates(dataset)[["one", "other"]].to_numpy()}
    assert pairs == {("osm:node/1", "osm:node/11"), ("org:amici", "org:amici-2")}


def test_a_stated_quartiere_that_the_point_contradicts(tmp_path: Path) -> None:
    wrong = small_city.place("osm:node/21", "orto", (9.605, 45.705), quartiere="est")
    table = work_list(with_places(tmp_path, wrong), TODAY)
    row = table[table["problem"] == "disagreement"].iloc[0]
    assert (row["id"], row["quartiere"], row["detail"]) == ("osm:node/21", "nord", "est")


def test_sources_have_an_age_and_say_how_much_rests_on_them(small: Dataset) -> None:
    table = sources_by_age(small, TODAY)
    assert table.loc["walk", ["years", "places"]].tolist() == [5, 9]


def test_every_row_of_the_real_work_list_can_be_looked_up(bergamo: Dataset) -> None:
    table = work_list(bergamo, date(2026, 11, 24))
    known = {*bergamo.places.index, *bergamo.networks.index, *bergamo.quartieri.index}
    assert set(table["id"]) <= known
    assert set(table["problem"]) <= set(PROBLEMS)
    assert table["quartiere"].dropna().is_monotonic_increasing


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("query", ["", "?quartiere=nord", "?quartiere=nessuno"])
def test_the_page_is_there(client: FlaskClient, prefix: str, query: str) -> None:
    assert client.get(f"{prefix}/qualita/{query}").status_code == 200


@pytest.mark.slow
def test_the_work_list_can_be_taken_away(client: FlaskClient) -> None:
    answer = client.get("/qualita/lavori.csv?quartiere=nord")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert {row["Quartiere"] for row in rows} == {"Nord"}
    assert any(row["Nome"] == "Amici di Nord" for row in rows)
    assert client.get("/qualita/lavori.xlsx").data.startswith(b"PK")
    assert client.get("/qualita/?quartiere=atlantide").status_code == 400
    assert client.get("/qualita/lavori.csv?quartiere=atlantide").status_code == 400


def test_the_work_of_the_town_by_quartiere_problem_and_name(town: Dataset) -> None:
    table = work_list(town, date(2025, 3, 1))
    assert table.columns.tolist() == [
        "quartiere", "name", "kind", "address", "problem", "id", "detail"
    ]  # fmt: skip
    assert table.index.tolist() == list(range(len(table)))
    rows = table[["quartiere", "problem", "id", "detail"]].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        ["est", "no_position", "org:verdi", None],
        ["est", "old", "osm:node/3", "2020-03"],
        ["est", "only_events", "mim:AA1", None],
        ["nord", "no_position", "org:amici", None],
        ["nord", "old", "osm:node/6", "2020-03"],
        ["nord", "only_events", "osm:node/8", None],
        ["sud", "street_position", "parrocchia:sud", None],
        [None, "no_position", "org:ovunque", None],
    ]
    by_id = table.set_index("id")
    assert by_id.loc["osm:node/3", ["name", "kind"]].tolist() == ["parco Est", "parco"]


def test_a_place_is_old_after_five_whole_years(town: Dataset) -> None:
    def old(today: date) -> set[str]:
        table = work_list(town, today)
        return set(table.loc[table["problem"] == "old", "id"])

    assert old(date(2025, 2, 28)) == set()
    assert old(date(2025, 3, 1)) == {"osm:node/3", "osm:node/6"}
    # Canto was checked in January 2025; what is closed or planned needs no work.
    in_2029 = old(date(2029, 12, 31))
    assert "osm:node/2" in in_2029
    assert not {"org:canto", "osm:node/5", "osm:node/9", "org:chiuso"} & in_2029
    assert "org:canto" in old(date(2030, 1, 1))


def test_the_newest_of_sources_and_check_counts(town: Dataset) -> None:
    newest = newest_source(town.places)
    assert newest.index.tolist() == town.places.index.tolist()
    assert newest["osm:node/3"] == "2020-03"
    assert newest["osm:node/2"] == "2024-05"
    assert newest["org:canto"] == "2025-01-31"


def test_without_any_date_nothing_is_newest(tmp_path: Path) -> None:
    undated = made_up_town.source("walk", None)
    data = with_places(tmp_path, small_city.place("osm:node/31", "orto", sources=[undated]))
    assert newest_source(data.places)["osm:node/31"] is None
    both = [undated, made_up_town.source("walk", "2001")]
    data = with_places(tmp_path / "two", small_city.place("osm:node/31", "orto", sources=both))
    assert newest_source(data.places)["osm:node/31"] == "2001"


def test_the_oldest_sources_come_first_and_the_undated_last(town: Dataset) -> None:
    table = sources_by_age(town, date(2025, 12, 1))
    assert table.columns.tolist() == ["title", "date", "years", "places"]
    # A date without a month is taken as the end of its year.
    assert table.index.tolist() == ["book", "map", "walk", "list"]
    assert table["years"].fillna(-1).tolist() == [11, 11, 1, -1]
    assert table["places"].tolist() == [0, 2, 16, 0]
    assert sources_by_age(town, date(2025, 11, 30))["years"].fillna(-1).tolist() == [10, 10, 1, -1]
    assert sources_by_age(town, date(2025, 5, 1)).loc["walk", "years"] == 1
    assert sources_by_age(town, date(2025, 4, 30)).loc["walk", "years"] == 0


def test_a_place_that_cites_a_source_twice_counts_once(tmp_path: Path) -> None:
    twice = [made_up_town.source("walk", "2020"), made_up_town.source("walk", "2021")]
    data = with_places(tmp_path, small_city.place("osm:node/31", "orto", sources=twice))
    assert sources_by_age(data, TODAY).loc["walk", "places"] == 10


@pytest.mark.parametrize(
    ("name", "lon", "found"),
    [
        ("Giardino Alfa", 9.60150, True),  # 117 m: another name, near
        ("Giardino Alfa", 9.60193, False),  # 150.4 m
        ("Giardino Alfa", 9.60191, True),  # 148.9 m
        ("Il giardino alfa", 9.60010, True),
        ("Il bel giardino alfa", 9.60010, False),  # too different
        ("Giardini Alfa", 9.60010, True),
        ("Alfa Giardino", 9.60010, True),
        ("Giardino Alfa 2", 9.60010, False),  # another number
        ("Giardino alfa", 9.60015, True),
    ],
)
def test_alike_names_are_duplicates_within_150_m(
    tmp_path: Path, name: str, lon: float, found: bool
) -> None:
    one = small_city.place("osm:node/40", "orto", (9.6, 45.693), name="Giardino  Alfa")
    other = small_city.place("osm:node/41", "orto", (lon, 45.693), name=name)
    pairs = probable_duplicates(with_places(tmp_path, one, other))
    assert pairs.columns.tolist() == ["one", "other", "metres"]
    assert pairs[["one", "other"]].to_numpy().tolist() == (
        [["osm:node/40", "osm:node/41"]] if found else []
    )


@pytest.mark.parametrize(("lon", "found"), [(9.60018, True), (9.60021, False)])
def test_equal_names_are_duplicates_within_15_m(tmp_path: Path, lon: float, found: bool) -> None:
    one = small_city.place("osm:node/40", "orto", (9.6, 45.693), name="Orto")
    other = small_city.place("osm:node/41", "orto", (lon, 45.693), name="Orto")
    pairs = probable_duplicates(with_places(tmp_path, one, other))
    assert len(pairs) == found
    if found:
        assert pairs["metres"].tolist() == pytest.approx([14.0], abs=0.1)


def test_without_a_point_duplicates_are_in_one_quartiere(tmp_path: Path) -> None:
    def unplaced(ident: str, quartiere: str | None, **values: object) -> dict:
        return small_city.place(ident, "scout", name="Scout 1", quartiere=quartiere, **values)

    data = with_places(
        tmp_path,
        unplaced("org:a", "nord"),
        unplaced("org:b", "nord"),
        unplaced("org:c", "sud"),
        unplaced("org:d", None),
        unplaced("org:e", None),
        unplaced("org:f", "nord", status="closed"),
        small_city.place("org:g", "scout", (9.605, 45.695), name="Scout 1"),
    )
    pairs = probable_duplicates(data)
    assert pairs[["one", "other"]].to_numpy().tolist() == [["org:a", "org:b"], ["org:c", "org:g"]]
    assert pairs["metres"].isna().all()
    table = work_list(data, TODAY)
    rows = table.loc[table["problem"] == "duplicate", ["quartiere", "id", "detail"]]
    assert rows.to_numpy().tolist() == [["nord", "org:a", "org:b"], ["sud", "org:c", "org:g"]]


def test_a_disagreement_needs_a_point_and_a_stated_quartiere(tmp_path: Path) -> None:
    data = with_places(
        tmp_path,
        small_city.place("osm:node/21", "orto", (9.605, 45.705), quartiere="est"),
        small_city.place("osm:node/22", "orto", (9.605, 45.705), quartiere="nord"),
        small_city.place("osm:node/23", "orto", (9.7, 45.7), quartiere="nord"),
        small_city.place("osm:node/24", "orto", None, quartiere="nord"),
    )
    assert disagreements(data.places).index.tolist() == ["osm:node/21", "osm:node/23"]
    table = work_list(data, TODAY)
    rows = table.loc[table["problem"] == "disagreement", ["id", "detail"]]
    assert rows.to_numpy().tolist() == [["osm:node/21", "est"], ["osm:node/23", "nord"]]


def test_active_networks_need_members_and_quartieri_a_network(tmp_path: Path) -> None:
    networks = (
        "rete-a,Alfa,nord,stated,active,,,https://example.org/a,\n"
        "rete-b,Beta,nord sud,stated,active,,,https://example.org/b,\n"
        "rete-c,Ceta,nord,stated,former,,,https://example.org/c,\n"
    )
    ties = (
        "org:amici,rete-a,member,,https://example.org/a,2022\n"
        "org:amici,rete-b,takes part,,https://example.org/a,2022\n"
    )
    folder = made_up_town.write(tmp_path, networks=networks, memberships=ties)
    table = work_list(Dataset.read(folder), TODAY)
    assert table.loc[
        table["problem"] == "no_members", ["quartiere", "id", "name"]
    ].to_numpy().tolist() == [["nord", "rete-b", "Beta"]]
    rows = table.loc[table["problem"] == "no_network"]
    assert rows[["quartiere", "id", "name"]].to_numpy().tolist() == [["est", "est", "Est"]]
    assert rows[["kind", "address", "detail"]].isna().all(axis=None)
    assert seen_only_at_events(Dataset.read(folder)) == []


def test_who_only_took_part_in_events_is_listed_by_id(town: Dataset) -> None:
    assert seen_only_at_events(town) == ["mim:AA1", "osm:node/8"]
