"""A city whose every text means harm: all its pages, files and feeds show it as text."""

import csv
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, unquote_plus, urlsplit
from xml.etree import ElementTree

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from rdflib import Graph, Literal, URIRef
from werkzeug.test import TestResponse

from app import create_app
from tests.helpers.cities import hostile_city
from tests.helpers.cities.hostile_city import PRODUCT, Words
from tests.helpers.effort import short_or_long
from tests.helpers.pages import crawler, dom

pytestmark = pytest.mark.long

LANGUAGES = ("", "/en", "/fr")
# The pages that no other page of the site leads to, or only with what has no end.
_FRAMED = [f"{each}/embed/{page}" for each in LANGUAGES for page in ("", "quartieri/nord/")]
_ASKED = [
    f"{each}{page}"
    for each in LANGUAGES
    for page in (
        "/cerca?q=kz0",
        "/cerca.json?q=kz0",
        "/vicino?lon=9.605&lat=45.705&raggio=1000",
        "/vicino?lon=9.9&lat=45.9",
        "/copertura/?tipo=parco&chiudi=osm:node/0&aggiungi=9.60500,45.70500&ordina=nome&siti=3",
        "/copertura/nord/?tipo=parco&chiudi=osm:node/8&siti=3",
        "/copertura/confronto/?tipo=parco&chiudi=osm:node/0",
        "/quartieri/confronto/?quartiere=nord&quartiere=sud&quartiere=est",
        "/luoghi/?tipo=parco&quartiere=nord",
        "/copertura/celle.csv?tipo=parco",
    )
]
START = [*_FRAMED, *_ASKED]
_FILES = re.compile(r"\.(csv|xlsx|geojson|gpkg|parquet|png|pdf|json|js|jsonld|ttl|atom)\b|/api")
_NAMED = re.compile(r"([?&])nome=[^&]*&?")
MARK = re.compile(r"kz\d{3}z")
# What a spreadsheet might take for a formula, in a file whose cells end at `;` too.
_FORMULA = re.compile(r"(^|;)\s*[=+\-@\t\r＝＋－＠]")


@dataclass(frozen=True)
class Walked:
    """A city with every answer of its app, by address, and what was logged on the way."""

    app: Flask
    words: Words
    answers: dict[str, TestResponse]
    logged: list[logging.LogRecord]

    def of(self, *mimetypes: str) -> dict[str, TestResponse]:
        return {at: each for at, each in self.answers.items() if each.mimetype in mimetypes}


class Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def make_app(folder: Path, *, harmless: bool = False) -> tuple[Flask, Words]:
    words = hostile_city.write(folder / "data", harmless=harmless)
    sheets = folder / "sheets"
    sheets.mkdir()
    app = create_app(
        {
            "QUARTIERI_DATA": str(folder / "data"),
            "TILE_UPSTREAM": "",
            "CONTACT_EMAIL": "help@example.org",
            "SHEETS": str(sheets),
            "RATE_LIMITS": "off",
        }
    )
    for language in ("it", "en", "fr"):
        version = app.extensions["quartieri"].dataset.version
        (sheets / f"{version}-{language}.pdf").write_bytes(b"%PDF-1.4\n")
    app.testing = True
    return app, words


def walk(folder: Path, *, harmless: bool = False) -> Walked:
    app, words = make_app(folder, harmless=harmless)
    skipped = short_or_long(crawler.is_spare, crawler.is_repeated)

    def skip(address: str) -> bool:
        if harmless and _FILES.search(address.split("?", maxsplit=1)[0]):
            return True
        return skipped(address)

    listener = Listener()
    logging.getLogger().addHandler(listener)
    try:
        answers = crawler.walk(app.test_client(), START, skip)
    finally:
        logging.getLogger().removeHandler(listener)
    return Walked(app, words, answers, listener.records)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return walk(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return walk(tmp_path_factory.mktemp("harmless"), harmless=True)


@pytest.fixture(scope="module")
def bench(chrome: Browser) -> Iterator[Page]:
    """A blank page in which other pages are parsed."""
    context = chrome.new_context()
    yield context.new_page()
    context.close()


Pages = dict[str, dom.Parsed]


def parse_all(walked: Walked, bench: Page) -> Pages:
    """Return every page and drawing as a browser parses it; what a page is called left out."""
    some = walked.of("text/html", "image/svg+xml")
    done = dom.parse(bench, [(each.text, each.mimetype) for each in some.values()])
    return {_NAMED.sub(r"\1", at): each for at, each in zip(some, done, strict=True)}


@pytest.fixture(scope="module")
def pages(hostile: Walked, bench: Page) -> Pages:
    return parse_all(hostile, bench)


@pytest.fixture(scope="module")
def twins(harmless: Walked, bench: Page) -> Pages:
    return parse_all(harmless, bench)


def assert_whole(words: Words, text: str) -> set[str]:
    """Whatever carries a mark carries the whole text that was planted with it."""
    marks = set(MARK.findall(text))
    for mark in marks:
        planted = words.of[mark]
        # In an address percent signs stand for it, in the code to copy HTML's own.
        ways = (text, unquote_plus(text), unescape(text))
        assert any(planted in way for way in ways), (mark, words.field[mark], text)
    return marks


def assert_nothing_evaluated(content: bytes, where: str) -> None:
    assert PRODUCT.encode() not in content, where
    for secret in (b"QUARTIERI_DATA", b"SECRET_KEY", b"__subclasses__", b"root:x:0"):
        assert secret not in content, where


def test_every_route_is_walked(hostile: Walked) -> None:
    walked = crawler.endpoints(hostile.app, hostile.answers)
    every = {rule.endpoint for rule in hostile.app.url_map.iter_rules()}
    # Background tiles are pictures of others'.
    assert every - walked - {"static", "tiles.tile"} == set()


@pytest.mark.browser
def test_no_page_has_an_element_or_attribute_that_its_harmless_twin_has_not(
    pages: Pages, twins: Pages
) -> None:
    assert len(twins) > 300
    assert {at for at in pages if not at.startswith("/api")} == set(twins) - {"/api/?f=html"}
    for address, twin in twins.items():
        told = pages[address].shape
        assert told == twin.shape, (address, told - twin.shape, twin.shape - told)


@pytest.mark.browser
def test_the_pages_of_the_api_have_nothing_but_what_we_wrote(pages: Pages) -> None:
    ours = {"HTML", "HEAD", "META", "TITLE", "LINK", "BODY", "MAIN", "DIV", "NAV", "OL", "UL",
            "LI", "A", "SPAN", "H1", "P", "DL", "DT", "DD", "CODE", "PRE"}  # fmt: skip
    some = {at: page for at, page in pages.items() if at.startswith("/api")}
    assert len(some) > 50
    for address, page in some.items():
        keys = [key for key in page.shape if "[" in key]
        tags = {step for key in keys for step in key.split("[")[0].split(">")}
        assert tags <= ours, address
        names = {name for key in keys for name in key.split("[")[1].rstrip("]").split(",")}
        assert not {name for name in names if name.startswith(("on", "src", "style"))}, address


@pytest.mark.browser
def test_every_text_is_whole_where_it_shows(pages: Pages, hostile: Walked) -> None:
    marks = {
        mark for at, page in pages.items() if ".svg" not in at for text in page.marked
        for mark in assert_whole(hostile.words, text)
    }  # fmt: skip
    shown = {hostile.words.field[mark] for mark in marks}
    # What no page shows, files do; the city's outline of green is asked for by name.
    assert set(hostile.words.field.values()) - shown <= {"changes version"}


@pytest.mark.browser
def test_links_lead_to_pages_and_never_into_a_script(pages: Pages) -> None:
    for address, page in pages.items():
        for link in page.links:
            scheme = re.match(r"[^/?#]*:|//", link.strip())
            known = (None, "http:", "https:", "mailto:", "geo:")
            assert (scheme and scheme[0].lower()) in known, (address, link)
            assert not re.match(r"https?://[^/?#]*[@\\]", link), (address, link)


@pytest.mark.browser
def test_the_json_ld_of_a_place_is_data(pages: Pages, hostile: Walked) -> None:
    blocks = [block for page in pages.values() for block in page.json_ld]
    assert len(blocks) > 40
    for block in blocks:
        assert not re.search("[<>&\u2028\u2029]", block)
        for text in strings(json.loads(block)):
            assert_whole(hostile.words, text)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def test_no_expression_in_the_data_is_evaluated(hostile: Walked) -> None:
    for address, answer in hostile.answers.items():
        assert_nothing_evaluated(answer.data, address)
        if address.split("?")[0].endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
                for name in book.namelist():
                    assert_nothing_evaluated(book.read(name), f"{address}: {name}")


def test_every_json_answer_holds_the_texts_whole(hostile: Walked) -> None:
    some = {at: each for at, each in hostile.answers.items() if each.mimetype.endswith("json")}
    assert {each.mimetype for each in some.values()} >= {
        "application/json", "application/geo+json", "application/ld+json",
        "application/manifest+json",
    }  # fmt: skip
    marks = {
        mark for each in some.values() for text in strings(json.loads(each.data))
        for mark in assert_whole(hostile.words, text)
    }  # fmt: skip
    assert len(marks) > 200


def test_feed_and_sitemap_and_catalogue_parse_and_hold_the_texts_whole(hostile: Walked) -> None:
    for address in ("/dati/aggiornamenti.atom", "/sitemap.xml"):
        root = ElementTree.fromstring(hostile.answers[address].data)  # noqa: S314 - our own
        for each in root.iter():
            for text in (each.text or "", *each.attrib.values()):
                assert_whole(hostile.words, text)
    titles = ElementTree.fromstring(hostile.answers["/dati/aggiornamenti.atom"].data).findall(  # noqa: S314
        "{*}entry/{*}title"
    )
    assert len(titles) == 25
    graph = Graph().parse(data=hostile.answers["/dati/catalogo.ttl"].data, format="turtle")
    texts = [str(each) for _, _, each in graph if isinstance(each, Literal)]
    assert sum(bool(assert_whole(hostile.words, text)) for text in texts) >= 3
    terms = [str(each) for triple in graph for each in triple if isinstance(each, URIRef)]
    assert not [
        term for term in terms if MARK.search(term) or not term.startswith(("http", "mailto"))
    ]


def files(walked: Walked, ending: str) -> dict[str, bytes]:
    return {
        at: each.data
        for at, each in walked.answers.items()
        if at.split("?")[0].endswith(f".{ending}")
    }


def test_no_cell_of_a_csv_file_is_a_formula_at_whatever_sign_cells_end(hostile: Walked) -> None:
    some = files(hostile, "csv")
    assert len(some) > 30
    for address, content in some.items():
        text = content.decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            for cell in row:
                is_number = re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell)
                assert is_number or not _FORMULA.search(cell), (address, cell)
                for mark in MARK.findall(cell):
                    planted = hostile.words.of[mark]
                    assert planted.replace("'", "") in cell.replace("'", ""), (address, cell)


def test_a_workbook_holds_texts_and_numbers_only(hostile: Walked) -> None:
    some = files(hostile, "xlsx")
    assert len(some) > 20
    for address, content in some.items():
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheets = [name for name in book.namelist() if name.endswith(".xml")]
            parts = {name: ElementTree.fromstring(book.read(name)) for name in sheets}  # noqa: S314
            rels = b"".join(book.read(name) for name in book.namelist() if name.endswith(".rels"))
        assert b"TargetMode" not in rels, address
        for name, root in parts.items():
            tags = {each.tag.split("}")[1] for each in root.iter()}
            assert not tags & {"f", "hyperlink", "oleObject", "externalReference"}, (address, name)
            for each in root.iter("{*}t"):
                for mark in MARK.findall(each.text or ""):
                    # As Excel reads it: _x005F_ is the underscore of what looks like an escape.
                    told = (each.text or "").replace("_x005F_", "_")
                    assert hostile.words.of[mark] in told, (address, told)


def test_geopackage_and_parquet_hold_the_texts_whole(hostile: Walked, tmp_path: Path) -> None:
    tables = {}
    for address, content in files(hostile, "gpkg").items():
        if address.startswith("/dati/"):
            path = tmp_path / "layer.gpkg"
            path.write_bytes(content)
            tables[address] = gpd.read_file(path).drop(columns="geometry")
    for address, content in files(hostile, "parquet").items():
        table = pq.read_table(io.BytesIO(content)).to_pandas()
        tables[address] = table.drop(columns="geometry", errors="ignore")
    assert len(tables) == 11
    marks = set()
    for table in tables.values():
        for column in table.columns:
            for text in table[column].dropna().astype(str):
                marks |= assert_whole(hostile.words, text)
    assert len(marks) > 250


def test_no_header_carries_a_text_of_the_data(hostile: Walked) -> None:
    for address, answer in hostile.answers.items():
        for name, value in answer.headers:
            assert value.isascii(), (address, name, value)
            assert value.isprintable(), (address, name, value)
            assert not MARK.search(value), (address, name, value)
        told = answer.headers.get("Content-Disposition")
        if told:
            assert re.fullmatch(r'attachment; filename="[a-z0-9_.-]+"', told), (address, told)


def test_nothing_is_logged_of_what_the_data_say(hostile: Walked) -> None:
    assert [record.getMessage() for record in hostile.logged] == []


REFLECTING = (
    "/cerca?q={}",
    "/cerca.json?q={}",
    "/vicino?q={}",
    "/vicino?lon=9.605&lat=45.705&nome={}",
    "/vicino?lon={}&lat=1",
    "/copertura/?indirizzo={}",
    "/copertura/?chiudi={}&tipo=parco",
    "/copertura/?aggiungi={}",
    "/?tipo={}",
    "/?misura={}&strati={}",
    "/luoghi/?pagina={}",
    "/quartieri/confronto/?quartiere={}",
    "/beni-comuni/?fase={}",
    "/quartieri/{}/",
    "/luoghi/x:{}/",
    "/{}",
)
ASKING_THE_API = (
    "/api/collections/{}?f=html",
    "/api/collections?f={}",
    "/api/collections/luoghi/items?nome={}&f=html",
    "/api/collections/luoghi/items?bbox={}&f=html",
    "/api/collections/luoghi/items/{}?f=html",
    "/api/collections/luoghi/items?{}=1",
    "/api/?lang={}&f=html",
)


def reflected(app: Flask, texts: tuple[str, ...]) -> dict[str, TestResponse]:
    client, answers = app.test_client(), {}
    patterns = (*REFLECTING, *ASKING_THE_API)
    for at, text in enumerate(texts):
        # Each way meets a third of the texts.
        for pattern in patterns[at % 3 :: 3] if len(texts) > 3 else patterns:
            prefix = "" if pattern.startswith("/api") else LANGUAGES[at % 3]
            address = prefix + pattern.replace("{}", quote(text[:90], safe=""))
            answers[address] = client.get(address)
    return answers


@pytest.mark.browser
def test_what_an_address_says_comes_back_as_text_or_not_at_all(
    hostile: Walked, twins: Pages, bench: Page
) -> None:
    answers = reflected(hostile.app, hostile_city.PAYLOADS)
    plain = reflected(hostile.app, ("parola", "word", "mot"))
    for address, answer in answers.items():
        assert answer.status_code < 500, address
        assert_nothing_evaluated(answer.data, address)
        for name, value in answer.headers:
            assert not re.search(r"[\r\n]", value), (address, name)
        assert "Set-Cookie" not in answer.headers
    both = [*plain.items(), *answers.items()]
    for _, answer in both:
        assert urlsplit(answer.location or "").netloc in ("", "localhost"), answer.location
    pages = [(at, each) for at, each in both if each.mimetype == "text/html"]
    some = [(at, each) for at, each in pages if each.location is None]
    done = dom.parse(bench, [(each.text, each.mimetype) for _, each in some])
    known = {key for page in twins.values() for key in page.shape}
    known |= {
        key for (at, _), page in zip(some, done, strict=True) if at in plain for key in page.shape
    }
    for (address, _), page in zip(some, done, strict=True):
        assert page.shape.keys() <= known, (address, page.shape.keys() - known)
        for link in page.links:
            assert not re.match(r"\s*(javascript|data|vbscript):", unquote(link), re.I), address
    for answer in answers.values():
        if answer.mimetype.endswith("json"):
            json.loads(answer.data)


def test_the_tests_of_this_file_can_fail() -> None:
    """What they look for is found where it is."""
    words = Words(harmless=False)
    planted = words.text("x", 0)
    with pytest.raises(AssertionError):
        assert_whole(words, planted[3:])
    with pytest.raises(AssertionError):
        assert_nothing_evaluated(PRODUCT.encode(), "here")
    assert _FORMULA.search("x;=1+1")
    assert str(eval(hostile_city.SUM)) == PRODUCT  # noqa: S307 - our own sum
