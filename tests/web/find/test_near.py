"""What /vicino promises, asked over HTTP in the small city."""

from html import escape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.search.search import Hit
from tests.helpers.pages.page import Page, get_page

NORD = "/vicino?lon=9.605&lat=45.705"
HOSTILE = '<img src=x onerror="alert(1)">${alert(2)}{{ 7*191 }}</script>'


ROMA = Hit("street", "Via Roma", "Via Roma", None, "nord", 9.604, 45.704, 1.0)
VERDI = Hit("street", "Via Verdi", "Via Verdi", "7", "est", 9.616, 45.701, 0.5)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[list[Hit], list[Hit]]]:
    """What the search will find for which text, and else offer."""
    answers: dict[str, tuple[list[Hit], list[Hit]]] = {}
    monkeypatch.setattr("web.find.address_lookup.find_hits", lambda text: answers[text])
    return answers


def names(page: Page) -> list[str]:
    """The places that the page lists, in its order."""
    return page.texts(".near-name")


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize(
    "page", ["/vicino", "/vicino/", NORD, f"{NORD}&raggio=300&tipo=scuole", "/vicino?lon=2&lat=48"]
)
def test_it_is_there_in_each_language(client: FlaskClient, prefix: str, page: str) -> None:
    shown = get_page(client, prefix + page)
    assert shown.language == (prefix.strip("/") or "it")
    assert shown.text("h1")


def test_the_list_is_nearest_first_with_distance_minutes_kind_and_link(client: FlaskClient) -> None:
    page = get_page(client, NORD)
    assert names(page) == [
        "Biblioteca Nord", "Parco sul confine", "Scuola Est", "Parco Sud", "Parrocchia Sud",
        "Parco fuori città",
    ]  # fmt: skip
    assert "meno di 10 m · 1 minuto a piedi Biblioteca" in page.text()
    assert "390 m · 7 minuti a piedi Parco o giardino" in page.text()
    assert "/luoghi/osm:node/3/" in page.links()
    assert "1,3 volte la linea d’aria, a 4,5 km/h" in page.text()


def test_the_radius_and_the_kinds_choose(client: FlaskClient) -> None:
    close = get_page(client, f"{NORD}&raggio=500")
    assert names(close) == ["Biblioteca Nord", "Parco sul confine"]
    some = get_page(client, f"{NORD}&tipo=scuole&tipo=parrocchia")
    assert names(some) == ["Scuola Est", "Parrocchia Sud"]
    assert "scuole" in some.values("input[checked]", "value")
    none = get_page(client, f"{NORD}&raggio=300&tipo=scuole")
    assert "non ce n’è nessuno" in none.text()
    assert "/vicino?lon=9.605&lat=45.705&tipo=scuole" in none.links()


def test_it_says_in_which_quartiere_and_whose_network_with_its_members(client: FlaskClient) -> None:
    page = get_page(client, NORD)
    assert "Sei nel quartiere Nord confini indicativi" in page.text()
    assert page.links()["/quartieri/nord/"] == "Nord"
    assert page.links()["/reti/rete-nord-sud/"] == "Rete di Nord e Sud"
    assert "Rete di Nord e Sud (1 membro)" in page.text()
    members = page.section("Chi ne fa parte: Rete di Nord e Sud")
    assert members.links()["/luoghi/org:amici/"] == "Amici di Nord"
    assert "Scuola Est" not in members.text()
    assert "potresti essere già" not in page.text()
    est = get_page(client, "/vicino?lon=9.615&lat=45.705")
    assert "non nominano nessuna rete" in est.text()


def test_near_a_border_it_may_be_the_next_quartiere(client: FlaskClient) -> None:
    page = get_page(client, "/vicino?lon=9.6095&lat=45.705").text()
    assert "Il confine è a circa 40 m: potresti essere già in Est." in page
    edge = get_page(client, "/vicino?lon=9.6195&lat=45.705").text()
    assert "Il bordo della città è a circa 40 m: potresti essere già fuori." in edge


def test_outside_there_is_a_clear_answer(client: FlaskClient) -> None:
    near = get_page(client, "/vicino?lon=9.625&lat=45.70")
    assert "Questo punto è fuori dai quartieri di Provola" in near.text()
    assert "a 390 m in linea d’aria" in near.text()
    assert names(near)[0] == "Scuola Est"
    for far in ("lon=9.19&lat=45.46", "lon=-180&lat=-90", "lon=99&lat=0"):
        page = get_page(client, f"/vicino?{far}")
        assert "Questo punto è fuori dai quartieri di Provola" in page.text()
        assert "/quartieri/" in page.links("main")
        assert names(page) == []


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
def test_an_invalid_query_is_refused_in_words(
    client: FlaskClient, prefix: str, query: str, said: str
) -> None:
    refusal = get_page(client, f"{prefix}/vicino?{query}", status=400)
    if not prefix:
        assert said in refusal.text()


def test_a_comma_is_as_good_as_a_point_and_digits_beyond_a_metre_go(client: FlaskClient) -> None:
    page = get_page(client, "/vicino?lon=9,60500049&lat=45,70500049")
    assert set(page.values("input[name=lon]", "value")) == {"9.605"}
    assert set(page.values("input[name=lat]", "value")) == {"45.705"}


def test_the_switch_of_language_keeps_the_whole_query(client: FlaskClient) -> None:
    page = get_page(client, f"{NORD}&nome=Via+Roma&raggio=500&tipo=parco&tipo=scuole")
    switch = page.one("a[hreflang=en]").get("href")
    assert urlsplit(switch).path == "/en/vicino"
    assert parse_qs(urlsplit(switch).query) == {
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
    assert get_page(client, answer.location).text("h1") == "Near Via Roma"


def test_an_ambiguous_street_asks_which(client: FlaskClient, known) -> None:
    known["via"] = ([ROMA, VERDI], [])
    page = get_page(client, "/vicino?q=via&raggio=300")
    assert "Quale intendi?" in page.text()
    assert "/vicino?lon=9.61600&lat=45.70100&nome=Via+Verdi+7&raggio=300" in page.links()
    assert names(page) == []


def test_an_unknown_street_says_so_and_offers_the_closest(client: FlaskClient, known) -> None:
    known["via brodo"] = ([], [VERDI])
    page = get_page(client, "/vicino?q=via+brodo")
    assert "Non conosciamo “via brodo”" in page.text()
    assert "/vicino?lon=9.61600&lat=45.70100&nome=Via+Verdi+7" in page.links()
    known["xyz"] = ([], [])
    assert "Non conosciamo “xyz”" in get_page(client, "/vicino?q=xyz").text()


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
        page = get_page(client, "/vicino", query_string={"q": text})
        assert f"Non conosciamo “{text}”" in page.text()


def test_a_typed_address_goes_before_the_point_unless_it_is_its_name(
    client: FlaskClient, known
) -> None:
    known["via verdi"] = ([VERDI], [])
    assert client.get(f"{NORD}&nome=Via+Roma&q=via+verdi").status_code == 302
    page = get_page(client, f"{NORD}&nome=Via+Roma&q=Via+Roma")
    assert page.text("h1") == "Vicino a Via Roma"


@pytest.mark.parametrize("page", ["/vicino?q={}", f"{NORD}&nome={{}}"])
def test_hostile_text_stays_text(client: FlaskClient, known, page: str) -> None:
    known[HOSTILE] = ([], [])
    answer = client.get(page.format(HOSTILE.replace("%", "%25").replace(" ", "%20")))
    assert answer.status_code == 200
    assert "<img" not in answer.text
    assert "1337" not in answer.text
    assert escape(HOSTILE)[:20] in answer.text


def test_a_page_with_a_position_is_cached_by_its_reader_only_and_not_indexed(
    client: FlaskClient,
) -> None:
    answer = client.get(NORD)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert Page(answer.text).one("meta[name=robots]").get("content") == "noindex"
    empty = client.get("/vicino")
    assert "no-store" not in empty.headers["Cache-Control"]
    assert not Page(empty.text).has("meta[name=robots]")


@pytest.mark.parametrize("page", ["/vicino", NORD, "/fr/vicino", "/vicino?lon=x&lat=y"])
def test_only_this_page_may_ask_for_the_position(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert Page(answer.text).inline() == []
    assert "geolocation=()" in client.get("/").headers["Permissions-Policy"]


def test_the_map_is_one_for_all_points(client: FlaskClient) -> None:
    scripts = {
        get_page(client, page).one('script[src^="/mappa/vicino/mappa.js?v="]').get("src")
        for page in ("/vicino", NORD, "/vicino?lon=9.61&lat=45.70&nome=x")
    }
    assert len(scripts) == 1
    script = client.get(scripts.pop())
    assert "immutable" in script.headers["Cache-Control"]
    assert "9.605," not in script.text
    assert client.get("/mappa/vicino/luoghi.json").status_code == 404


def test_every_page_leads_here(client: FlaskClient, app: Flask) -> None:
    for page in ("/", "/luoghi/", "/informazioni/", "/niente"):
        assert Page(client.get(page).text).links("nav")["/vicino"] == "Vicino a me"
    here = get_page(client, "/en/vicino").one('nav [aria-current="page"]')
    assert (here.get("href"), here.text) == ("/en/vicino", "Near me")


def test_the_search_box_of_every_page_keeps_to_itself(client: FlaskClient) -> None:
    page = get_page(client, "/vicino?q=xqzw")
    assert page.one("input#cerca").get("value") == ""


def test_a_places_page_names_what_is_near_it(client: FlaskClient) -> None:
    around = get_page(client, "/luoghi/osm:node/1/").section("Che cosa c’è vicino")
    assert "Parco sul confine" in around.text()
    assert "Biblioteca Nord" not in around.links().values()
    assert "Parco chiuso" not in around.text()
    assert any(
        address.startswith("/vicino?lon=9.605&lat=45.705&nome=Biblioteca+Nord")
        for address in around.links()
    )
    assert "Che cosa c’è vicino" not in get_page(client, "/luoghi/org:amici/").text()
