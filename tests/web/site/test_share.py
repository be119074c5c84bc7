"""What pages tell to those who meet them elsewhere: searchers, messages, phones, mail."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from geo.model.dataset import Dataset
from geo.model.kinds import ORGANISATIONS, STANDARD
from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page, get_page
from web.site.settings import SettingError, read_settings

ORIGIN = "https://quartieri.example.org"
HOSTILE = "</script><img src=x onerror=alert(1)>&\"' ]]>{{ 7*191 }} Bcc: x@y.example"
NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
PAGES = [
    "/",
    "/quartieri/",
    "/quartieri/nord/",
    "/luoghi/",
    "/luoghi/?tipo=scuole&quartiere=est",
    "/luoghi/osm:node/1/",
    "/reti/",
    "/reti/rete-nord-sud/",
    "/informazioni/",
    "/accessibilita/",
]


class Head:
    """The title, the metadata, the links and the blocks of data of a page."""

    def __init__(self, text: str) -> None:
        page = Page(text)
        self.title = page.text("head title")
        self.meta = {
            each.get("name") or each.get("property"): each.get("content")
            for each in page.all("meta[content]")
        }
        self.links = page.all("head link")
        self.anchors = [dict(each.attrib) for each in page.all("a")]
        self.data = [each.text for each in page.all('script[type="application/ld+json"]')]

    def addresses(self, rel: str) -> dict[str, str]:
        """Where the links of a relation lead, by language ("" where it names none)."""
        some = (each for each in self.links if each.get("rel") == rel)
        return {each.get("hreflang", ""): each.get("href") for each in some}


def served(tmp_path: Path, hostile: bool = False, **settings: str) -> FlaskClient:
    files = small_city.features()
    if hostile:
        for place in files["places.geojson"]:
            place["properties"].update(name=HOSTILE, address=HOSTILE)
    folder = small_city.write(tmp_path / "data", places=files["places.geojson"])
    config = {"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": "", **settings}
    return create_app(config).test_client()


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The app as people reach it, with an address of its own and a contact."""
    folder = tmp_path_factory.mktemp("public")
    return served(folder, PUBLIC_URL=ORIGIN, CONTACT_EMAIL="dati@quartieri.example.org")


# Search engines and messages


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_each_page_says_what_and_where_it_is(public: FlaskClient, prefix: str, page: str) -> None:
    head = Head(public.get(prefix + page).text)
    here = ORIGIN + prefix + page
    assert head.addresses("canonical") == {"": here}
    assert head.addresses("alternate") == {
        "it": ORIGIN + page,
        "en": f"{ORIGIN}/en{page}",
        "fr": f"{ORIGIN}/fr{page}",
        "x-default": ORIGIN + page,
    }
    assert head.meta["og:url"] == here
    assert head.meta["og:title"] == head.title
    assert head.meta["og:description"] == head.meta["description"]
    assert head.meta["og:image"].startswith(f"{ORIGIN}/static/dist/share-")
    assert 20 <= len(head.meta["description"]) <= 220


def test_titles_and_descriptions_tell_pages_apart(public: FlaskClient) -> None:
    heads = [Head(public.get(page).text) for page in PAGES]
    assert len({head.title for head in heads}) == len(PAGES)
    assert len({head.meta["description"] for head in heads}) == len(PAGES)


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/?tipo=parco&misura=per-1000", "/"),
        ("/luoghi/?tipo=&quartiere=est", "/luoghi/?quartiere=est"),
        ("/luoghi/?tipo=scuole&pagina=1&altro=1", "/luoghi/?tipo=scuole"),
        ("/quartieri/nord/?fbclid=1", "/quartieri/nord/"),
    ],
)
def test_one_reader_s_view_is_no_page_of_its_own(
    public: FlaskClient, asked: str, canonical: str
) -> None:
    assert Head(public.get(asked).text).addresses("canonical") == {"": ORIGIN + canonical}


@pytest.mark.parametrize(
    "name",
    ["language", "endpoint", "slug", "_scheme", "_external", "_anchor", "_method", "values"],
)
def test_names_in_an_address_steer_nothing(public: FlaskClient, name: str) -> None:
    answer = public.get(f"/quartieri/nord/?{name}=x")
    assert answer.status_code == 200
    links = [each["href"] for each in Head(answer.text).anchors if "hreflang" in each]
    assert links == [f"{prefix}/quartieri/nord/?{name}=x" for prefix in ("", "/en", "/fr")]


def test_an_error_has_no_address_to_share(public: FlaskClient) -> None:
    for page in ("/quartieri/ovest/", "/niente", "/?tipo=discoteca"):
        head = Head(public.get(page).text)
        assert not head.addresses("canonical")
        assert "og:url" not in head.meta


def test_without_a_public_address_the_request_s_own_is_used(client: FlaskClient) -> None:
    page = client.get("/quartieri/nord/", headers={"Host": "comune.example:8080"}).text
    assert Head(page).addresses("canonical") == {"": "http://comune.example:8080/quartieri/nord/"}


@pytest.mark.parametrize("host", ["<script>alert(1)</script>", 'a"onload="x', "a b", "a\\b"])
@pytest.mark.parametrize("page", ["/", "/robots.txt", "/sitemap.xml", "/luoghi/osm:node/1/"])
def test_a_hostile_host_breaks_nothing(client: FlaskClient, page: str, host: str) -> None:
    answer = client.get(page, headers={"Host": host})
    assert answer.status_code in (200, 400)
    assert "<script>alert" not in answer.text
    assert '"onload=' not in answer.text
    if answer.mimetype == "application/xml":
        ElementTree.fromstring(answer.data)  # noqa: S314 - our own


def test_the_sitemap_holds_every_page_in_each_language(public: FlaskClient) -> None:
    answer = public.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    urls = ElementTree.fromstring(answer.data).findall("s:url", NAMESPACES)  # noqa: S314 - ours
    addresses = [str(url.findtext("s:loc", namespaces=NAMESPACES)) for url in urls]
    assert len(set(addresses)) == len(addresses)
    assert {ORIGIN + page for page in PAGES if "?" not in page} <= set(addresses)
    # Three quartieri, each with a sheet, nine places and one network, beside the two pages
    # that lie under /quartieri/ but are about all of them.
    numbers = {r"quartieri/[^/]+": 3 + 2, r"quartieri/\w+/scheda": 3, "luoghi/.+": 9, "reti/.+": 1}
    for path, number in numbers.items():
        pattern = re.compile(rf"{ORIGIN}(/en|/fr)?/{path}/")
        assert len([each for each in addresses if pattern.fullmatch(each)]) == 3 * number
    for url, address in zip(urls, addresses, strict=True):
        links = {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMESPACES)
        }
        assert set(links) == {"it", "en", "fr", "x-default"}
        assert address in links.values()
    for address in addresses:
        head = Head(public.get(address.removeprefix(ORIGIN)).text)
        assert head.addresses("canonical") == {"": address}


def test_robots_txt_names_the_sitemap(public: FlaskClient) -> None:
    answer = public.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines()[-1] == f"Sitemap: {ORIGIN}/sitemap.xml"
    assert "Disallow: /\n" not in answer.text


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_the_manifest_speaks_the_page_s_language(public: FlaskClient, prefix: str) -> None:
    head = Head(public.get(prefix + "/reti/").text)
    assert head.addresses("manifest") == {"": f"{prefix}/manifest.webmanifest"}
    answer = public.get(f"{prefix}/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.json
    assert manifest is not None
    assert manifest["start_url"] == f"{prefix}/"
    assert manifest["lang"] == (prefix.strip("/") or "it")
    for icon in manifest["icons"]:
        with public.get(icon["src"]) as picture:
            assert (picture.status_code, picture.mimetype) == (200, icon["type"])


# A place, for programs


def linked(client: FlaskClient, page: str) -> dict[str, object]:
    return json.loads(Head(client.get(page).text).data[0])


def test_a_place_describes_itself_in_schema_org_s_words(public: FlaskClient) -> None:
    assert linked(public, "/en/luoghi/osm:node/1/") == {
        "@context": "https://schema.org",
        "@type": "Library",
        "@id": f"{ORIGIN}/en/luoghi/osm:node/1/",
        "url": f"{ORIGIN}/en/luoghi/osm:node/1/",
        "name": "Biblioteca Nord",
        "geo": {"@type": "GeoCoordinates", "latitude": 45.705, "longitude": 9.605},
        "containedInPlace": {"@type": "Place", "name": "Nord"},
    }
    association = linked(public, "/luoghi/org:amici/")
    assert association["@type"] == "NGO"
    assert "geo" not in association


def test_what_is_closed_is_not_described_as_there(public: FlaskClient) -> None:
    assert Head(public.get("/luoghi/osm:node/5/").text).data == []


def test_hostile_names_stay_inside_the_block_of_data(tmp_path: Path) -> None:
    client = served(tmp_path, hostile=True, PUBLIC_URL=ORIGIN)
    page = client.get("/luoghi/osm:node/1/").text
    [block] = Head(page).data
    assert not re.search("[<>&\u2028\u2029]", block)
    assert json.loads(block)["name"] == HOSTILE
    assert "<img" not in page
    assert "1337" not in page


def test_only_an_organisation_is_called_one() -> None:
    others = {kind.group for kind in STANDARD if kind.schema_org == "Organization"}
    assert others == {ORGANISATIONS}


def test_every_place_of_the_city_describes_itself(bergamo: Dataset) -> None:
    app = create_app({"TILE_UPSTREAM": "", "PUBLIC_URL": ORIGIN})
    client = app.test_client()
    first_of_each = bergamo.places.query("status == 'open'").groupby("kind").head(1)
    assert len(first_of_each) > 5
    for ident, name in first_of_each["name"].items():
        assert linked(client, f"/luoghi/{ident}/")["name"] == name


# The way to a place, and to whoever mends the data


def test_a_place_with_a_point_can_be_reached(public: FlaskClient) -> None:
    anchors = Head(public.get("/luoghi/osm:node/1/").text).anchors
    assert any(each["href"] == "geo:45.705000,9.605000" for each in anchors)
    way = next(each for each in anchors if "directions" in each["href"])
    assert way["href"] == "https://www.openstreetmap.org/directions?to=45.705000%2C9.605000"
    assert way["rel"] == "noopener noreferrer"


def test_no_way_leads_to_a_place_without_a_point(public: FlaskClient) -> None:
    page = public.get("/luoghi/org:amici/").text
    assert "geo:" not in page
    assert "directions" not in page


def test_an_approximate_way_says_so(tmp_path: Path) -> None:
    files = small_city.features()
    files["places.geojson"][0]["properties"]["position"] = "street"
    folder = small_city.write(tmp_path / "data", places=files["places.geojson"])
    client = create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""}).test_client()
    page = client.get("/luoghi/osm:node/1/").text
    assert "Portano alla via o al parco, non alla porta" in page
    assert "geo" not in json.loads(Head(page).data[0])
    assert "Portano alla via" not in client.get("/luoghi/osm:node/2/").text


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_a_report_carries_the_place_and_its_page(tmp_path: Path, prefix: str) -> None:
    client = served(tmp_path, hostile=True, PUBLIC_URL=ORIGIN, CONTACT_EMAIL="dati@example.org")
    anchors = Head(client.get(f"{prefix}/luoghi/osm:node/1/").text).anchors
    mail = next(each["href"] for each in anchors if each["href"].startswith("mailto:"))
    assert "\r" not in mail
    assert "\n" not in mail
    parts = urlsplit(mail)
    assert unquote(parts.path) == "dati@example.org"
    fields = parse_qs(parts.query)
    assert set(fields) == {"subject", "body"}
    body = fields["body"][0]
    assert HOSTILE in body
    assert "osm:node/1" in body
    assert f"{ORIGIN}{prefix}/luoghi/osm:node/1/" in body


def test_without_a_contact_none_is_made_up(client: FlaskClient) -> None:
    for page in ("/luoghi/osm:node/1/", "/accessibilita/"):
        assert "mailto:" not in client.get(page).text
    assert "non ha indicato un recapito" in client.get("/luoghi/osm:node/1/").text
    assert "Recapito: non indicato" in client.get("/accessibilita/").text


def test_the_statement_names_the_contact(public: FlaskClient) -> None:
    page = get_page(public, "/accessibilita/")
    assert "mailto:dati@quartieri.example.org" in page.links()
    assert "parzialmente conforme" in page.text()
    assert "/accessibilita/" in get_page(public, "/").links("footer")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"PUBLIC_URL": "quartieri.example.org"}, "PUBLIC_URL: 'quartieri.example.org' is not"),
        ({"PUBLIC_URL": "https://example.org/quartieri"}, "no path after it"),
        ({"PUBLIC_URL": "https://example.org\n"}, "PUBLIC_URL"),
        ({"CONTACT_EMAIL": "nobody"}, "CONTACT_EMAIL: 'nobody' is no e-mail address"),
        ({"CONTACT_EMAIL": "a@b.example?cc=c@d.example"}, "CONTACT_EMAIL"),
    ],
)
def test_a_bad_setting_stops_the_start(settings: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError, match=re.escape(told)):
        read_settings(settings)


# What pages of quartieri and networks add


def test_a_quartiere_lists_its_missing_kinds(app: Flask) -> None:
    lacking = get_page(app.test_client(), "/quartieri/nord/").section("Che cosa non c’è")
    rows = {kind: numbers for kind, *numbers in lacking.rows()}
    assert rows["Parco o giardino"] == ["2", "2 su 3", "0,67", "0,7"]
    assert "Biblioteca" not in rows


def test_residents_that_are_not_known_give_no_expectation(client: FlaskClient) -> None:
    lacking = get_page(client, "/quartieri/sud/").section("Che cosa non c’è")
    assert "non sono noti" in lacking.text()
    assert lacking.rows()[0][4] == "n.d."


def test_a_network_names_its_sources(client: FlaskClient) -> None:
    page = get_page(client, "/reti/rete-nord-sud/")
    cited = page.section("Fonti").text()
    assert "nomina la rete; membro della rete (1)" in cited
    assert "partecipa a iniziative della rete (1)" in cited
    assert "Biblioteca Nord" in page.section("Spazi e beni comuni").text()
