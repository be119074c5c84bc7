"""What is near a point: a typed address, the device's position, or a click on the map.

All that is asked stands in the address. Pages with a point in it are kept by no cache
but their reader's own, found by no search engine, and no link out of them carries it along.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, Response, make_response, redirect, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from geo.analysis import nearby
from geo.model import queries
from geo.model.kinds import GROUPS, KINDS
from geo.search.name_index import AS_COMPARED
from geo.search.search import Hit, Type, closest, search, streets
from web.find.near_query import RADII, Asked, is_near_city, read_asked
from web.maps import map_parts
from web.site.app_state import dataset
from web.site.formatting import number
from web.site.hashed_content import OWN_CHECK_EACH_TIME
from web.site.i18n import url
from web.site.kind_labels import kind_name, kind_words
from web.site.security import POSITION_HEADERS

blueprint = Blueprint("near", __name__)

# Nearer than this to a border a point may belong to the next quartiere, metres.
BORDER = 100
# How many neighbours a place's page names.
AROUND = 5
# Farther than this from the city the nearest places say nothing any more, metres.
TOO_FAR = 2000
_FAR_AWAY = nearby.Whereabouts(None, None, {})
# What has a point to measure from; of too many streets nobody picks one.
_WITH_A_POINT: tuple[Type, ...] = ("street", "quartiere", "place")
_MOST_ASKED = 12
_KEEP_NOTHING = "private, no-store"


class Spot(NamedTuple):
    """Something on the map that a typed address may mean."""

    name: str
    detail: str
    url: str


# The address that a point (lon, lat) of a name leads to.
Address = Callable[[float, float, str], str]


@blueprint.after_request
def keep_the_position_here(response: Response) -> Response:
    """Let the page ask for the device's position, and no link carry one away."""
    response.headers.update(POSITION_HEADERS)
    return response


@blueprint.get("/vicino", strict_slashes=False)
def near() -> Response:
    """The places near a point, the nearest first; or the form that asks for the point."""
    asked = read_asked()
    if asked.is_search:
        return _searched(asked)
    if asked.lon is None or asked.lat is None:
        return _page(asked)
    return _page(asked, **_around(asked, asked.lon, asked.lat))


def _searched(asked: Asked) -> Response:
    """Go to the one point that is meant, ask which of several, or offer similar names."""

    def address(lon: float, lat: float, name: str) -> str:
        return _address(asked, lon, lat, name)

    spots, closest = find_spots(asked.text, address)
    if len(spots) == 1:
        return _private(make_response(redirect(spots[0].url)))
    return _page(asked, spots=spots, closest=closest, looked_up=True)


def _find(text: str) -> tuple[list[Hit], list[Hit]]:
    """Return what a typed address may mean, or else the names most like it."""
    data = dataset()
    found = search(data, text, types=_WITH_A_POINT)
    if not found:
        return [], closest(data, text, types=_WITH_A_POINT)
    if found[0].type == "street":
        return streets(data, text)[:_MOST_ASKED], []
    # A name that is typed in full means just that.
    return (found[:1] if found[0].score >= AS_COMPARED else found), []


def find_spots(text: str, address: Address) -> tuple[list[Spot], list[Spot]]:
    """Return what a typed address may mean, or else the names most like it, each with its link."""
    found, similar = _find(text)
    return _spots(found, address), _spots(similar, address)


def _spots(hits: list[Hit], address: Address) -> list[Spot]:
    """Return where hits lead to, named with the number that was asked for."""
    names = dataset().quartieri["name"]
    spots = []
    for hit in hits:
        if hit.lon is None or hit.lat is None:
            continue
        is_number = hit.type == "street" and hit.detail
        name = f"{hit.name} {hit.detail}" if is_number else hit.name
        where = names.get(hit.quartiere, "") if hit.type != "quartiere" else ""
        spots.append(Spot(name, where, address(hit.lon, hit.lat, name)))
    return spots


def _address(asked: Asked, lon: float, lat: float, name: str) -> str:
    where = {"lon": f"{lon:.5f}", "lat": f"{lat:.5f}", "nome": name or None}
    return url("near.near", **where, **asked.choices)


def _page(asked: Asked, **found: Any) -> Response:
    body, script = map_parts.map_for_page(map_parts.NEAR)
    response = make_response(
        render_template(
            "find/near.html",
            asked=asked,
            radii=RADII,
            map_body=body,
            map_script=script,
            walking={"detour": number(nearby.DETOUR, 1), "speed": number(nearby.WALKING_KM_H, 1)},
            **found,
            **kind_words(),
        )
    )
    if asked.is_search:
        return _private(response)
    if asked.lon is not None:
        response.headers["Cache-Control"] = OWN_CHECK_EACH_TIME
    return response


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = _KEEP_NOTHING
    return response


def _around(asked: Asked, lon: float, lat: float) -> dict[str, Any]:
    """Return what the page says of a point: where it is, whose networks, what is near."""
    data = dataset()
    spot = {"lon": lon, "lat": lat, "name": asked.name}
    if not is_near_city(lon, lat):
        return {"spot": spot, "where": _FAR_AWAY, "too_far": True, "items": []}
    where = nearby.whereabouts(data, lon, lat)
    nearest, metres = next(iter(where.others.items()), ("", 0.0))
    too_far = where.quartiere is None and metres > TOO_FAR
    return {
        "spot": spot,
        "where": where,
        "nearest": nearest,
        "nearest_distance": rounded(metres),
        "too_far": too_far,
        "next_ones": [slug for slug, away in where.others.items() if away < BORDER],
        "border": None if where.border_m is None else rounded(where.border_m, about=True),
        "at_border": where.border_m is not None and where.border_m < BORDER,
        "quartieri": data.quartieri,
        "networks": _networks(where.quartiere),
        "items": [] if too_far else _items(asked, lon, lat),
    }


def _networks(quartiere: str | None) -> list[dict[str, Any]]:
    if quartiere is None:
        return []
    data = dataset()
    return [
        {
            "slug": slug,
            "name": network["name"],
            # By place: a member may be so by several sources.
            "members": {
                tie.place: tie.place_name
                for tie in queries.ties(data, network=slug).get("member", [])
            },
        }
        for slug, network in queries.records(queries.networks_of(data, quartiere))
    ]


def _items(asked: Asked, lon: float, lat: float) -> list[dict[str, Any]]:
    """Return the places of the list, in words."""
    found = nearby.near(
        dataset(),
        lon,
        lat,
        metres=asked.metres,
        kinds=asked.kinds or None,
        limit=None if asked.metres else nearby.NEAREST,
    )
    return [_item(ident, place) for ident, place in queries.records(found)]


def around(ident: str, place: queries.Record) -> list[dict[str, Any]]:
    """Return the few places nearest to a place, in words; none if it has no point itself."""
    if place["position"] == "none":
        return []
    point = place["geometry"]
    found = queries.records(nearby.near(dataset(), point.x, point.y, limit=AROUND + 1))
    others = [(other, row) for other, row in found if other != ident][:AROUND]
    vague = place["position"] != "exact"
    return [
        _item(other, row | {"approximate": vague or row["approximate"]}) for other, row in others
    ]


def _item(ident: str, place: queries.Record) -> dict[str, Any]:
    group = GROUPS[KINDS[place["kind"]].group]
    minutes = max(1, math.ceil(place["minutes"]))
    return {
        "ident": ident,
        "name": place["name"],
        "kind": kind_name(place["kind"]),
        "address": place["address"],
        "approximate": place["approximate"],
        "distance": rounded(place["distance_m"], about=place["approximate"]),
        "minutes": ngettext("%(num)s minuto a piedi", "%(num)s minuti a piedi", minutes),
        "colour": group.colour,
        "shape": group.shape,
        "lon": round(place["geometry"].x, 6),
        "lat": round(place["geometry"].y, 6),
    }


def rounded(metres: float, *, about: bool = False) -> str:
    """Return a distance as it can honestly be said: to 10 m, and to 1 km from 10 km on."""
    if metres < 10:
        return str(_("circa 10 m") if about else _("meno di 10 m"))
    if metres >= 10_000:
        text = _("%(number)s km", number=number(round(metres / 1000)))
    else:
        text = _("%(number)s m", number=number(round(metres / 10) * 10))
    return str(_("circa %(distance)s", distance=text) if about else text)
