"""Tiles come from our own address, and the map survives an upstream that doesn't."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import mercantile
import pytest
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city
from web.maps import tiles

PNG = b"\x89PNG\r\n\x1a\n a real tile"


class Upstream(ThreadingHTTPServer):
    """A tile server of our own, which answers as a test tells it to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requested: list[tuple[str, str | None]] = []
        self.answer: tuple[int, bytes] = (200, PNG)


class Handler(BaseHTTPRequestHandler):
    server: Upstream

    def do_GET(self) -> None:
        self.server.requested.append((self.path, self.headers["User-Agent"]))
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    server = Upstream()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(upstream: Upstream, tmp_path: Path) -> FlaskClient:
    address = f"http://127.0.0.1:{upstream.server_port}/{{z}}/{{x}}/{{y}}.png"
    return create_app(
        {
            "QUARTIERI_DATA": str(small_city.write(tmp_path / "data")),
            "TILE_UPSTREAM": address,
            "TILE_CACHE": str(tmp_path / "tiles"),
        }
    ).test_client()


def tile_address(lon: float = 9.605, lat: float = 45.705, zoom: int = 14) -> str:
    tile = mercantile.tile(lon, lat, zoom)
    return f"/tessere/{tile.z}/{tile.x}/{tile.y}.png"


def test_a_tile_is_fetched_once_and_then_cached(client: FlaskClient, upstream: Upstream) -> None:
    for _ in range(3):
        answer = client.get(tile_address())
        assert (answer.status_code, answer.data, answer.mimetype) == (200, PNG, "image/png")
    assert "max-age=604800" in answer.headers["Cache-Control"]
    assert [path for path, _ in upstream.requested] == [tile_address().removeprefix("/tessere")]
    assert upstream.requested[0][1] == tiles.USER_AGENT


def test_the_map_names_our_own_tiles(client: FlaskClient) -> None:
    script = client.get("/mappa/citta/mappa.js").text
    assert "/tessere/{z}/{x}/{y}.png" in script
    assert "127.0.0.1" not in script


@pytest.mark.parametrize(
    "address",
    [
        tile_address(lon=2.35, lat=48.85),
        tile_address(zoom=10),
        tile_address(zoom=19),
        "/tessere/14/-1/5.png",
        "/tessere/14/99999999999999999999/5.png",
        "/tessere/14/1/..%2f..%2fetc.png",
        "/tessere/14/8600/5800.jpg",
    ],
)
def test_nothing_but_the_city_is_fetched(
    client: FlaskClient, upstream: Upstream, address: str
) -> None:
    assert client.get(address).status_code == 404
    assert upstream.requested == []


@pytest.mark.parametrize(
    "answer",
    [(500, b"broken"), (404, b"none"), (200, b"<html>not a tile"), (200, PNG + b"0" * 400_000)],
)
def test_a_failing_upstream_gives_an_empty_tile(
    client: FlaskClient, upstream: Upstream, answer: tuple[int, bytes]
) -> None:
    upstream.answer = answer
    got = client.get(tile_address())
    assert (got.status_code, got.data, got.mimetype) == (200, tiles.EMPTY, "image/png")
    assert got.headers["Cache-Control"] == "no-store"


def test_an_answer_that_is_no_tile_is_not_cached(client: FlaskClient, upstream: Upstream) -> None:
    upstream.answer = (200, b"<html>not a tile")
    client.get(tile_address())
    upstream.answer = (200, PNG)
    assert client.get(tile_address()).data == PNG


def test_after_a_failure_the_upstream_is_left_alone(
    client: FlaskClient, upstream: Upstream
) -> None:
    kept, other = tile_address(), tile_address(zoom=15)
    assert client.get(kept).data == PNG
    upstream.answer = (500, b"broken")
    for _ in range(3):
        assert client.get(other).data == tiles.EMPTY
    assert len(upstream.requested) == 2
    assert client.get(kept).data == PNG


def test_a_dead_upstream_gives_an_empty_tile(tmp_path: Path) -> None:
    client = create_app(
        {
            "QUARTIERI_DATA": str(small_city.write(tmp_path / "data")),
            "TILE_UPSTREAM": "http://127.0.0.1:9/{z}/{x}/{y}.png",
            "TILE_CACHE": str(tmp_path / "tiles"),
        }
    ).test_client()
    for zoom in (12, 13, 13):
        assert client.get(tile_address(zoom=zoom)).data == tiles.EMPTY
