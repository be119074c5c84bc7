"""What /vicino promises, asked over HTTP in the small city."""

import re
from html import escape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.search.search import Hit

NORD = "/vicino?lon=9.605&lat=45.705"
HOSTILE = '<img src=x onerror="alert(1)">${alert(2)}{{ 7*191 }}</script>'


ROMA = Hit("street", "Via Roma", "Via Roma", None, "nord", 9.604, 45.704, 1.0)
VERDI = Hit("street", "Via Verdi", "Via Verdi", "7", "est", 9.616, 45.701, 0.5)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[list[Hit], list[Hit]]]:
    """What the search will find for which text, and else offer."""
    answers: dict[str, tuple[list[Hit], list[Hit]]] = {}
    monkeypatch.setattr("web.find.near._find", lambda text: answers[text])
    return answers


def names(page: str) -> list[str]:
    return re.findall(r'class="near-name"[^>]*>([^<]+)</a>', page)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize(
    "page", ["/vicino", "/vicino/", NORD, f"{NORD}&raggio=300&tipo=scuole", "/vicino?lon=2&lat=48"]
)
def test_it_is_there_in_each_language(client: FlaskClient, prefix: str, page: str) -> None:
    answer = client.get(prefix + page)
    assert answer.status_code == 200
    assert f'<html lang="{prefix.strip("/") or "it"}">' in answer.text
    assert re.search(r"<h1>\s*\S", answer.text)


def test_the_list_is_nearest_first_with_distance_minutes_kind_and_link(client: FlaskClient) -> None:
    page = client.get(NORD).text
    assert names(page) == [
        "Biblioteca Nord", "Parco sul confine", "Scuola Est", "Parco Sud", "Parrocchia Sud",
        "Parco fuori città",
    ]  # fmt: skip
    assert "meno di 10 m · 1 minuto a piedi Biblioteca" in text_of(page)
    assert "390 m · 7 minuti a piedi Parco o giardino" in text_of(page)
    assert 'href="/luoghi/osm:node/3/"' in page
    assert "1,3 volte la linea d’aria, a 4,5 km/h" in text_of(page)


def test_the_radius_and_the_kinds_choose(client: FlaskClient) -> None:
    assert names(client.get(f"{NORD}&raggio=500").text) == ["Biblioteca Nord", "Parco sul confine"]
    some = client.get(f"{NORD}&tipo=scuole&tipo=parrocchia").text
    assert names(some) == ["Scuola Est", "Parrocchia Sud"]
    assert 'value="scuole" checked' in some
    none = client.get(f"{NORD}&raggio=300&tipo=scuole").text
    assert "non ce n’è nessuno" in none
    assert 'href="/vicino?lon=9.605&amp;lat=45.705&amp;tipo=scuole"' in none


def test_it_says_in_which_quartiere_and_whose_network_with_its_members(client: FlaskClient) -> None:
    page = client.get(NORD).text
    assert "Sei nel quartiere Nord confini indicativi" in text_of(page)
    assert '<a href="/quartieri/nord/">Nord</a>' in page
    assert '<a href="/reti/rete-nord-sud/">Rete di Nord e Sud</a> (1 membro)' in page
    members = page.split("Chi ne fa parte: Rete di Nord e Sud")[1].split("</details>")[0]
    assert '<a href="/luoghi/org:amici/">Amici di Nord</a>' in members
    assert "Scuola Est" not in members
    assert "potresti essere già" not in page
    est = client.get("/vicino?lon=9.615&lat=45.705").text
    assert "non nominano nessuna rete" in est


def test_near_a_border_it_may_be_the_next_quartiere(client: FlaskClient) -> None:
    page = text_of(client.get("/vicino?lon=9.6095&lat=45.705").text)
    assert "Il confine è a circa 40 m: potresti essere già in Est." in page
    edge = text_of(client.get("/vicino?lon=9.6195&lat=45.705").text)
    assert "Il bordo della città è a circa 40 m: potresti essere già fuori." in edge


def test_outside_there_is_a_clear_answer(client: FlaskClient) -> None:
    near = client.get("/vicino?lon=9.625&lat=45.70").text
    assert "Questo punto è fuori dai quartieri di Provola" in near
    assert "a 390 m in linea d’aria" in near
    assert names(near)[0] == "Scuola Est"
    for far in ("lon=9.19&lat=45.46", "lon=-180&lat=-90", "lon=99&lat=0"):
        page = client.get(f"/vicino?{far}")
        assert page.status_code == 200
        assert "Questo punto è fuori dai quartieri di Provola" in page.text
        assert 'href="/quartieri/"' in page.text
        assert names(page.text) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("lon=x&lat=45.7", "due numeri"),
        ("lon=9.6", "due numeri"),
        ("lat=45.7", "due numeri"),
        ("lon=NaN&lat=45.7", "due numeri"),
        ("lon=9.6&lat=inf", "due numeri"),
        ("lon=1e1&lat=45.7", "due numeri"),
        ("lon=9%00.6&lat=45.7", "due numeri"),
        ("lon=%D9%A9.6&lat=45.7", "due numeri"),  # digits of another script
        ("lon=" + "9" * 10_000 + "&lat=45.7", "due numeri"),
        ("lon=200&lat=45.7", "non stanno sulla Terra"),
        ("lon=9.6&lat=-91", "non stanno sulla Terra"),
        ("lon=45.705&lat=9.605", "sembrano scambiate"),
        ("lon=9.6&lat=45.7&raggio=-300", "scegli 300, 500 o 1000"),
        ("lon=9.6&lat=45.7&raggio=1e9", "scegli 300, 500 o 1000"),
        ("raggio=400", "scegli 300, 500 o 1000"),
        ("lon=9.6&lat=45.7&tipo=discoteca", "discoteca"),
        ("lon=9.6&lat=45.7" + "&tipo=parco" * 1000, "Troppi tipi"),
        ("q=" + "x" * 10_000, "troppo lungo"),
        ("lon=9.6&lat=45.7&nome=" + "x" * 10_000, "troppo lungo"),
        ("q=via%00roma", "non si possono leggere"),
        ("q=%FF%FE", "non si possono leggere"),
        ("lon=9.6&lat=45.7&nome=a%E2%80%AEb", "non si possono leggere"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_what_cannot_be_meant_is_told_in_words(
    client: FlaskClient, prefix: str, query: str, said: str
) -> None:
    answer = client.get(f"{prefix}/vicino?{query}")
    assert answer.status_code == 400
    if not prefix:
        assert said in answer.text


def test_a_comma_is_as_good_as_a_point_and_digits_beyond_a_metre_go(client: FlaskClient) -> None:
    page = client.get("/vicino?lon=9,60500049&lat=45,70500049").text
    assert 'name="lon" value="9.605"' in page
    assert 'name="lat" value="45.705"' in page


def test_the_switch_of_language_keeps_all_that_is_asked(client: FlaskClient) -> None:
    page = client.get(f"{NORD}&nome=Via+Roma&raggio=500&tipo=parco&tipo=scuole").text
    link = re.search(r'href="(/en/vicino\?[^"]+)"', page)
    assert link is not None
    assert parse_qs(urlsplit(link[1].replace("&amp;", "&")).query) == {
        "lon": ["9.605"], "lat": ["45.705"], "nome": ["Via Roma"], "raggio": ["500"],
        "tipo": ["parco", "scuole"],
    }  # fmt: skip


def test_a_street_that_is_known_leads_to_its_address(client: FlaskClient, known) -> None:
    known["via roma"] = ([ROMA], [])
    answer = client.get("/en/vicino?q=via+roma&raggio=500&tipo=parco&tipo=scuole")
    assert answer.status_code == 302
    assert answer.location == (
        "/en/vicino?lon=9.60400&lat=45.70400&nome=Via+Roma&raggio=500&tipo=parco&tipo=scuole"
    )
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = client.get(answer.location).text
    assert "<h1>Near Via Roma</h1>" in page


def test_an_ambiguous_street_asks_which(client: FlaskClient, known) -> None:
    known["via"] = ([ROMA, VERDI], [])
    page = client.get("/vicino?q=via&raggio=300").text
    assert "Quale intendi?" in page
    assert 'href="/vicino?lon=9.61600&amp;lat=45.70100&amp;nome=Via+Verdi+7&amp;raggio=300"' in page
    assert names(page) == []


def test_an_unknown_street_says_so_and_offers_the_closest(client: FlaskClient, known) -> None:
    known["via brodo"] = ([], [VERDI])
    page = client.get("/vicino?q=via+brodo").text
    assert "Non conosciamo “via brodo”" in page
    assert 'href="/vicino?lon=9.61600&amp;lat=45.70100&amp;nome=Via+Verdi+7"' in page
    known["xyz"] = ([], [])
    assert "Non conosciamo “xyz”" in client.get("/vicino?q=xyz").text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("v. roma", "Via Roma"),
        ("VIA VERDI 12", "Via Verdi 12"),
        ("biblioteca nord", "Biblioteca Nord"),
        ("Nord", "Nord"),
    ],
)
def test_typed_addresses_are_looked_up(client: FlaskClient, text: str, name: str) -> None:
    answer = client.get("/vicino", query_string={"q": text})
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.location).query)["nome"] == [name]


def test_what_is_no_name_at_all_is_not_known(client: FlaskClient) -> None:
    for text in ("xqzw", "???", "%FF"):
        page = client.get("/vicino", query_string={"q": text})
        assert page.status_code == 200
        assert f"Non conosciamo “{text}”" in page.text


def test_a_typed_address_goes_before_the_point_unless_it_is_its_name(
    client: FlaskClient, known
) -> None:
    known["via verdi"] = ([VERDI], [])
    assert client.get(f"{NORD}&nome=Via+Roma&q=via+verdi").status_code == 302
    assert "Vicino a Via Roma" in client.get(f"{NORD}&nome=Via+Roma&q=Via+Roma").text


@pytest.mark.parametrize("page", ["/vicino?q={}", f"{NORD}&nome={{}}"])
def test_hostile_text_stays_text(client: FlaskClient, known, page: str) -> None:
    known[HOSTILE] = ([], [])
    answer = client.get(page.format(HOSTILE.replace("%", "%25").replace(" ", "%20")))
    assert answer.status_code == 200
    assert "<img" not in answer.text
    assert "1337" not in answer.text
    assert escape(HOSTILE)[:20] in answer.text


def test_a_position_is_kept_by_its_reader_and_found_by_nobody(
    client: FlaskClient,
) -> None:
    answer = client.get(NORD)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in answer.text
    empty = client.get("/vicino")
    assert "no-store" not in empty.headers["Cache-Control"]
    assert "noindex" not in empty.text


@pytest.mark.parametrize("page", ["/vicino", NORD, "/fr/vicino", "/vicino?lon=x&lat=y"])
def test_only_this_page_may_ask_for_the_position(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", answer.text)
    assert "geolocation=()" in client.get("/").headers["Permissions-Policy"]


def test_the_map_is_one_for_all_points(client: FlaskClient) -> None:
    scripts = {
        re.search(r"/mappa/vicino/mappa\.js\?v=\w+", client.get(page).text)[0]
        for page in ("/vicino", NORD, "/vicino?lon=9.61&lat=45.70&nome=x")
    }
    assert len(scripts) == 1
    script = client.get(scripts.pop())
    assert "immutable" in script.headers["Cache-Control"]
    assert "9.605," not in script.text
    assert client.get("/mappa/vicino/luoghi.json").status_code == 404


def test_every_page_leads_here(client: FlaskClient, app: Flask) -> None:
    for page in ("/", "/luoghi/", "/informazioni/", "/niente"):
        assert '<a href="/vicino">Vicino a me</a>' in client.get(page).text
    assert '<a href="/en/vicino" aria-current="page">Near me</a>' in client.get("/en/vicino").text


def test_the_search_box_of_every_page_keeps_to_itself(client: FlaskClient) -> None:
    page = client.get("/vicino?q=xqzw").text
    box = re.search(r'<input id="cerca"[^>]*>', page)
    assert box is not None
    assert 'value=""' in box[0]


def test_a_places_page_names_what_is_near_it(client: FlaskClient) -> None:
    page = client.get("/luoghi/osm:node/1/").text
    around = page.split("Che cosa c’è vicino")[1].split("</section>")[0]
    assert "Parco sul confine" in around
    assert "Biblioteca Nord</a>" not in around
    assert "Parco chiuso" not in around
    assert "/vicino?lon=9.605&amp;lat=45.705&amp;nome=Biblioteca+Nord" in around
    assert "Che cosa c’è vicino" not in client.get("/luoghi/org:amici/").text
