"""The places near a point or near another place, as rows in words."""

import math
from typing import NamedTuple

from flask_babel import ngettext

from geo.analysis import nearby
from geo.model.kinds import GROUPS
from geo.model.queries import Record, records
from web.site.app_state import dataset
from web.site.formatting import distance
from web.site.kind_labels import kind_name

# How many neighbours the page of a place names.
_NEIGHBOURS = 5


class NearbyPlace(NamedTuple):
    """A place near a point, in words; lon and lat in degrees."""

    ident: str
    name: str
    kind: str
    address: str | None
    approximate: bool
    distance: str
    minutes: str
    colour: str
    shape: str
    lon: float
    lat: float


def nearby_places(
    lon: float, lat: float, metres: int | None, kinds: tuple[str, ...]
) -> list[NearbyPlace]:
    """Return the places of some kinds (or any) within a radius (or the nearest), nearest first."""
    found = nearby.near(
        dataset(),
        lon,
        lat,
        metres=metres,
        kinds=kinds or None,
        limit=None if metres else nearby.NEAREST,
    )
    return [_in_words(ident, place) for ident, place in records(found)]


def neighbours(ident: str, place: Record) -> list[NearbyPlace]:
    """Return the few places nearest to a place; none if it has no point itself."""
    if place["position"] == "none":
        return []
    point = place["geometry"]
    found = nearby.near(dataset(), point.x, point.y, limit=_NEIGHBOURS + 1)
    others = [(other, row) for other, row in records(found) if other != ident]
    # Distances from an approximate point are approximate, too.
    vague = place["position"] != "exact"
    return [
        _in_words(other, row | {"approximate": vague or row["approximate"]})
        for other, row in others[:_NEIGHBOURS]
    ]


def _in_words(ident: str, place: Record) -> NearbyPlace:
    group = GROUPS[dataset().kinds.group_of(place["kind"])]
    minutes = max(1, math.ceil(place["minutes"]))
    return NearbyPlace(
        ident=ident,
        name=place["name"],
        kind=kind_name(place["kind"]),
        address=place["address"],
        approximate=place["approximate"],
        distance=distance(place["distance_m"], about=place["approximate"]),
        minutes=ngettext("%(num)s minuto a piedi", "%(num)s minuti a piedi", minutes),
        colour=group.colour,
        shape=group.shape,
        lon=round(place["geometry"].x, 6),
        lat=round(place["geometry"].y, 6),
    )
