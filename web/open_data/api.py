"""OGC API - Features under /api: the addresses. `pygeoapi_app` answers the requests."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from geo.base.optional import extra
from geo.model import queries
from web.server.security import OPEN_HEADERS
from web.site.app_state import dataset

# The layer whose features are places.
_PLACES = "luoghi"

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.get("/")
def landing_page() -> Response:
    """What there is."""
    return _answer("landing_page")


@blueprint.get("/openapi")
def openapi() -> Response:
    """The description of the API, as OpenAPI 3."""
    return _answer("openapi_")


@blueprint.get("/conformance")
def conformance() -> Response:
    """The parts of the standard that the API implements."""
    return _answer("conformance")


@blueprint.get("/collections")
@blueprint.get("/collections/<name>")
def collections(name: str | None = None) -> Response:
    """The layers, or one of them."""
    return _answer("describe_collections", name)


@blueprint.get("/collections/<name>/schema")
def schema(name: str) -> Response:
    """The columns of a layer, as JSON Schema."""
    return _answer("get_collection_schema", name)


@blueprint.get("/collections/<name>/queryables")
def queryables(name: str) -> Response:
    """The columns by which a layer can be filtered."""
    return _answer("get_collection_queryables", name)


@blueprint.get("/collections/<name>/items")
def items(name: str) -> Response:
    """The features of a layer: in a box, with given values, a page at a time."""
    return _answer("get_collection_items", name, checked=True)


@blueprint.get("/collections/<name>/items/<path:ident>")
def item(name: str, ident: str) -> BaseResponse:
    """One feature; a place's former id leads to today's."""
    current = queries.current_id(dataset(), ident) if name == _PLACES else ident
    if current != ident:
        address = url_for(".item", name=name, ident=current)
        query = request.query_string.decode()
        response = redirect(f"{address}?{query}" if query else address, 308)
        response.headers.update(OPEN_HEADERS)
        return response
    return _answer("get_collection_item", name, ident)


def _answer(function: str, *names: str | None, checked: bool = False) -> Response:
    """Return the response of a function of pygeoapi's. `checked`: it checks the format itself."""
    with extra("api"):
        from web.open_data.pygeoapi_app import answer  # noqa: PLC0415 - pygeoapi takes a second and 40 MB
    return answer(function, *names, checked=checked)
