"""The build as a whole: gather, write, report."""

from collections.abc import Callable
from pathlib import Path

from geo.build.compose import place_row
from geo.build.files import texts
from geo.build.gather import gather
from geo.build.told import build_report
from geo.build.write import replace_folder
from geo.city import read_city
from geo.sources.records import Notes

REPORT = "BUILD_REPORT.md"
# How often `progress` is called.
STEPS = 6


def build(sources: Path, out: Path, progress: Callable[[str], None]) -> str:
    """Make the data folder `out` from the folder of sources; return the report.

    `out` must hold city.toml. The folder is replaced as a whole or not at all; DataError
    when a source or the result can't be used.
    """
    notes = Notes()
    city = read_city(out)
    made = gather(sources, city, notes, progress)
    progress("writing")
    rows = [place_row(place) for place in made.places]
    report = build_report(made, rows, notes)
    change = "Dati ricostruiti dalle loro fonti"
    replace_folder(out, {**texts(made, rows), REPORT: report}, change)
    return report
