"""No visitor steers what the tile proxy fetches, and nothing of theirs goes upstream."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import mercantile
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.effort import short_or_long
from web.maps import tiles

PNG = b"\x89PNG\r\n\x1a\n a real tile"


class Server(ThreadingHTTPServer):
    """A server that notes what it is asked, and answers as a test tells it to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requested: list[tuple[str, dict[str, str]]] = []
        self.status = 200
        self.headers = {"Content-Type": "image/png"}


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requested.append((self.path, dict(self.headers)))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(PNG)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def running() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


upstream = pytest.fixture(running, name="upstream")
other = pytest.fixture(running, name="other")


@pytest.fixture
def client(upstream: Server, tmp_path: Path) -> FlaskClient:
    return create_app(
        {
            "QUARTIERI_DATA": str(small_city.write(tmp_path / "data")),
            "TILE_UPSTREAM": f"http://127.0.0.1:{upstream.server_port}/{{z}}/{{x}}/{{y}}.png",
            "TILE_CACHE": str(tmp_path / "tiles"),
        }
    ).test_client()


def address(zoom: int) -> str:
    tile = mercantile.tile(9.605, 45.705, zoom)
    return f"/tessere/{tile.z}/{tile.x}/{tile.y}.png"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    client: FlaskClient, upstream: Server, other: Server, status: int
) -> None:
    upstream.status = status
    upstream.headers["Location"] = f"http://127.0.0.1:{other.server_port}/secret.png"
    answer = client.get(address(14))
    assert (answer.status_code, answer.data) == (200, tiles.EMPTY)
    assert "Location" not in answer.headers
    assert len(upstream.requested) == 1
    assert other.requested == []


def test_nothing_of_a_visitor_goes_upstream(client: FlaskClient, upstream: Server) -> None:
    told = {
        "Cookie": "secret=1",
        "Authorization": "Basic secret",
        "Referer": "http://localhost/vicino?q=secret",
        "User-Agent": "secret browser",
        "Accept-Language": "secret",
        "X-Forwarded-For": "203.0.113.9",
        "X-Secret": "secret",
        "Host": "secret.example",
    }
    client.get(f"{address(14)}?q=secret&url=http://secret.example", headers=told)
    ((path, headers),) = upstream.requested
    assert path == address(14).removeprefix("/tessere")
    assert not re.search(r"secret|203\.0", str(headers))
    assert headers["User-Agent"] == tiles.USER_AGENT


def test_the_upstream_cannot_tell_visitors_apart(client: FlaskClient, upstream: Server) -> None:
    upstream.headers["Set-Cookie"] = "id=1; Path=/"
    for zoom in (13, 14, 15):
        assert "Set-Cookie" not in client.get(address(zoom)).headers
    assert len(upstream.requested) == 3
    assert all("Cookie" not in headers for _path, headers in upstream.requested)


@pytest.mark.parametrize("told", ["text/html", "image/svg+xml", "image/pngx", ""])
def test_what_calls_itself_something_else_is_no_tile(
    client: FlaskClient, upstream: Server, told: str
) -> None:
    upstream.headers["Content-Type"] = told
    assert client.get(address(14)).data == tiles.EMPTY
    # Nor is it kept for one.
    upstream.headers["Content-Type"] = "image/png"
    assert client.get(address(14)).data == PNG


NUMBERS = st.one_of(
    st.integers(-5, 300_000).map(str),
    st.sampled_from(["14", "8630", "5850", "1e3", "0x10", "٣", "²", "9" * 50, "", "..", "a", " 1"]),
    st.text(max_size=10),
)


@settings(
    max_examples=short_or_long(50, 500),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parts=st.tuples(NUMBERS, NUMBERS, NUMBERS), scheme=st.sampled_from(["", "@evil.example/"]))
def test_only_tiles_of_the_city_are_fetched(
    client: FlaskClient, upstream: Server, parts: tuple[str, str, str], scheme: str
) -> None:
    path = "/".join(quote(part.encode("utf-8", "surrogatepass")) for part in parts)
    assert client.get(f"/tessere/{scheme}{path}.png").status_code < 500
    for asked, _headers in upstream.requested:
        zoom, column, row = map(int, re.fullmatch(r"/(\d+)/(\d+)/(\d+)\.png", asked, re.A).groups())
        assert tiles.MIN_ZOOM <= zoom <= tiles.MAX_ZOOM
        box = mercantile.bounds(column, row, zoom)
        assert box.west < 9.70 + tiles.MARGIN + 0.01
        assert box.east > 9.60 - tiles.MARGIN - 0.01
        assert box.south < 45.71 + tiles.MARGIN + 0.01
        assert box.north > 45.69 - tiles.MARGIN - 0.01
