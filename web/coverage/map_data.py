"""The layers of the map of a coverage query: its uncovered cells, and the places that count."""

import orjson
import shapely
from flask import Blueprint, Response, request, url_for

from geo.analysis import coverage_details
from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.maps.layers import places_layer
from geo.model.cache import memoized
from geo.model.dataset import Dataset
from web.coverage.query import CoverageView, read_query
from web.maps.versioned import versioned_response
from web.site.app_state import dataset
from web.site.hashed_content import Rendered
from web.site.i18n import current_language, url
from web.site.parameters import check_exists

blueprint = Blueprint("coverage_map", __name__, url_prefix="/mappa/copertura")

CELLS, PLACES = "celle.json", "luoghi.json"
_CACHED = 64
# Six decimals of a degree are a tenth of a metre.
_GRID = 1e-6


@blueprint.get("/<any('celle.json', 'luoghi.json'):part>")
def layer(part: str) -> Response:
    """The uncovered cells, or the places that count, of the query in the address."""
    slug = request.args.get("quartiere") or None

    def content() -> Rendered:
        if slug is not None:
            check_exists(dataset().quartieri, slug)
        return _layer(part, read_query(), slug)

    return versioned_response(content)


def address(part: str, view: CoverageView, slug: str | None = None) -> str:
    """Return the address of a layer with the hash of its content: it may be cached forever."""
    return url_for(
        f"{current_language()}.coverage_map.layer",
        part=part,
        quartiere=slug,
        v=_layer(part, view.query, slug).digest,
        **view.query_parameters(),
    )


def _layer(part: str, query: CoverageQuery, slug: str | None) -> Rendered:
    if part == CELLS:
        return _cells(dataset(), query, slug)
    return _places(dataset(), query, current_language(), url("places.places"))


@memoized(_CACHED)
def _cells(data: Dataset, query: CoverageQuery, slug: str | None) -> Rendered:
    cells = coverage_details.uncovered_cells(data, compute_coverage(data, query), slug)
    squares = shapely.set_precision(coverage_details.cell_squares(data, cells).to_numpy(), _GRID)
    multi = shapely.to_geojson(shapely.multipolygons(squares))
    feature = {"type": "Feature", "properties": {}, "geometry": orjson.Fragment(str(multi))}
    return Rendered(orjson.dumps(feature), "application/geo+json")


@memoized(_CACHED)
def _places(data: Dataset, query: CoverageQuery, language: str, page_url: str) -> Rendered:
    places = compute_coverage(data, query).places
    layer = places_layer(places, data.quartieri, data.kinds, language, page_url)
    return Rendered(layer, "application/json")
