"""The pages that operators work with: who has nothing near, and where to act."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from flask import Blueprint, abort, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from geo.analysis import coverage, coverage_details
from geo.analysis.coverage import (
    CoverageQuery,
    CoverageResult,
    Scenario,
    added_points,
    compute_coverage,
)
from geo.analysis.population import populations
from geo.model.queries import records
from geo.spatial import classes
from web.coverage import map_data
from web.coverage.query import (
    DISTANCES,
    OF_THE_QUESTION,
    AskedComparison,
    AskedCoverage,
    read_comparison,
    read_coverage,
)
from web.find.address_lookup import look_up
from web.find.near_query import address_text
from web.maps import map_parts
from web.maps.legend import legend
from web.site import labels
from web.site.app_state import dataset
from web.site.formatting import distance, number
from web.site.hashed_content import NEVER_STORE
from web.site.i18n import url
from web.site.kind_labels import kind_name, kind_words

blueprint = Blueprint("coverage", __name__)

# More streets than these nobody reads one by one: the map and the files have every cell.
MOST_STREETS = 20
# A longer list to choose from is no help: the pages of the quartieri have shorter ones.
MOST_CLOSABLE = 200


@blueprint.after_request
def keep_typed_words_here(response: Response) -> Response:
    """Let nobody keep an address that someone typed but their own browser."""
    if request.args.get("indirizzo"):
        response.headers["Cache-Control"] = NEVER_STORE
    return response


@blueprint.get("/copertura/", endpoint="city")
def coverage_page() -> str | Response:
    """Who has nothing near, by quartiere: map, ranking, spread, sites, what if."""
    asked = read_coverage()
    looked_up = _looked_up(asked, "coverage.city")
    if isinstance(looked_up, Response):
        return looked_up
    found = compute_coverage(dataset(), asked.question)
    return render_template(
        "coverage/city.html", **_page(asked, found), **looked_up, by_kind=_by_kind(asked.question)
    )


@blueprint.get("/copertura/<slug>/")
def quartiere(slug: str) -> str | Response:
    """One quartiere's gap: its uncovered cells, places beyond its border, suggested sites."""
    data = dataset()
    if slug not in data.quartieri.index:
        abort(404)
    asked = read_coverage()
    looked_up = _looked_up(asked, "coverage.quartiere", slug=slug)
    if isinstance(looked_up, Response):
        return looked_up
    found = compute_coverage(data, asked.question)
    cells = coverage_details.uncovered_cells(data, found, slug)
    beyond = coverage_details.places_beyond(data, found, slug)
    return render_template(
        "coverage/quartiere.html",
        **_page(asked, found, slug),
        **looked_up,
        row=dict(records(found.table))[slug],
        streets=records(coverage_details.by_street(cells).head(MOST_STREETS)),
        streets_total=cells["street"].nunique(dropna=False),
        cells_total=len(cells),
        beyond=[
            (ident, place | {"distance": distance(place["border_m"])})
            for ident, place in records(beyond)
        ],
        here_places=records(found.places[found.places["quartiere"] == slug]),
    )


@blueprint.get("/copertura/confronto/")
def comparison() -> str:
    """Two questions side by side: other kinds, or another distance."""
    asked = read_comparison()
    found = compared(asked)
    return render_template(
        "coverage/compare.html",
        asked=asked,
        questions=asked.questions,
        said=[question_in_words(question) for question in asked.questions],
        changes=scenario_in_words(asked.questions[0].scenario),
        found=found,
        legend_classes=legend(found.classes[0], labels.GAP_DIGITS.get(asked.measure, 0)),
        column=labels.GAP_COLUMNS[asked.measure],
        measure=asked.measure,
        table=found.table.sort_values("difference", kind="stable"),
        distances=DISTANCES,
        shown=shown_number,
        **kind_words(),
    )


@dataclass(frozen=True, eq=False)
class Compared:
    """Two answers, their values by quartiere (first, second, difference), in the same classes."""

    answers: tuple[CoverageResult, CoverageResult]
    table: pd.DataFrame
    classes: tuple[classes.Classes, classes.Classes]


def compared(asked: AskedComparison) -> Compared:
    """Answer the two questions of a comparison."""
    first, second = (compute_coverage(dataset(), question) for question in asked.questions)
    table = coverage.compare(first, second, labels.GAP_COLUMNS[asked.measure])
    values = (shown_values(asked.measure, table[name]) for name in ("first", "second"))
    return Compared((first, second), table, classes.classify_together(*values))


def question_in_words(question: CoverageQuery) -> str:
    """Return a question's kinds and distance as a line of text."""
    names = [kind_name(slug) for slug in question.kinds]
    joined = (_(" e ") if question.how == "each" else _(" o ")).join(names)
    return str(_("%(kinds)s entro %(metres)s m", kinds=joined, metres=number(question.metres)))


def scenario_in_words(scenario: Scenario) -> str:
    """Return how many places a what-if adds and closes, as text."""
    added, closed = len(scenario.added), len(scenario.closed)
    parts = [
        ngettext("%(num)s luogo in più", "%(num)s luoghi in più", added) if added else "",
        ngettext("%(num)s luogo in meno", "%(num)s luoghi in meno", closed) if closed else "",
    ]
    return ", ".join(part for part in parts if part)


def shown_number(measure: str, value: object) -> str:
    """Return a measure's value as text: shares in percent, distances in metres."""
    if pd.isna(value):  # type: ignore[call-overload]
        return number(None)
    if value == float("inf"):
        return str(_("nessun luogo"))
    if measure == "quota":
        value = 100 * float(value)  # type: ignore[arg-type]
    return number(value, labels.GAP_DIGITS.get(measure, 0))


def _by_kind(question: CoverageQuery) -> list[tuple[str, pd.Series]]:
    """Return the city's figures for each of several kinds, for any and for all of them."""
    if len(question.kinds) < 2:
        return []
    each = [(kind_name(kind), replace(question, kinds=(kind,))) for kind in question.kinds]
    together = [
        (str(_("Almeno uno di questi")), replace(question, how="any")),
        (str(_("Tutti questi")), replace(question, how="each")),
    ]
    return [(name, compute_coverage(dataset(), asked).city) for name, asked in (*each, *together)]


def value_classes(measure: str, values: pd.Series) -> classes.Classes:
    """Sort a measure's values into classes."""
    return classes.classify(shown_values(measure, values))


def shown_values(measure: str, values: pd.Series) -> pd.Series:
    """Return a measure's values as they are shown: shares in percent, no endless distances."""
    shown = values * 100 if measure == "quota" else values.replace(float("inf"), None)
    return pd.to_numeric(shown)


def _looked_up(asked: AskedCoverage, page: str, **where: str) -> dict[str, Any] | Response:
    """Put a typed address into the scenario: go there, or offer what it may mean."""
    text = address_text("indirizzo", 100)
    if not text:
        return {"typed": "", "spots": [], "similar": []}
    added = [f"{lon:.5f},{lat:.5f}" for lon, lat in asked.question.scenario.added]

    def with_point(lon: float, lat: float, _name: str) -> str:
        state = asked.state(aggiungi=[*added, f"{lon:.5f},{lat:.5f}"])
        return url(page, **where, **state, _anchor="ipotesi")

    _text, spots, similar = look_up(text, with_point)
    # A house number leads to the middle of its street only: that's for the reader to accept.
    if len(spots) == 1 and not any(letter.isdigit() for letter in text):
        return redirect(spots[0].url)
    return {"typed": text, "spots": spots, "similar": similar}


def _page(asked: AskedCoverage, found: CoverageResult, slug: str = "") -> dict[str, Any]:
    """Return what the page of the city and that of a quartiere have in common."""
    data, question = dataset(), asked.question
    values = found.table[asked.column]
    sorted_into = value_classes(asked.measure, values)
    before = compute_coverage(data, question.without_scenario) if question.scenario else None
    return {
        "asked": asked,
        "question": question,
        "slug": slug,
        "said": question_in_words(question),
        "found": found,
        "before": before,
        "table": _sorted(found.table, asked),
        "values": values,
        "classes": sorted_into,
        "legend_classes": legend(sorted_into, labels.GAP_DIGITS.get(asked.measure, 0)),
        "largest": _largest(found.table),
        "spread": _spread(values),
        "sites": records(coverage_details.sites(data, found, asked.sites, slug or None)),
        "changes": scenario_in_words(question.scenario),
        "added": list(
            zip(
                question.scenario.added,
                added_points(data, question.scenario)["quartiere"],
                strict=True,
            )
        ),
        "closed": [(ident, data.places["name"].loc[ident]) for ident in question.scenario.closed],
        "distances": DISTANCES,
        "most_closable": MOST_CLOSABLE,
        "populations": _populations(),
        "measures": _measures(found),
        "shown": shown_number,
        "map": map_parts.map_for_page(map_parts.COVERAGE, slug),
        "cells_url": map_data.gap_address(map_data.CELLS, asked, slug or None),
        "places_url": map_data.gap_address(map_data.PLACES, asked),
        "file_state": {name: asked.state()[name] for name in OF_THE_QUESTION},
        "quartieri": data.quartieri,
        **kind_words(),
    }


def _populations() -> dict[str, object]:
    """Return for whom the data can answer, as the address says it and in words."""
    known = populations(dataset())
    return {
        slug: labels.POPULATION[slug]
        for slug, who in labels.POPULATION_SLUGS.items()
        if who in known
    }


def _measures(found: CoverageResult) -> dict[str, object]:
    """Return the measures that have a value here: the area only where places have one."""
    return {
        slug: name
        for slug, name in labels.GAP_MEASURE.items()
        if slug != "verde" or found.without_area is not None
    }


def _sorted(table: pd.DataFrame, asked: AskedCoverage) -> pd.DataFrame:
    column = "name" if asked.sort == "nome" else labels.GAP_COLUMNS[asked.sort]
    return table.sort_values(column, ascending=not asked.down, kind="stable", na_position="last")


def _largest(table: pd.DataFrame) -> float:
    """Return the most people uncovered in a quartiere: the longest bar stands for it."""
    most = table["uncovered"].max()
    return float(most) if most > 0 else 1.0


def _spread(values: pd.Series) -> dict[str, Any]:
    """Return the least, the middle and the most of the quartieri, and who they are."""
    known = values[values.notna()].sort_values(kind="stable")
    if known.empty:
        return {}
    return {
        "least": (known.iloc[0], list(known.index[known == known.iloc[0]])),
        "median": known.median(),
        "most": (known.iloc[-1], list(known.index[known == known.iloc[-1]])),
        "known": len(known),
    }
