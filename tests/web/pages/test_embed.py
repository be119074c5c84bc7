"""The maps for other people's pages: what they hold, and that only they may be framed."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page, get_page

EMBEDS = ["/embed/", "/embed/quartieri/nord/"]
OTHERS = ["/", "/quartieri/nord/", "/luoghi/", "/vicino", "/cerca?q=roma", "/informazioni/"]


def snippet(page: Page) -> str:
    """The code that a page offers for other people's pages."""
    return page.text("textarea")


def ancestors(client: FlaskClient, page: str) -> str:
    policy = client.get(page).headers["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in policy.split("; "))["frame-ancestors"]


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("page", EMBEDS)
def test_a_map_to_embed_is_bare_and_leads_to_its_page(
    client: FlaskClient, prefix: str, page: str
) -> None:
    embed = get_page(client, prefix + page)
    assert embed.language == (prefix.strip("/") or "it")
    assert embed.one("meta[name=robots]").get("content") == "noindex"
    assert not embed.has("header, footer")
    full = embed.one(f'a[target=_blank][href="{prefix + page.removeprefix("/embed")}"]')
    assert full.get("rel") == "noopener"
    assert "OpenStreetMap" in embed.text()


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
@pytest.mark.parametrize("page", EMBEDS)
def test_anyone_may_frame_a_map_to_embed(client: FlaskClient, prefix: str, page: str) -> None:
    answer = client.get(prefix + page)
    assert ancestors(client, prefix + page) == "*"
    assert "X-Frame-Options" not in answer.headers
    strict = client.get("/").headers["Content-Security-Policy"]
    loose = answer.headers["Content-Security-Policy"]
    assert loose.replace("frame-ancestors *", "frame-ancestors 'none'") == strict
    assert Page(answer.text).inline() == []


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", [*OTHERS, "/embed/niente/", "/embed/quartieri/ovest/", "/salute"])
def test_nobody_may_frame_anything_else(client: FlaskClient, prefix: str, page: str) -> None:
    assert ancestors(client, prefix + page) == "'none'"


def test_an_unknown_quartiere_has_no_map_to_embed(client: FlaskClient) -> None:
    assert client.get("/embed/quartieri/ovest/").status_code == 404


def test_without_javascript_it_says_where_the_list_is(client: FlaskClient) -> None:
    city = get_page(client, "/embed/")
    assert "La mappa ha bisogno di JavaScript." in city.text(".no-js-only")
    assert "/luoghi/" in city.links(".no-js-only")
    quartiere = get_page(client, "/en/embed/quartieri/nord/")
    assert "The map needs JavaScript." in quartiere.text(".no-js-only")
    assert "/en/quartieri/nord/" in quartiere.links(".no-js-only")


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("/", "/embed/"),
        ("/?tipo=parco", "/embed/"),
        ("/fr/", "/fr/embed/"),
        ("/quartieri/est/", "/embed/quartieri/est/"),
        ("/en/quartieri/est/", "/en/embed/quartieri/est/"),
    ],
)
def test_the_page_offers_the_code_of_its_map(client: FlaskClient, page: str, address: str) -> None:
    code = snippet(get_page(client, page, base_url="https://quartieri.example"))
    frame = Page(code).one("iframe")
    assert frame.get("src") == f"https://quartieri.example{address}"
    assert frame.get("title")
    assert client.get(address).status_code == 200


def test_the_code_names_the_address_that_people_use(tmp_path: Path) -> None:
    folder = str(small_city.write(tmp_path))
    app = create_app({"QUARTIERI_DATA": folder, "PUBLIC_URL": "https://mappe.example/"})
    frame = Page(snippet(get_page(app.test_client(), "/"))).one("iframe")
    assert frame.get("src") == "https://mappe.example/embed/"


def test_a_hostile_name_stays_text_in_the_code(tmp_path) -> None:
    files = small_city.features()
    hostile = '"></iframe><script>alert(1)</script></textarea>{{ 7*191 }}'
    files["quartieri.geojson"][0]["properties"]["name"] = hostile
    folder = small_city.write(tmp_path, quartieri=files["quartieri.geojson"])
    client = create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""}).test_client()
    page = client.get("/quartieri/nord/").text
    code = snippet(Page(page))
    for text in (page, code, client.get("/embed/quartieri/nord/").text):
        assert "<script>" not in text
        assert "1337" not in text
    assert code.count("<") == 2
