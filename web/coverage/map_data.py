"""What the map of a question about coverage fetches: uncovered cells, and the places that count."""

import orjson
import shapely
from flask import Blueprint, Response, abort, request, url_for

from geo.analysis import coverage_details
from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.maps.layers import places_layer
from geo.model.cache import kept
from geo.model.dataset import Dataset
from web.coverage.query import OF_THE_QUESTION, AskedCoverage, read_question
from web.maps.versioned import versioned_response
from web.site.app_state import dataset
from web.site.hashed_content import Rendered
from web.site.i18n import current_language, url

blueprint = Blueprint("coverage_map", __name__, url_prefix="/mappa/copertura")

CELLS, PLACES = "celle.json", "luoghi.json"
_KEPT = 64
# Six decimals of a degree are a tenth of a metre.
_GRID = 1e-6


@blueprint.get("/<any('celle.json', 'luoghi.json'):part>")
def gap_part(part: str) -> Response:
    """The uncovered cells, or the places that count, of the question in the address."""
    slug = request.args.get("quartiere") or None

    def make() -> Rendered:
        if slug is not None and slug not in dataset().quartieri.index:
            abort(404)
        return _rendered(part, read_question(), slug)

    return versioned_response(make)


def gap_address(part: str, asked: AskedCoverage, slug: str | None = None) -> str:
    """Return the address of a part, which names its content: it may be cached forever."""
    state = {name: value for name, value in asked.state().items() if name in OF_THE_QUESTION}
    digest = _rendered(part, asked.question, slug).digest
    where = f"{current_language()}.coverage_map.gap_part"
    return url_for(where, part=part, quartiere=slug, v=digest, **state)


def _rendered(part: str, question: CoverageQuery, slug: str | None) -> Rendered:
    if part == CELLS:
        return _cells(dataset(), question, slug)
    return _places(dataset(), question, current_language(), url("places.places"))


@kept(_KEPT)
def _cells(data: Dataset, question: CoverageQuery, slug: str | None) -> Rendered:
    cells = coverage_details.uncovered_cells(data, compute_coverage(data, question), slug)
    squares = shapely.set_precision(coverage_details.cell_squares(data, cells).to_numpy(), _GRID)
    multi = shapely.to_geojson(shapely.multipolygons(squares))
    feature = {"type": "Feature", "properties": {}, "geometry": orjson.Fragment(str(multi))}
    return Rendered(orjson.dumps(feature), "application/geo+json")


@kept(_KEPT)
def _places(data: Dataset, question: CoverageQuery, language: str, page_url: str) -> Rendered:
    found = compute_coverage(data, question).places
    return Rendered(places_layer(found, data.quartieri, language, page_url), "application/json")
