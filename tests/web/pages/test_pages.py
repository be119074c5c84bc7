"""What the pages promise, asked over HTTP."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page, get_page
from web.site.settings import SettingError, read_settings

PAGES = [
    "/",
    "/?tipo=parco&misura=per-1000",
    "/quartieri/",
    "/quartieri/nord/",
    "/luoghi/",
    "/luoghi/?tipo=scuole&quartiere=est",
    "/luoghi/?tipo=scout",
    "/luoghi/osm:node/1/",
    "/luoghi/org:amici/",
    "/luoghi/org:ovunque/",
    "/reti/",
    "/reti/rete-nord-sud/",
    "/informazioni/",
    "/accessibilita/",
]


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_there_in_each_language(client: FlaskClient, prefix: str, page: str) -> None:
    shown = get_page(client, prefix + page)
    assert shown.language == (prefix.strip("/") or "it")
    assert shown.text("h1")


def test_the_home_table_says_what_the_map_shows(client: FlaskClient) -> None:
    rows = {row[0]: row[1:] for row in get_page(client, "/?tipo=parco").rows()}
    assert rows["Est"][:3] == ["2.000 (2020) stima", "1", "0,50 stima pochi"]
    assert rows["Nord"][:3] == ["1.000 (2020)", "0", "0,00"]
    assert rows["Sud"][:3] == ["n.d.", "1", "n.d. pochi"]
    assert rows["Tutta la città"][:3] == ["3.000 (2024)", "2", "0,67"]
    assert rows["Fuori, o senza quartiere noto"][1] == "1"


def test_what_no_register_lists_is_called_partial(client: FlaskClient) -> None:
    assert "raccolta parziale" in get_page(client, "/?tipo=parco").text()
    assert "raccolta parziale" not in get_page(client, "/?tipo=scuola-primaria").text()


def test_numbers_follow_the_language(client: FlaskClient) -> None:
    assert "2,000" in client.get("/en/").text
    assert "2\u202f000" in client.get("/fr/").text


def test_a_closed_place_is_listed_as_closed_and_not_on_the_map(client: FlaskClient) -> None:
    page = get_page(client, "/luoghi/?quartiere=nord")
    assert "Parco chiuso Chiuso o sciolto" in page.text()
    assert "Parco chiuso" not in client.get("/mappa/citta/luoghi.json").json["name"]


def test_a_place_without_a_point_says_so_and_has_no_map(client: FlaskClient) -> None:
    page = get_page(client, "/luoghi/org:amici/")
    assert "Questo luogo non è sulla mappa" in page.text()
    assert not page.has(".folium-map")
    assert client.get("/mappa/luoghi/org:amici/mappa.js").status_code == 404


def test_who_takes_part_is_not_called_a_member(client: FlaskClient) -> None:
    page = get_page(client, "/reti/rete-nord-sud/").text()
    members, others = page.split("Partecipa a iniziative della rete")
    assert "Amici di Nord" in members
    assert "Scuola Est" not in members
    assert "Scuola Est" in others
    assert get_page(client, "/reti/").rows()[0][2:] == ["1", "1", "12 (2022)"]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("/niente", 404),
        ("/quartieri/ovest/", 404),
        ("/luoghi/osm:node/99/", 404),
        ("/reti/rete/", 404),
        ("/mappa/quartieri/ovest/mappa.js", 404),
        ("/mappa/reti/rete/mappa.js", 404),
        ("/mappa/altro/x/mappa.js", 404),
        ("/?tipo=discoteca", 400),
        ("/?misura=litri", 400),
        ("/luoghi/?tipo=discoteca", 400),
        ("/luoghi/?quartiere=ovest", 400),
        ("/luoghi/?pagina=0", 400),
        ("/luoghi/?pagina=-1", 400),
        ("/luoghi/?pagina=x", 400),
        ("/luoghi/?pagina=99999999999999999999999", 400),
        ("/?tipo=%FF%FE", 400),
        ("/tessere/12/2158/1466.png", 404),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_a_wrong_address_gets_a_page_in_words(
    client: FlaskClient, prefix: str, page: str, code: int
) -> None:
    shown = get_page(client, prefix + page, status=code)
    assert shown.language == (prefix.strip("/") or "it")
    assert str(code) in shown.text()


def test_a_wrong_value_is_shown_as_text(client: FlaskClient) -> None:
    page = client.get("/?tipo=<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_an_internal_error_is_reported_without_details(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("web.pages.home.counts.counts_by_quartiere", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    # An address that nobody asked for before: what was made once isn't made again.
    answer = app.test_client().get("/en/?tipo=scout")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text


def test_only_reading_is_possible(client: FlaskClient) -> None:
    refused = client.post("/")
    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]
    assert client.delete("/luoghi/osm:node/1/").status_code == 405


def test_health_says_version_and_counts(client: FlaskClient, app: Flask) -> None:
    told = client.get("/salute").json
    assert told["status"] == "ok"
    assert told["dataset"] == {
        "city": "provola",
        "version": app.extensions["quartieri"].dataset.version,
    }
    assert told["counts"] == {
        "quartieri": 3, "places": 9, "networks": 1, "memberships": 3, "streets": 2
    }  # fmt: skip


def test_the_switch_keeps_the_page_and_its_state(client: FlaskClient) -> None:
    links = get_page(client, "/fr/luoghi/?tipo=scuole&quartiere=est").links()
    assert "/luoghi/?tipo=scuole&quartiere=est" in links
    assert "/en/luoghi/?tipo=scuole&quartiere=est" in links
    assert "/en/luoghi/osm:node/1/" in get_page(client, "/luoghi/osm:node/1/").links()


@pytest.mark.parametrize("page", [*PAGES, "/salute", "/niente", "/mappa/citta/mappa.js"])
def test_the_policy_allows_nothing_inline_and_nobody_else(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.mimetype == "text/html":
        assert Page(answer.text).inline() == []


@pytest.mark.parametrize("page", ["/", "/mappa/citta/mappa.js", "/mappa/citta/aree.json"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_what_has_not_changed_is_not_sent_again(
    client: FlaskClient, page: str, encoding: str
) -> None:
    first = client.get(page, headers={"Accept-Encoding": encoding})
    assert first.headers.get("Content-Encoding", "identity") == encoding
    again = client.get(
        page, headers={"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert not again.data


def test_only_an_address_that_names_the_content_is_cached_forever(client: FlaskClient) -> None:
    script = get_page(client, "/").one('script[src^="/mappa/citta/mappa.js?v="]')
    assert "immutable" in client.get(script.get("src")).headers["Cache-Control"]
    assert "no-cache" in client.get("/mappa/citta/mappa.js").headers["Cache-Control"]


def test_an_address_that_names_other_content_leads_nowhere(client: FlaskClient) -> None:
    answer = client.get("/mappa/citta/mappa.js?v=0")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_layers_carry_every_place_that_is_there(client: FlaskClient) -> None:
    places = client.get("/en/mappa/citta/luoghi.json").json
    assert places["place_url"] == "/en/luoghi/"
    columns = ("id", "name", "kind", "quartiere", "approximate", "lon_steps", "lat_steps")
    assert len({len(places[column]) for column in columns}) == 1
    library = places["id"].index("osm:node/1")
    assert places["kinds"][places["kind"][library]]["name"] == "Library"
    assert places["quartieri"][places["quartiere"][library]]["slug"] == "nord"
    areas = client.get("/en/mappa/citta/aree.json").json
    assert [area["properties"]["url"] for area in areas["features"]] == [
        "/en/quartieri/est/", "/en/quartieri/nord/", "/en/quartieri/sud/"
    ]  # fmt: skip


def test_hostile_text_stays_text(tmp_path) -> None:
    files = small_city.features()
    hostile = "<img src=x onerror=alert(1)>${alert(2)}{{ 7*191 }}{% set x = 1 %}</script>"
    files["quartieri.geojson"][0]["properties"]["name"] = hostile
    for place in files["places.geojson"]:
        place["properties"].update(name=hostile + place["properties"]["id"], address=hostile)
    folder = small_city.write(
        tmp_path, quartieri=files["quartieri.geojson"], places=files["places.geojson"]
    )
    client = create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""}).test_client()
    for page in PAGES:
        text = client.get(page).text
        assert "<img" not in text
        assert "1337" not in text
    script = client.get("/mappa/citta/mappa.js").text
    assert "alert" not in script
    names = json.loads(client.get("/mappa/citta/luoghi.json").data)["name"]
    assert all(name.startswith(hostile) for name in names)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"QUARTIERI_DATA": "/nowhere"}, "QUARTIERI_DATA: there is no folder"),
        ({"TILE_UPSTREAM": "tiles.example"}, "is no http"),
        ({"TILE_UPSTREAM": "https://tiles.example/{z}/{x}.png"}, "lacks {y}"),
    ],
)
def test_a_bad_setting_stops_the_start(settings: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError, match=re.escape(told)):
        read_settings(settings)
