"""The maps' scripts and layers: made once for each map and language of a version of the data.

A page names its map's script by an address with the script's hash; the script names its layers
by addresses with theirs.
"""

from functools import lru_cache
from typing import NamedTuple

import geopandas as gpd
from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext as _

from geo.maps import folium_map
from geo.maps.folium_map import MapSpec, RenderedMap
from geo.maps.layers import areas_layer, drawn, places_layer
from geo.maps.views import View, city_view, commons_view, network_view, place_view, quartiere_view
from geo.model.cache import memoized
from geo.model.dataset import Dataset
from web.maps.versioned import versioned_response
from web.site.app_state import dataset
from web.site.hashed_content import Rendered
from web.site.i18n import current_language, url

blueprint = Blueprint("maps", __name__, url_prefix="/mappa")

CITY, QUARTIERE, PLACE, NETWORK = "citta", "quartieri", "luoghi", "reti"
# The map of what is near a point: one for all points, which only the page knows.
NEAR = "vicino"
# The map of a coverage query, which only the page knows, too.
COVERAGE = "copertura"
# The map of the common goods: of every stage of life, or of one.
COMMONS, ANY_STAGE = "beni-comuni", "tutti"
# The maps that get what they show from the page, with the city's areas around it.
_FROM_PAGE = {NEAR, COVERAGE}
# The maps that show the whole city's areas: one address for all of them.
_CITY_AREAS = {PLACE, COMMONS, *_FROM_PAGE}
SCRIPT, AREAS, PLACES = "mappa.js", "aree.json", "luoghi.json"
_CACHED = 512


class PageMap(NamedTuple):
    """A map for a page: its HTML, and the address of its script."""

    body: str
    script: str


@blueprint.get("/citta/<any('mappa.js', 'aree.json', 'luoghi.json'):part>")
def city_part(part: str) -> Response:
    """The script, the areas or the places of the city's map."""
    return _response(CITY, "", part)


@blueprint.get("/<any('vicino', 'copertura'):scope>/mappa.js")
def query_script(scope: str) -> Response:
    """The script of a map that gets what it shows from the page: the same for every query."""
    return _response(scope, "", SCRIPT)


@blueprint.get(
    "/<any('quartieri', 'luoghi', 'reti', 'copertura', 'beni-comuni'):scope>/<path:key>"
    "/<any('mappa.js', 'aree.json', 'luoghi.json'):part>"
)
def scoped_part(scope: str, key: str, part: str) -> Response:
    """The script, the areas or the places of the map of one thing."""
    return _response(scope, key, part)


def map_for_page(scope: str, key: str = "") -> PageMap:
    """Return a map for a page; KeyError if there is nothing to show."""
    rendered = _render(scope, key)
    return PageMap(rendered.body, _address(scope, key, SCRIPT, _script(rendered)))


def drawn_places(scope: str, key: str = "") -> gpd.GeoDataFrame:
    """Return the places that a map draws."""
    return drawn(_view(dataset(), scope, key).places)


def _response(scope: str, key: str, part: str) -> Response:
    def content() -> Rendered:
        if part == SCRIPT:
            return _script(_render(scope, key))
        return _layer(scope, key, part)

    return versioned_response(content)


def _render(scope: str, key: str) -> RenderedMap:
    """Return a map that names its layers by their addresses."""
    areas = (CITY, "") if scope in _CITY_AREAS else (scope, key)
    spec = MapSpec(
        name="map",
        bounds=_view(dataset(), scope, key).bounds,
        areas_url=_layer_address(*areas, AREAS),
        places_url=None if scope in _FROM_PAGE else _layer_address(scope, key, PLACES),
        tiles_url="/tessere/{z}/{x}/{y}.png" if current_app.config["TILE_UPSTREAM"] else None,
        tiles_attribution=current_app.config["TILE_ATTRIBUTION"],
        labels=_labels(),
        near=scope == NEAR,
        gaps=scope == COVERAGE,
    )
    return rendered_map(spec)


def _layer_address(scope: str, key: str, part: str) -> str:
    return _address(scope, key, part, _layer(scope, key, part))


def _address(scope: str, key: str, part: str, content: Rendered) -> str:
    """Return the address of a part with the hash of its content: it may be cached forever."""
    language, version = current_language(), content.digest
    if scope in _FROM_PAGE and not key:
        return url_for(f"{language}.maps.query_script", scope=scope, v=version)
    if scope == CITY:
        return url_for(f"{language}.maps.city_part", part=part, v=version)
    return url_for(f"{language}.maps.scoped_part", scope=scope, key=key, part=part, v=version)


def _layer(scope: str, key: str, part: str) -> Rendered:
    if part == AREAS:
        return _areas(dataset(), scope, key, url("quartieri.quartieri"))
    return _places(dataset(), scope, key, current_language(), url("places.places"))


@memoized(_CACHED)
def _areas(data: Dataset, scope: str, key: str, page_url: str) -> Rendered:
    return Rendered(areas_layer(_view(data, scope, key).areas, page_url), "application/geo+json")


@memoized(_CACHED)
def _places(data: Dataset, scope: str, key: str, language: str, page_url: str) -> Rendered:
    places = _view(data, scope, key).places
    layer = places_layer(places, data.quartieri, data.kinds, language, page_url)
    return Rendered(layer, "application/json")


@memoized(_CACHED)
def _view(data: Dataset, scope: str, key: str) -> View:
    """Return what a map shows; KeyError if there is no such thing, or nowhere to show it."""
    if scope == CITY or (scope in _FROM_PAGE and not key):
        return city_view(data)
    views = {
        COVERAGE: quartiere_view,
        QUARTIERE: quartiere_view,
        PLACE: place_view,
        NETWORK: network_view,
        COMMONS: _commons_view,
    }
    return views[scope](data, key)


def _commons_view(data: Dataset, stage: str) -> View:
    return commons_view(data, None if stage == ANY_STAGE else stage)


@lru_cache(maxsize=_CACHED)
def rendered_map(spec: MapSpec) -> RenderedMap:
    """Return a Folium map, made once for each specification."""
    return folium_map.render(spec)


@lru_cache(maxsize=_CACHED)
def _script(rendered: RenderedMap) -> Rendered:
    return Rendered(rendered.script.encode(), "text/javascript")


def _labels() -> dict[str, str]:
    """Return the texts of the maps' scripts, in the page's language."""
    return {
        "title": _("Mappa dei quartieri"),
        "zoom_in": _("Ingrandisci"),
        "zoom_out": _("Riduci"),
        "close": _("Chiudi"),
        "open_area": _("Apri la pagina del quartiere"),
        "open_place": _("Apri la pagina del luogo"),
        "indicative": _("Confini indicativi"),
        "approximate": _("Posizione approssimativa"),
        "cluster": _("{n} luoghi vicini: attiva per ingrandire"),
        "failed": _("La mappa non si è caricata. Gli stessi dati sono scritti in questa pagina."),
        "two_fingers": _("Usa due dita per muovere la mappa"),
        "ctrl_wheel": _("Tieni premuto Ctrl per ingrandire con la rotella"),
        "here": _("Il punto da cui si misura"),
        "this_point": _("Questo punto"),
        "near_point": _("Cerca vicino a questo punto"),
        "to_list": _("Vai alla voce nell’elenco"),
        "site": _("Posto suggerito {n}"),
        "added": _("Luogo aggiunto per ipotesi {n}"),
    }
