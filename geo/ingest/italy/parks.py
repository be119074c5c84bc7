"""Things in a park whose address is the park: they take the park's own place, roughly."""

from collections.abc import Sequence
from dataclasses import replace

from geo.ingest.match import RULES, name_score
from geo.sources.record import BuildLog, Record

HEADING = "Placed at the park that holds them"
ALIKE = 95.0


def inside_parks(places: Sequence[Record], log: BuildLog) -> list[Record]:
    """Return the places; one without a position whose address is a known park gets the park's."""
    parks = [p for p in places if p.kind == "parco" and p.position != "none" and not p.generic]
    return [_placed(place, parks, log) for place in places]


def _placed(place: Record, parks: Sequence[Record], log: BuildLog) -> Record:
    text = place.address or place.name
    if place.position != "none" or "parco" not in text.lower() or place.kind == "parco":
        return place
    named = Record("", text[text.lower().index("parco") :], "parco", place.reference)
    fitting = [p for p in parks if name_score(named, p, RULES["park"]) >= ALIKE]
    if len(fitting) != 1:
        return place
    park = fitting[0]
    log.add(HEADING, f"{place.name} ({place.id}): {park.name}")
    return replace(place, lon=park.lon, lat=park.lat, position="street")
