"""Whatever anyone asks for, the answer is a page or a file, or says in words what is wrong.

Routes come from the app, and the parameters from what its code reads of them: a new one is
asked for in all these ways without anyone adding it here.
"""

import re
from pathlib import Path
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

import pytest
from flask import Flask, Request
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse, create_environ, run_wsgi_app

from app import create_app
from geo.analysis.coverage_details import MOST_SITES
from geo.model.kinds import STANDARD
from tests.helpers.cities import small_city
from tests.helpers.effort import short_or_long
from tests.helpers.pages.page import Page, get_page
from web.site.i18n import LANGUAGES

PREFIXES = ("", "/en", "/fr")
EXAMPLES = short_or_long(3, 30)
LARGEST = 3_000_000
NASTY = [
    *("", " ", "0", "-0", "-1", "1.5", "1e309", "NaN", "Infinity", "-inf", "0x10", "1_000", "+1"),
    *(
        "9" * 400,
        "９",
        "²",
        "١٢٣",
        "½",
        "\0",
        "a\0b",
        "\x7f",
        "\u202e",
        "\ufeff",
        "\ufffd",
        "🏙" * 9,
    ),
    *("..", "../../etc/passwd", "..\\..\\win.ini", "/etc/passwd", "//evil.example", "%2e%2e%2f"),
    *("{{7*7}}", "{%x%}", "${7*7}", "%(name)s", "%s%n", "{0.__class__}", "'; DROP TABLE x; --"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)"),
    *("x" * 5000, "à" * 1000, ",".join("9.6,45.7" for _ in range(300)), "\r\nSet-Cookie: a=b"),
    *(
        "nan,nan",
        "9.605,45.705",
        "181,91",
        "999,999",
        "9.6",
        "45.7",
        "9,6",
        ",",
        ";",
        "&",
        "=",
        "#",
    ),
]
# What the small city has: so that what comes after a first check is reached, too.
MEANT = [
    *("nord", "est", "ovest", "rete-nord-sud", "osm:node/1", "org:amici", "parco", "biblioteca"),
    *("scuole", "beni-comuni", "uno", "tutti", "residenti", "anziani", "conteggio", "per-1000"),
    *("quota", "scoperti", "verde", "nome", "su", "500", "5000", "1", "3", "nessuno", "via roma"),
    *("proposta", "luoghi", "quartieri", "legami", "celle", "html", "json", "9.605", "45.705"),
]
# What steers Flask's and pygeoapi's own functions, if it gets that far.
FOREIGN = ["_external", "_scheme", "_anchor", "_method", "v", "f", "lang", "limit", "offset"]
FOREIGN += ["bbox", "datetime", "crs", "bbox-crs", "sortby", "properties", "filter", "q", "x"]
FOREIGN += ["skipGeometry", "resulttype", "filter-lang", "codice", "superficie_m2"]

WORDS = st.one_of(
    st.sampled_from(NASTY + MEANT).map(str.encode),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.floats().map(lambda number: str(number).encode()),
    st.integers().map(lambda number: str(number).encode()),
    st.binary(max_size=12),
)
PREFIXED = st.sampled_from(PREFIXES)
PARTS = st.one_of(st.sampled_from(MEANT).map(str.encode), WORDS)


def made(folder: Path) -> Flask:
    return create_app({"QUARTIERI_DATA": str(small_city.write(folder)), "TILE_UPSTREAM": ""})


class Noting(ImmutableMultiDict):
    """The parameters of a request, which note the names that the code asks for."""

    asked: set[str] = set()  # noqa: RUF012 - one for all is what is wanted

    def get(self, key, *rest, **more):
        self.asked.add(key)
        return super().get(key, *rest, **more)

    def getlist(self, key, *rest, **more):
        self.asked.add(key)
        return super().getlist(key, *rest, **more)

    def __contains__(self, key):
        self.asked.add(key)
        return super().__contains__(key)


@pytest.fixture(scope="session")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of all parameters that any route reads."""
    app = made(tmp_path_factory.mktemp("names"))

    class NotingRequest(Request):
        parameter_storage_class = Noting

    app.request_class = NotingRequest
    for rule in rules(app):
        path = filled(rule, dict.fromkeys(rule.arguments, b"nord"))
        for query in ("", "lon=9.605&lat=45.705&indirizzo=nord&q=nord"):
            asked(app, path, query)
    found = Noting.asked - {0}
    assert {"tipo", "tipo2", "aggiungi", "chiudi", "lon", "nome", "q", "strati", "pagina"} <= found
    return sorted(found | set(FOREIGN))


def rules(app: Flask) -> list[Rule]:
    """The routes of the pages in Italian, and those that have no language."""
    others = tuple(f"/{code}/" for code in LANGUAGES)
    return [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(others)]


def filled(rule: Rule, values: dict[str, bytes]) -> str:
    """Return the path of a route, percent-encoded, with values in its places."""

    def value(place: re.Match[str]) -> str:
        choice = re.match(r"any\('([^']+)'", place[1] or "")
        if choice and values[place[2]] in map(str.encode, MEANT):
            return choice[1]
        safe = "/" if place[1] == "path:" else ""
        return quote_from_bytes(values[place[2]], safe)

    return re.sub(r"<([^<>]*:)?(\w+)>", value, rule.rule)


def asked(app: Flask, path: str, query: str = "", **headers: str) -> TestResponse:
    """Ask as a server hands a request on: with the bytes of the path, whatever they are."""
    environ = create_environ("/", headers=headers)
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
    environ["QUERY_STRING"] = query
    body, status, answered = run_wsgi_app(app, environ, buffered=True)
    return TestResponse(b"".join(body), status, answered, request=Request(environ))


def assert_sound(answer: TestResponse, path: str, query: str) -> None:
    where = f"{path}?{query}"
    assert answer.status_code < 500, where
    assert "Content-Security-Policy" in answer.headers, where
    assert "Set-Cookie" not in answer.headers, where
    assert len(answer.data) < LARGEST, where
    if 300 <= answer.status_code < 400:
        assert re.match(r"/(?![/\\])", answer.headers.get("Location", "/")), where
    if answer.mimetype == "text/html":
        assert not re.search(r"<script>alert|<img src=x|\b49\b\}", answer.text), where
        assert "Traceback" not in answer.text
    if answer.status_code >= 400 and not path.startswith("/api"):
        assert_in_words(answer, path)


def assert_in_words(answer: TestResponse, path: str) -> None:
    """An error is told by a page (or JSON) in the language of the address."""
    if answer.is_json:
        assert answer.json["error"]["text"]
        return
    language = next((p.strip("/") for p in PREFIXES[1:] if re.match(rf"{p}(/|$)", path)), "it")
    page = Page(answer.text)
    assert page.language == language
    assert page.text("h1")


MANY = settings(max_examples=EXAMPLES, deadline=None)


def queries(names: list[str]) -> st.SearchStrategy[str]:
    """Query strings: any of the names, with any values, once or again and again."""
    pair = st.tuples(st.sampled_from(names), WORDS).map(
        lambda pair: f"{pair[0]}={quote_from_bytes(pair[1])}"
    )
    many = st.tuples(pair, st.integers(2, 80)).map(lambda each: "&".join([each[0]] * each[1]))
    raw = st.sampled_from(["%", "%zz", "=", "&&&", "q=%ff%fe", "q=%u0041", "tipo[]=a", "a" * 4000])
    return st.lists(st.one_of(pair, pair, pair, many, raw), max_size=4).map("&".join)


@pytest.mark.long
def test_every_route_answers_whatever_is_in_its_address(app: Flask, names: list[str]) -> None:
    for rule in rules(app):
        places = st.fixed_dictionaries(dict.fromkeys(sorted(rule.arguments), PARTS))

        @MANY
        @given(rule=st.just(rule), prefix=PREFIXED, values=places, query=queries(names))
        def ask(rule: Rule, prefix: str, values: dict[str, bytes], query: str) -> None:
            path = filled(rule, values)
            assert_sound(asked(app, prefix + path, query), prefix + path, query)

        ask()


@settings(max_examples=short_or_long(40, 400), deadline=None)
@given(
    path=st.one_of(st.text(max_size=60), st.sampled_from(NASTY)), prefix=st.sampled_from(PREFIXES)
)
def test_any_other_address_is_not_found(app: Flask, path: str, prefix: str) -> None:
    whole = f"{prefix}/{quote(path.encode('utf-8', 'surrogatepass'))}"
    assert_sound(asked(app, whole), whole, "")


@settings(max_examples=short_or_long(30, 400), deadline=None)
@given(
    name=st.sampled_from(
        "Accept Accept-Language Accept-Encoding Accept-Charset If-None-Match If-Modified-Since "
        "Range If-Range Cookie Authorization Referer User-Agent Origin Content-Type Expect "
        "X-Forwarded-For X-Forwarded-Proto Forwarded Sec-Fetch-Mode".split()
    ),
    value=st.one_of(
        st.sampled_from([*NASTY, "*/*;q=x", "bytes=0-,5-1", 'W/"', "text/html;" * 400, "en;q=9"]),
        st.text(st.characters(max_codepoint=255), max_size=60),
    ),
    page=st.sampled_from(["/", "/cerca.json?q=via", "/dati/luoghi.csv", "/api/", "/niente"]),
)
def test_no_header_breaks_an_answer(app: Flask, name: str, value: str, page: str) -> None:
    path, _, query = page.partition("?")
    header = value.encode("utf-8", "surrogatepass").decode("latin-1")
    header = re.sub(r"[\r\n\0]", "", header)  # no server hands these on
    assert_sound(asked(app, path, query, **{name: header}), path, query)


TRAVERSALS = [
    f"{base}{up * 8}{file}"
    for base in (
        "/",
        "/static/",
        "/static/dist/",
        "/dati/",
        "/tessere/14/8600/",
        "/api/collections/",
    )
    for up in (
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%5c",
        "..%c0%af",
        "%252e%252e%252f",
        "..//",
    )
    for file in ("etc/passwd", "app.py", "etc/passwd%00.png")
] + [
    *("/static//etc/passwd", "/static/%2fetc%2fpasswd", "/quartieri/..%2f..%2fapp.py/tabella.csv"),
    *("/quartieri/schede.pdf%2f..%2f..%2fapp.py", "/mappa/luoghi/../../app.py/mappa.js"),
    *("/static/.env", "/.git/config", "/data/places.geojson", "/instance/tiles/tiles.sqlite"),
    *("/dati/..%2fdata%2fplaces.geojson", "/dati/%2e%2e/app.csv", "/static/dist/..%2f..%2fapp.py"),
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_file_but_the_sites_own_is_sent(app: Flask, path: str) -> None:
    answer = asked(app, path)
    assert answer.status_code in (308, 400, 404)
    assert "root:" not in answer.text
    assert "def create_app" not in answer.text
    if answer.status_code == 308:
        assert asked(app, answer.headers["Location"]).status_code in (308, 404)


COVERAGE = "/copertura/?tipo=parco"
CLOSED = "iccu:IT-BG0026"


@pytest.mark.parametrize(
    ("page", "most"),
    [
        (lambda n: "/copertura/?" + "&".join(f"aggiungi=9.6{i:02},45.7" for i in range(n)), 10),
        (lambda n: f"{COVERAGE}&" + "&".join("aggiungi=9.605,45.7" for _ in range(n)), 10),
        (lambda n: f"{COVERAGE}&" + "&".join("chiudi=" + CLOSED for _ in range(n)), 10),
        (lambda n: "/copertura/?" + "&".join(f"tipo={slug}" for slug in kinds(n)), 12),
        (lambda n: "/copertura/confronto/?" + "&".join(f"tipo2={slug}" for slug in kinds(n)), 12),
        (lambda n: "/vicino?lon=9.6&lat=45.7&" + "&".join("tipo=parco" for _ in range(n)), 60),
        (lambda n: "/quartieri/confronto/?" + "&".join(f"quartiere={s}" for s in quartieri(n)), 4),
        (lambda n: f"{COVERAGE}&siti={n}", MOST_SITES),
        (lambda n: f"{COVERAGE}&entro={n}", 5000),
        (lambda n: f"{COVERAGE}&indirizzo={'a' * n}", 100),
        (lambda n: f"/cerca?q={'a' * n}", 100),
        (lambda n: f"/vicino?q={'a' * n}", 200),
    ],
)  # fmt: skip
def test_no_question_asks_for_endless_work(bergamo_app: Flask, page, most: int) -> None:
    assert bergamo_app.test_client().get(page(most)).status_code in (200, 302)
    assert get_page(bergamo_app.test_client(), page(most + 1), status=400).text(".lead")


def kinds(number: int) -> list[str]:
    return sorted(STANDARD.slugs)[:number]


def quartieri(number: int) -> list[str]:
    return "loreto colognola celadina redona valtesse longuelo boccaleone".split()[:number]
