"""What goes wrong around the app leaves the maps usable: tiles, disks, processes, clocks."""

import os
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import mercantile
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.browser import Open
from tests.helpers.servers import tile_servers
from tests.helpers.servers.app_server import serving, started
from tests.helpers.servers.processes import children, wait_until
from tests.helpers.servers.tile_servers import PNG, Upstream, upstream
from tests.helpers.servers.visitors import VersionedFolder, visitors
from web.maps import bounded_http as bounded
from web.maps.tiles import EMPTY
from web.server.reload import until_next_look
from web.site import app_state

TILES = [
    f"/tessere/{tile.z}/{tile.x}/{tile.y}.png"
    for tile in mercantile.tiles(9.59, 45.68, 9.63, 45.72, [15])
]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds in tenths of seconds."""
    monkeypatch.setattr(bounded, "TIMEOUT", (0.3, 0.4))
    monkeypatch.setattr(bounded, "LONGEST", 0.6)


def client_of(server: Upstream, tmp_path: Path, cache: Path | None = None) -> FlaskClient:
    return app_of(server.template, tmp_path, cache).test_client()


def app_of(template: str, tmp_path: Path, cache: Path | None = None) -> Flask:
    return create_app(
        {
            "QUARTIERI_DATA": str(small_city.write(tmp_path / "data")),
            "TILE_UPSTREAM": template,
            "TILE_CACHE": str(cache or tmp_path / "tiles"),
            "RELOAD_SECONDS": "0",
        }
    )


def asked_at_once(client: FlaskClient, addresses: list[str]) -> list[bytes]:
    """Ask for some tiles from a thread each, as a browser does."""
    got: list[bytes] = []
    threads = [
        threading.Thread(target=lambda to=address: got.append(client.get(to).data))
        for address in addresses
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return got


@pytest.mark.parametrize(
    "answer",
    [
        tile_servers.broken,
        tile_servers.cut_off,
        tile_servers.nonsense,
        tile_servers.drop_by_drop,
        tile_servers.header_by_header,
        tile_servers.endless,
        tile_servers.circling,
        tile_servers.late(2),
    ],
)
def test_a_failing_upstream_is_requested_once_in_a_while(
    tmp_path: Path, quick: None, answer: tile_servers.Answer
) -> None:
    with upstream(answer) as server:
        client = client_of(server, tmp_path)
        got = [client.get(tile) for tile in TILES[:5]]
    assert {(each.status_code, each.data) for each in got} == {(200, EMPTY)}
    assert {each.headers["Cache-Control"] for each in got} == {"no-store"}
    assert len(set(server.requested)) == 1


def test_what_is_no_tile_is_not_shown(tmp_path: Path) -> None:
    with upstream(tile_servers.another_type) as server:
        assert client_of(server, tmp_path).get(TILES[0]).data == EMPTY


def test_no_more_is_read_of_an_endless_tile_than_a_tile_may_have(tmp_path: Path) -> None:
    written: list[int] = []

    def counted(asked) -> None:
        asked.send_response(200)
        asked.end_headers()
        for _ in range(1000):
            asked.wfile.write(PNG + bytes(1_000_000))
            written.append(1)

    with upstream(counted) as server:
        assert client_of(server, tmp_path).get(TILES[0]).data == EMPTY
    assert len(written) < 50


def test_few_tiles_at_once_are_requested_from_an_upstream(tmp_path: Path) -> None:
    with upstream(tile_servers.late(0.05)) as server:
        got = asked_at_once(client_of(server, tmp_path), TILES[:8])
    assert got == [PNG] * 8
    assert server.most_at_once <= bounded.SLOTS


def test_a_slow_upstream_holds_up_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it keeps all its slots busy, everyone else gets an empty tile at once."""
    monkeypatch.setattr(bounded, "PATIENCE", 0.1)
    with upstream(tile_servers.late(1)) as server:
        client = client_of(server, tmp_path)
        assert client.get(TILES[0]).data == PNG
        got = asked_at_once(client, TILES[1:8])
    assert got.count(PNG) == bounded.SLOTS
    assert got.count(EMPTY) == 7 - bounded.SLOTS
    assert len(server.requested) == 1 + bounded.SLOTS


def test_a_paused_upstream_is_requested_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "PAUSE", 0.2)
    with upstream(tile_servers.broken) as server:
        client = client_of(server, tmp_path)
        assert client.get(TILES[0]).data == EMPTY
        server.answer = tile_servers.well
        assert client.get(TILES[0]).data == EMPTY
        time.sleep(0.3)
        assert client.get(TILES[0]).data == PNG


def test_an_old_tile_is_better_than_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.maps.tiles.KEEP", timedelta(seconds=0.05))
    with upstream(tile_servers.well) as server:
        client = client_of(server, tmp_path)
        assert client.get(TILES[0]).data == PNG
        time.sleep(0.1)
        server.answer = tile_servers.broken
        # The second comes while the upstream rests.
        assert [client.get(TILES[0]).data for _ in range(2)] == [PNG, PNG]
        assert client.get(TILES[1]).data == EMPTY
    assert len(server.requested) == 2


def test_tiles_are_shown_where_none_can_be_cached(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    with upstream(tile_servers.well) as server:
        client = client_of(server, tmp_path, cache=tmp_path / "file" / "tiles")
        assert [client.get(TILES[0]).data for _ in range(2)] == [PNG, PNG]
    assert caplog.text.count("Tiles can't be cached in TILE_CACHE") == 1


def test_tiles_are_shown_when_the_disk_is_full(tmp_path: Path) -> None:
    with upstream(tile_servers.well) as server:
        client = client_of(server, tmp_path)
        assert client.get(TILES[0]).data == PNG
        with files_no_larger_than((tmp_path / "tiles" / "tiles.sqlite").stat().st_size):
            got = {client.get(tile).data for tile in TILES[:60]}
        assert got == {PNG}
        asked = len(server.requested)
        assert client.get(TILES[0]).data == PNG
    assert len(server.requested) == asked


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let no file of this process become larger than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_tiles_are_shown_when_their_cache_is_broken(tmp_path: Path) -> None:
    (tmp_path / "tiles").mkdir()
    (tmp_path / "tiles" / "tiles.sqlite").write_bytes(b"this is no database" * 1000)
    with upstream(tile_servers.well) as server:
        client = client_of(server, tmp_path)
        assert [client.get(TILES[0]).data for _ in range(2)] == [PNG, PNG]


def test_tiles_are_shown_when_another_process_writes_to_the_cache(tmp_path: Path) -> None:
    with upstream(tile_servers.well) as server:
        client = client_of(server, tmp_path)
        assert client.get(TILES[0]).data == PNG
        other = sqlite3.connect(tmp_path / "tiles" / "tiles.sqlite")
        other.execute("BEGIN EXCLUSIVE")
        assert [client.get(tile).data for tile in TILES[:2]] == [PNG, PNG]
        other.close()


def test_the_cache_is_opened_in_the_process_that_uses_it(tmp_path: Path) -> None:
    """A database that is open when a process forks would be written to by both as one."""
    app = app_of("http://127.0.0.1:9/{z}/{x}/{y}.png", tmp_path)
    assert app.test_client().get("/").status_code == 200
    assert not (tmp_path / "tiles").exists()


@pytest.mark.browser
def test_places_and_popups_work_without_a_background(visit: Open, tmp_path: Path) -> None:
    folder = small_city.write(tmp_path / "data")
    cache = str(tmp_path / "tiles")
    with (
        upstream(tile_servers.late(60)) as server,
        serving(
            folder, tmp_path / "log", TILE_UPSTREAM=server.template, TILE_CACHE=cache
        ) as address,
    ):
        window = visit(address)
        page = window.page
        page.goto(f"{address}/")
        page.locator('.folium-map[data-loading="0"]').wait_for(state="attached")
        page.get_by_role("button", name="Scuola Est").click()
        popup = page.get_by_role("dialog")
        popup.get_by_role("link", name="Apri la pagina del luogo").click()
        page.wait_for_url("**/luoghi/mim:AA1/")
        window.assert_quiet()
    assert server.requested


def test_visitors_hardly_notice_a_worker_that_is_killed(tmp_path: Path) -> None:
    folder = VersionedFolder(small_city.write(tmp_path / "base"), tmp_path / "versions")
    folder.good()
    people = 3
    with started(folder.path, tmp_path / "log", WORKERS="2") as (address, master):
        wait_until(lambda: len(children(master.pid)) == 2)
        killed = children(master.pid)[0]
        with visitors(address, people) as seen:
            wait_until(lambda: seen.pages > 10)
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda: len(set(children(master.pid)) - {killed}) == 2)
            before = seen.pages
            wait_until(lambda: seen.pages > before + 20)
    # Nothing but what the dead one was answering: at most one request of each visitor.
    assert len(seen.wrong) <= people


class Clock(datetime):
    """A clock that shows what a test sets."""

    moment = datetime(2026, 3, 28, 22, 59, 50, tzinfo=UTC)

    @classmethod
    def now(cls, tz=None):
        return cls.moment.astimezone(tz)


def test_pages_follow_the_citys_day_forwards_and_backwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends in Rome while it lasts in UTC; clocks are put right, and may go back."""
    monkeypatch.setattr(app_state, "datetime", Clock)
    client = app_of("", tmp_path).test_client()
    days = {}
    for hour, minute in ((22, 59), (23, 1), (22, 58)):
        monkeypatch.setattr(Clock, "moment", datetime(2026, 3, 28, hour, minute, tzinfo=UTC))
        days[hour, minute] = client.get("/quartieri/nord/").text
    assert "Stampato il 28 marzo 2026" in days[22, 59]
    assert "Stampato il 29 marzo 2026" in days[23, 1]
    assert days[22, 58] == days[22, 59]


def test_a_clock_that_jumps_stops_neither_looks_nor_tiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next look is never further away than the setting says."""
    for moment in (0.0, 59.999, 1e9, 2**33):
        monkeypatch.setattr(time, "time", lambda now=moment: now)
        assert 0 < until_next_look(60) <= 60
    assert until_next_look(0) is None
