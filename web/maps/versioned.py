"""Map scripts and layers by the hash of their content: of the same data as their page."""

from collections.abc import Callable, Iterator
from typing import cast

from flask import Response, after_this_request, current_app, g, request
from werkzeug.exceptions import HTTPException, NotFound

from web.server.reload import reload_of_app
from web.site.app_state import Site, site
from web.site.hashed_content import Rendered


def versioned_response(make: Callable[[], Rendered]) -> Response:
    """Return what `make` makes of the data; where `?v=` is a hash, the content with it, or 404.

    A page and its layers are requested one after another, perhaps from two workers: new data
    may come in between in one of them. So the content is made of the current data, then of the
    previous ones, then of newer ones, until the hash matches.
    """
    wanted = request.args.get("v")
    failure: HTTPException = NotFound()
    for version in _versions() if wanted else (site(),):
        g.site = version
        try:
            rendered = make()
        except KeyError:
            continue
        except HTTPException as error:
            failure = error
        else:
            if not wanted or rendered.digest == wanted:
                return rendered.response()
    after_this_request(_no_store)
    raise failure


def _versions() -> Iterator[Site]:
    """Yield the current data, the previous ones, and newer ones if there are any."""
    reload, now = reload_of_app(), site()
    yield now
    if reload.previous is not None:
        yield reload.previous
    reload.look()
    newest = cast("Site", current_app.extensions["quartieri"])
    if newest is not now:
        yield newest


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
