"""Nothing of a visitor stays on the server: looked for after a real visit, in every place."""

import logging
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from flask import Flask

from tests.helpers.cities import small_city
from tests.helpers.pages.browser import Open
from tests.helpers.servers.app_server import raw_answer, serving
from tests.helpers.servers.processes import free_port
from tests.helpers.servers.redis_server import SECRET, redis_server
from web.pages import quartieri
from web.server.log_privacy import withhold

# What the visit says of the visitor, in words found nowhere else.
WORDS = ["Kowalczyk", "Zwetschgenweg", "Quetzalcoatl"]
AGENT = "Watermelon/7.4"
POINT = {"longitude": 9.60512, "latitude": 45.70534}
# As the browser sends it on, and what it was before.
TRACES = [*WORDS, AGENT, "Watermelon", "9.605", "45.705", "9.60512", "45.70534"]


class Tiles(BaseHTTPRequestHandler):
    """An upstream with a tile for everyone."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(b"\x89PNG\r\n\x1a\n a tile")

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def upstream() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="there is no redis-server here")
def test_after_a_visit_nothing_of_the_visitor_is_left(
    visit: Open, tmp_path: Path, upstream: str
) -> None:
    log, port = tmp_path / "log", free_port()
    program = tmp_path / "failing.py"
    program.write_text(FAILING)
    settings = {
        "TILE_UPSTREAM": upstream,
        "TILE_CACHE": str(tmp_path / "instance" / "tiles"),
        "RATE_LIMIT_STORAGE": f"redis://127.0.0.1:{port}",
        "RATE_LIMIT_SECRET": SECRET,
        # The visitor comes from the machine itself, and is to be counted all the same.
        "TRUSTED_PROXIES": "1",
    }
    data = small_city.write(tmp_path / "data")
    with (
        redis_server(tmp_path, port) as counts,
        serving(data, log, program, **settings) as address,
    ):
        look_around(visit, address)
        misbehave(address)
        kept = b"".join(key + (counts.get(key) or b"") for key in counts.scan_iter())
    assert b"quartieri" in kept
    instance = [each for each in (tmp_path / "instance").rglob("*") if each.is_file()]
    assert instance
    logged = log.read_text()
    assert "Error while answering" in logged
    places = {
        "Redis": kept.decode(),
        "the log": logged.replace(address, ""),
        **{each.name: each.read_bytes().decode("latin-1") for each in instance},
    }
    for place, text in places.items():
        found = [trace for trace in TRACES if trace.casefold() in text.casefold()]
        assert found == [], place
        if place != "tiles.sqlite":
            assert "127.0.0.1" not in text, place


# The server as it is, with one page that breaks: its error repeats what was asked.
FAILING = """
from flask import request

from app import create_app
from web.pages import quartieri
from web.server.serve import serve


def broken(*_):
    raise RuntimeError(f"{request.url} {request.remote_addr} {request.user_agent}")


quartieri.counts.profile = broken
if __name__ == "__main__":
    serve(create_app)
"""


def look_around(visit: Open, address: str) -> None:
    """A visitor searches, asks what is near, what if, takes a file, goes astray."""
    window = visit(address, user_agent=AGENT, geolocation=POINT, permissions=["geolocation"])
    page = window.open(f"/cerca?q={WORDS[0]}")
    assert WORDS[0] in page.content()
    window.open("/vicino")
    page.get_by_role("button", name=re.compile("posizione")).first.click()
    page.wait_for_url(re.compile(r"lon=9\.6"))
    page.wait_for_load_state("networkidle")
    window.open("/vicino?q=Via+Roma")
    window.open(f"/copertura/?tipo=parco&aggiungi=9.60512,45.70534&indirizzo={WORDS[1]}")
    table = "/copertura/tabella.csv?tipo=parco&aggiungi=9.60512,45.70534"
    assert page.request.get(address + table).status == 200
    for path, status in (
        (f"/{WORDS[2]}", 404),
        (f"/?tipo={WORDS[2]}", 400),
        (f"/api/collections/luoghi/items?sortby={WORDS[2]}", 400),
        (f"/quartieri/nord/?solo=parco&x={WORDS[2]}", 500),
    ):
        assert page.request.get(address + path).status == status


def misbehave(address: str) -> None:
    """Someone sends what is no request, and leaves in the middle of one."""
    word = WORDS[2].encode()
    raw_answer(address, word + b" nonsense\r\n\r\n")
    raw_answer(address, b"GET /?q=" + word * 1000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    raw_answer(
        address, b"GET /?q=" + word + b" HTTP/1.1\r\nHost: a b\r\nX y: " + word + b"\r\n\r\n"
    )
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /cerca?q=" + word)


def test_an_error_is_logged_with_its_lines_and_not_with_its_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        try:
            raise KeyError(WORDS[0])
        except KeyError as error:
            raise RuntimeError(WORDS[1]) from error

    monkeypatch.setattr(quartieri.counts, "profile", broken)
    answer = app.test_client().get("/quartieri/nord/?solo=parco&x=Quetzalcoatl")
    assert answer.status_code == 500
    (record,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
    logged = logging.Formatter().format(record)
    assert "it.quartieri.quartiere" in logged
    assert "in broken" in logged
    assert re.search(r"KeyError\n[\s\S]*RuntimeError$", logged)
    assert not any(word in logged for word in WORDS)


def test_errors_of_the_server_itself_keep_their_words() -> None:
    try:
        raise ValueError("places.geojson, row 7")
    except ValueError as error:
        found = (type(error), error, error.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "Reading new data failed", (), found)
    assert withhold(record)
    assert "places.geojson, row 7" in logging.Formatter().format(record)


@pytest.mark.parametrize(
    ("page", "kept_by"),
    [
        ("/cerca?q=via", "private, no-cache"),
        ("/cerca.json?q=via", "private, no-cache"),
        ("/vicino?q=niente", "private, no-store"),
        ("/vicino?lon=9.605&lat=45.705", "private, no-cache"),
        ("/copertura/?indirizzo=via", "private, no-store"),
    ],
)
def test_no_cache_in_between_keeps_what_someone_typed(app: Flask, page: str, kept_by: str) -> None:
    assert app.test_client().get(page).headers["Cache-Control"] == kept_by


@pytest.mark.parametrize(
    ("prefix", "told"),
    [("", "per un minuto si contano"), ("/en", "counted for a minute"), ("/fr", "une minute")],
)
def test_the_page_tells_what_is_counted_in_each_language(
    app: Flask, prefix: str, told: str
) -> None:
    page = app.test_client().get(f"{prefix}/informazioni/").text
    assert told in page.partition('id="privacy"')[2]
