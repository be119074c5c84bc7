"""What the command `coverage` does with tables larger than a city's."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import geopandas as gpd
from tqdm import tqdm

from geo.analysis.coverage import CoverageQuery
from geo.base.errors import DataError, Problem
from geo.base.optional import extra

if TYPE_CHECKING:
    from geo.large.parquet import Tables


@dataclass(frozen=True)
class LargeAsked:
    """The options of the command: the tables, where the answer goes, and who works it out."""

    areas: Path | None = None
    demand: Path | None = None
    places: Path | None = None
    out: Path | None = None
    id_column: str = "id"
    engine: str = "single"
    scheduler: str | None = None
    workers: int | None = None
    rows: int | None = None

    @property
    def is_large(self) -> bool:
        """Return whether anything is asked for that a city's folder has no use for."""
        return any((self.areas, self.demand, self.places, self.out)) or self.engine == "dask"


def large_report(asked: LargeAsked, question: CoverageQuery) -> str:
    """Work the answer out, write it, and return what it says as a whole.

    DataError when it can't be done, MissingExtraError when a package is missing for it.
    """
    areas, demand, places, out = _checked(asked)
    with extra("files"):
        from geo.large import area_table, single  # noqa: PLC0415
        from geo.large.parquet import Tables  # noqa: PLC0415
    tables = Tables.open(areas, demand, places, question, asked.id_column)
    if asked.engine == "dask":
        found = _by_dask(asked, tables, question)
    else:
        found = single.coverage(tables, question, lambda step: click.echo(step, err=True))
    area_table.check_kinds(found, question)
    area_table.write(found, out)
    return f"{area_table.report(found, question)}\nwritten to {out}"


def _checked(asked: LargeAsked) -> list[Path]:
    """Return the paths of tables and answer; DataError when options are missing or at odds."""
    problems = [
        Problem(f"--{name}", "", "it is missing", "Give --areas, --demand, --places and --out")
        for name in ("areas", "demand", "places", "out")
        if getattr(asked, name) is None
    ]
    if asked.out is not None and asked.out.suffix not in (".parquet", ".csv"):
        what = f"{asked.out.name} doesn't end in .parquet or .csv"
        problems.append(Problem("--out", "", what, "Name it so"))
    if asked.engine != "dask" and (asked.scheduler or asked.workers or asked.rows):
        what = "only Dask has a scheduler, workers and parts"
        problems.append(Problem("--engine", "", what, "Add --engine dask"))
    if asked.scheduler and asked.workers:
        what = "the scheduler has workers of its own"
        problems.append(Problem("--workers", "", what, "Leave one of --scheduler, --workers out"))
    if problems:
        raise DataError(problems)
    return [path for path in (asked.areas, asked.demand, asked.places, asked.out) if path]


def _by_dask(asked: LargeAsked, tables: "Tables", question: CoverageQuery) -> gpd.GeoDataFrame:
    with extra("cluster"):
        from geo.large import dask_coverage, dask_workers  # noqa: PLC0415

    with (
        dask_workers.explained(),
        dask_workers.connected(asked.scheduler, asked.workers or 2) as client,
        tqdm(unit="part", leave=False) as bar,
    ):

        def progress(step: str, done: int, number: int) -> None:
            if done == 0:
                bar.reset(total=number)
                bar.set_description(step, refresh=False)
            bar.update(done - bar.n)

        runner = dask_workers.Runner(client, progress)
        return dask_coverage.coverage(
            tables, question, runner, rows=asked.rows or dask_coverage.ROWS
        )
