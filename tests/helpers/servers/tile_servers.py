"""Tile servers that go wrong, each in its own way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PNG = b"\x89PNG\r\n\x1a\n a real tile"
Answer = Callable[[BaseHTTPRequestHandler], None]


class Upstream(ThreadingHTTPServer):
    """A server that answers each request with `answer`, and notes what it was asked."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0
        self.counting = threading.Lock()

    @property
    def template(self) -> str:
        """The setting TILE_UPSTREAM for this server."""
        return f"http://127.0.0.1:{self.server_port}/{{z}}/{{x}}/{{y}}.png"

    def handle_error(self, *_: object) -> None:
        """Whoever doesn't wait for the end is right to."""


class _Handler(BaseHTTPRequestHandler):
    server: Upstream

    def do_GET(self) -> None:
        upstream = self.server
        with upstream.counting:
            upstream.asked.append(self.path)
            upstream.at_once += 1
            upstream.most_at_once = max(upstream.most_at_once, upstream.at_once)
        try:
            upstream.answer(self)
        finally:
            with upstream.counting:
                upstream.at_once -= 1

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def upstream(answer: Answer) -> Iterator[Upstream]:
    """Run a tile server that answers so."""
    server = Upstream(answer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def well(asked: BaseHTTPRequestHandler) -> None:
    """A tile, at once."""
    _say(asked, PNG)


def late(seconds: float) -> Answer:
    """A tile, after some seconds."""

    def answer(asked: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        _say(asked, PNG)

    return answer


def drop_by_drop(asked: BaseHTTPRequestHandler) -> None:
    """A tile of which each byte comes in time, and the last one never."""
    asked.send_response(200)
    asked.end_headers()
    for _ in range(100):
        asked.wfile.write(b"\x89")
        asked.wfile.flush()
        time.sleep(0.2)


def header_by_header(asked: BaseHTTPRequestHandler) -> None:
    """Headers that don't end."""
    asked.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        asked.wfile.write(b"X-%d: more\r\n" % number)
        asked.wfile.flush()
        time.sleep(0.2)


def endless(asked: BaseHTTPRequestHandler) -> None:
    """A tile of a gigabyte."""
    asked.send_response(200)
    asked.end_headers()
    for _ in range(1000):
        asked.wfile.write(PNG + bytes(1_000_000))


def another_type(asked: BaseHTTPRequestHandler) -> None:
    """A page instead of a tile."""
    _say(asked, b"<html>Log in to the network</html>")


def cut_off(asked: BaseHTTPRequestHandler) -> None:
    """Less than was promised."""
    asked.send_response(200)
    asked.send_header("Content-Length", "5000")
    asked.end_headers()
    asked.wfile.write(PNG)


def nonsense(asked: BaseHTTPRequestHandler) -> None:
    """No HTTP at all."""
    asked.wfile.write(b"\x00\x01\x02 tile tile tile\r\n\r\n")


def broken(asked: BaseHTTPRequestHandler) -> None:
    """An error of the server."""
    asked.send_error(503)


def circling(asked: BaseHTTPRequestHandler) -> None:
    """A redirection to itself."""
    asked.send_response(302)
    asked.send_header("Location", asked.path)
    asked.end_headers()


def _say(asked: BaseHTTPRequestHandler, body: bytes) -> None:
    asked.send_response(200)
    asked.send_header("Content-Length", str(len(body)))
    asked.end_headers()
    asked.wfile.write(body)
