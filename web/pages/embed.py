"""The maps for other people's pages: bare, and the only pages that may stand in a frame."""

from html import escape
from urllib.parse import urljoin

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_babel import gettext as _

from web.maps import map_parts
from web.maps.map_query import layer_switches, read_filter
from web.site.app_state import dataset
from web.site.i18n import current_language, url
from web.site.security import EMBED_HEADERS

blueprint = Blueprint("embed", __name__, url_prefix="/embed")

_SNIPPET = (
    '<iframe src="{address}" title="{title}" width="100%" height="600" loading="lazy"></iframe>'
)


@blueprint.after_request
def allow_framing(response: Response) -> Response:
    """Let anyone frame the maps; what isn't one, such as an error page, stays as all others."""
    if response.status_code == 200:
        response.headers.update(EMBED_HEADERS)
    return response


@blueprint.get("/")
def city() -> str:
    """The city's map, bare."""
    return _page(map_parts.CITY, "", _city_title(), url("home"), url("places"))


@blueprint.get("/quartieri/<slug>/")
def quartiere(slug: str) -> str:
    """The map of one quartiere, bare."""
    if slug not in dataset().quartieri.index:
        abort(404)
    page = url("quartiere", slug=slug)
    return _page(map_parts.QUARTIERE, slug, _quartiere_title(slug), page, page)


def city_snippet() -> str:
    """Return the HTML that shows the city's map in another page.

    It's text for people to copy: a page that shows it escapes it once more.
    """
    return _snippet(url("embed.city"), _city_title())


def quartiere_snippet(slug: str) -> str:
    """Return the HTML that shows a quartiere's map in another page, as text."""
    return _snippet(url("embed.quartiere", slug=slug), _quartiere_title(slug))


def _snippet(path: str, title: str) -> str:
    base = current_app.config.get("PUBLIC_URL") or request.url_root
    return _SNIPPET.format(address=escape(urljoin(base, path)), title=escape(title))


def _city_title() -> str:
    return str(_("I quartieri di %(city)s", city=_city_name()))


def _quartiere_title(slug: str) -> str:
    return f"{dataset().quartieri['name'].loc[slug]}, {_city_name()}"


def _city_name() -> str:
    return dataset().city.names.in_language(current_language())


def _page(scope: str, key: str, title: str, full: str, listed: str) -> str:
    """Render a map; `full` is the address of its page, `listed` that of its places as text."""
    body, script = map_parts.map_for_page(scope, key)
    return render_template(
        "pages/embed.html",
        heading=title,
        full=full,
        listed=listed,
        map_body=body,
        map_script=script,
        chosen=read_filter("solo"),
        **layer_switches(scope, key),
    )
