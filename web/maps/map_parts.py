"""The maps' scripts and layers: made once for each map and language, then kept."""

from functools import lru_cache

import geopandas as gpd
from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext as _

from geo.maps import folium_map
from geo.maps.folium_map import MapSpec, RenderedMap
from geo.maps.layers import areas_layer, drawn, places_layer
from geo.maps.views import View, city_view, commons_view, network_view, place_view, quartiere_view
from geo.model.cache import kept
from geo.model.dataset import Dataset
from web.maps.versioned import named_content
from web.site.app_state import dataset
from web.site.hashed_content import Rendered
from web.site.i18n import current_language, url

blueprint = Blueprint("maps", __name__, url_prefix="/mappa")

CITY, QUARTIERE, PLACE, NETWORK = "citta", "quartieri", "luoghi", "reti"
# The map of what is near a point: one for all points, which only the page knows.
NEAR = "vicino"
# The map of a question about coverage, which only the page knows, too.
GAPS = "copertura"
# The map of the common goods: of every stage of life, or of one.
COMMONS, ANY_STAGE = "beni-comuni", "tutti"
# The maps whose script shows what the page tells, with the city's areas around it.
_TOLD_BY_PAGE = {NEAR, GAPS}
_KEPT = 512


@blueprint.get("/citta/<any('mappa.js', 'aree.json', 'luoghi.json'):part>")
def city_part(part: str) -> Response:
    """The script, the areas or the places of the city's map."""
    return _part(CITY, "", part)


@blueprint.get("/<any('vicino', 'copertura'):scope>/mappa.js")
def told_script(scope: str) -> Response:
    """The script of a map that shows what the page tells: the same for every question."""
    return _part(scope, "", "mappa.js")


@blueprint.get(
    "/<any('quartieri', 'luoghi', 'reti', 'copertura', 'beni-comuni'):scope>/<path:key>"
    "/<any('mappa.js', 'aree.json', 'luoghi.json'):part>"
)
def scoped_part(scope: str, key: str, part: str) -> Response:
    """The script, the areas or the places of the map of one thing."""
    return _part(scope, key, part)


def map_for_page(scope: str, key: str = "") -> tuple[str, str]:
    """Return the HTML of a map for a page, and the address of its script."""
    body = _folium(scope, key).body
    return body, _address(scope, key, "mappa.js")


def drawn_places(scope: str, key: str = "") -> gpd.GeoDataFrame:
    """Return the places that a map draws."""
    return drawn(_view(dataset(), scope, key).places)


def _part(scope: str, key: str, part: str) -> Response:
    return named_content(lambda: _rendered(scope, key, part))


def _rendered(scope: str, key: str, part: str) -> Rendered:
    if part == "mappa.js":
        return _script(_folium(scope, key))
    if part == "aree.json":
        return _areas(dataset(), scope, key, url("quartieri"))
    return _places(dataset(), scope, key, current_language(), url("places"))


def _address(scope: str, key: str, part: str) -> str:
    """Return the address of a part, which names its content: it may be cached forever."""
    digest = _rendered(scope, key, part).digest
    language = current_language()
    if scope in _TOLD_BY_PAGE and not key:
        return url_for(f"{language}.maps.told_script", scope=scope, v=digest)
    if scope == CITY:
        return url_for(f"{language}.maps.city_part", part=part, v=digest)
    return url_for(f"{language}.maps.scoped_part", scope=scope, key=key, part=part, v=digest)


def _folium(scope: str, key: str) -> RenderedMap:
    view = _view(dataset(), scope, key)
    tiles = current_app.config["TILE_UPSTREAM"]
    spec = MapSpec(
        name="map",
        bounds=view.bounds,
        # Some maps show the whole city's areas: one address for all of them.
        areas_url=_address(
            *((CITY, "") if scope in {PLACE, COMMONS, *_TOLD_BY_PAGE} else (scope, key)),
            "aree.json",
        ),
        places_url=None if scope in _TOLD_BY_PAGE else _address(scope, key, "luoghi.json"),
        tiles_url="/tessere/{z}/{x}/{y}.png" if tiles else None,
        tiles_attribution=current_app.config["TILE_ATTRIBUTION"],
        labels=_labels(),
        near=scope == NEAR,
        gaps=scope == GAPS,
    )
    return _folium_of(spec)


@lru_cache(maxsize=_KEPT)
def _folium_of(spec: MapSpec) -> RenderedMap:
    return folium_map.render(spec)


@lru_cache(maxsize=_KEPT)
def _script(rendered: RenderedMap) -> Rendered:
    return Rendered(rendered.script.encode(), "text/javascript")


@kept(_KEPT)
def _areas(data: Dataset, scope: str, key: str, page_url: str) -> Rendered:
    return Rendered(areas_layer(_view(data, scope, key).areas, page_url), "application/geo+json")


@kept(_KEPT)
def _places(data: Dataset, scope: str, key: str, language: str, page_url: str) -> Rendered:
    places = _view(data, scope, key).places
    return Rendered(places_layer(places, data.quartieri, language, page_url), "application/json")


@kept(_KEPT)
def _view(data: Dataset, scope: str, key: str) -> View:
    """Return what a map shows; KeyError if there is no such thing, or nowhere to show it."""
    if scope == CITY or (scope in _TOLD_BY_PAGE and not key):
        return city_view(data)
    views = {
        GAPS: quartiere_view,
        QUARTIERE: quartiere_view,
        PLACE: place_view,
        NETWORK: network_view,
        COMMONS: _commons_view,
    }
    return views[scope](data, key)


def _commons_view(data: Dataset, stage: str) -> View:
    return commons_view(data, None if stage == ANY_STAGE else stage)


def _labels() -> dict[str, str]:
    """Return what the maps' scripts say, in the page's language."""
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
