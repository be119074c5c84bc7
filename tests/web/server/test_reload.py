"""New data are taken while the app runs; broken ones never, and nobody sees two at once."""

import gc
import json
import os
import re
import signal
import weakref
from pathlib import Path
from urllib.request import urlopen

import mercantile
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.page import get_page
from tests.helpers.servers.app_server import started
from tests.helpers.servers.processes import children, wait_until
from tests.helpers.servers.visitors import Seen, VersionedFolder, visitors
from web.server import reload
from web.server.reload import EXTENSION, Reload
from web.site.settings import SettingError

LAYERS = re.compile(r"/mappa/citta/\w+\.json\?v=\w+")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_city.write(tmp_path / "data")


@pytest.fixture
def app(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(reload, "REST", 0.01)
    return made(folder)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def made(folder: Path) -> Flask:
    """An app that looks at its folder only when it is told to."""
    settings = {"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": "", "RELOAD_SECONDS": "0"}
    return create_app(settings)


def reload_of(app: Flask) -> Reload:
    found: Reload = app.extensions[EXTENSION]
    found.look()
    return found


def named(folder: Path, name: str) -> None:
    """Write the city anew, with another name for its first quartiere and its first place."""
    files = small_city.features()
    areas, places = files["quartieri.geojson"], files["places.geojson"]
    areas[0]["properties"]["name"] = name
    places[0]["properties"]["name"] = f"Biblioteca {name}"
    small_city.write(folder, quartieri=areas, places=places)


def parts(client: FlaskClient, page: str = "/") -> list[str]:
    """The addresses of a page's script and its map's layers."""
    script = get_page(client, page).one('script[src^="/mappa/citta/mappa.js?v="]').get("src")
    return [script, *LAYERS.findall(client.get(script).text)]


def test_new_data_are_taken_when_the_app_looks(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    before = client.get("/salute").json["data"]
    named(folder, "Ponente")
    assert "Ponente" not in client.get("/").text
    reload_of(app)
    assert "Ponente" in client.get("/").text
    now = client.get("/salute").json["data"]
    assert now["version"] != before["version"]
    assert now["refused"] is None


def test_any_server_takes_new_data_by_itself(folder: Path) -> None:
    """The app looks without our server's help, too."""
    app = create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": "", "RELOAD_SECONDS": "1"})
    named(folder, "Ponente")
    wait_until(lambda: "Ponente" in app.test_client().get("/").text)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("places.geojson", "{", "places.geojson, line 1: broken JSON"),
        ("city.toml", "", "city.toml: a setting is missing"),
        ("streets.csv", None, "streets.csv: the file is missing"),
    ],
)
def test_a_broken_folder_leaves_the_old_data_and_is_reported(
    app: Flask,
    client: FlaskClient,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    file: str,
    content: str | None,
    said: str,
) -> None:
    before = client.get("/").text
    version = client.get("/salute").json["data"]["version"]
    (folder / file).unlink() if content is None else (folder / file).write_text(content)
    reload_of(app)
    told = client.get("/salute").json
    assert (told["status"], told["data"]["version"]) == ("ok", version)
    assert told["data"]["refused"]["problems"][0].startswith(said)
    assert str(folder.parent) not in json.dumps(told)
    assert f"version {version} stays" in caplog.text
    assert said in caplog.text
    assert client.get("/").text == before


def test_a_folder_that_is_away_for_a_while_changes_nothing(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    folder.rename(folder.with_name("away"))
    assert reload_of(app).refused is not None
    assert client.get("/").status_code == 200
    folder.with_name("away").rename(folder)
    assert reload_of(app).refused is None


def test_a_corrected_folder_is_loaded(app: Flask, client: FlaskClient, folder: Path) -> None:
    (folder / "places.geojson").write_text("{")
    assert reload_of(app).refused is not None
    named(folder, "Ponente")
    assert reload_of(app).refused is None
    assert "Ponente" in client.get("/").text


def test_only_a_few_of_many_problems_are_reported(
    app: Flask, client: FlaskClient, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "streets.csv").write_text("street,lon,lat,osm_id\n" + "Via,x,y,\n" * 100)
    reload_of(app)
    refused = client.get("/salute").json["data"]["refused"]
    assert refused["count"] >= 100
    assert len(refused["problems"]) == 5
    assert len(caplog.text.splitlines()) < 30


def test_data_whose_first_page_cannot_be_made_are_refused(
    app: Flask, client: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get("/").text

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    named(folder, "Ponente")
    with monkeypatch.context() as broken:
        broken.setitem(app.jinja_env.globals, "asset", fail)
        assert "ZeroDivisionError" in reload_of(app).refused.problems[0]
    assert client.get("/").text == before


def test_a_changed_list_of_changes_is_taken_too(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    (folder / "changes.csv").write_text("date,version,text\n2026-01-02,,Nuovi confini\n")
    reload_of(app)
    assert "Nuovi confini" in client.get("/dati/").text


def test_files_that_are_only_touched_change_nothing(app: Flask, folder: Path) -> None:
    held = app.extensions["quartieri"]
    (folder / "places.geojson").touch()
    reload_of(app)
    assert app.extensions["quartieri"] is held


def test_a_page_of_before_still_gets_its_layers(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    addresses = parts(client)
    before = [client.get(address).data for address in addresses]
    named(folder, "Ponente")
    reload_of(app)
    assert [client.get(address).data for address in addresses] == before
    assert "immutable" in client.get(addresses[1]).headers["Cache-Control"]
    assert parts(client) != addresses


def test_a_page_of_long_before_gets_no_layers_of_other_data(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    areas = next(each for each in parts(client) if "aree" in each)
    for name in ("Ponente", "Levante"):
        named(folder, name)
        reload_of(app)
        client.get("/")
    assert client.get(areas).status_code == 404


def test_a_layer_of_newer_data_makes_a_process_look(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    named(folder, "Ponente")
    ahead = made(folder).test_client()
    for address in parts(ahead):
        assert client.get(address).data == ahead.get(address).data
    assert "Ponente" in client.get("/").text


def test_the_uncovered_cells_are_of_the_pages_data_too(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    page = get_page(client, "/copertura/?tipo=biblioteca&entro=300")
    cells = page.one("[data-cells]").get("data-cells")
    before = client.get(cells).data
    text = (folder / "places.geojson").read_text()
    (folder / "places.geojson").write_text(text.replace("9.605, 45.705", "9.615, 45.705"))
    reload_of(app)
    assert client.get(re.sub(r"v=\w+&", "", cells)).data != before
    assert client.get(cells).data == before


def test_old_data_go_once_nobody_can_ask_for_them(tmp_path: Path) -> None:
    folder = small_city.write(tmp_path / "data")
    app = made(folder)
    client = app.test_client()
    gone = weakref.ref(app.extensions["quartieri"].dataset)
    for page in (
        "/",
        "/copertura/",
        "/dati/",
        "/dati/luoghi.gpkg",
        "/api/collections",
        "/sitemap.xml",
    ):
        client.get(page)
    assert client.get(f"{LAYERS.findall(client.get(parts(client)[0]).text)[0]}").status_code == 200
    for name in ("Ponente", "Levante"):
        assert gone() is not None
        named(folder, name)
        reload_of(app)
        client.get("/")
    gc.collect()
    assert gone() is None


def test_nothing_of_an_app_stays_when_it_goes(folder: Path) -> None:
    app = made(folder)
    gone = weakref.ref(app.extensions[EXTENSION])
    thread = app.extensions[EXTENSION].thread
    del app
    gc.collect()
    assert gone() is None
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_tiles_follow_the_city(folder: Path, tmp_path: Path) -> None:
    upstream = {"TILE_UPSTREAM": "http://127.0.0.1:9/{z}/{x}/{y}.png"}
    cache = {"TILE_CACHE": str(tmp_path / "tiles"), "RELOAD_SECONDS": "0"}
    app = create_app({"QUARTIERI_DATA": str(folder), **upstream, **cache})
    client = app.test_client()
    here, there = (mercantile.tile(9.605, lat, 14) for lat in (45.7, 45.4))
    here, there = (f"/tessere/{each.z}/{each.x}/{each.y}.png" for each in (here, there))
    assert [client.get(each).status_code for each in (here, there)] == [200, 404]
    move(folder)
    reload_of(app)
    assert [client.get(each).status_code for each in (here, there)] == [404, 200]


def move(folder: Path) -> None:
    """Move the whole city."""
    text = (folder / "quartieri.geojson").read_text()
    (folder / "quartieri.geojson").write_text(re.sub(r"\b45\.(\d+)", r"45.4\1", text))


@pytest.mark.parametrize("seconds", ["-1", "soon", "", "1.5", "90000"])
def test_a_time_that_is_none_is_refused(folder: Path, seconds: str) -> None:
    with pytest.raises(SettingError, match="RELOAD_SECONDS"):
        create_app({"QUARTIERI_DATA": str(folder), "RELOAD_SECONDS": seconds})


def test_a_running_server_takes_new_data_at_a_signal_and_keeps_them(tmp_path: Path) -> None:
    folder = VersionedFolder(small_city.write(tmp_path / "base"), tmp_path / "versions")
    folder.good()
    log = tmp_path / "log"
    with started(folder.path, log, RELOAD_SECONDS="0", WORKERS="2") as (address, main):
        wait_until(lambda: listeners(address) == 2)
        workers = children(main.pid)
        folder.good()
        main.send_signal(signal.SIGHUP)
        wait_until(lambda: all(shown(address) == folder.last_good for _ in range(40)))
        assert children(main.pid) == workers
        folder.broken()
        main.send_signal(signal.SIGHUP)
        wait_until(lambda: log.read_text().count("can't be used") == 2)
        # One that takes a dead one's place has nothing to serve: the other answers alone.
        os.kill(workers[0], signal.SIGKILL)
        wait_until(lambda: "A worker can't start yet. " in log.read_text())
        assert [shown(address) for _ in range(10)] == [folder.last_good] * 10
        folder.good()
        main.send_signal(signal.SIGHUP)
        wait_until(lambda: listeners(address) == 2)
        wait_until(lambda: all(shown(address) == folder.last_good for _ in range(40)))
    assert log.read_text().count("New data are served") == 3


def test_what_one_worker_shows_the_other_completes(tmp_path: Path) -> None:
    """Pages and layers come from either, also while only one has looked."""
    folder = VersionedFolder(small_city.write(tmp_path / "base"), tmp_path / "versions")
    folder.good()
    with started(folder.path, tmp_path / "log", RELOAD_SECONDS="0", WORKERS="2") as (address, main):
        wait_until(lambda: listeners(address) == 2)
        folder.good()
        os.kill(children(main.pid)[0], signal.SIGHUP)
        wait_until(lambda: shown(address) == folder.last_good)
        seen = Seen()
        for _ in range(20):
            seen.visit(address)
    assert seen.wrong == []
    assert folder.last_good in seen.versions


def listeners(address: str) -> int:
    """How many workers listen on the address of a server."""
    port = f":{int(address.rpartition(':')[2]):04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1].endswith(port) and line.split()[3] == "0A" for line in lines)


def test_under_load_no_request_fails_and_no_page_is_of_two_versions(tmp_path: Path) -> None:
    folder = VersionedFolder(small_city.write(tmp_path / "base"), tmp_path / "versions")
    folder.good()
    log = tmp_path / "log"
    with started(folder.path, log, RELOAD_SECONDS="1", WORKERS="2") as (address, _):
        # A worker that starts with new data has no data before them (docs/operations.md).
        wait_until(lambda: listeners(address) == 2)
        with visitors(address, 2) as seen:
            for _ in range(3):
                folder.good()
                # Each request goes to either worker: forty that agree are of both.
                wait_until(lambda: all(shown(address) == folder.last_good for _ in range(40)))
                folder.broken()
                wait_until(lambda: refused(address))
    assert seen.wrong == []
    assert len(seen.versions) >= 3
    assert seen.pages > 20


def shown(address: str) -> int:
    """The version that a first page shows."""
    with urlopen(address) as answer:  # noqa: S310 - our own server
        return int(re.search(r"versione (\d+)", answer.read().decode())[1])


def refused(address: str) -> bool:
    """Tell whether a worker says that the folder is broken."""
    with urlopen(f"{address}/salute") as answer:  # noqa: S310 - our own server
        return json.load(answer)["data"]["refused"] is not None
