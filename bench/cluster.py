"""Coverage of a made-up country (`bench.country`): by one process, and by Dask's workers.

    python -m bench.cluster FOLDER

Wall and processor seconds, the most memory of a process, and the seconds of each step;
starting processes isn't counted. The results must be equal.
"""

import argparse
import importlib
import multiprocessing
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.analysis.coverage import CoverageQuery
from geo.large import dask_coverage, single
from geo.large.dask_workers import Runner, connected
from geo.large.parquet import Tables
from geo.model.kinds import GROUPS

HEADS = ["engine", "wall s", "CPU s", "peak MB per process", "load", "steps (parts) wall/CPU s"]


@dataclass
class Steps:
    """Records the clocks (wall, processors) at the beginning of each step."""

    cpu: Callable[[], float]
    began: list[tuple[str, int, float, float]] = field(default_factory=list)

    def __call__(self, step: str, done: int = 0, number: int = 1) -> None:
        if done == 0:
            self.began.append((step, number, time.perf_counter(), self.cpu()))

    def durations(self) -> str:
        """Wall and processor seconds of each step of a tenth of a second or more."""
        end = ("", 0, time.perf_counter(), self.cpu())
        return ", ".join(
            f"{step} ({number}) {wall - wall_before:.1f}/{cpu - cpu_before:.1f}"
            for (step, number, wall_before, cpu_before), (_, _, wall, cpu) in pairwise(
                [*self.began, end]
            )
            if wall - wall_before >= 0.1
        )


@dataclass(frozen=True)
class Run:
    """One run: its result, and the cells of its row."""

    result: gpd.GeoDataFrame
    cells: list[str]


def spent() -> tuple[float, float]:
    """Processor seconds of this process so far, and the most memory it has held (MB)."""
    return time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def alone(folder: Path, query: CoverageQuery) -> Run:
    """Answer in one process."""
    steps, start, (before, _) = Steps(time.process_time), time.perf_counter(), spent()
    result = single.coverage(opened(folder, query), query, steps)
    wall, (after, most) = time.perf_counter() - start, spent()
    return row("one process, all rows at once", result, wall, after - before, [most], steps)


def together(folder: Path, query: CoverageQuery, workers: int, rows: int) -> Run:
    """Run with `workers` processes."""
    with connected(None, workers) as client:

        def cpu() -> float:
            return sum(client.run(time.process_time).values())

        # Their first import isn't counted either.
        client.run(importlib.import_module, "geo.large.dask_coverage")
        before, own = cpu(), time.process_time()
        steps, start = Steps(cpu), time.perf_counter()
        result = dask_coverage.coverage(
            opened(folder, query), query, Runner(client, steps), rows=rows
        )
        wall, spent_there = time.perf_counter() - start, cpu() - before
        what = f"Dask, {workers} worker{'s' if workers > 1 else ''}"
        most = [most for _, most in client.run(spent).values()]
        made = row(what, result, wall, spent_there, most, steps)
    made.cells[2] += f" + {time.process_time() - own:.1f} scheduler and client"
    return made


def opened(folder: Path, query: CoverageQuery) -> Tables:
    return Tables.open(folder / "areas.parquet", folder / "demand", folder / "places", query)


def row(
    what: str, result: gpd.GeoDataFrame, wall: float, cpu: float, most: list[float], steps: Steps
) -> Run:
    memory = ", ".join(f"{each:,.0f}" for each in most)
    load = f"{os.getloadavg()[0]:.1f}"
    return Run(result, [what, f"{wall:.1f}", f"{cpu:.1f}", memory, load, steps.durations()])


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", nargs="+", default=list(GROUPS))
    parser.add_argument("--within", type=int, default=500)
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rows", type=int, default=dask_coverage.ROWS)
    options = parser.parse_args()
    query = CoverageQuery(tuple(sorted(options.kind)), options.within)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        whole = process.submit(alone, options.folder, query).result()
    print(f"{' + '.join(query.kinds)} within {query.metres} m, {os.cpu_count()} cores\n")
    for line in (HEADS, ["---"] * len(HEADS), whole.cells):
        print(f"| {' | '.join(line)} |", flush=True)
    for workers in options.workers:
        run = together(options.folder, query, workers, options.rows)
        print(f"| {' | '.join(run.cells)} |", flush=True)
        bare = (each.result.drop(columns="geometry") for each in (whole, run))
        pd.testing.assert_frame_equal(*bare, check_exact=True)
    print("\nAll results are equal, to the last bit.")


if __name__ == "__main__":
    main()
