"""The search box over HTTP: results, suggestions, and texts that can't be meant."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.paths import DATA

HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}{{ 7*191 }}</script>"


@pytest.fixture(scope="module")
def real() -> FlaskClient:
    """The real city."""
    data = DATA
    return create_app({"QUARTIERI_DATA": str(data), "TILE_UPSTREAM": ""}).test_client()


def links(page: str, part: str) -> list[tuple[str, str]]:
    found = re.search(rf'<ul class="results" {part}>(.*?)</ul>', page, re.DOTALL)
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', found[1]) if found else []


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("page", ["/", "/luoghi/", "/informazioni/", "/niente", "/cerca"])
def test_the_box_is_on_every_page_and_needs_no_script(
    client: FlaskClient, prefix: str, page: str
) -> None:
    text = client.get(prefix + page).text
    box = re.findall(r'<form class="search" role="search" method="get" action="([^"]*)"', text)
    assert box == [f"{prefix}/cerca"]
    assert '<label class="visually-hidden" for="cerca">' in text


def test_results_stand_under_their_type_and_lead_to_their_page(client: FlaskClient) -> None:
    page = client.get("/cerca?q=nord").text
    assert links(page, 'data-results="quartiere"') == [("/quartieri/nord/", "Nord")]
    assert ("/luoghi/osm:node/1/", "Biblioteca Nord") in links(page, 'data-results="place"')
    assert links(page, 'data-results="network"') == [("/reti/rete-nord-sud/", "Rete di Nord e Sud")]
    assert 'value="nord"' in page
    assert "4 results" in client.get("/en/cerca?q=nord").text


def test_a_closed_place_is_found_as_closed(client: FlaskClient) -> None:
    page = client.get("/cerca?q=parco+chiuso").text
    assert re.search(r'Parco chiuso</a> <span class="mark">Chiuso o sciolto</span>', page)


def test_a_street_leads_to_what_is_near_it(client: FlaskClient) -> None:
    [(address, name)] = links(client.get("/cerca?q=via+roma+5").text, 'data-results="street"')
    assert name == "Via Roma 5"
    near = "/vicino?lon=9.60400&amp;lat=45.70400&amp;nome=Via+Roma+5"
    assert address in {near, "/quartieri/nord/"}
    assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_an_ambiguous_street_asks_which(real: FlaskClient) -> None:
    page = real.get("/cerca?q=via+rossi").text
    assert "Quale di queste vie?" in page
    asked = [name for _, name in links(page, "data-which")]
    assert asked == ["Via Ernesto Rossi", "Via Fratelli Rossi"]
    assert not set(asked) & {name for _, name in links(page, 'data-results="street"')}
    assert "Quale" not in real.get("/cerca?q=via+broseta").text


def test_what_fits_nothing_gets_the_closest_names(real: FlaskClient) -> None:
    page = real.get("/cerca?q=via+gerlmno+trbasky+77").text
    assert "Non c’è niente con questo nome" in page
    assert "Via Gerolamo Tiraboschi" in [name for _, name in links(page, "data-closest")]
    page = real.get("/en/cerca?q=qwrtzx+yxyxq").text
    assert "There is nothing of this name" in page
    assert "Did you mean" not in page


def test_nothing_typed_says_how_to_search(client: FlaskClient) -> None:
    for query in ("", "?q=", "?q=++", "?q=%C2%A0"):
        assert "Scrivi nella casella" in client.get("/cerca" + query).text


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
def test_a_text_that_cannot_be_meant_is_refused_in_words(
    client: FlaskClient, prefix: str, query: str
) -> None:
    answer = client.get(f"{prefix}/cerca?q={query}")
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert re.search(r'<p class="lead">[^<]*(testo|text)', answer.text, re.IGNORECASE)
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
    assert 'href="/en/cerca?q=parco+sud"' in client.get("/cerca?q=parco+sud").text


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
