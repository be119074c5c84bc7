"""The page of what is near a point: a typed address, the device's position, or a click on a map.

The whole query stands in the address. Pages with a point in it are cached by the reader's
browser and in this server's memory, by nothing between them; no search engine lists them, and
no link out of them carries the point along.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Blueprint, Response, make_response, redirect, render_template

from geo.analysis import nearby
from geo.analysis.nearby import Whereabouts
from geo.model import queries
from web.find.address_lookup import Lookup, look_up
from web.find.near_query import RADII, NearQuery, read_near_query
from web.find.nearby_places import NearbyPlace, nearby_places
from web.maps import map_parts
from web.server.security import POSITION_HEADERS
from web.site.app_state import dataset
from web.site.formatting import distance, number
from web.site.hashed_content import NEVER_STORE, OWN_CHECK_EACH_TIME
from web.site.i18n import url
from web.site.kind_labels import kind_words
from web.site.parameters import DECIMALS, Point, is_near_city

blueprint = Blueprint("near", __name__)

# Nearer than this to a border a point may belong to the next quartiere, metres.
BORDER = 100
# Farther than this from the city the nearest places are of no use, metres.
TOO_FAR = 2000
_FAR_AWAY = Whereabouts(None, None, {})


class Network(NamedTuple):
    """A network of the quartiere in which the point is; its members' names by id."""

    slug: str
    name: str
    members: dict[str, str]


@dataclass(frozen=True)
class PointFacts:
    """A point (degrees): in which quartiere it is and how surely, whose networks, what is near.

    `nearest` is the nearest other quartiere, with its distance; `next_quartieri` are those
    that the point may be in, as it is `at_border`; `border` is how far the border is.
    """

    lon: float
    lat: float
    name: str
    quartiere: str | None
    nearest: str
    nearest_distance: str
    too_far: bool
    next_quartieri: list[str]
    border: str | None
    at_border: bool
    networks: list[Network]
    places: list[NearbyPlace]


@blueprint.after_request
def allow_position(response: Response) -> Response:
    """Let the page ask for the device's position, and no link carry one away."""
    response.headers.update(POSITION_HEADERS)
    return response


@blueprint.get("/vicino", strict_slashes=False)
def near() -> Response:
    """The places near a point, the nearest first; or the form that asks for the point."""
    query = read_near_query()
    if query.is_search:
        return _searched(query)
    if query.point is None:
        return _page(query)
    response = _page(query, point=_point_facts(query, query.point))
    response.headers["Cache-Control"] = OWN_CHECK_EACH_TIME
    return response


def _searched(query: NearQuery) -> Response:
    """Redirect to the one point that is meant, list several, or offer similar names."""

    def spot_url(lon: float, lat: float, name: str) -> str:
        point = {"lon": f"{lon:.{DECIMALS}f}", "lat": f"{lat:.{DECIMALS}f}", "nome": name or None}
        return url("near.near", **point, **query.filters)

    lookup = look_up(query.text, spot_url)
    if len(lookup.spots) == 1:
        response = make_response(redirect(lookup.spots[0].url))
    else:
        response = _page(query, lookup=lookup)
    response.headers["Cache-Control"] = NEVER_STORE
    return response


def _page(
    query: NearQuery, point: PointFacts | None = None, lookup: Lookup | None = None
) -> Response:
    walking = {"detour": number(nearby.DETOUR, 1), "speed": number(nearby.WALKING_KM_H, 1)}
    return make_response(
        render_template(
            "find/near.html",
            query=query,
            radii=RADII,
            point=point,
            lookup=lookup,
            map=map_parts.map_for_page(map_parts.NEAR),
            walking=walking,
            quartieri=dataset().quartieri,
            **kind_words(),
        )
    )


def _point_facts(query: NearQuery, point: Point) -> PointFacts:
    lon, lat = point
    measurable = is_near_city(lon, lat)
    where = nearby.whereabouts(dataset(), lon, lat) if measurable else _FAR_AWAY
    nearest, metres = next(iter(where.others.items()), ("", 0.0))
    too_far = not measurable or (where.quartiere is None and metres > TOO_FAR)
    border = where.border_m
    return PointFacts(
        lon=lon,
        lat=lat,
        name=query.name,
        quartiere=where.quartiere,
        nearest=nearest,
        nearest_distance=distance(metres),
        too_far=too_far,
        next_quartieri=[slug for slug, away in where.others.items() if away < BORDER],
        border=None if border is None else distance(border, about=True),
        at_border=border is not None and border < BORDER,
        networks=_networks(where.quartiere),
        places=[] if too_far else nearby_places(lon, lat, query.metres, query.kinds),
    )


def _networks(quartiere: str | None) -> list[Network]:
    if quartiere is None:
        return []
    data = dataset()
    return [
        Network(slug, row["name"], _members(slug))
        for slug, row in queries.records(queries.networks_of(data, quartiere))
    ]


def _members(network: str) -> dict[str, Any]:
    """Return the names of a network's members by place: several sources may name the same."""
    ties = queries.ties(dataset(), network=network).get("member", [])
    return {tie.place: tie.place_name for tie in ties}
