"""Real imports, killed: forked from one warm process, so that a hundred of them take seconds.

Run as `python -m tests.helpers.commands.killed_imports FOLDER SEED`; prints a line of JSON for
each trial.
"""

import json
import os
import random
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from io import StringIO
from itertools import chain, count
from pathlib import Path

import geopandas as gpd
import shapely

from geo.cli import main
from geo.storage.snapshot import read_files
from tests.helpers.cities import small_city
from tests.helpers.effort import short_or_long

TRIALS = short_or_long(15, 50)
# What changes a file system from Python, as its audit hooks call it ("open" if it's to write).
CHANGES = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "open"}
RESIDENTS = ["--year", "2021", "--source", "walk", "--told-in", "census"]
COMUNE = {"type": "Feature", "properties": {}, "geometry": None}

Files = dict[str, bytes]
Die = Callable[[Path], None]


def prepare(work: Path) -> dict[str, list[str]]:
    """Write the old folder, with a file that isn't ours, and return two commands to kill."""
    city = small_city.write(work / "old")
    (city / "NOTES.txt").write_text("not ours", encoding="utf-8")
    outline = json.loads(shapely.to_geojson(shapely.box(9.6, 45.69, 9.62, 45.71)))
    (city / "comune.geojson").write_text(json.dumps(COMUNE | {"geometry": outline}))
    areas = gpd.read_file(city / "quartieri.geojson")[["name", "geometry"]]
    areas.to_file(work / "areas.gpkg")
    areas.assign(P1=[300, 200, 100]).to_file(work / "sections.gpkg")
    return {
        "residents": ["import", "residents", str(work / "sections.gpkg"), *RESIDENTS],
        "boundaries": ["import", "boundaries", str(work / "areas.gpkg")],
    }


def run(command: list[str], folder: Path) -> str:
    with redirect_stdout(StringIO()) as out:
        main([*command, "--data", str(folder)], standalone_mode=False)
    return out.getvalue()


def contents(folder: Path) -> Files:
    """Every file of the folder, ours or not, hidden or not; the day of the run left out."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*")}
    return {name: _dated(path.read_bytes()) for name, path in found.items() if path.is_file()}


def as_read(folder: Path, names: set[str]) -> Files:
    """The files as a reader sees them who changes nothing."""
    read = read_files(folder, names)
    return {name: _dated(told) for name, told in read.items() if isinstance(told, bytes)}


def _dated(content: bytes) -> bytes:
    return re.sub(rb"(?m)^\d{4}-\d\d-\d\d,", b"DAY,", content)


def child(command: list[str], folder: Path, prepare_to_die: Die) -> int:
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            prepare_to_die(folder)
            run(command, folder)
            os._exit(0)
        os._exit(1)
    return pid


def at_change(number: int) -> Die:
    """Die just before the `number`th change to the folder."""

    def prepare_to_die(folder: Path) -> None:
        left = [number]

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            if event in CHANGES and _is_in(folder, event, arguments):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)

    return prepare_to_die


def _is_in(folder: Path, event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & os.O_ACCMODE):
        return False
    return str(arguments[0]).startswith(str(folder))


def telling(pipe: int) -> Die:
    """Tell through `pipe` when writing begins."""

    def prepare_to_die(folder: Path) -> None:
        def hook(event: str, arguments: tuple[object, ...]) -> None:
            if event == "os.mkdir" and _is_in(folder, event, arguments):
                os.write(pipe, b".")

        sys.addaudithook(hook)

    return prepare_to_die


def times(command: list[str], folder: Path) -> tuple[float, float]:
    """Return the seconds that an import takes until it writes, and then."""
    begun, tell = os.pipe()
    start = time.monotonic()
    pid = child(command, folder, telling(tell))
    os.read(begun, 1)
    writes = time.monotonic()
    os.waitpid(pid, 0)
    os.close(tell)
    os.close(begun)
    return writes - start, time.monotonic() - writes


def killed_at_random(
    command: list[str], folder: Path, dice: random.Random, took: tuple[float, float]
) -> bool:
    """Kill after a random part of the time until it writes, or (mostly) of the time it does."""
    begun, tell = os.pipe()
    pid = child(command, folder, telling(tell))
    writing = dice.random() < 0.8
    if writing:
        os.read(begun, 1)
    time.sleep(dice.random() * took[writing])
    os.kill(pid, signal.SIGKILL)
    os.close(tell)
    os.close(begun)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def outcome(command: list[str], folder: Path, old: Files, new: Files) -> dict[str, object]:
    """What became of the folder: to readers, after `check`, and after the same import again."""
    names = set(old) | set(new)
    read = as_read(folder, names)
    told = run(["check"], folder)
    settled = contents(folder)
    state = "old" if settled == old else "new" if settled == new else "neither"
    run(command, folder)
    return {
        "state": state,
        "same to readers": read == settled,
        "checked": told.startswith("Provola, version"),
        "nothing left": not any(path.name.startswith(".") for path in folder.iterdir()),
        "imported after": contents(folder).keys() == new.keys(),
    }


class Trials:
    """Trials of the two imports on fresh copies of the old folder."""

    def __init__(self, work: Path, dice: random.Random) -> None:
        self.work, self.dice = work, dice
        self.commands = prepare(work)
        self.old = contents(work / "old")
        self.new = {name: self._finished(command) for name, command in self.commands.items()}
        self.took = {name: self._timed(command) for name, command in self.commands.items()}

    def at_random(self) -> Iterator[dict[str, object]]:
        """As many as it takes until TRIALS imports were killed before their end."""
        killed = 0
        for number in range(10 * TRIALS):
            name = ("residents", "boundaries")[number % 2]
            with self._copy() as folder:
                died = killed_at_random(self.commands[name], folder, self.dice, self.took[name])
                killed += died
                yield {"trial": "random", "killed": died, **self._outcome(name, folder)}
            if killed == TRIALS:
                return

    def at_each_change(self) -> Iterator[dict[str, object]]:
        """One just before each change to the folder, until an import gets through."""
        for number in count():
            with self._copy() as folder:
                pid = child(self.commands["residents"], folder, at_change(number))
                died = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
                yield {"trial": "change", "killed": died, **self._outcome("residents", folder)}
            if not died:
                return

    def _outcome(self, name: str, folder: Path) -> dict[str, object]:
        return outcome(self.commands[name], folder, self.old, self.new[name])

    def _finished(self, command: list[str]) -> Files:
        with self._copy() as folder:
            run(command, folder)
            return contents(folder)

    def _timed(self, command: list[str]) -> tuple[float, float]:
        with self._copy() as folder:
            return times(command, folder)

    @contextmanager
    def _copy(self) -> Iterator[Path]:
        folder = Path(shutil.copytree(self.work / "old", self.work / "data"))
        yield folder
        shutil.rmtree(folder)


if __name__ == "__main__":
    trials = Trials(Path(sys.argv[1]), random.Random(int(sys.argv[2])))  # noqa: S311 - no secret
    for found in chain(trials.at_random(), trials.at_each_change()):
        print(json.dumps(found), flush=True)  # noqa: T201 - that's how it tells
