"""Tables and maps of every page as files: they say what the page says, and where it is from."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import geopandas as gpd
import pytest
from flask.testing import FlaskClient

from tests.helpers.pages.page import get_page

PAGES = (
    "/",
    "/quartieri/",
    "/quartieri/nord/",
    "/luoghi/",
    "/luoghi/?tipo=scuole&quartiere=nord",
    "/reti/",
    "/reti/rete-nord-sud/",
    "/copertura/",
    "/copertura/nord/",
    "/copertura/confronto/?tipo=biblioteca&tipo2=parco",
    "/qualita/",
    "/beni-comuni/?fase=patto",
    "/quartieri/confronto/",
    "/risorse/",
)
STARTS = {
    "csv": b"\xef\xbb\xbf",
    "xlsx": b"PK",
    "geojson": b"{",
    "gpkg": b"SQLite format 3",
    "png": b"\x89PNG",
    "svg": b"<?xml",
}


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_links_its_files_and_each_is_what_it_says(
    client: FlaskClient, prefix: str, page: str
) -> None:
    links = get_page(client, prefix + page).links()
    ends = {address: urlsplit(address).path.rpartition(".")[2] for address in links}
    files = {address: end for address, end in ends.items() if end in STARTS}
    assert set(files.values()) >= {"csv", "xlsx"}
    for address, end in files.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.data.startswith(STARTS[end]), address
        name = answer.headers["Content-Disposition"]
        assert re.search(rf'filename="provola_[\w-]+\.{end}"', name), name


def test_the_quartieri_and_what_is_in_none_add_up(client: FlaskClient) -> None:
    rows = rows_of(client, "/quartieri/tabella.csv?tipo=beni-comuni")
    listed = rows_of(client, "/luoghi/elenco.csv?tipo=beni-comuni")
    there = [row for row in listed if row["Stato"] != "Chiuso o sciolto"]
    assert sum(int(row["Beni comuni"]) for row in rows) == len(there) < len(listed)
    assert [row["codice"] for row in rows[-2:]] == ["", ""]
    assert {row["versione dei dati"] for row in rows} == {rows[0]["versione dei dati"]}
    assert rows[0]["licenza"] == "ODbL-1.0"


def test_the_places_of_a_filter_are_all_in_the_file_with_their_source(
    client: FlaskClient, tmp_path: Path
) -> None:
    address = "/luoghi/elenco.{}?tipo=biblioteca"
    [row] = rows_of(client, address.format("csv"))
    assert row["codice"] == "osm:node/1"
    assert row["Nome"] == "Biblioteca Nord"
    assert row["Pagina"].endswith("/luoghi/osm:node/1/")
    assert row["Fonti"] == "A walk in Provola, 2024-05, CC0-1.0, https://example.org/walk"
    assert row["filtri"] == "tipo=biblioteca"
    layer = json.loads(client.get(address.format("geojson")).data)
    assert [each["properties"]["Nome"] for each in layer["features"]] == ["Biblioteca Nord"]
    path = tmp_path / "places.gpkg"
    path.write_bytes(client.get("/luoghi/elenco.gpkg").data)
    assert len(gpd.read_file(path)) == len(rows_of(client, "/luoghi/elenco.csv"))


def test_a_network_lists_each_of_its_ties(client: FlaskClient) -> None:
    rows = rows_of(client, "/reti/rete-nord-sud/legami.csv")
    page = get_page(client, "/reti/rete-nord-sud/").text()
    assert rows
    for row in rows:
        assert row["Nome"] in page
        assert row["Fonte"].startswith("http")
        assert row["Legame"] in page


def test_the_picture_of_a_quartiere_draws_its_places(client: FlaskClient) -> None:
    drawing = client.get("/quartieri/nord/mappa.svg").text
    assert ">Beni comuni<" in drawing
    assert "Nord" in drawing


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/quartieri/atlantide/tabella.csv", 404),
        ("/quartieri/atlantide/mappa.svg", 404),
        ("/reti/atlantide/legami.csv", 404),
        ("/reti/atlantide/mappa.png", 404),
        ("/luoghi/elenco.csv?tipo=disco", 400),
        ("/luoghi/elenco.csv?quartiere=atlantide", 400),
        ("/quartieri/tabella.csv?tipo=disco", 400),
        ("/quartieri/mappa.svg?misura=colore", 400),
        ("/quartieri/tabella.exe/", 404),
        ("/copertura/celle.csv?quartiere=atlantide", 400),
        ("/copertura/confronto/3.svg", 404),
        ("/copertura/confronto/1.svg?misura=colore", 400),
    ],
)
def test_what_is_not_there_is_refused(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status
