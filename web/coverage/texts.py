"""Queries of coverage, and where residents live, as text."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from geo.analysis.coverage import CoverageQuery, Scenario
from geo.analysis.population import CELL_M, is_estimated
from web.site.app_state import dataset, source_titles
from web.site.formatting import number
from web.site.kind_labels import kind_name


def query_text(query: CoverageQuery) -> str:
    """Return a query's kinds and distance as a line of text."""
    names = [kind_name(slug) for slug in query.kinds]
    joined = (_(" e ") if query.how == "each" else _(" o ")).join(names)
    return str(_("%(kinds)s entro %(metres)s m", kinds=joined, metres=number(query.metres)))


def scenario_text(scenario: Scenario) -> str:
    """Return how many places a what-if adds and closes, as text."""
    added, closed = len(scenario.added), len(scenario.closed)
    parts = [
        ngettext("%(num)s luogo in più", "%(num)s luoghi in più", added) if added else "",
        ngettext("%(num)s luogo in meno", "%(num)s luoghi in meno", closed) if closed else "",
    ]
    return ", ".join(part for part in parts if part)


def demand_text() -> str:
    """Return a sentence on the points that distances are measured from, and their source."""
    source = source_titles(dataset().demand_points["source"].unique())
    if is_estimated(dataset()):
        text = _(
            "Distanze in linea d’aria dai punti in cui abitano i residenti: celle di %(side)s m "
            "con una via o un edificio, su cui i residenti del quartiere sono ripartiti in "
            "proporzione a quanti ne hanno (fonte: %(source)s).",
            side=CELL_M,
            source=source,
        )
    else:
        text = _(
            "Distanze in linea d’aria dai punti in cui i residenti sono contati "
            "(fonte: %(source)s).",
            source=source,
        )
    return str(text)


def init_app(app: Flask) -> None:
    """Let every template say where residents live."""
    app.jinja_env.globals["demand_text"] = demand_text
