"""The pages of coverage over HTTP: their state, their words, and what they refuse."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from tests.helpers.pages.page import Page, get_page

LIBRARY = "tipo=biblioteca&entro=400"


def words(page: Page, slug: str) -> list[str]:
    """What the table of coverage says of a quartiere, word by word."""
    return page.text(f'tr[data-quartiere="{slug}"]').split()


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("path", ["/copertura/", "/copertura/nord/", "/copertura/confronto/"])
def test_each_page_is_there_in_each_language(client: FlaskClient, prefix: str, path: str) -> None:
    assert client.get(prefix + path).status_code == 200


def test_the_table_says_share_and_uncovered(client: FlaskClient) -> None:
    page = get_page(client, f"/copertura/?{LIBRARY}")
    assert words(page, "nord")[:3] == ["Nord", "75,0", "250"]
    assert words(page, "est")[:4] == ["Est", "stima", "0,0", "2.000"]
    assert words(page, "sud")[:3] == ["Sud", "n.d.", "n.d."]
    assert "il 25,0% dei residenti ne ha almeno uno, 2.250 residenti no." in page.text(".lead")


def test_the_table_is_sorted_as_the_address_says(client: FlaskClient) -> None:
    def order(query: str) -> list[str]:
        page = get_page(client, f"/copertura/?{LIBRARY}&{query}")
        return page.values("[data-quartiere]", "data-quartiere")

    assert order("") == ["est", "nord", "sud"]
    assert order("ordina=quota") == ["nord", "est", "sud"]
    assert order("ordina=nome&verso=su") == ["est", "nord", "sud"]
    assert order("ordina=nome") == ["sud", "nord", "est"]


def test_a_what_if_stands_in_the_address_and_shows_before_and_after(client: FlaskClient) -> None:
    text = get_page(client, f"/copertura/?{LIBRARY}&aggiungi=9.615,45.695&chiudi=osm:node/1").text()
    assert "Chiuso: Biblioteca Nord" in text
    assert "Residenti scoperti 2.250 2.333" in text
    assert "Nord: 250 → 1.000 residenti scoperti" in text


def test_a_quartiere_says_before_and_after_and_a_place_can_be_closed_from_the_city(
    client: FlaskClient,
) -> None:
    page = get_page(client, f"/copertura/?{LIBRARY}")
    assert page.text('option[value="osm:node/1"]') == "Biblioteca Nord (Nord)"
    text = get_page(client, f"/copertura/nord/?{LIBRARY}&chiudi=osm:node/1").text()
    assert "Residenti scoperti 1.000 nell’ipotesi; oggi: 250" in text
    assert "nell’ipotesi; oggi" not in get_page(client, f"/copertura/nord/?{LIBRARY}").text()


def test_what_is_no_figure_of_today_says_so_everywhere(client: FlaskClient) -> None:
    query = f"{LIBRARY}&aggiungi=9.58,45.70"
    page = client.get(f"/copertura/nord/?{query}").text
    assert "Ipotesi: 1 luogo in più." in page
    # The point is west of the city: it counts in no quartiere.
    assert "fuori dai quartieri" in page
    assert "IPOTESI: 1 luogo in più" in client.get(f"/copertura/mappa.svg?{query}").text
    assert "IPOTESI" not in client.get(f"/copertura/mappa.svg?{LIBRARY}").text


def test_a_place_without_a_position_makes_the_share_a_least_one(client: FlaskClient) -> None:
    query = "tipo=promozione-sociale&entro=400"
    assert words(get_page(client, f"/copertura/?{query}"), "nord")[:4] == [
        "Nord", "1", "senza", "posizione"
    ]  # fmt: skip
    assert "la quota vera può" in client.get(f"/copertura/nord/?{query}").text
    assert "la quota vera può" not in client.get(f"/copertura/est/?{query}").text
    drawing = client.get(f"/copertura/mappa.svg?{query}").text
    assert "1 luogo senza posizione non copre nessuno" in drawing


def test_sites_are_suggested_by_default_and_can_be_switched_off(client: FlaskClient) -> None:
    assert get_page(client, f"/copertura/?{LIBRARY}").has("[data-site]")
    assert not get_page(client, f"/copertura/?{LIBRARY}&siti=0").has("[data-site]")
    page = get_page(client, f"/copertura/nord/?{LIBRARY}&siti=0")
    assert any("siti=0" in address for address in page.links())


def test_a_house_number_is_not_taken_for_known(client: FlaskClient) -> None:
    answer = client.get(f"/copertura/?{LIBRARY}&indirizzo=via+verdi+12")
    assert answer.status_code == 200
    assert "I numeri civici non sono noti" in answer.text
    assert "aggiungi=9.61600,45.70100" in answer.text.replace("%2C", ",")


def test_a_typed_street_joins_the_what_if(client: FlaskClient) -> None:
    answer = client.get(f"/copertura/?{LIBRARY}&indirizzo=via+verdi")
    assert answer.status_code == 302
    assert "aggiungi=9.61600,45.70100" in answer.location.replace("%2C", ",")
    assert "tipo=biblioteca" in answer.location
    unknown = client.get(f"/copertura/nord/?{LIBRARY}&indirizzo=piazza+qwertz").text
    assert "Non conosciamo “piazza qwertz”" in unknown


def test_sites_are_suggested_with_whom_they_reach(client: FlaskClient) -> None:
    page = get_page(client, f"/copertura/est/?{LIBRARY}&siti=2")
    assert len(page.all("[data-site]")) == 2
    assert "Via Verdi (Est): 667 residenti in più" in page.text()


def test_the_map_fetches_cells_and_places_of_the_question(client: FlaskClient) -> None:
    gaps = get_page(client, f"/copertura/?{LIBRARY}").one("[data-gaps]")
    squares, places = (client.get(gaps.get(name)) for name in ("data-cells", "data-places"))
    assert squares.json["geometry"]["type"] == "MultiPolygon"
    # All demand points but the one beside the library.
    assert len(squares.json["geometry"]["coordinates"]) == 5
    assert places.json["id"] == ["osm:node/1"]
    assert "immutable" in squares.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tipo=disco", "non esiste"),
        ("entro=9", "numero intero da 50 a 5000"),
        ("entro=-1", "numero intero"),
        ("entro=1e3", "numero intero"),
        ("siti=9", "numero intero da 0 a 5"),
        ("come=forse", "uno o tutti"),
        ("misura=colore", "La misura"),
        ("ordina=colore", "La misura"),
        ("chi=anziani", "non dicono dove abitano"),
        ("chi=gatti", "non dicono dove abitano"),
        ("aggiungi=9.6", "lon,lat"),
        ("aggiungi=2.35,48.85", "non è in città"),
        ("aggiungi=nan,nan", "lon,lat"),
        ("chiudi=osm:node/99", "non esiste"),
        ("&".join(f"aggiungi=9.6{at},45.7" for at in range(11)), "Troppe ipotesi"),
        ("indirizzo=" + "x" * 200, "troppo lungo"),
    ],
)
def test_an_invalid_query_is_refused_in_words(client: FlaskClient, query: str, words: str) -> None:
    answer = client.get(f"/copertura/?{query}")
    assert answer.status_code == 400
    assert words in answer.text


def test_an_unknown_quartiere_is_not_there(client: FlaskClient) -> None:
    assert client.get("/copertura/atlantide/").status_code == 404
    assert client.get("/mappa/copertura/celle.json?quartiere=atlantide").status_code == 404


@pytest.mark.parametrize("what", ["tabella", "celle"])
@pytest.mark.parametrize("extension", ["csv", "xlsx", "geojson", "gpkg"])
def test_table_and_cells_can_be_taken_away(client: FlaskClient, what: str, extension: str) -> None:
    page = get_page(client, f"/copertura/?{LIBRARY}&aggiungi=9.618,45.708")
    answer = client.get(page.one(f'a[href^="/copertura/{what}.{extension}"]').get("href"))
    assert answer.status_code == 200
    name = re.search(r'filename="([\w.-]+)"', answer.headers["Content-Disposition"])
    assert name is not None
    assert name[1].startswith("provola_")
    assert "biblioteca-entro-400-m_ipotesi" in name[1]
    assert name[1].endswith(extension)
    assert len(answer.data) > 200


def test_the_file_says_what_the_page_says(client: FlaskClient) -> None:
    text = client.get(f"/copertura/tabella.csv?{LIBRARY}").data.decode("utf-8-sig")
    rows = {row["codice"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert rows["nord"]["Residenti entro la distanza (%)"] == "75.0"
    assert rows["nord"]["Residenti scoperti"] == "250.0"
    assert rows["sud"]["Residenti scoperti"] == ""
    assert rows["est"]["residenti stimati"] == "True"
    assert rows["est"]["filtri"] == LIBRARY
    assert rows["est"]["domanda"] == "Biblioteca entro 400 m"
    assert client.get("/copertura/tabella.csv?entro=1").status_code == 400


def test_several_kinds_are_shown_one_by_one_and_together(client: FlaskClient) -> None:
    text = get_page(client, "/copertura/?tipo=biblioteca&tipo=parco&entro=400").text()
    # The library reaches 750 in nord; the park on the border them, too, and 667 in est.
    assert "Biblioteca 2.250 25,0 Parco o giardino 1.583 47,2" in text
    assert "Almeno uno di questi 1.583 47,2 Tutti questi 2.250 25,0" in text


def test_a_comparison_without_a_second_question_has_another_distance(client: FlaskClient) -> None:
    page = client.get("/copertura/confronto/").text
    assert "Spazio di quartiere entro 500 m" in page
    assert "Spazio di quartiere entro 1.000 m" in page


def test_two_questions_stand_side_by_side(client: FlaskClient) -> None:
    page = get_page(client, f"/copertura/confronto/?{LIBRARY}&tipo2=biblioteca&entro2=1000")
    pictures = page.values("figure img", "src")
    assert len(pictures) == 2
    for address in pictures:
        assert client.get(address).mimetype == "image/svg+xml"
    assert page.text("tfoot").startswith("Tutta la città 25,0")


@pytest.mark.parametrize("query", ["tipo=dog", "tipo=area-cani", "tipo=parco&entro=5000"])
@pytest.mark.parametrize(
    "part",
    [
        *("/", "/nord/?siti=5&", "/confronto/", "/tabella.csv", "/tabella.geojson"),
        *("/celle.csv", "/celle.xlsx", "/celle.geojson", "/celle.gpkg", "/mappa.svg"),
    ],
)
def test_nobody_or_everybody_covered_is_no_fault(
    client: FlaskClient, part: str, query: str
) -> None:
    for measure in ("quota", "distanza"):
        address = f"/copertura{part}{'' if '?' in part else '?'}{query}&misura={measure}"
        assert client.get(address).status_code == (400 if query == "tipo=dog" else 200), address
    layer = client.get(f"/mappa/copertura/celle.json?{query}")
    assert layer.status_code == (400 if query == "tipo=dog" else 200)
