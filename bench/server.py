"""The real server on loopback: requests per second, waiting, bytes, start, memory."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench.first_visit import visits
from bench.served_apps import PAGES
from bench.servers import Server, running, running_earlier
from bench.timing import Row

# What answers a hundred times slower is watched longer.
_SECONDS, _SECONDS_EACH_TIME = 2, 6
_RATE, _RATE_SECONDS = 200, 10
_OTHERS = "bench.served_apps"


class Rates(Row):
    """A line of requests per second: the ratio says how many times more ours answers."""

    @property
    def cells(self) -> list[str]:
        """The line as text."""
        numbers = (f"{value:,.0f} requests/s" for value in (self.ours, self.theirs))
        ratio = f"{self.ours / self.theirs:,.{0 if self.ours > 10 * self.theirs else 2}f}"
        return [self.what, self.baseline, *numbers, ratio, self.target]


@dataclass(frozen=True)
class Measured:
    """A line of a measure that is compared with nothing but its target."""

    what: str
    ours: str
    target: str

    @property
    def cells(self) -> list[str]:
        """The line as text."""
        return [self.what, "-", self.ours, "-", "-", self.target]


def rows(runs: int) -> Iterator[Row | Measured]:
    """Measure the server as `make run` starts it, with two workers and without tiles."""
    yield from _start_and_memory(runs)
    with ExitStack() as stack:
        start = stack.enter_context
        servers = {
            "ours": start(running()),
            "earlier": start(running_earlier()),
            "each time": start(running(_OTHERS, "map_each_time")),
            "bare": start(running(_OTHERS, "bare")),
        }
        for name, page in PAGES.items():
            yield from _rates(name, page, servers, runs)
        yield _waiting(servers["ours"], runs)
        yield from _bytes(servers["ours"])


def _start_and_memory(runs: int) -> Iterator[Measured]:
    starts, memory = [], []
    for _ in range(runs):
        with running() as server:
            starts.append(server.start_s)
            for page in PAGES.values():
                for _ in range(20):
                    server.etag(page)
            memory.append([max(server.memory_mb(which)) for which in ("Rss", "Pss")])
    rss, pss = (median(each) for each in zip(*memory, strict=True))
    yield Measured("start to first answer", f"{median(starts):.2f} s", "≤ 3 s")
    told = f"RSS {rss:.0f} MB (PSS {pss:.0f} MB)"
    yield Measured("memory of a worker, after those pages", told, "≤ 300 MB")


def _rates(name: str, page: str, servers: dict[str, Server], runs: int) -> Iterator[Rates]:
    """Compare first visits (200) and revisits (304) with those of the others, in turn."""
    etag = servers["ours"].etag(page)
    tried = {
        ("ours", "first visit"): "",
        ("ours", "revisit, 304"): etag,
        ("earlier", "first visit"): "",
        ("earlier", "revisit, 304"): servers["earlier"].etag(page),
        ("each time", "first visit"): "",
        ("bare", "first visit"): "",
        ("bare", "revisit, 304"): etag,
    }
    found: dict[tuple[str, str], list[float]] = {each: [] for each in tried}
    for _ in range(runs):
        for (which, visit), seen in tried.items():
            seconds = _SECONDS_EACH_TIME if which == "each time" else _SECONDS
            found[which, visit].append(servers[which].per_second(page, seconds, seen))
    rate = {each: median(values) for each, values in found.items()}
    made = rate["each time", "first visit"]
    for visit, target in (("first visit", 80), ("revisit, 304", 150)):
        what, ours = f"{name}: {visit}", rate["ours", visit]
        yield Rates(what, "the server before", ours, rate["earlier", visit], "≥ 1.5")
        yield Rates(what, "a map in each request", ours, made, f"≥ {target}")
        yield Rates(what, "without Flask", ours, rate["bare", visit], "≥ 0.33")


def _waiting(server: Server, runs: int) -> Measured:
    command = [sys.executable, "-m", "bench.open_loop", server.address]
    command += [str(_RATE), str(_RATE_SECONDS), *PAGES.values()]
    found = [
        float(subprocess.check_output(command, text=True))  # noqa: S603 - our own program
        for _ in range(runs)
    ]
    what = f"the three pages at {_RATE} requests/s: 99th percentile"
    return Measured(what, f"{median(found):.1f} ms", "≤ 20 ms")


def _bytes(server: Server) -> Iterator[Measured]:
    for name, page in PAGES.items():
        first, again = visits(server.address + page)
        yield Measured(f"{name}: all bytes of a first visit", f"{first / 1000:.1f} kB", "≤ 300 kB")
        yield Measured(f"{name}: all bytes of a revisit", f"{again / 1000:.1f} kB", "≤ 15 kB")
