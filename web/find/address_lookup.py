"""Points by typed address: the streets, quartieri and places that a text may mean."""

from collections.abc import Callable
from typing import NamedTuple

from geo.search.name_index import AS_COMPARED
from geo.search.search import Hit, Type, closest, search, streets
from web.site.app_state import dataset

# The types of result that have a point.
_WITH_A_POINT: tuple[Type, ...] = ("street", "quartiere", "place")
# Nobody picks one of more streets.
_MOST_STREETS = 12


class Spot(NamedTuple):
    """A point that a typed address may mean, with the address of a page about it."""

    name: str
    quartiere: str
    url: str


class Lookup(NamedTuple):
    """What a typed text may mean; or else the names most like it."""

    text: str
    spots: list[Spot]
    similar: list[Spot]


# Returns the address of a page about a point: lon, lat, name.
SpotUrl = Callable[[float, float, str], str]


def look_up(text: str, spot_url: SpotUrl) -> Lookup:
    """Return the points that a typed text may mean, each linked by `spot_url`."""
    meant, similar = find_hits(text)
    return Lookup(text, _spots(meant, spot_url), _spots(similar, spot_url))


def find_hits(text: str) -> tuple[list[Hit], list[Hit]]:
    """Return the search results that a typed text may mean, or else those most like it."""
    data = dataset()
    hits = search(data, text, types=_WITH_A_POINT)
    if not hits:
        return [], closest(data, text, types=_WITH_A_POINT)
    if hits[0].type == "street":
        return streets(data, text)[:_MOST_STREETS], []
    # A name that is typed in full means just that.
    return (hits[:1] if hits[0].score >= AS_COMPARED else hits), []


def _spots(hits: list[Hit], spot_url: SpotUrl) -> list[Spot]:
    names = dataset().quartieri["name"]
    spots = []
    for hit in hits:
        if hit.lon is None or hit.lat is None:
            continue
        name = name_with_number(hit)
        quartiere = names.get(hit.quartiere, "") if hit.type != "quartiere" else ""
        spots.append(Spot(name, quartiere, spot_url(hit.lon, hit.lat, name)))
    return spots


def name_with_number(hit: Hit) -> str:
    """Return the name of a search result; of a street with the house number that was typed."""
    return f"{hit.name} {hit.detail}" if hit.type == "street" and hit.detail else hit.name
