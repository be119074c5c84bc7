"""Clients that take for ever keep nobody else waiting, and are cut off."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import requests

from tests.helpers.paths import ROOT
from tests.helpers.servers.app_server import said, serving

MANY = 50
LARGE = "/dati/celle.geojson"
# Longer than any deadline of the server, and than a busy machine takes to keep it (seconds).
AT_LAST = 60

pytestmark = pytest.mark.browser


# The server as it is, only less patient: or these tests would last minutes.
IMPATIENT = """
from pathlib import Path

exec(Path("gunicorn.conf.py").read_text(), globals())


def post_fork(server, worker):
    from web import patient_worker

    patient_worker.HEAD_S = patient_worker.SEND_S = 3
    patient_worker.SLOWEST_BYTES_S = 1_000_000
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real city, with one worker of four threads."""
    folder = tmp_path_factory.mktemp("slow")
    log, config = folder / "log", folder / "gunicorn.conf.py"
    config.write_text(IMPATIENT)
    with serving(ROOT / "data", log, config) as address:
        yield address
        text = log.read_text()
    assert "Traceback" not in text
    assert "127.0.0.1" not in text.replace(address, "")


@contextmanager
def clients(address: str, sends: bytes, window: int = 0) -> Iterator[list[socket.socket]]:
    """Many clients that have sent something and now wait; `window`: how much they can take."""
    host, port = address.removeprefix("http://").split(":")
    with ExitStack() as stack:
        opened = []
        for _ in range(MANY):
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
        assert requests.get(address + page, timeout=AT_LAST).status_code == 200


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


def test_slow_readers_keep_nobody_waiting(served: str) -> None:
    size = len(requests.get(served + LARGE, timeout=AT_LAST).content)
    # More than what the two machines' own buffers hold.
    times = 10_000_000 // size
    asks = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % LARGE.encode()
    with clients(served, asks * times, window=4096) as waiting:
        assert_served(served)
        # Who is slow and yet reads gets all of it.
        got = 0
        while got < times * size:
            part = waiting[0].recv(1_000_000)
            assert part
            got += len(part)
        # Who takes nothing doesn't.
        time.sleep(6)
        assert_cut_off(waiting[1:], before=times * size)


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
    assert b"Content-Security-Policy" in got


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
def test_what_is_no_request_is_the_askers_fault(served: str, request_: bytes) -> None:
    assert re.match(rb"HTTP/1.1 4\d\d ", said(served, request_))
