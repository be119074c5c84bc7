"""Tile servers that go wrong, each in its own way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PNG = b"\x89PNG\r\n\x1a\n a real tile"
Answer = Callable[[BaseHTTPRequestHandler], None]


class Upstream(ThreadingHTTPServer):
    """A server that answers each request with `answer`, and notes what was requested."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.requested: list[str] = []
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
            upstream.requested.append(self.path)
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


def well(request: BaseHTTPRequestHandler) -> None:
    """A tile, at once."""
    _send(request, PNG)


def late(seconds: float) -> Answer:
    """A tile, after some seconds."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        _send(request, PNG)

    return answer


def drop_by_drop(request: BaseHTTPRequestHandler) -> None:
    """A tile of which each byte comes in time, and the last one never."""
    request.send_response(200)
    request.end_headers()
    for _ in range(100):
        request.wfile.write(b"\x89")
        request.wfile.flush()
        time.sleep(0.2)


def header_by_header(request: BaseHTTPRequestHandler) -> None:
    """Headers that don't end."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        request.wfile.write(b"X-%d: more\r\n" % number)
        request.wfile.flush()
        time.sleep(0.2)


def endless(request: BaseHTTPRequestHandler) -> None:
    """A tile of a gigabyte."""
    request.send_response(200)
    request.end_headers()
    for _ in range(1000):
        request.wfile.write(PNG + bytes(1_000_000))


def another_type(request: BaseHTTPRequestHandler) -> None:
    """A page instead of a tile."""
    _send(request, b"<html>Log in to the network</html>")


def cut_off(request: BaseHTTPRequestHandler) -> None:
    """Less than was promised."""
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    request.wfile.write(PNG)


def nonsense(request: BaseHTTPRequestHandler) -> None:
    """No HTTP at all."""
    request.wfile.write(b"\x00\x01\x02 tile tile tile\r\n\r\n")


def broken(request: BaseHTTPRequestHandler) -> None:
    """An error of the server."""
    request.send_error(503)


def circling(request: BaseHTTPRequestHandler) -> None:
    """A redirection to itself."""
    request.send_response(302)
    request.send_header("Location", request.path)
    request.end_headers()


def _send(request: BaseHTTPRequestHandler, body: bytes) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
