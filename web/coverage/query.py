"""The parameters of a page of coverage: the query, and how its result is shown."""

from dataclasses import dataclass
from typing import Any

from flask import abort
from flask_babel import gettext as _

from geo.analysis.coverage import CoverageQuery, How, Scenario
from geo.analysis.coverage_details import MOST_SITES
from geo.analysis.population import populations
from geo.model.queries import current_id
from web.coverage.measures import MEASURES, SHARE
from web.maps.measures import Measure
from web.site import labels, parameters
from web.site.app_state import dataset
from web.site.parameters import point_text

DEFAULT_KINDS = ("spazio-di-quartiere",)
DISTANCES = (300, 500, 1000)
DEFAULT_METRES = 500
NEAREST, FARTHEST = 50, 5000
# The names of a query's options in addresses; the first of each is the default.
HOW: dict[str, How] = {"uno": "any", "tutti": "each"}
POPULATIONS = {"residenti": "residents", "anziani": "aged_65", "bambini": "aged_0_14"}
BY_NAME = "nome"
DEFAULT_SORT = "scoperti"
DEFAULT_SITES = 3
# The distance of the second query of a comparison where the address has none.
SECOND_METRES = 1000
_MOST_KINDS = 12
_MOST_CHANGES = 10


@dataclass(frozen=True)
class CoverageView:
    """A query, and how its result is shown.

    `sort`: the slug of the measure by which the table is sorted, or BY_NAME; `sites`: how many
    to suggest.
    """

    query: CoverageQuery
    measure: Measure
    sort: str
    descending: bool
    sites: int

    @property
    def sort_column(self) -> str:
        """The column of the result's table by which it is sorted."""
        return "name" if self.sort == BY_NAME else MEASURES[self.sort].column

    def query_parameters(self) -> dict[str, Any]:
        """Return the parameters of the query itself, None for defaults."""
        return _kind_parameters(self.query) | _people(self.query) | _changes(self.query)

    def parameters(self, **changed: Any) -> dict[str, Any]:
        """Return all parameters of the address, None for defaults, some of them changed."""
        shown = {
            "misura": self.measure.slug,
            "ordina": None if self.sort == DEFAULT_SORT else self.sort,
            "verso": None if self.descending else "su",
            "siti": None if self.sites == DEFAULT_SITES else self.sites,
        }
        query = self.query
        return _kind_parameters(query) | _people(query) | shown | _changes(query) | changed


@dataclass(frozen=True)
class ComparisonView:
    """Two queries for the same people and what-if, and the measure to compare them in."""

    queries: tuple[CoverageQuery, CoverageQuery]
    measure: Measure

    def parameters(self) -> dict[str, Any]:
        """Return all parameters of the address, None for defaults."""
        first, second = self.queries
        kinds = _kind_parameters(first) | _kind_parameters(second, "2")
        return kinds | _people(first) | {"misura": self.measure.slug} | _changes(first)


def read_query(suffix: str = "", metres: int = DEFAULT_METRES) -> CoverageQuery:
    """Return the query of the address; 400 for a wrong value.

    `suffix` ends the names of a second query's parameters; `metres` is the distance where the
    address has none.
    """
    known = [slug for slug, who in POPULATIONS.items() if who in populations(dataset())]
    who = parameters.one_of(
        "chi", known, _("Di “%(name)s” i dati non dicono dove abitano."), "residenti"
    )
    how = parameters.one_of(
        f"come{suffix}", HOW, _("“%(name)s” non si può scegliere: uno o tutti."), "uno"
    )
    return CoverageQuery(
        kinds=parameters.kinds(f"tipo{suffix}", _MOST_KINDS) or DEFAULT_KINDS,
        metres=parameters.whole(f"entro{suffix}", metres, NEAREST, FARTHEST),
        how=HOW[how],
        population=POPULATIONS[who],
        scenario=Scenario(added=_added(), closed=_closed()),
    )


def read_view() -> CoverageView:
    """Return the query of the address and how to show its result; 400 for a wrong value."""
    refusal = _("La misura “%(name)s” non esiste.")
    sort = parameters.one_of("ordina", {BY_NAME, *MEASURES}, refusal, DEFAULT_SORT)
    return CoverageView(
        query=read_query(),
        measure=_measure(),
        sort=sort,
        descending=parameters.value("verso") != "su",
        sites=parameters.whole("siti", DEFAULT_SITES, 0, MOST_SITES),
    )


def read_comparison() -> ComparisonView:
    """Return the two queries of the address; 400 for a wrong value."""
    measure = _measure()
    second = read_query("2", SECOND_METRES)
    return ComparisonView((read_query(), second), measure)


def population_labels() -> dict[str, object]:
    """Return the populations that the data know, as addresses and as pages name them."""
    known = populations(dataset())
    return {slug: labels.POPULATION[slug] for slug, who in POPULATIONS.items() if who in known}


def _measure() -> Measure:
    refusal = _("La misura “%(name)s” non esiste.")
    return MEASURES[parameters.one_of("misura", MEASURES, refusal, SHARE.slug)]


def _added() -> tuple[parameters.Point, ...]:
    points = [parameters.point_in_city(text) for text in _few("aggiungi")]
    return tuple(dict.fromkeys(points))


def _closed() -> tuple[str, ...]:
    closed = sorted({current_id(dataset(), ident) for ident in _few("chiudi")})
    for ident in closed:
        if ident not in dataset().places.index:
            parameters.refuse(_("Il luogo “%(name)s” non esiste."), ident, longest=80)
    return tuple(closed)


def _few(name: str) -> list[str]:
    changes = parameters.values(name)
    if len(changes) > _MOST_CHANGES:
        abort(400, _("Troppe ipotesi in una volta: al massimo %(most)s.", most=_MOST_CHANGES))
    return changes


def _kind_parameters(query: CoverageQuery, suffix: str = "") -> dict[str, Any]:
    return {
        f"tipo{suffix}": list(query.kinds),
        f"come{suffix}": None if query.how == HOW["uno"] else "tutti",
        f"entro{suffix}": query.metres,
    }


def _people(query: CoverageQuery) -> dict[str, Any]:
    slug = next(slug for slug, who in POPULATIONS.items() if who == query.population)
    return {"chi": None if slug == "residenti" else slug}


def _changes(query: CoverageQuery) -> dict[str, Any]:
    scenario = query.scenario
    return {
        "aggiungi": [point_text(lon, lat) for lon, lat in scenario.added],
        "chiudi": list(scenario.closed),
    }
