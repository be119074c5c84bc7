"""The pages of coverage: who has nothing near in the city, in a quartiere, or two ways compared."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from geo.analysis import coverage_details
from geo.model.queries import records
from web.coverage.comparison import compare_queries
from web.coverage.coverage_page import coverage_page, page_url, results_by_kind
from web.coverage.measures import DISTANCE, MEASURES, SHARE, UNCOVERED
from web.coverage.query import (
    DISTANCES,
    CoverageView,
    population_labels,
    read_comparison,
    read_view,
)
from web.coverage.texts import scenario_text
from web.find.address_lookup import Lookup, look_up
from web.find.near_query import address_text
from web.site.app_state import dataset
from web.site.formatting import distance
from web.site.hashed_content import NEVER_STORE
from web.site.kind_labels import kind_words
from web.site.parameters import check_exists, point_text

blueprint = Blueprint("coverage", __name__)

# More streets than these nobody reads one by one: the map and the files have every cell.
MOST_STREETS = 20
_LONGEST_ADDRESS = 100


@blueprint.after_request
def never_store_typed_addresses(response: Response) -> Response:
    """Let no cache store a page whose address holds what someone typed."""
    if request.args.get("indirizzo"):
        response.headers["Cache-Control"] = NEVER_STORE
    return response


@blueprint.get("/copertura/")
def city() -> str | Response:
    """Who has nothing near, by quartiere: map, ranking, spread, sites, what if."""
    view = read_view()
    lookup = _look_up_added(view)
    if lookup and _is_clear(lookup):
        return redirect(lookup.spots[0].url)
    return render_template(
        "coverage/city.html",
        page=coverage_page(view, lookup),
        by_kind=results_by_kind(view.query),
        **_shared(),
    )


@blueprint.get("/copertura/<slug>/")
def quartiere(slug: str) -> str | Response:
    """One quartiere's gap: its uncovered cells, places beyond its border, suggested sites."""
    data = dataset()
    check_exists(data.quartieri, slug)
    view = read_view()
    lookup = _look_up_added(view, slug)
    if lookup and _is_clear(lookup):
        return redirect(lookup.spots[0].url)
    page = coverage_page(view, lookup, slug)
    places = page.result.places
    cells = coverage_details.uncovered_cells(data, page.result, slug)
    beyond = records(coverage_details.places_beyond(data, page.result, slug))
    return render_template(
        "coverage/quartiere.html",
        page=page,
        row=dict(page.table.rows)[slug],
        streets=records(coverage_details.by_street(cells).head(MOST_STREETS)),
        streets_total=cells["street"].nunique(dropna=False),
        cells_total=len(cells),
        places_here=records(places[places["quartiere"] == slug]),
        places_beyond=[
            (ident, place["name"], distance(place["border_m"])) for ident, place in beyond
        ],
        **_shared(),
    )


@blueprint.get("/copertura/confronto/")
def comparison() -> str:
    """Two queries side by side: other kinds, or another distance."""
    view = read_comparison()
    compared = compare_queries(view)
    return render_template(
        "coverage/compare.html",
        view=view,
        measure=view.measure,
        comparison=compared,
        rows=records(compared.table.sort_values("difference", kind="stable")),
        legend_classes=view.measure.legend(compared.classes[0]),
        changes=scenario_text(view.queries[0].scenario),
        **_shared(),
    )


def _shared() -> dict[str, object]:
    """Return what the templates of all pages of coverage use."""
    return {
        "all_measures": MEASURES,
        "share": SHARE,
        "uncovered": UNCOVERED,
        "distance": DISTANCE,
        "distances": DISTANCES,
        "populations": population_labels(),
        "quartieri": dataset().quartieri,
        **kind_words(),
    }


def _look_up_added(view: CoverageView, slug: str = "") -> Lookup | None:
    """Return what the address typed for one more place may mean, each added to the what-if."""
    text = address_text("indirizzo", _LONGEST_ADDRESS)
    added = view.query_parameters()["aggiungi"]

    def with_point(lon: float, lat: float, _name: str) -> str:
        return page_url(view, slug, aggiungi=[*added, point_text(lon, lat)], _anchor="ipotesi")

    return look_up(text, with_point) if text else None


def _is_clear(lookup: Lookup) -> bool:
    """Return whether a text means one point for sure.

    A house number leads to the middle of its street only: that's for the reader to accept.
    """
    return len(lookup.spots) == 1 and not any(letter.isdigit() for letter in lookup.text)
