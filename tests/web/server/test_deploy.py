"""Several copies of the app behind nginx, with the configuration that is shipped."""

import gzip
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import RemoteDisconnected
from pathlib import Path
from subprocess import Popen, check_output, run
from typing import NamedTuple

import brotli
import pytest

from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page
from tests.helpers.paths import ROOT
from tests.helpers.servers.app_server import started
from tests.helpers.servers.nginx import NAME, Proxy, running_nginx

pytestmark = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx or openssl is missing"
)
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


class Deployed(NamedTuple):
    """Two copies of the app, and nginx before them."""

    proxy: Proxy
    copies: list["Popen[bytes]"]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deployed")
    data = small_city.write(folder / "data")
    with ExitStack() as stack:
        copies = [
            stack.enter_context(
                started(
                    data,
                    folder / f"copy{number}",
                    PUBLIC_URL=f"https://{NAME}",
                    TRUSTED_PROXIES="1",
                )
            )
            for number in (1, 2)
        ]
        (folder / "nginx").mkdir()
        addresses = [address for address, _ in copies]
        proxy = stack.enter_context(running_nginx(folder / "nginx", addresses))
        yield Deployed(proxy, [process for _, process in copies])


@pytest.fixture
def proxy(deployed: Deployed) -> Proxy:
    return deployed.proxy


def test_a_page_is_requested_from_the_app_once_and_then_only_revalidated(proxy: Proxy) -> None:
    answers = [proxy.get("/quartieri/") for _ in range(30)]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert answers[0].cached == "MISS"
    assert {answer.cached for answer in answers[1:]} <= {"HIT", "REVALIDATED"}


def test_cached_pages_are_compared_with_the_app_again_and_again(proxy: Proxy) -> None:
    proxy.get("/reti/")
    deadline = time.monotonic() + 20
    while (again := proxy.get("/reti/")).cached != "REVALIDATED":
        assert again.cached == "HIT"
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert (again.status, again.headers["Cache-Control"]) == (200, "public, no-cache")


def test_a_reader_with_the_current_page_gets_304(proxy: Proxy) -> None:
    for page in ("/luoghi/", "/vicino?lon=9.605&lat=45.705"):
        etag = proxy.get(page).headers["ETag"]
        assert proxy.get(page, If_None_Match=etag).status == 304


@pytest.mark.parametrize("page", ["/", "/en/", "/fr/", "/quartieri/nord/", "/en/quartieri/nord/"])
def test_languages_and_encodings_are_not_mixed_up(proxy: Proxy, page: str) -> None:
    asked = {
        "gzip, deflate, br, zstd": "br",
        "gzip, deflate": "gzip",
        "br;q=0, gzip": "gzip",
        "identity": None,
        "": None,
    }
    bodies = set()
    for accepted, encoding in [*asked.items()] * 2:
        answer = proxy.get(page, Accept_Encoding=accepted)
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        bodies.add(UNPACK[encoding](answer.body))
    (body,) = bodies
    language = page.split("/")[1] if page[:4] in ("/en/", "/fr/") else "it"
    assert Page(body.decode()).language == language


@pytest.mark.parametrize(
    "page",
    ["/vicino?lon=9.6051&lat=45.7051", "/en/vicino?q=Via+Roma", "/cerca?q=Via+Roma", "/salute"],
)
def test_what_is_one_readers_own_is_never_stored(proxy: Proxy, page: str) -> None:
    proxy.get("/")
    for _ in range(3):
        assert proxy.get(page).cached is None
    assert any(f" {NAME} / ".encode() in each for each in proxy.cache_files())
    assert not any(page.encode() in each for each in proxy.cache_files())


def test_assets_are_cached_and_say_so(proxy: Proxy) -> None:
    style, *_ = Page(proxy.get("/").body.decode()).values("link[rel=stylesheet]", "href")
    first, second = (proxy.get(style, Accept_Encoding="br") for _ in range(2))
    assert (first.cached, second.cached) == ("MISS", "HIT")
    assert "immutable" in second.headers["Cache-Control"]


def test_a_visitor_cannot_say_who_they_are_or_how_they_came(proxy: Proxy) -> None:
    forged = proxy.get("/en/reti/", X_Forwarded_Host="evil.example", X_Forwarded_Proto="http")
    assert Page(forged.body.decode()).canonical == f"https://{NAME}/en/reti/"


def test_only_its_name_is_answered_and_only_over_https(proxy: Proxy) -> None:
    plain = proxy.get_plain("/reti/?a=b")
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{NAME}/reti/?a=b")
    assert "Strict-Transport-Security" in proxy.get("/").headers
    with pytest.raises(RemoteDisconnected):
        proxy.get("/", Host="other.example")


def test_what_is_too_large_is_refused(proxy: Proxy) -> None:
    assert proxy.get("/?" + "x" * 9000).status == 414
    assert proxy.get("/", X_Large="x" * 9000).status == 400
    assert proxy.get("/", Content_Length="70000").status == 413


def test_visitors_do_not_notice_a_copy_that_dies_and_get_cached_pages_without_any(
    deployed: Deployed,
) -> None:
    proxy = deployed.proxy
    kept = proxy.get("/en/quartieri/")
    _kill(deployed.copies[0])
    new = [proxy.get(f"/vicino?lon=9.6{number:02}&lat=45.705").status for number in range(30)]
    assert set(new) == {200}
    _kill(deployed.copies[1])
    assert proxy.get("/vicino?lon=9.7&lat=45.705").status in (502, 504)
    stale = proxy.get("/en/quartieri/")
    assert (stale.status, stale.body) == (200, kept.body)
    # The log tells of trouble, not of who met it or what they asked for.
    assert re.search(r"(?m)^\S+ 50[24] in \S+ s: .+ answered .+$", proxy.logs())
    assert not re.search(r"client|vicino|45\.705", proxy.logs())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing")
def test_systemd_understands_the_unit_and_finds_it_tight(tmp_path: Path) -> None:
    unit = tmp_path / "quartieri@.service"
    shipped = (ROOT / "deploy" / unit.name).read_text(encoding="utf-8")
    unit.write_text(shipped.replace("/srv/quartieri/.venv/bin/python", sys.executable))
    said = run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=True)
    assert said.stdout + said.stderr == ""
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=15", unit]
    assert run(command, capture_output=True, check=False).returncode == 0


def _kill(copy: "Popen[bytes]") -> None:
    """Kill a copy at once, as a machine that loses its power: the master, then its workers."""
    workers = check_output(["pgrep", "-P", str(copy.pid)], text=True).split()
    for process in (copy.pid, *map(int, workers)):
        os.kill(process, signal.SIGKILL)
    copy.wait(timeout=20)
