"""Running a recipe: gather, write, report."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from pydantic import ValidationError

import geo.recipes
from geo.base.errors import DataError, Problem, short
from geo.ingest.build import BuildResult, Progress
from geo.ingest.compose import place_row
from geo.ingest.output import texts
from geo.ingest.place_ids import KnownIds, read_known_ids
from geo.ingest.report import build_report, new_ids_report
from geo.model.city import FILE as CITY
from geo.model.city import City, read_city
from geo.model.tables import PLACES, TABLES
from geo.model.writing import replace_folder
from geo.sources.reading import each
from geo.sources.record import BuildLog

REPORT = "BUILD_REPORT.md"
_FILES = {table.row.__name__: table.file for table in TABLES}
# How often `progress` is called.
STEPS = 6
# A recipe reads a folder of sources: its module in `geo.recipes` has it as `gather`.
Recipe = Callable[[Path, City, KnownIds, BuildLog, Progress], BuildResult]


def build(sources: Path, out: Path, progress: Progress, recipe: str | None = None) -> str:
    """Make the data folder `out` from the folder of sources; return the report.

    `out` must hold city.toml; the recipe is that of the city's slug unless another one is
    named. The folder is replaced as a whole or not at all; DataError when a source or the
    result can't be used.
    """
    log = BuildLog()
    city = read_city(out)
    gather = find_recipe(recipe or city.slug)
    try:
        result = gather(sources, city, read_known_ids(out), log, progress)
        progress("writing")
        rows = each(PLACES.file, result.places, place_row, lambda place: place.id)
        written = texts(result, rows)
    except ValidationError as error:
        raise _unfit(error) from None
    report = build_report(result, rows, log)
    replace_folder(out, {**written, REPORT: report}, "Dati ricostruiti dalle loro fonti")
    # Not in the file: the next build, of the same sources, has no new ids.
    return report + new_ids_report(result)


def find_recipe(name: str) -> Recipe:
    """Return the recipe of a name; DataError lists the recipes if there is none."""
    modules = {found.name for found in iter_modules(geo.recipes.__path__)} - {"run"}
    module = name.replace("-", "_")
    if module not in modules:
        what = f"there is no recipe {name!r}, only {', '.join(sorted(modules))}"
        fix = f"Name one with --recipe, or write geo/recipes/{module}.py"
        raise DataError([Problem(CITY, "slug", what, fix)])
    recipe: Recipe = import_module(f"geo.recipes.{module}").gather
    return recipe


def _unfit(error: ValidationError) -> DataError:
    """Return the error for a row that no data folder may hold."""
    fault = error.errors(include_url=False)[0]
    what = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
    fix = f"Correct the source that says {short(fault['input'])}"
    return DataError([Problem(_FILES.get(error.title, "sources"), "", what, fix)])
