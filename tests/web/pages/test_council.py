"""The council's pages over HTTP: commons, sheets, comparison, resources."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.helpers.pages.page import get_page

PAGES = (
    "/beni-comuni/",
    "/beni-comuni/?fase=patto",
    "/quartieri/nord/scheda/",
    "/quartieri/sud/scheda/",
    "/quartieri/schede/",
    "/quartieri/confronto/",
    "/quartieri/confronto/?quartiere=nord&quartiere=sud&quartiere=est",
    "/risorse/",
)


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_there_and_its_figures_lead_to_their_method(
    client: FlaskClient, prefix: str, path: str
) -> None:
    start = f"{prefix}/metodo/#"
    links = get_page(client, prefix + path).values(f'a[href^="{start}"]', "href")
    anchors = {address.removeprefix(start) for address in links}
    assert anchors <= set(get_page(client, f"{prefix}/metodo/").values("[id]", "id"))
    if "confronto/" not in path or "quartiere=" in path:
        assert anchors


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/quartieri/", "/quartieri/nord/", "/luoghi/", "/luoghi/osm:node/1/", "/reti/"),
        *("/reti/rete-nord-sud/", "/vicino?lon=9.605&lat=45.705", "/copertura/", "/qualita/"),
        *("/copertura/nord/", "/copertura/confronto/", "/dati/"),
    ],
)
def test_every_page_with_figures_leads_to_how_they_are_made(client: FlaskClient, path: str) -> None:
    assert get_page(client, path).has('main a[href^="/metodo/"]')


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/quartieri/atlantide/scheda/", 404),
        ("/quartieri/confronto/?quartiere=atlantide", 400),
        ("/beni-comuni/?fase=finita", 400),
        ("/beni-comuni/mappa.svg?fase=finita", 400),
        ("/mappa/beni-comuni/finita/luoghi.json", 404),
        ("/quartieri/schede.pdf", 404),
    ],
)
def test_what_is_not_there_is_refused(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_the_commons_add_up_and_missing_figures_are_marked(client: FlaskClient) -> None:
    page = get_page(client, "/beni-comuni/")
    text = page.text()
    assert "Fuori, o senza quartiere noto 1 1 n.d. +1 0" in text
    assert "Parco Sud" not in text.split("Patto di collaborazione (")[1]
    assert "9 m² per abitante" in text
    # Provola publishes no figure of its own.
    assert "Il Comune" not in text


def test_the_map_of_a_stage_shows_that_stage(client: FlaskClient) -> None:
    every = client.get("/mappa/beni-comuni/tutti/luoghi.json").json
    assert set(every["name"]) == {
        "Biblioteca Nord", "Parco Sud", "Parco sul confine", "Parco fuori città"
    }  # fmt: skip
    assert client.get("/mappa/beni-comuni/agreement/luoghi.json").json["name"] == []


def test_a_sheet_says_value_rank_and_city(client: FlaskClient) -> None:
    text = get_page(client, "/quartieri/nord/scheda/").text()
    assert "Residenti persone 1.000 2 su 2 3.000" in text
    assert "Rete di Nord e Sud: 1 membro noto, 1 altro che partecipa" in text
    assert "n.d." in get_page(client, "/quartieri/sud/scheda/").text()
    assert len(get_page(client, "/quartieri/schede/").all("article.sheet")) == 3


def test_up_to_four_quartieri_are_compared(client: FlaskClient) -> None:
    page = get_page(client, "/quartieri/confronto/?quartiere=nord&quartiere=est&quartiere=nord")
    sheets = page.values('main a[href$="/scheda/"]', "href")
    assert sheets == ["/quartieri/nord/scheda/", "/quartieri/est/scheda/"]
    assert "Scegli da uno a quattro" in get_page(client, "/quartieri/confronto/").text()


def test_a_theme_that_no_source_tells_is_not_zero(client: FlaskClient) -> None:
    text = get_page(client, "/risorse/").text()
    assert "Integrazione n.d. n.d. n.d. n.d. nessuna fonte raccolta lo dice" in text
    assert "Rete di Nord e Sud Nord, Sud n.d. 1 1 0 n.d." in text


def test_bergamo_tells_its_own_green_beside_ours(bergamo_app: Flask) -> None:
    text = get_page(bergamo_app.test_client(), "/beni-comuni/").text()
    assert "22 m² per residente – 2.665.000 m² di verde di cui si prende cura (2024)" in text
    assert "6,5 m² per residente – 799.347 m²" in text
