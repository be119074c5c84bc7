"""The data folder is the whole old or the whole new one: whatever ends a command that writes."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.model.tables import CHANGES, REQUIRED_FILES
from geo.model.writing import replace_folder
from geo.storage import atomic
from geo.storage.atomic import settle, together
from geo.storage.snapshot import READY, read_files
from tests.helpers.cities import small_city
from tests.helpers.commands import killed_imports
from tests.helpers.paths import ROOT

STREETS = "street,lon,lat,osm_id\nVia Nuova,9.604,45.704,77\n"
DEMAND = "lon,lat,weight,residents,aged_65,aged_0_14,source\n9.605,45.705,1,,,,walk\n"
TEXTS = {"streets.csv": STREETS, "demand.csv": DEMAND}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(folder: Path, texts: dict[str, str] | None = None) -> str:
    """The words with which a change is refused that must leave everything as it was."""
    before = contents(folder)
    with pytest.raises(DataError) as caught:
        replace_folder(folder, texts or TEXTS, "change")
    assert contents(folder) == before
    return str(caught.value)


@pytest.mark.long
def test_killed_imports_leave_the_old_or_the_new_folder(tmp_path: Path) -> None:
    """At some random moments, and before each single change that an import makes to the folder."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.helpers.commands.killed_imports", tmp_path, "25"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    trials = [json.loads(line) for line in run.stdout.splitlines()]
    wrong = [
        trial
        for trial in trials
        if trial["state"] not in ("old", "new")
        or not (trial["same to readers"] and trial["checked"])
        or not (trial["nothing left"] and trial["imported after"])
    ]
    assert wrong == []
    killed = Counter((trial["trial"], trial["state"]) for trial in trials if trial["killed"])
    assert killed["random", "old"] + killed["random", "new"] == killed_imports.TRIALS
    # Copies, new texts, the commit; then each file's move and the end.
    assert killed["change", "old"] > len(TEXTS)
    assert killed["change", "new"] > len(TEXTS)


def test_readers_see_one_moment_while_files_change(folder: Path) -> None:
    old = {name: (folder / name).read_text() for name in TEXTS}
    wanted = [{name: text.encode() for name, text in each.items()} for each in (old, TEXTS)]
    seen, done = [], threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(read_files(folder, TEXTS))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(10):
        replace_folder(folder, TEXTS, "new")
        replace_folder(folder, old, "old again")
    done.set()
    reader.join()
    assert all(each in wanted for each in seen)
    assert len(seen) > 10


def test_what_is_ready_counts_even_where_nobody_may_finish_it(folder: Path) -> None:
    """A reader needs no right to write: what was committed counts from where it lies."""
    (folder / READY).mkdir()
    (folder / READY / "streets.csv").write_text(STREETS)
    assert Dataset.read(folder).streets["street"].tolist() == ["Via Nuova"]
    before = Dataset.read(folder).version
    settle(folder)
    assert not (folder / READY).exists()
    assert (folder / "streets.csv").read_text() == STREETS
    assert Dataset.read(folder).version == before


def test_every_file_is_on_the_disk_before_it_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against a power cut: what is renamed was synced, and so are the folders it's named in."""
    done: list[str] = []
    sync, rename = os.fsync, Path.rename

    def fsync(number: int) -> None:
        done.append(f"sync {Path(f'/proc/self/fd/{number}').readlink().name}")
        sync(number)

    def renamed(path: Path, target: Path) -> Path:
        done.append(f"rename {target.name}")
        return rename(path, target)

    monkeypatch.setattr(atomic.os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", renamed)
    replace_folder(folder, TEXTS, "new")
    commit = done.index(f"rename {READY}")
    assert {f"sync {name}" for name in (*TEXTS, CHANGES.file)} <= set(done[:commit])
    assert done[commit - 1].startswith("sync .quartieri-new-")
    assert done[commit + 1] == f"sync {folder.name}"


def test_a_change_made_meanwhile_is_not_lost(folder: Path) -> None:
    since = Dataset.read(folder).version
    replace_folder(folder, {"streets.csv": STREETS}, "first", since)
    with pytest.raises(DataError, match=r"its data changed meanwhile\. Run the command again"):
        replace_folder(folder, {"demand.csv": DEMAND}, "second", since)
    assert (folder / "streets.csv").read_text() == STREETS


def test_only_one_command_writes_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "_WAIT_S", 0.1)
    with together(folder), pytest.raises(DataError, match="another command is writing into it"):
        replace_folder(folder, TEXTS, "new")
    replace_folder(folder, TEXTS, "new")


def test_what_is_not_ours_and_what_is_the_same_stays_untouched(folder: Path) -> None:
    (folder / "photos").mkdir()
    (folder / "photos" / "1.jpg").write_bytes(b"jpg")
    kept = (folder / "photos", folder / "places.geojson", folder / "city.toml")
    before = [path.stat() for path in kept]
    (folder / "streets.csv").chmod(0o640)
    replace_folder(folder, TEXTS, "new")
    assert [path.stat() for path in kept] == before
    assert (folder / "streets.csv").stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_a_link_stays_one(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    replace_folder(link, TEXTS, "new")
    assert link.is_symlink()
    assert (folder / "streets.csv").read_text() == STREETS


def test_a_folder_in_place_of_a_file_is_refused(folder: Path) -> None:
    (folder / "SOURCES.md").mkdir()
    before = Dataset.read(folder).version
    with pytest.raises(DataError, match=r"SOURCES\.md is a folder"):
        replace_folder(folder, {**TEXTS, "SOURCES.md": "text"}, "new")
    assert Dataset.read(folder).version == before
    assert {path.name for path in folder.iterdir()} == {*REQUIRED_FILES, "SOURCES.md"}


def test_a_file_that_cant_move_undoes_the_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one that is a mount of its own."""

    def busy(path: Path, target: Path) -> Path:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)
    assert "Device or resource busy" in refused(folder)


def test_a_change_that_is_stuck_half_way_counts_and_is_finished_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = Path.replace

    def busy(path: Path, target: Path) -> Path:
        if target.name == "streets.csv":
            raise OSError(16, "Device or resource busy")
        return move(path, target)

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(DataError, match="the change counts, but a file can't take its place"):
        replace_folder(folder, TEXTS, "new")
    assert Dataset.read(folder).streets["street"].tolist() == ["Via Nuova"]
    monkeypatch.undo()
    settle(folder)
    assert (folder / "streets.csv").read_text() == STREETS
    assert {path.name for path in folder.iterdir()} == {*REQUIRED_FILES, CHANGES.file}


def test_a_file_that_grows_too_large_is_refused(folder: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        told = refused(folder, {**TEXTS, "SOURCES.md": "x" * 200_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "a file grows larger than is allowed here" in told


FULL = """
from pathlib import Path
from geo.base.errors import DataError
from geo.model.writing import replace_folder
from tests.helpers.cities import small_city
folder = small_city.write(Path("full/data"))
before = {path.name: path.read_bytes() for path in folder.iterdir()}
Path("full/filler").write_bytes(b"x" * 40_000)
try:
    replace_folder(folder, {"SOURCES.md": "x" * 100_000}, "change")
except DataError as error:
    print(error)
print("unchanged:", before == {path.name: path.read_bytes() for path in folder.iterdir()})
"""


def test_a_full_disk_is_reported_and_nothing_changes(tmp_path: Path) -> None:
    """On a small disk of memory, where the machine lets users mount one."""
    (tmp_path / "full").mkdir()
    mount = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    script = 'mount -t tmpfs -o size=128k none full && exec "$0" -c "$1"'
    if not shutil.which("unshare") or subprocess.run([*mount, "true"], check=False).returncode:
        pytest.skip("users may not mount here")
    run = subprocess.run(
        [*mount, script, sys.executable, FULL],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "data: the disk is full. Free some space" in run.stdout, run.stderr
    assert "unchanged: True" in run.stdout


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder in which a user may work who isn't root, and this process as such a user."""
    user, work = os.geteuid(), Path(tempfile.mkdtemp())
    work.chmod(0o755)
    if user == 0:
        os.seteuid(65534)
    yield work
    os.seteuid(user)
    shutil.rmtree(work)


def test_a_read_only_folder_is_reported_and_read(folder: Path, unprivileged: Path) -> None:
    user, other = os.geteuid(), os.getuid()
    os.seteuid(other)
    city = small_city.write(unprivileged / "data")
    (city / READY).mkdir()
    (city / READY / "streets.csv").write_text(STREETS)
    for path in (city, city / READY):
        path.chmod(0o555)
    os.seteuid(user)
    with pytest.raises(DataError, match="data: you may not write there"):
        replace_folder(city, TEXTS, "new")
    settle(city)
    assert Dataset.read(city).streets["street"].tolist() == ["Via Nuova"]
    os.seteuid(other)
    for path in (city, city / READY):
        path.chmod(0o755)
