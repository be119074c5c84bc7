"""The search box over HTTP: results, suggestions, and texts that can't be meant."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page, get_page

HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}{{ 7*191 }}</script>"


@pytest.fixture
def real(bergamo_app: Flask) -> FlaskClient:
    """The real city."""
    return bergamo_app.test_client()


def results(page: Page, part: str) -> list[tuple[str, str]]:
    """The results in a part of the page: where each leads, and its name."""
    return list(page.links(f"ul.results[{part}]").items())


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("page", ["/", "/luoghi/", "/informazioni/", "/niente", "/cerca"])
def test_the_box_is_on_every_page_and_needs_no_script(
    client: FlaskClient, prefix: str, page: str
) -> None:
    shown = get_page(client, prefix + page, status=404 if page == "/niente" else 200)
    box = shown.one("form[role=search]")
    assert (box.get("method"), box.get("action")) == ("get", f"{prefix}/cerca")
    assert shown.text("form[role=search] label[for=cerca]")


def test_results_stand_under_their_type_and_lead_to_their_page(client: FlaskClient) -> None:
    page = get_page(client, "/cerca?q=nord")
    assert results(page, 'data-results="quartiere"') == [("/quartieri/nord/", "Nord")]
    assert ("/luoghi/osm:node/1/", "Biblioteca Nord") in results(page, 'data-results="place"')
    networks = results(page, 'data-results="network"')
    assert networks == [("/reti/rete-nord-sud/", "Rete di Nord e Sud")]
    assert page.one("input#cerca").get("value") == "nord"
    assert "4 results" in get_page(client, "/en/cerca?q=nord").text()


def test_a_closed_place_is_found_as_closed(client: FlaskClient) -> None:
    page = get_page(client, "/cerca?q=parco+chiuso")
    assert "Parco chiuso Chiuso o sciolto" in page.text("main")


def test_a_street_leads_to_what_is_near_it(client: FlaskClient) -> None:
    page = get_page(client, "/cerca?q=via+roma+5")
    [(address, name)] = results(page, 'data-results="street"')
    assert name == "Via Roma 5"
    near = "/vicino?lon=9.60400&lat=45.70400&nome=Via+Roma+5"
    assert address in {near, "/quartieri/nord/"}
    assert client.get(address).status_code == 200


def test_an_ambiguous_street_asks_which(real: FlaskClient) -> None:
    page = get_page(real, "/cerca?q=via+rossi")
    assert "Quale di queste vie?" in page.text()
    asked = [name for _, name in results(page, "data-which")]
    assert asked == ["Via Ernesto Rossi", "Via Fratelli Rossi"]
    assert not set(asked) & {name for _, name in results(page, 'data-results="street"')}
    assert "Quale" not in get_page(real, "/cerca?q=via+broseta").text()


def test_what_fits_nothing_gets_the_closest_names(real: FlaskClient) -> None:
    page = get_page(real, "/cerca?q=via+gerlmno+trbasky+77")
    assert "Non c’è niente con questo nome" in page.text()
    assert "Via Gerolamo Tiraboschi" in [name for _, name in results(page, "data-closest")]
    text = get_page(real, "/en/cerca?q=qwrtzx+yxyxq").text()
    assert "There is nothing of this name" in text
    assert "Did you mean" not in text


def test_nothing_typed_says_how_to_search(client: FlaskClient) -> None:
    for query in ("", "?q=", "?q=++", "?q=%C2%A0"):
        assert "Scrivi nella casella" in get_page(client, "/cerca" + query).text()


def test_suggestions_are_names_with_what_and_where(client: FlaskClient) -> None:
    assert client.get("/en/cerca.json?q=bibl+no").json == [
        {
            "type": "place",
            "name": "Biblioteca Nord",
            "detail": "Library, Nord",
            "url": "/en/luoghi/osm:node/1/",
        }
    ]
    assert client.get("/cerca.json?q=").json == client.get("/cerca.json").json == []
    assert len(client.get("/cerca.json?q=s").json) <= 8


@pytest.mark.parametrize("page", ["/cerca?q=nord", "/cerca.json?q=nord"])
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, page: str) -> None:
    first = client.get(page)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(page, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["x" * 101, "x" * 10_000, "%FF%FE", "a%00b", "%1B", "%ED%A0%80"])
@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_an_invalid_text_is_refused_in_words(client: FlaskClient, prefix: str, query: str) -> None:
    refusal = get_page(client, f"{prefix}/cerca?q={query}", status=400).text(".lead")
    assert re.search("testo|text", refusal, re.IGNORECASE)
    told = client.get(f"{prefix}/cerca.json?q={query}")
    assert (told.status_code, told.mimetype) == (400, "application/json")
    assert told.json["error"]["code"] == 400
    assert re.search("testo|text", told.json["error"]["text"], re.IGNORECASE)


def test_who_can_only_read_json_gets_errors_as_json(client: FlaskClient) -> None:
    answer = client.get("/niente", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, 404)
    assert client.get("/niente", headers={"Accept": "*/*"}).mimetype == "text/html"
    answer = client.get("/en/mappa/quartieri/ovest/aree.json")
    assert (answer.status_code, answer.json["error"]["title"]) == (404, "Page not found")


@pytest.mark.parametrize(
    "query",
    ["'", '"', "%", "%25", "🙂", "ß", "İ", "مدينة", "a" * 100, "-", ".", "..", "9" * 99],
)
def test_odd_texts_are_answered(client: FlaskClient, query: str) -> None:
    for page in ("/cerca", "/cerca.json"):
        assert client.get(page, query_string={"q": query}).status_code == 200


def test_the_language_switch_keeps_the_text(client: FlaskClient) -> None:
    assert "/en/cerca?q=parco+sud" in get_page(client, "/cerca?q=parco+sud").links()


def test_hostile_text_stays_text(tmp_path: Path, client: FlaskClient) -> None:
    page = client.get("/cerca", query_string={"q": HOSTILE}).text
    assert "<img" not in page
    assert "1337" not in page
    files = small_city.features()
    for place in files["places.geojson"]:
        place["properties"].update(name=HOSTILE + place["properties"]["id"], address=HOSTILE)
    folder = small_city.write(tmp_path, places=files["places.geojson"])
    hostile = create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""}).test_client()
    page = hostile.get("/cerca?q=onerror").text
    assert "&lt;img" in page
    assert "<img" not in page
    answer = hostile.get("/cerca.json?q=onerror")
    assert all(each["name"].startswith(HOSTILE) for each in answer.json)
    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
