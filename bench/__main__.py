"""Run the measurements and print their table: `python -m bench`, or `make bench`."""

import argparse
import os
import platform
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from bench import geometry, pages, server
from bench.timing import RUNS, Row
from geo.model.dataset import Dataset

HEADS = ["what", "baseline", "ours", "theirs", "ratio", "target"]


# What can be measured alone: `--only areas`.
PARTS: dict[str, Callable[[Dataset, int, int], Iterable[Row]]] = {
    "pages": lambda data, _points, runs: [
        *pages.map_page(data, runs),
        *pages.layer(data, 10_000, runs),
        *pages.cached_pages(runs),
    ],
    "near": lambda data, _points, runs: geometry.near_me(data, runs),
    "share": lambda _data, points, runs: geometry.share(points // 10, 10_000, 500, runs),
    "server": lambda _data, _points, runs: server.rows(runs),
    "areas": geometry.assignment,
}


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", choices=[*PARTS, "search"], action="append")
    options = parser.parse_args()
    data = Dataset.read(Path("data"))
    day, python = datetime.now(UTC).date(), platform.python_version()
    print(f"{day}, {os.cpu_count()} cores, Python {python}, load {os.getloadavg()[0]:.1f};")
    print(f"medians of {options.runs} runs. Ratio: how many times less ours takes.\n")
    for line in (HEADS, ["---"] * len(HEADS)):
        _print(line)
    for name, part in PARTS.items():
        if not options.only or name in options.only:
            for row in part(data, options.points, options.runs):
                _print(row.cells)
    if not options.only or "search" in options.only:
        _print(pages.search(100_000))


def _print(cells: list[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
