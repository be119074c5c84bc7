"""Every answer carries the headers that keep a page from doing what it isn't meant to."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page
from web.server.bodies import LARGEST_BODY
from web.server.security import EMBED_HEADERS, HEADERS, OPEN_HEADERS, POSITION_HEADERS

ANSWERS = {
    "/": 200,
    "/niente": 404,
    "/en/?tipo=discoteca": 400,
    "/quartieri": 308,
    "/cerca?q=via": 200,
    "/cerca.json?q=via": 200,
    "/vicino?lon=9.6&lat=45.7": 200,
    "/copertura/tabella.csv": 200,
    "/copertura/mappa.svg": 200,
    "/mappa/citta/mappa.js": 200,
    "/static/dist/manifest.json": 200,
    "/static/niente.css": 404,
    "/tessere/14/1/1.png": 404,
    "/api/": 200,
    "/api/collections/atlantide": 404,
    "/dati/luoghi.csv": 200,
    "/dati/niente.csv": 404,
    "/dati/catalogo.ttl": 200,
    "/embed/": 200,
    "/embed/quartieri/ovest/": 404,
    "/robots.txt": 200,
    "/salute": 200,
}
# What anyone's page may read.
OPEN = ("/api/", "/dati/luoghi", "/dati/niente", "/dati/catalogo")
METHODS = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "PIPPO"]


def expected(address: str, status: int) -> dict[str, str]:
    headers = dict(HEADERS)
    if address.startswith(OPEN):
        headers |= OPEN_HEADERS
    if address.startswith("/vicino"):
        headers |= POSITION_HEADERS
    if address.startswith("/embed") and status == 200:
        headers |= EMBED_HEADERS
    return headers


@pytest.mark.parametrize("address", ANSWERS)
@pytest.mark.parametrize("encoding", ["identity", "br"])
def test_every_answer_is_strict(client: FlaskClient, address: str, encoding: str) -> None:
    status = ANSWERS[address]
    for _time in ("made", "from memory"):
        answer = client.get(address, headers={"Accept-Encoding": encoding})
        assert answer.status_code == status
        got = {name: answer.headers.get(name) for name in HEADERS}
        assert got == {name: expected(address, status)[name] for name in HEADERS}
        assert ("Access-Control-Allow-Origin" in answer.headers) == address.startswith(OPEN)
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", ["/", "/mappa/citta/mappa.js", "/dati/luoghi.csv"])
def test_what_has_not_changed_stays_as_strict_as_it_was(client: FlaskClient, address: str) -> None:
    """A browser keeps the headers of the answer that it has, but for those that a 304 brings."""
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    kept = {**first.headers, **again.headers}
    assert expected(address, 200).items() <= kept.items()


@pytest.mark.parametrize("cookie", ["session=x", "a=b; " * 500, "session=.eJwrSi0sTS0GAAyJAzM"])
def test_no_cookie_is_read_and_none_is_set(client: FlaskClient, cookie: str) -> None:
    plain = client.get("/reti/")
    asked = client.get("/reti/", headers={"Cookie": cookie})
    assert asked.data == plain.data
    assert "Set-Cookie" not in asked.headers
    assert "Cookie" not in asked.headers.get("Vary", "")


@pytest.mark.parametrize(("public", "promised"), [("https", True), ("http", False)])
def test_only_a_site_under_https_is_promised_to_stay_so(
    tmp_path: Path, public: str, promised: bool
) -> None:
    folder = str(small_city.write(tmp_path))
    app = create_app({"QUARTIERI_DATA": folder, "PUBLIC_URL": f"{public}://a.example"})
    client = app.test_client()
    for address in ("/", "/niente", "/static/dist/manifest.json"):
        answer = client.get(address)
        assert ("Strict-Transport-Security" in answer.headers) == promised


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_writing_is_refused_in_words(client: FlaskClient, method: str, prefix: str) -> None:
    for page in ("/", "/cerca", "/copertura/tabella.csv"):
        answer = client.open(prefix + page, method=method)
        assert answer.status_code == 405
        assert Page(answer.text).language == (prefix.strip("/") or "it")
        assert answer.headers["Allow"]


def test_every_route_can_only_be_read(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods}
    assert methods == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_large_body_is_refused_unread(client: FlaskClient, method: str) -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

    body = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(LARGEST_BODY + 1)}
    answer = client.open("/reti/?of=bodies", method=method, environ_overrides=body)
    assert answer.status_code == 413
    assert Page(answer.text).language == "it"


def test_crawlers_are_excluded_from_endless_addresses(client: FlaskClient) -> None:
    rules = client.get("/robots.txt").text.splitlines()
    for home in ("/", "/en/", "/fr/"):
        for endless in ("copertura/*?", "vicino?", "cerca?"):
            assert f"Disallow: {home}{endless}" in rules
    # What they may find: the pages without a question.
    assert not any(rule.endswith(("/copertura/", "/vicino", "Disallow: /")) for rule in rules)
