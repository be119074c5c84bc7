"""What a page names by its content: map scripts and layers, of the very data that it shows."""

from collections.abc import Callable, Iterator
from typing import cast

from flask import Response, after_this_request, current_app, g, request
from werkzeug.exceptions import HTTPException, NotFound

from web.server.reload import reload_of_app
from web.site.app_state import Site, site
from web.site.hashed_content import Rendered


def versioned_response(make: Callable[[], Rendered]) -> Response:
    """Answer with what `make` makes of the data; if `?v=` names a content, with that or 404.

    A page and the layers that it names are asked for one after another, perhaps of two
    workers: new data may come in between, here or there. So what the data of now
    don't have is looked for in those of before, and then in newer ones.
    """
    wanted = request.args.get("v")
    failure: HTTPException = NotFound()
    for held in _sites() if wanted else (site(),):
        g.site = held
        try:
            rendered = make()
        except KeyError:
            continue
        except HTTPException as error:
            failure = error
        else:
            if not wanted or rendered.digest == wanted:
                return rendered.response()
    after_this_request(_not_stored)
    raise failure


def _sites() -> Iterator[Site]:
    """Yield the data of now, those of before, and newer ones if there are any."""
    reload, now = reload_of_app(), site()
    yield now
    if reload.previous is not None:
        yield reload.previous
    reload.look()
    newest = cast("Site", current_app.extensions["quartieri"])
    if newest is not now:
        yield newest


def _not_stored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
