"""What the pages of coverage show, in parts: the map, the table, suggested sites, the what-if."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd
from flask_babel import gettext as _

from geo.analysis import coverage_details
from geo.analysis.coverage import (
    CoverageQuery,
    CoverageResult,
    Spread,
    added_points,
    compare,
    compute_coverage,
    spread,
)
from geo.model.queries import Record, records
from geo.spatial.classes import Classes
from web.coverage import map_data
from web.coverage.measures import MEASURES, UNCOVERED
from web.coverage.query import CoverageView
from web.coverage.texts import query_text, scenario_text
from web.find.address_lookup import Lookup
from web.maps import map_parts
from web.maps.measures import Measure
from web.site.app_state import dataset
from web.site.i18n import url
from web.site.kind_labels import kind_name
from web.site.parameters import Point

# A longer list to choose from is no help: the pages of the quartieri have shorter ones.
MOST_CLOSABLE = 200


class CoverageMap(NamedTuple):
    """A map: its HTML, the address of its script, and those of what it shows."""

    body: str
    script: str
    cells_url: str
    places_url: str


@dataclass(frozen=True, eq=False)
class CoverageTable:
    """The table by quartiere, sorted; `values` are those of the measure that is shown.

    `most_uncovered`: how many people the longest bar stands for.
    """

    rows: list[tuple[str, Record]]
    values: pd.Series
    classes: Classes
    legend: list[dict[str, str]]
    most_uncovered: float
    spread: Spread | None


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The changes of a scenario, and what they bring.

    `before`: the result without them, None where there are none; `text`: the changes as text;
    `added`: points, each with its quartiere or None; `closed`, `closable`: places by id;
    `moved`: the quartieri whose number of people uncovered changes; `lookup`: what the address
    typed for one more place may mean.
    """

    before: CoverageResult | None
    text: str
    added: list[tuple[Point, str | None]]
    closed: list[tuple[str, str]]
    closable: list[tuple[str, Record]]
    moved: list[tuple[str, Record]]
    lookup: Lookup | None


@dataclass(frozen=True, eq=False)
class CoveragePage:
    """A page of coverage: of the whole city, or of the quartiere `slug`."""

    view: CoverageView
    slug: str
    title: str
    result: CoverageResult
    measures: dict[str, Measure]
    map: CoverageMap
    table: CoverageTable
    sites: list[tuple[Any, Record]]
    what_if: WhatIf

    @property
    def query(self) -> CoverageQuery:
        """The query that the page answers."""
        return self.view.query

    def url(self, **changed: Any) -> str:
        """Return the address of this page with some parameters changed."""
        return page_url(self.view, self.slug, **changed)


def page_url(view: CoverageView, slug: str = "", **changed: Any) -> str:
    """Return the address of the page of the city, or of a quartiere, for a view."""
    if slug:
        return url("coverage.quartiere", slug=slug, **view.parameters(**changed))
    return url("coverage.city", **view.parameters(**changed))


def coverage_page(view: CoverageView, lookup: Lookup | None, slug: str = "") -> CoveragePage:
    """Return what the page of the city shows, or that of a quartiere."""
    data = dataset()
    result = compute_coverage(data, view.query)
    measures = {
        name: measure
        for name, measure in MEASURES.items()
        if not measure.needs_area or result.without_area is not None
    }
    return CoveragePage(
        view=view,
        slug=slug,
        title=query_text(view.query),
        result=result,
        measures=measures,
        map=_map(view, slug),
        table=_table(view, result),
        sites=records(coverage_details.sites(data, result, view.sites, slug or None)),
        what_if=_what_if(result, lookup),
    )


def results_by_kind(query: CoverageQuery) -> list[tuple[str, pd.Series]]:
    """Return the city's figures for each of several kinds, for any and for all of them."""
    if len(query.kinds) < 2:
        return []
    each = [(kind_name(kind), replace(query, kinds=(kind,))) for kind in query.kinds]
    together = [
        (str(_("Almeno uno di questi")), replace(query, how="any")),
        (str(_("Tutti questi")), replace(query, how="each")),
    ]
    return [(name, compute_coverage(dataset(), one).city) for name, one in (*each, *together)]


def _map(view: CoverageView, slug: str) -> CoverageMap:
    return CoverageMap(
        *map_parts.map_for_page(map_parts.COVERAGE, slug),
        map_data.address(map_data.CELLS, view, slug or None),
        map_data.address(map_data.PLACES, view),
    )


def _table(view: CoverageView, result: CoverageResult) -> CoverageTable:
    values = result.table[view.measure.column]
    classes = view.measure.classify(values)
    rows = result.table.sort_values(
        view.sort_column, ascending=not view.descending, kind="stable", na_position="last"
    )
    most = result.table[UNCOVERED.column].max()
    return CoverageTable(
        rows=records(rows),
        values=values,
        classes=classes,
        legend=view.measure.legend(classes),
        most_uncovered=float(most) if most > 0 else 1.0,
        spread=spread(values),
    )


def _what_if(result: CoverageResult, lookup: Lookup | None) -> WhatIf:
    data, query = dataset(), result.query
    scenario = query.scenario
    before = compute_coverage(data, query.without_scenario) if scenario else None
    added = added_points(data, scenario)["quartiere"]
    few = len(result.places) <= MOST_CLOSABLE
    return WhatIf(
        before=before,
        text=scenario_text(scenario),
        added=list(zip(scenario.added, added, strict=True)),
        closed=[(ident, data.places["name"].loc[ident]) for ident in scenario.closed],
        closable=records(result.places.sort_values("name")) if few else [],
        moved=[] if before is None else _moved(before, result),
        lookup=lookup,
    )


def _moved(before: CoverageResult, after: CoverageResult) -> list[tuple[str, Record]]:
    table = compare(before, after, UNCOVERED.column)
    changed = table["difference"].notna() & (table["difference"] != 0)
    return records(table[changed])
