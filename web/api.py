"""OGC API - Features under /api: pygeoapi answers, this hands requests to it."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, request
from pygeoapi import api as core
from pygeoapi.api import itemtypes
from pygeoapi.openapi import get_oas

from geo.dataset import Dataset
from geo.kept import kept
from web.features import configuration
from web.openapi import described
from web.security import OPEN_HEADERS
from web.sharing import absolute
from web.site import dataset

# It would log what visitors ask for in vain.
logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)

blueprint = Blueprint("api", __name__, url_prefix="/api")

_ANSWER = Callable[..., tuple[dict[str, str], int, str]]


@blueprint.get("/")
def landing_page() -> Response:
    """What there is."""
    return _answer(core.landing_page)


@blueprint.get("/openapi")
def openapi() -> Response:
    """The description of the API, as OpenAPI 3."""
    return _answer(core.openapi_)


@blueprint.get("/conformance")
def conformance() -> Response:
    """The parts of the standard that the API keeps to."""
    return _answer(core.conformance)


@blueprint.get("/collections")
@blueprint.get("/collections/<name>")
def collections(name: str | None = None) -> Response:
    """The layers, or one of them."""
    return _answer(core.describe_collections, name)


@blueprint.get("/collections/<name>/schema")
def schema(name: str) -> Response:
    """The columns of a layer, as JSON Schema."""
    return _answer(core.get_collection_schema, name)


@blueprint.get("/collections/<name>/queryables")
def queryables(name: str) -> Response:
    """The columns by which a layer can be asked."""
    return _answer(itemtypes.get_collection_queryables, name)


@blueprint.get("/collections/<name>/items")
def items(name: str) -> Response:
    """The features of a layer: in a box, with given values, a page at a time."""
    return _answer(itemtypes.get_collection_items, name, checked=True)


@blueprint.get("/collections/<name>/items/<path:ident>")
def item(name: str, ident: str) -> Response:
    """One feature."""
    return _answer(itemtypes.get_collection_item, name, ident)


def _answer(function: _ANSWER, *names: str | None, checked: bool = False) -> Response:
    """Let pygeoapi answer the request. `checked`: the function itself checks the format."""
    api = _api(dataset(), absolute("/api"))
    asked = core.APIRequest.from_flask(request, api.locales)
    # pygeoapi's CSV would let a spreadsheet run formulas: /dati/ has ours.
    if asked.format == "csv" or (not checked and not asked.is_valid()):
        headers, status, content = api.get_format_exception(asked)
    elif not all(request.args.get("sortby", "-").split(",")):
        # pygeoapi would fail on a column without a name.
        headers, status, content = api.get_exception(
            400, {}, asked.format, "InvalidParameterValue", "sortby: a column has no name"
        )
    else:
        headers, status, content = function(api, asked, *names)
    response = make_response(content, status)
    for name in ("Content-Type", "Content-Language", "Content-Crs", "Link"):
        if name in headers:
            response.headers[name] = headers[name]
    if status >= 400 and response.mimetype != "text/html":
        # pygeoapi calls it what was asked for; an error is never linked data.
        response.mimetype = "application/json"
    response.headers.update(OPEN_HEADERS)
    response.vary.update(("Accept", "Accept-Language"))
    return response


# Of few names at a time: without PUBLIC_URL whoever asks makes one up.
@kept(4)
def _api(data: Dataset, address: str) -> Any:
    """Return pygeoapi's API for a dataset under an address, made at the first request."""
    config = configuration(data, address)
    return core.API(config, described(get_oas(config), data))
