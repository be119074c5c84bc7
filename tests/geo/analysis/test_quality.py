"""What is old, unplaced, in disagreement or doubtful is found, and told as work to do."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo.analysis.quality import PROBLEMS, probable_duplicates, sources_by_age, work_list
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city

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


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("query", ["", "?quartiere=nord", "?quartiere=nessuno"])
def test_the_page_is_there(client: FlaskClient, prefix: str, query: str) -> None:
    assert client.get(f"{prefix}/qualita/{query}").status_code == 200


def test_the_work_list_can_be_taken_away(client: FlaskClient) -> None:
    answer = client.get("/qualita/lavori.csv?quartiere=nord")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert {row["Quartiere"] for row in rows} == {"Nord"}
    assert any(row["Nome"] == "Amici di Nord" for row in rows)
    assert client.get("/qualita/lavori.xlsx").data.startswith(b"PK")
    assert client.get("/qualita/?quartiere=atlantide").status_code == 400
    assert client.get("/qualita/lavori.csv?quartiere=atlantide").status_code == 400
