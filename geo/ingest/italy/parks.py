"""Places whose address is a park: they get the park's point, as an approximate position."""

from collections.abc import Sequence
from dataclasses import replace

from geo.ingest.match import Rule, name_score
from geo.sources.record import BuildLog, Record

HEADING = "Placed at the park that holds them"
ALIKE = 95.0


def inside_parks(places: Sequence[Record], rule: Rule, log: BuildLog) -> list[Record]:
    """Return the places; one without a position whose address is a known park gets its point.

    `rule` compares the names of parks.
    """
    parks = [p for p in places if p.kind == "parco" and p.position != "none" and not p.generic]
    return [_placed(place, parks, rule, log) for place in places]


def _placed(place: Record, parks: Sequence[Record], rule: Rule, log: BuildLog) -> Record:
    text = place.address or place.name
    if place.position != "none" or "parco" not in text.lower() or place.kind == "parco":
        return place
    named = Record("", text[text.lower().index("parco") :], "parco", place.reference)
    fitting = [p for p in parks if name_score(named, p, rule) >= ALIKE]
    if len(fitting) != 1:
        return place
    park = fitting[0]
    log.add(HEADING, f"{place.name} ({place.id}): {park.name}")
    return replace(place, lon=park.lon, lat=park.lat, position="street")
