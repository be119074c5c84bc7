"""The maps for other people's pages: bare, and the only pages that may stand in a frame."""

from flask import Blueprint, Response, render_template

from web.maps import map_parts
from web.maps.embed_code import city_title, quartiere_title
from web.maps.map_query import layer_choice, read_filter
from web.server.security import EMBED_HEADERS
from web.site.app_state import dataset
from web.site.i18n import url
from web.site.parameters import check_exists

blueprint = Blueprint("embed", __name__, url_prefix="/embed")


@blueprint.after_request
def allow_framing(response: Response) -> Response:
    """Let anyone frame the maps; what isn't one, such as an error page, stays as all others."""
    if response.status_code == 200:
        response.headers.update(EMBED_HEADERS)
    return response


@blueprint.get("/")
def city() -> str:
    """The city's map, bare."""
    return _page(map_parts.CITY, "", city_title(), url("home.home"), url("places.places"))


@blueprint.get("/quartieri/<slug>/")
def quartiere(slug: str) -> str:
    """The map of one quartiere, bare."""
    check_exists(dataset().quartieri, slug)
    page = url("quartieri.quartiere", slug=slug)
    return _page(map_parts.QUARTIERE, slug, quartiere_title(slug), page, page)


def _page(scope: str, key: str, title: str, full_page: str, list_page: str) -> str:
    """Render a map; `full_page` is the address of its page, `list_page` of its places as text."""
    return render_template(
        "pages/embed.html",
        heading=title,
        full_page=full_page,
        list_page=list_page,
        map=map_parts.map_for_page(scope, key),
        layer_choice=layer_choice(scope, key),
        chosen=read_filter("solo"),
    )
