"""pygeoapi, where it's installed: one API for each dataset, and its answers as Flask's."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from flask import Response, make_response, request
from pygeoapi import api as core
from pygeoapi.api import itemtypes
from pygeoapi.openapi import get_oas

from geo.model.cache import memoized
from geo.model.dataset import Dataset
from web.open_data.openapi import described
from web.open_data.provider import configuration
from web.server.security import OPEN_HEADERS
from web.site.addresses import absolute
from web.site.app_state import dataset

# It would log requests for what doesn't exist.
logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)

_NOT_SERVED = {
    f"http://www.opengis.net/def/rel/ogc/1.0/{part}"
    for part in ("processes", "job-list", "tiling-schemes")
}
_Content = tuple[dict[str, str], int, str | bytes]


def answer(name: str, *names: str | None, checked: bool) -> Response:
    """Return the response of a function of pygeoapi's. `checked`: it checks the format itself."""
    headers, status, content = _content(name, names, checked=checked)
    response = make_response(content, status)
    for header in ("Content-Type", "Content-Language", "Content-Crs", "Link"):
        if header in headers:
            response.headers[header] = headers[header]
    if status >= 400 and response.mimetype != "text/html":
        # pygeoapi keeps the type that was requested; an error is never linked data.
        response.mimetype = "application/json"
    response.headers.update(OPEN_HEADERS)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _content(name: str, names: tuple[str | None, ...], *, checked: bool) -> _Content:
    function = getattr(core if hasattr(core, name) else itemtypes, name)
    api = _api(dataset(), absolute("/api"))
    api_request = core.APIRequest.from_flask(request, api.locales)
    content: _Content
    # pygeoapi's CSV would let a spreadsheet run formulas: /dati/ has ours.
    if api_request.format == "csv" or (not checked and not api_request.is_valid()):
        content = api.get_format_exception(api_request)
    elif not all(request.args.get("sortby", "-").split(",")):
        # pygeoapi would fail on a column without a name.
        content = api.get_exception(
            400, {}, api_request.format, "InvalidParameterValue", "sortby: a column has no name"
        )
    else:
        content = function(api, api_request, *names)
    return _without_dead_links(content) if name == "landing_page" else content


def _without_dead_links(content: _Content) -> _Content:
    """Return the landing page without links to parts of pygeoapi that aren't served here."""
    headers, status, body = content
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:  # a page for people
        return content
    if "links" in document:  # linked data has none
        document["links"] = [link for link in document["links"] if link["rel"] not in _NOT_SERVED]
    return headers, status, orjson.dumps(document)


# Of few names at a time: without PUBLIC_URL each request gives its own.
@memoized(4)
def _api(data: Dataset, address: str) -> Any:
    """Return pygeoapi's API for a dataset under an address, made at the first request."""
    config = configuration(data, address)
    with _logging_unchanged():
        return core.API(config, described(get_oas(config), data))


@contextmanager
def _logging_unchanged() -> Iterator[None]:
    """Undo what pygeoapi does to everyone's logging: it would silence the app's own errors."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
