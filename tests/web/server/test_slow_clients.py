"""Clients that take for ever keep nobody else waiting, and are cut off."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import requests

from tests.helpers.paths import ROOT
from tests.helpers.servers.app_server import raw_answer, serving
from tests.helpers.servers.processes import wait_until

MANY = 200
LARGE = "/dati/celle.geojson"
FORM = "/modulo"
# Longer than any deadline of the server, and than a busy machine takes to keep it (seconds).
AT_LAST = 60
# What a visitor may wait for a page, on a busy machine, while the slow ones are there (seconds).
NOT_LONG = 20

pytestmark = pytest.mark.browser


# The server as it is, only less patient (or these tests would last minutes), and with a form.
IMPATIENT = """
from flask import request

from app import create_app
from web.server import bodies, serve

serve.HEAD_MS, serve.UNREAD_S, bodies.READ_S = 3000, 3, 5


def with_form():
    app = create_app()

    @app.post("/modulo")
    @bodies.takes_body(5000)
    def form():
        return f"{len(request.get_data())}"

    return app


if __name__ == "__main__":
    serve.serve(with_form)
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real city, with one worker."""
    folder = tmp_path_factory.mktemp("slow")
    log, program = folder / "log", folder / "impatient.py"
    program.write_text(IMPATIENT)
    with serving(ROOT / "data", log, program) as address:
        yield address
        text = log.read_text()
    assert "Traceback" not in text
    assert "127.0.0.1" not in text.replace(address, "")


@contextmanager
def clients(
    address: str, sends: bytes, window: int = 0, many: int = MANY
) -> Iterator[list[socket.socket]]:
    """Many clients that have sent something and now wait; `window`: how much they can take."""
    host, port = address.removeprefix("http://").split(":")
    with ExitStack() as stack:
        opened = []
        for _ in range(many):
            client = stack.enter_context(socket.socket())
            client.settimeout(AT_LAST)
            if window:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            client.connect((host, int(port)))
            client.sendall(sends)
            opened.append(client)
        yield opened


def assert_served(address: str) -> None:
    """Someone else gets pages: from memory, and made anew."""
    for page in ("/", f"/cerca?q={time.monotonic_ns()}"):
        assert requests.get(address + page, timeout=NOT_LONG).status_code == 200


def assert_cut_off(waiting: list[socket.socket], *, before: int | None = None) -> None:
    """Each connection ends; `before` it has brought so many bytes."""
    for client in waiting:
        got = 0
        with suppress(ConnectionResetError):
            while part := client.recv(65536):
                got += len(part)
        assert before is None or got < before


@pytest.mark.parametrize(
    "sends",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"\r\n\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n",
    ],
    ids=["nothing", "half a head", "empty lines", "half a second request"],
)
def test_slow_requests_keep_nobody_waiting(served: str, sends: bytes) -> None:
    with clients(served, sends) as waiting:
        assert_served(served)
        assert_cut_off(waiting)


def test_who_never_closes_keeps_nobody_waiting(served: str) -> None:
    asks = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with clients(served, asks) as waiting:
        assert_served(served)
        assert_cut_off(waiting)


@pytest.mark.parametrize(
    "body", [b"Content-Length: 1000000\r\n\r\nx", b"Transfer-Encoding: chunked\r\n\r\n5\r\nx"]
)
@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_slow_bodies_keep_nobody_waiting(served: str, method: bytes, body: bytes) -> None:
    with clients(served, method + b" / HTTP/1.1\r\nHost: localhost\r\n" + body) as waiting:
        assert_served(served)
        assert_cut_off(waiting)


FORM_HEAD = b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000\r\n\r\n" % FORM.encode()


def test_forms_that_come_a_byte_a_second_keep_nobody_waiting(served: str) -> None:
    with clients(served, FORM_HEAD) as waiting:
        assert_served(served)
        for _ in range(8):
            for client in waiting:
                # Who was refused may have gone already.
                with suppress(BrokenPipeError, ConnectionResetError):
                    client.sendall(b"x")
            time.sleep(1)
        assert_served(served)
        statuses = [status_of(client) for client in waiting]
    # A few were waited for, until the deadline; the others were told to come back.
    assert statuses.count(408) == 4
    assert statuses.count(503) == MANY - 4
    assert_forms_are_taken(served)


def test_forms_that_never_come_keep_nobody_waiting(served: str) -> None:
    with clients(served, FORM_HEAD) as waiting:
        assert_served(served)
        assert requests.post(served + FORM, data=b"x", timeout=NOT_LONG).status_code == 503
        assert len(waiting) == MANY
    # The server hears a moment later that they have left.
    form = served + FORM
    wait_until(
        lambda: requests.post(form, data=b"x", timeout=NOT_LONG).status_code == 200, NOT_LONG
    )
    assert_forms_are_taken(served)


def status_of(client: socket.socket) -> int:
    return int(client.recv(65536)[9:12])


def assert_forms_are_taken(address: str) -> None:
    for length in (3000, 5000):
        sent = requests.post(address + FORM, data=b"x" * length, timeout=NOT_LONG)
        assert (sent.status_code, sent.text) == (200, str(length))


def test_a_route_says_how_large_a_body_it_takes(served: str) -> None:
    assert requests.post(served + FORM, data=b"x" * 5001, timeout=NOT_LONG).status_code == 413
    assert requests.post(served + "/", data=b"x" * 1025, timeout=NOT_LONG).status_code == 413
    assert requests.post(served + "/", data=b"x" * 1024, timeout=NOT_LONG).status_code == 405
    chunks = iter([b"x"])
    assert requests.post(served + FORM, data=chunks, timeout=NOT_LONG).status_code == 411


def test_slow_readers_keep_nobody_waiting(served: str) -> None:
    size = len(requests.get(served + LARGE, timeout=AT_LAST).content)
    # More than what the two machines' own buffers hold.
    times = 10_000_000 // size
    asks = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % LARGE.encode()
    with clients(served, asks * times, window=4096) as waiting:
        assert_served(served)
        # Who takes nothing is cut off.
        time.sleep(6)
        assert_cut_off(waiting, before=times * size)
    with clients(served, asks * times, window=65_536, many=1) as waiting:
        # Who is slow and yet reads gets all of it.
        got = 0
        while got < times * size:
            part = waiting[0].recv(65_536)
            assert part
            got += len(part)
            time.sleep(0.02)


def test_many_requests_on_one_connection_are_answered_in_turn(served: str) -> None:
    asks = b"".join(
        b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % page
        for page in (b"/salute", b"/niente") * 3
    )
    last = b"GET /salute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with clients(served, asks + last) as waiting:
        got = b""
        while part := waiting[0].recv(65536):
            got += part
    assert re.findall(rb"HTTP/1\.1 (\d+)", got) == [b"200", b"404"] * 3 + [b"200"]


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 200_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"GET /?q=" + b"y" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"y" * 1_000_000,
    ],
    ids=["many headers", "a long header", "a long address", "no request at all"],
)
def test_a_megabyte_of_head_is_refused(served: str, request_: bytes) -> None:
    assert re.match(rb"HTTP/1.1 4\d\d ", answer_to(served, request_))
    assert_served(served)


def test_a_megabyte_of_body_is_refused(served: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    got = answer_to(served, head + b"y" * 1_000_000)
    assert got.startswith(b"HTTP/1.1 413 ")
    assert b"content-security-policy: " in got


def answer_to(address: str, request_: bytes) -> bytes:
    """Return what comes back, also when the server stops listening before all is said."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=AT_LAST) as client:
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(request_)
        return client.recv(65536)


@pytest.mark.parametrize(
    "request_",
    [
        b"\xff\xfe\x00\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_a_malformed_request_is_a_client_error(served: str, request_: bytes) -> None:
    # What isn't HTTP/1 at all gets no answer, only the end of the connection.
    assert re.match(rb"HTTP/1.1 4\d\d |$", raw_answer(served, request_))
