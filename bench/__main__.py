"""Run the measurements and print their table: `python -m bench`, or `make bench`."""

import argparse
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench import geometry, pages, server
from bench.timing import RUNS
from geo.dataset import Dataset

HEADS = ["what", "baseline", "ours", "theirs", "ratio", "target"]


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args()
    data = Dataset.read(Path("data"))
    rows = [
        *pages.map_page(data, asked.runs),
        *pages.layer(data, 10_000, asked.runs),
        *pages.kept_pages(asked.runs),
        *geometry.near_me(asked.runs),
        geometry.nearest_places(asked.points // 10, 10_000, asked.runs),
        *geometry.assignment(data, asked.points, asked.runs),
        *server.rows(asked.runs),
    ]
    print(
        f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, Python {platform.python_version()},"
    )
    print(f"medians of {asked.runs} runs. Ratio: how many times less ours takes.\n")
    for line in (HEADS, ["---"] * len(HEADS), *(row.cells for row in rows), pages.search(100_000)):
        print(f"| {' | '.join(line)} |")


if __name__ == "__main__":
    main()
