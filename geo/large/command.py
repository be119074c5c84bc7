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
class LargeOptions:
    """The options of the command: tables, output file, and engine."""

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
        """Return whether an option is set that only large tables have."""
        return any((self.areas, self.demand, self.places, self.out)) or self.engine == "dask"


def large_report(options: LargeOptions, query: CoverageQuery) -> str:
    """Compute the coverage, write it, and return its summary as text.

    DataError when it can't be done, MissingExtraError when a package is missing for it.
    """
    areas, demand, places, out = _paths(options)
    with extra("files"):
        from geo.large import area_table, single  # noqa: PLC0415
        from geo.large.parquet import Tables  # noqa: PLC0415
    tables = Tables.open(areas, demand, places, query, options.id_column)
    if options.engine == "dask":
        coverage = _by_dask(options, tables, query)
    else:
        coverage = single.coverage(tables, query, lambda step: click.echo(step, err=True))
    area_table.check_kinds(coverage, query)
    area_table.write(coverage, out)
    return f"{area_table.report(coverage, query)}\nwritten to {out}"


def _paths(options: LargeOptions) -> list[Path]:
    """Return the paths of tables and output; DataError for missing or conflicting options."""
    problems = [
        Problem(f"--{name}", "", "it is missing", "Give --areas, --demand, --places and --out")
        for name in ("areas", "demand", "places", "out")
        if getattr(options, name) is None
    ]
    if options.out is not None and options.out.suffix not in (".parquet", ".csv"):
        what = f"{options.out.name} doesn't end in .parquet or .csv"
        problems.append(Problem("--out", "", what, "Name it so"))
    if options.engine != "dask" and (options.scheduler or options.workers or options.rows):
        what = "only Dask has a scheduler, workers and parts"
        problems.append(Problem("--engine", "", what, "Add --engine dask"))
    if options.scheduler and options.workers:
        what = "the scheduler has workers of its own"
        problems.append(Problem("--workers", "", what, "Leave one of --scheduler, --workers out"))
    if problems:
        raise DataError(problems)
    return [path for path in (options.areas, options.demand, options.places, options.out) if path]


def _by_dask(options: LargeOptions, tables: "Tables", query: CoverageQuery) -> gpd.GeoDataFrame:
    with extra("cluster"):
        from geo.large import dask_coverage, dask_workers  # noqa: PLC0415

    with (
        dask_workers.explained(),
        dask_workers.connected(options.scheduler, options.workers or 2) as client,
        tqdm(unit="part", leave=False) as bar,
    ):

        def progress(step: str, done: int, number: int) -> None:
            if done == 0:
                bar.reset(total=number)
                bar.set_description(step, refresh=False)
            bar.update(done - bar.n)

        runner = dask_workers.Runner(client, progress)
        return dask_coverage.coverage(
            tables, query, runner, rows=options.rows or dask_coverage.ROWS
        )
