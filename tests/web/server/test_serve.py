"""The server: how it starts and stops, and that what goes wrong for one stays with that one."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page
from tests.helpers.paths import ROOT
from tests.helpers.servers.app_server import raw_answer, serving, started
from tests.helpers.servers.processes import children, free_port, wait_until

BROTLI = {"Accept-Encoding": "br"}
# The app as it is, with a page that takes long, and one that breaks outside of Flask.
ODD = """
import time
from app import create_app
from web.server.serve import serve


def odd():
    app = create_app()
    inner = app.wsgi_app

    def answer(environ, start):
        if environ["PATH_INFO"] == "/lenta":
            time.sleep(float(environ["QUERY_STRING"]))
        if environ["PATH_INFO"] == "/rotta":
            raise RuntimeError(environ["QUERY_STRING"])
        return inner(environ, start)

    app.wsgi_app = answer
    return app


if __name__ == "__main__":
    serve(odd)
"""
# An app that can't be made, for no reason that anyone could mend while it runs.
BROKEN = """
from web.server.serve import serve


def broken():
    raise ZeroDivisionError


if __name__ == "__main__":
    serve(broken)
"""


def opened(address: str) -> socket.socket:
    """A connection to a server."""
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def request_for(page: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {page} HTTP/1.1", "Host: localhost", *headers, "\r\n"]).encode()


def run(program: Path | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start a server that is to end by itself."""
    command = [sys.executable, *([str(program)] if program else ["-m", "web"])]
    environment = {**os.environ, "PORT": "0", "TILE_UPSTREAM": "", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.write(tmp_path_factory.mktemp("city") / "data")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[str]:
    """A server whose worker nobody brings down."""
    log, program = folder.parent / "log", folder.parent / "odd.py"
    program.write_text(ODD)
    with started(folder, log, program) as (address, process):
        first = children(process.pid)
        yield address
        assert children(process.pid) == first


# While it runs


def test_a_cached_page_is_the_same_as_when_it_was_made(served: str) -> None:
    made, cached = (requests.get(f"{served}/reti/", headers=BROTLI, timeout=30) for _ in range(2))
    names = made.headers.keys() - {"date"}
    assert {name: made.headers[name] for name in names} == {
        name: cached.headers[name] for name in names
    }
    assert made.text == cached.text
    assert "Content-Security-Policy" in cached.headers
    seen = BROTLI | {"If-None-Match": cached.headers["ETag"]}
    again = requests.get(f"{served}/reti/", headers=seen, timeout=30)
    assert (again.status_code, again.content) == (304, b"")
    head = requests.head(f"{served}/reti/", headers=BROTLI, timeout=30)
    assert (head.headers["ETag"], head.content) == (cached.headers["ETag"], b"")
    assert head.headers["Content-Length"] == cached.headers["Content-Length"]


def test_pages_are_answered_while_others_take_long(served: str) -> None:
    requests.get(served, timeout=30)
    with ThreadPoolExecutor(6) as others:
        slow = [others.submit(requests.get, f"{served}/lenta?3", timeout=30) for _ in range(6)]
        time.sleep(0.3)
        began = time.monotonic()
        for _ in range(20):
            assert requests.get(served, timeout=30).status_code == 200
        assert time.monotonic() - began < 2
        assert not any(each.done() for each in slow)


def test_thousands_of_requests_on_one_connection_are_answered_in_turn(served: str) -> None:
    many = 3000
    # Cached and made, mixed: each answer stands where its request stood.
    pages = ["/niente" if number % 500 == 7 else "/reti/" for number in range(many)]
    requests_ = b"".join(request_for(page, "Accept-Encoding: br") for page in pages)
    got = bytearray()
    with opened(served) as client, ThreadPoolExecutor(1) as other:
        sending = other.submit(client.sendall, requests_ + request_for("/", "Connection: close"))
        while part := client.recv(65536):
            got += part
        sending.result()
    statuses = re.findall(rb"HTTP/1\.1 (\d+) ", bytes(got))
    assert statuses == [b"404" if page == "/niente" else b"200" for page in pages] + [b"200"]


@pytest.mark.parametrize(
    "sends", [b"x" * 40_000, request_for("/") * 50, request_for("/niente") * 50]
)
def test_who_leaves_without_a_word_takes_nobody_along(served: str, sends: bytes) -> None:
    for _ in range(50):
        with opened(served) as client:
            # Closed with a reset: the answer has nowhere to go.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(sends)
    assert requests.get(f"{served}/", timeout=30).status_code == 200


def test_an_error_before_flask_harms_nobody_and_repeats_no_words(served: str, folder: Path) -> None:
    for _ in range(20):
        answer = raw_answer(served, request_for("/rotta?Kowalczyk", "Connection: close"))
        assert answer.startswith(b"HTTP/1.1 500 ")
    assert requests.get(f"{served}/", timeout=30).status_code == 200
    logged = (folder.parent / "log").read_text()
    assert r"Error while answering a request\nTraceback" not in logged
    assert re.search(r"Error while answering a request\\n.*in answer\\n.*RuntimeError\n", logged)
    assert "Kowalczyk" not in logged


def test_no_address_of_a_visitor_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(small_city.write(tmp_path / "data"), log) as address:
        assert b"200 OK" in raw_answer(address, b"GET /salute HTTP/1.0\r\n\r\n")
        too_long = b"GET /?q=" + b"x" * 60_000 + b" HTTP/1.0\r\n\r\n"
        assert raw_answer(address, too_long).startswith(b"HTTP/1.1 4")
        assert raw_answer(address, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
    logged = log.read_text()
    assert "Quartieri is at" in logged
    assert "127.0.0.1" not in logged.replace(address, "")
    assert len(logged.splitlines()) == 1


def test_variables_of_the_environment_change_no_request(folder: Path, tmp_path: Path) -> None:
    """The server hands them on with each request: none may pass for a header or a path."""
    odd = {"HTTP_X_FORWARDED_FOR": "192.0.2.1", "HTTP_COOKIE": "session=x", "SCRIPT_NAME": "/a"}
    with serving(folder, tmp_path / "log", **odd) as address:
        page = requests.get(f"{address}/reti/", timeout=30)
    assert page.status_code == 200
    assert Page(page.text).canonical == f"{address}/reti/"
    assert "ETag" in page.headers


# How it starts


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"QUARTIERI_DATA": "nowhere"}, "QUARTIERI_DATA: there is no folder 'nowhere'. Name the"),
        ({"QUARTIERI_DATA": "docs"}, "- city.toml: the file is missing. Put"),
        ({"PORT": "http"}, "PORT: 'http' is not a whole number from 0 to 65535"),
        ({"WORKERS": "0"}, "WORKERS: '0' is not a whole number from 1 to 64"),
        ({"HOST": "192.0.2.1"}, "HOST, PORT: can't listen on 192.0.2.1:0 ("),
        ({"RATE_LIMIT_STORAGE": "a:secret@b"}, "RATE_LIMIT_STORAGE is not like redis://127.0.0.1"),
    ],
)
def test_it_says_why_it_cannot_start(settings: dict[str, str], sentence: str) -> None:
    done = run(**settings)
    assert done.returncode == 1
    assert done.stderr.startswith("Quartieri can't start. ")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    assert done.stdout == ""


def test_a_port_that_another_server_has_is_not_shared(folder: Path, tmp_path: Path) -> None:
    with serving(folder, tmp_path / "log") as address:
        done = run(QUARTIERI_DATA=str(folder), PORT=address.rpartition(":")[2])
    assert done.returncode == 1
    assert "(Address already in use)" in done.stderr


def test_workers_that_end_again_and_again_end_the_server(folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "broken.py"
    program.write_text(BROKEN)
    done = run(program, QUARTIERI_DATA=str(folder), WORKERS="1")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert "Quartieri is at" not in done.stdout


@pytest.mark.parametrize(("host", "shown"), [("::1", "[::1]"), ("localhost", None)])
def test_it_listens_at_the_address_of_its_settings(
    folder: Path, tmp_path: Path, host: str, shown: str
) -> None:
    port = free_port()
    log = tmp_path / "log"
    settings = {"HOST": host, "PORT": str(port)}
    with serving(folder, log, **settings):
        assert requests.get(f"http://{shown or host}:{port}/salute", timeout=30).ok
    assert re.search(r"Quartieri is at http://\S+/ \(Ctrl\+C stops it\)", log.read_text())


def test_systemd_hears_when_it_is_ready(folder: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(10)
        with serving(folder, tmp_path / "log", NOTIFY_SOCKET=str(tmp_path / "notify")) as address:
            assert systemd.recv(100) == b"READY=1"
            assert requests.get(f"{address}/salute", timeout=1).ok


# How it stops


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_once_also_with_open_connections(
    folder: Path, tmp_path: Path, number: signal.Signals
) -> None:
    program = tmp_path / "odd.py"
    program.write_text(ODD)
    with (
        started(folder, tmp_path / "log", program, WORKERS="2") as (address, process),
        ExitStack() as clients,
    ):
        waiting = [clients.enter_context(opened(address)) for _ in range(6)]
        waiting[1].sendall(b"GET / HTTP/1.1\r\nHost:")
        waiting[2].sendall(request_for("/"))
        waiting[3].sendall(request_for("/lenta?60"))
        waiting[4].sendall(request_for("/dati/celle.geojson") * 500)
        waiting[5].sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\nx")
        time.sleep(0.5)
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        # Two seconds on a quiet machine.
        assert time.monotonic() - began < 10


def test_ctrl_c_which_reaches_all_processes_is_no_error(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with started(folder, log, WORKERS="2") as (address, process):
        assert requests.get(address, timeout=30).ok
        for each in (*children(process.pid), process.pid):
            os.kill(each, signal.SIGINT)
        assert process.wait(timeout=20) == 0
    assert "ERROR" not in log.read_text()


def test_what_is_being_answered_when_it_stops_is_answered(folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "odd.py"
    program.write_text(ODD)
    with (
        started(folder, tmp_path / "log", program) as (address, process),
        ThreadPoolExecutor(1) as other,
    ):
        answer = other.submit(requests.get, f"{address}/lenta?1", timeout=30)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        # The app's own page for an address that it doesn't know.
        assert answer.result().status_code == 404
        assert process.wait(timeout=20) == 0


def test_a_worker_that_dies_is_replaced(folder: Path, tmp_path: Path) -> None:
    with started(folder, tmp_path / "log") as (address, process):
        first = children(process.pid)
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: bool(set(children(process.pid)) - set(first)))
        wait_until(lambda: _answers(address))


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/salute", timeout=5).ok
    except requests.ConnectionError:
        return False
