"""A city adds kinds of place of its own: pages, filters, maps, files and API show them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from geo.model.dataset import Dataset
from geo.publish.report import check_report
from tests.helpers.cities import small_city
from tests.helpers.pages.page import get_page

KINDS = """
[[kind]]
slug = "mercato"
group = "beni-comuni"
it = "Mercato rionale"
en = "Street market"
fr = "Marché de quartier"
schema_org = "ShoppingCenter"
theme = "famiglia"
counts_as = ["room", "meeting_place"]
"""
MARKET = "osm:node/77"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    places = small_city.features()["places.geojson"]
    places.append(small_city.place(MARKET, "mercato", (9.607, 45.703), name="Mercato di Nord"))
    folder = small_city.write(tmp_path_factory.mktemp("market"), places=places)
    (folder / "kinds.toml").write_text(KINDS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def market(folder: Path) -> FlaskClient:
    """The app on a city with a kind of its own."""
    settings = {"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""}
    return create_app(settings).test_client()


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("", "Mercato rionale"), ("/en", "Street market"), ("/fr", "Marché de quartier")],
)
def test_its_place_has_a_page_in_each_language(market: FlaskClient, prefix: str, name: str) -> None:
    page = get_page(market, f"{prefix}/luoghi/{MARKET}/")
    assert "Mercato di Nord" in page.text("h1")
    assert name in page.text("main")
    [block] = page.all('script[type="application/ld+json"]')
    assert json.loads(block.text)["@type"] == "ShoppingCenter"


def test_the_filters_offer_it_and_lists_show_it(market: FlaskClient) -> None:
    page = get_page(market, "/luoghi/?tipo=mercato")
    assert page.text("#tipo option[selected]") == "Mercato rionale (1)"
    assert f"/luoghi/{MARKET}/" in page.links("main")
    assert "/luoghi/osm:node/1/" not in page.links("main")
    assert get_page(market, "/luoghi/?tipo=beni-comuni").links("main").keys() >= {
        f"/luoghi/{MARKET}/",
        "/luoghi/osm:node/1/",
    }
    assert "Mercato rionale" in get_page(market, "/quartieri/nord/").text("main")


def test_the_map_draws_it_with_the_mark_of_its_group(market: FlaskClient) -> None:
    drawn: Any = market.get("/en/mappa/citta/luoghi.json").json
    at = drawn["id"].index(MARKET)
    kind = drawn["kinds"][drawn["kind"][at]]
    assert (kind["slug"], kind["name"]) == ("mercato", "Street market")
    assert drawn["groups"][kind["group"]]["shape"] == "hexagon"


def test_files_and_open_data_hold_it(market: FlaskClient) -> None:
    [row] = rows_of(market, "/luoghi/elenco.csv?tipo=mercato")
    assert (row["codice"], row["Tipo di luogo"]) == (MARKET, "Mercato rionale")
    published = {row["codice"]: row for row in rows_of(market, "/dati/luoghi.csv")}
    assert published[MARKET]["tipo"] == "mercato"
    assert published[MARKET]["gruppo"] == "beni-comuni"


def test_the_api_finds_it(market: FlaskClient) -> None:
    answer: Any = market.get("/api/collections/luoghi/items?tipo=mercato&f=json").json
    assert [feature["id"] for feature in answer["features"]] == [MARKET]


def test_it_counts_as_what_its_row_says(market: FlaskClient, folder: Path) -> None:
    coverage = get_page(market, "/copertura/?tipo=mercato&entro=500")
    assert "Mercato rionale" in coverage.text("main")
    assert f"/luoghi/{MARKET}/" in get_page(market, "/beni-comuni/").links("main")
    assert "Mercato rionale" in get_page(market, "/").text("main")
    found = get_page(market, "/cerca/?q=mercato")
    assert f"/luoghi/{MARKET}/" in found.links("main")
    assert " mercato " in check_report(Dataset.read(folder))


def test_a_city_without_it_does_not_know_it(client: FlaskClient) -> None:
    get_page(client, "/luoghi/?tipo=mercato", status=400)
