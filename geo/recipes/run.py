"""The build as a whole: gather, write, report."""

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from geo.base.errors import DataError, Problem, short
from geo.ingest.compose import place_row
from geo.ingest.output import texts
from geo.ingest.report import build_report
from geo.model.city import read_city
from geo.model.dataset import DEMAND, MEMBERSHIPS, NETWORKS, PLACES, QUARTIERI, STREETS
from geo.model.writing import replace_folder
from geo.recipes.bergamo import gather
from geo.sources.reading import each
from geo.sources.record import BuildLog

REPORT = "BUILD_REPORT.md"
_FILES = {
    "QuartiereRow": QUARTIERI,
    "NetworkRow": NETWORKS,
    "MembershipRow": MEMBERSHIPS,
    "StreetRow": STREETS,
    "DemandRow": DEMAND,
}
# How often `progress` is called.
STEPS = 6


def build(sources: Path, out: Path, progress: Callable[[str], None]) -> str:
    """Make the data folder `out` from the folder of sources; return the report.

    `out` must hold city.toml. The folder is replaced as a whole or not at all; DataError
    when a source or the result can't be used.
    """
    log = BuildLog()
    city = read_city(out)
    try:
        made = gather(sources, city, log, progress)
        progress("writing")
        rows = each(PLACES, made.places, place_row, lambda place: place.id)
        written = texts(made, rows)
    except ValidationError as error:
        raise _unfit(error) from None
    report = build_report(made, rows, log)
    replace_folder(out, {**written, REPORT: report}, "Dati ricostruiti dalle loro fonti")
    return report


def _unfit(error: ValidationError) -> DataError:
    """A row was made of what the sources say that no data folder may hold."""
    fault = error.errors(include_url=False)[0]
    what = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
    fix = f"Mend the source that says {short(fault['input'])}"
    return DataError([Problem(_FILES.get(error.title, "sources"), "", what, fix)])
