"""What is in memory is answered without waiting for anyone, and as by a thread."""

import re
import socket
import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from werkzeug.test import EnvironBuilder

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.servers.app_server import said, serving, started

# As it is, but all threads have something better to do.
BUSY = """
from pathlib import Path

exec(Path("gunicorn.conf.py").read_text(), globals())


def post_worker_init(worker):
    import time

    for _ in range(threads):
        worker.tpool.submit(time.sleep, 600)
"""
BROTLI = {"Accept-Encoding": "br"}


def opened(address: str) -> socket.socket:
    """A connection to a server."""
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def workers(address: str, process: "subprocess.Popen[bytes]") -> str:
    """The processes of a server's workers, once they are there: when one answers."""
    assert requests.get(f"{address}/salute", timeout=30).status_code == 200
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()


def asks(page: str, *headers: str, method: str = "GET") -> bytes:
    """A request as bytes."""
    return "\r\n".join([f"{method} {page} HTTP/1.1", "Host: localhost", *headers, "\r\n"]).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.write(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def busy(folder: Path) -> Iterator[str]:
    """A server that has only what was made before it opened."""
    config, log = folder.parent / "gunicorn.conf.py", folder.parent / "log"
    config.write_text(BUSY)
    settings = {"PUBLIC_URL": "https://a.example", "TRUSTED_HOSTS": "127.0.0.1,localhost"}
    with serving(folder, log, config, **settings) as address:
        yield address
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[str]:
    """A server whose worker nobody brings down."""
    with started(folder, folder.parent / "served") as (address, process):
        first = workers(address, process)
        yield address
        assert workers(address, process) == first
    assert "Traceback" not in (folder.parent / "served").read_text()


def test_kept_pages_need_no_thread(busy: str) -> None:
    page = requests.get(f"{busy}/", headers=BROTLI, timeout=30)
    assert (page.status_code, page.headers["Content-Encoding"]) == (200, "br")
    assert "Content-Security-Policy" in page.headers
    seen = BROTLI | {"If-None-Match": page.headers["ETag"]}
    again = requests.get(f"{busy}/", headers=seen, timeout=30)
    assert (again.status_code, again.content) == (304, b"")
    head = requests.head(f"{busy}/", headers=BROTLI, timeout=30)
    assert (head.headers["ETag"], head.content) == (page.headers["ETag"], b"")


@pytest.mark.parametrize(
    "request_",
    [
        asks("/niente"),
        asks("/", method="POST"),
        asks("/", "Content-Length: 1"),
        asks("/", "Transfer-Encoding: chunked"),
        asks("/", "Expect: 100-continue"),
        asks("/").replace(b"localhost", b"b.example"),
        b"nonsense\r\n\r\n",
    ],
)
def test_all_else_waits_for_a_thread(busy: str, request_: bytes) -> None:
    with opened(busy) as client:
        client.settimeout(0.5)
        client.sendall(request_)
        with pytest.raises(TimeoutError):
            client.recv(1)
    assert requests.get(f"{busy}/", timeout=30).status_code == 200


def test_it_says_the_same_as_a_thread(served: str) -> None:
    made, kept = (requests.get(f"{served}/reti/", headers=BROTLI, timeout=30) for _ in range(2))
    names = made.headers.keys() - {"Date"}
    assert {name: made.headers[name] for name in names} == {
        name: kept.headers[name] for name in names
    }
    assert made.text == kept.text


def test_thousands_of_requests_at_a_time_are_answered_in_turn(served: str) -> None:
    many = 3000
    # Kept and made, mixed: each answer stands where its request stood.
    pages = ["/niente" if number % 500 == 7 else "/reti/" for number in range(many)]
    requests_ = b"".join(asks(page, "Accept-Encoding: br") for page in pages)
    got = bytearray()
    with opened(served) as client, ThreadPoolExecutor(1) as other:
        sending = other.submit(client.sendall, requests_ + asks("/", "Connection: close"))
        while part := client.recv(65536):
            got += part
        sending.result()
    statuses = re.findall(rb"HTTP/1\.1 (\d+) ", bytes(got))
    assert statuses == [b"404" if page == "/niente" else b"200" for page in pages] + [b"200"]


@pytest.mark.parametrize("sends", [b"x" * 40_000, asks("/") * 50, asks("/niente") * 50])
def test_who_leaves_without_a_word_takes_nobody_along(served: str, sends: bytes) -> None:
    for _ in range(50):
        with opened(served) as client:
            # Closed with a reset: the answer has nowhere to go.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(sends)
    assert requests.get(f"{served}/", timeout=30).status_code == 200


def test_a_request_that_gunicorn_cannot_place_harms_nobody(folder: Path, tmp_path: Path) -> None:
    with started(folder, tmp_path / "log", SCRIPT_NAME="/citta") as (address, process):
        first = workers(f"{address}/citta", process)
        for _ in range(3):
            assert said(address, asks("/niente", "Connection: close")).startswith(b"HTTP/1.1 500")
        assert workers(f"{address}/citta", process) == first


def test_behind_a_proxy_it_is_asked_as_the_proxy_says(folder: Path) -> None:
    app = create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": "", "TRUSTED_PROXIES": "1"})
    pages = app.wsgi_app

    def answer(scheme: str) -> list[str] | None:
        headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "192.0.2.1"}
        started: list[str] = []
        asked = EnvironBuilder("/reti/", headers=headers).get_environ()
        found = pages.at_once(asked, lambda status, _headers: started.append(status))
        assert (found is None) == (not started)
        return None if found is None else [*started, b"".join(found).decode()[:15]]

    client = app.test_client()
    assert answer("https") is None
    client.get("/reti/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"})
    assert answer("https") == ["200 OK", "<!doctype html>"]
    assert answer("http") is None
