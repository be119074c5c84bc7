"""Visitors who open whole pages, and a data folder whose versions they can tell apart."""

import itertools
import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

_MARK = re.compile(r"versione (\d+)")
_SCRIPT = re.compile(r'src="(/mappa/citta/mappa\.js\?v=\w+)"')
_LAYER = re.compile(r"/mappa/citta/\w+\.json\?v=\w+")


class VersionedFolder:
    """A data folder (a link, swapped at once) whose versions are written into its names."""

    def __init__(self, base: Path, at: Path) -> None:
        self._base, self._at = base, at
        self.path = at / "data"
        self.last_good = -1
        self._number = itertools.count()
        at.mkdir(parents=True, exist_ok=True)

    def good(self) -> None:
        """Put the next version in place."""
        number = next(self._number)
        fresh = self._copy(number)
        for name in ("quartieri.geojson", "places.geojson"):
            document = json.loads((fresh / name).read_text(encoding="utf-8"))
            first = document["features"][0]["properties"]
            first["name"] = f"{first['name']} versione {number}"
            (fresh / name).write_text(json.dumps(document), encoding="utf-8")
        self._show(fresh)
        self.last_good = number

    def broken(self) -> None:
        """Put a folder in place that is cut off in the middle of a file."""
        fresh = self._copy(next(self._number))
        cut = (fresh / "places.geojson").read_bytes()
        (fresh / "places.geojson").write_bytes(cut[: len(cut) // 2])
        self._show(fresh)

    def _copy(self, number: int) -> Path:
        fresh = self._at / f"version-{number}"
        shutil.copytree(self._base, fresh)
        return fresh

    def _show(self, fresh: Path) -> None:
        link = self._at / "next"
        link.symlink_to(fresh.name)
        link.replace(self.path)


@dataclass
class Seen:
    """What visitors saw: how many whole pages, of which versions, and what went wrong."""

    pages: int = 0
    versions: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def visit(self, address: str) -> None:
        """Open the first page with its map's script and layers, each over a new connection."""
        try:
            start = time.perf_counter()
            page = _get(address + "/")
            self.seconds.append(time.perf_counter() - start)
            script = _get(address + _SCRIPT.search(page)[1])
            parts = [page, *(_get(address + layer) for layer in set(_LAYER.findall(script)))]
        except (OSError, HTTPException, TypeError) as error:
            self.wrong.append(f"{time.strftime('%X')} {error!r} {getattr(error, 'url', '')}")
            return
        found = [{int(mark) for mark in _MARK.findall(part)} for part in parts]
        if len(parts) != 3 or any(each != found[0] or len(each) != 1 for each in found):
            self.wrong.append(f"a mixture: {found}")
        self.pages += 1
        self.versions |= found[0]


@contextmanager
def visitors(address: str, number: int) -> Iterator[Seen]:
    """Have `number` visitors open pages as fast as they can; gives what they see."""
    seen, stop = Seen(), threading.Event()

    def visit() -> None:
        while not stop.is_set():
            seen.visit(address)

    threads = [threading.Thread(target=visit) for _ in range(number)]
    for each in threads:
        each.start()
    try:
        yield seen
    finally:
        stop.set()
        for each in threads:
            each.join()


def _get(address: str) -> str:
    with urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
        return answer.read().decode()
