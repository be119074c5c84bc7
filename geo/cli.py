"""The commands: build a data folder, check it, import into it, compute coverage."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from geo.analysis.coverage import CoverageQuery
from geo.base.errors import DataError
from geo.base.optional import MissingExtraError
from geo.imports.boundaries import DEFAULT_TOLERANCE_M2, import_boundaries
from geo.imports.residents import Publication, import_residents
from geo.large.command import LargeOptions, large_report
from geo.model.dataset import Dataset
from geo.publish.report import check_report, coverage_report
from geo.recipes.run import STEPS, build
from geo.storage.atomic import settle

_OUT = "Where the answer goes: FILE.parquet (GeoParquet) or FILE.csv."
_Command = TypeVar("_Command", bound=Callable[..., None])


def _data_option(name: str) -> Callable[[_Command], _Command]:
    """Return the option that names the data folder; QUARTIERI_DATA does, too, as for the app."""
    return click.option(
        name,
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("data"),
        envvar="QUARTIERI_DATA",
        show_default=True,
        show_envvar=True,
        help="Data folder.",
    )


def _large_options(command: _Command) -> _Command:
    """Add the options for tables larger than a city's."""
    table = click.Path(exists=True, path_type=Path)
    options = (
        click.option("--areas", type=table, help="A country's areas, instead of --data."),
        click.option("--id-column", default="id", show_default=True, help="That of the areas."),
        click.option("--demand", type=table, help="Points with the column of --population."),
        click.option("--places", type=table, help="Points with a column kind."),
        click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=_OUT),
        click.option(
            "--engine", type=click.Choice(["single", "dask"]), default="single", show_default=True
        ),
        click.option("--scheduler", help="Address of a Dask scheduler, such as tcp://host:8786."),
        click.option(
            "--workers",
            type=click.IntRange(1),
            help="Without --scheduler: number of local processes. [2]",
        ),
        click.option("--rows", type=click.IntRange(1), help="Points in a part. [200000]"),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def main() -> None:
    """Make, check and correct the data of the map."""


@main.command("build")
@click.argument("sources", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_data_option("--out")
@click.option("--recipe", help="A module of geo.recipes; by default that of the city's slug.")
def build_command(sources: Path, out: Path, recipe: str | None) -> None:
    """Build the data folder from the folder SOURCES and print a report."""
    with click.progressbar(label="building", length=STEPS, file=sys.stderr) as bar:

        def progress(step: str) -> None:
            bar.label = step
            bar.update(1)

        _run(lambda: build(sources, out, progress, recipe))


@main.command("check")
@_data_option("--data")
def check_command(data: Path) -> None:
    """Say what the data folder holds; fail with every problem when it can't be used."""
    settle(data)  # what a killed command left
    _run(lambda: check_report(Dataset.read(data)))


@main.command("coverage")
@click.option("--kind", "kinds", multiple=True, required=True, help="Kind or group; repeatable.")
@click.option("--within", "metres", type=click.IntRange(1), default=500, show_default=True)
@click.option("--each", is_flag=True, help="All the kinds must be near, not just one of them.")
@click.option("--population", default="residents", show_default=True, help="Or aged_65, aged_0_14.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
)
@_data_option("--data")
@_large_options
def coverage_command(
    *, kinds: tuple[str, ...], metres: int, each: bool, population: str, **where: Any
) -> None:
    """Say how many residents of each quartiere have a place of a kind near.

    Or of each area of a country: with --areas, --demand and --places, in GeoParquet and in
    one CRS in metres. What --kind says is then looked up in the column kind of the places.
    """
    query = CoverageQuery(tuple(sorted(set(kinds))), metres, "each" if each else "any", population)
    data, form = where.pop("data"), where.pop("form")
    options = LargeOptions(**where)
    if options.is_large:
        _run(lambda: large_report(options, query))
    else:
        _run(lambda: coverage_report(Dataset.read(data), query, form))


@main.group("import")
def import_group() -> None:
    """Bring official data into the data folder."""


@import_group.command("boundaries")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@_data_option("--data")
@click.option("--name-column", help="The column with the names, if it can't be guessed.")
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    default=DEFAULT_TOLERANCE_M2,
    show_default=True,
    help="Largest overlap, gap or part outside the comune that is accepted, in m².",
)
def boundaries_command(file: Path, data: Path, name_column: str | None, tolerance: float) -> None:
    """Replace the indicative areas by the official perimeters in FILE."""
    _run(lambda: import_boundaries(file, data, name_column=name_column, tolerance_m2=tolerance))


@import_group.command("residents")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@_data_option("--data")
@click.option(
    "--year", type=click.IntRange(1800, 2200), required=True, help="When they lived there."
)
@click.option("--source", required=True, help="The id in sources.csv of who counted them.")
@click.option(
    "--publication", "--told-in", required=True, help="The address or name of the publication."
)
@click.option("--residents-column", help="The column with the residents, if it can't be guessed.")
@click.option("--column-65", help="The column with those aged 65 or more.")
@click.option("--column-0-14", help="The column with those under 15.")
def residents_command(
    *,
    file: Path,
    data: Path,
    year: int,
    source: str,
    publication: str,
    **columns: str | None,
) -> None:
    """Replace the estimate of where residents live by census sections or points in FILE."""
    named = {
        "residents": columns["residents_column"],
        "aged_65": columns["column_65"],
        "aged_0_14": columns["column_0_14"],
    }
    _run(lambda: import_residents(file, data, Publication(source, year, publication), named))


def _run(command: Callable[[], str]) -> None:
    """Print the report of a command, or its error with exit code 1."""
    try:
        report = command()
    except (DataError, MissingExtraError) as error:
        raise SystemExit(f"{error}") from None
    click.echo(report.rstrip("\n"))
