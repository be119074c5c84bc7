"""A parish has the point of its church: matched by dedication, near the address's street."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.ingest.address_book import AddressBook
from geo.ingest.build import BuildContext
from geo.ingest.match import Rule, name_score
from geo.ingest.merge import Link
from geo.sources.record import BuildLog, Record

# The church is so near to the parish's street, and named so much alike.
NEAR_M = 250.0
# Where the street isn't known, only a clear name will do.
ALIKE, ALIKE_ALONE = 85.0, 95.0
# A church whose name isn't known serves if it's the only one so near to the street.
UNNAMED_M = 120.0
FORMER_M = 20.0
HEADING_FORMER = "Unnamed churches left out: former ones"
HEADING = "Parishes without a church"


@dataclass(frozen=True)
class _Candidate:
    score: float
    exactly: float
    church: Record


def parish_links(
    parishes: Sequence[Record],
    churches: Sequence[Record],
    context: BuildContext,
) -> list[Link]:
    """Return a link of each parish to its church; parishes with a known church have none."""
    known = {pair.one for pair in context.facts.identities}
    links = []
    for parish in parishes:
        if parish.id in known:
            continue
        church = _church(parish, churches, context)
        if church is None:
            context.log.add(HEADING, f"{parish.name}, {parish.address}")
        else:
            links.append(Link(parish.id, church.id, "the church of its name near its street"))
    return links


def without_former(
    mapped: Sequence[Record], former: Sequence[Record], book: AddressBook, log: BuildLog
) -> list[Record]:
    """Return the mapped places without unnamed churches at the point of a former church."""
    others = []
    for place in mapped:
        gone = [old for old in former if place.generic and _at(place, old, book)]
        if gone and place.kind == "luogo-di-culto":
            log.add(HEADING_FORMER, f"{place.id}: {gone[0].name}")
        else:
            others.append(place)
    return others


def _at(place: Record, other: Record, book: AddressBook) -> bool:
    if None in (place.lon, place.lat, other.lon, other.lat):
        return False
    here, there = (place.lon or 0, place.lat or 0), (other.lon or 0, other.lat or 0)
    return book.metres(here, there) <= FORMER_M


def _church(parish: Record, churches: Sequence[Record], context: BuildContext) -> Record | None:
    book, rule = context.book, context.rules["worship"]
    near = [church for church in churches if _near(parish, church, book, NEAR_M)]
    dedicated = replace(parish, also=())
    by_street = replace(parish, also=((parish.address or "").lstrip("Via "),))
    for names, among, least in (
        (dedicated, near, ALIKE),
        (parish, near, ALIKE),
        (by_street, near, ALIKE),
    ):
        best = _best(names, among, least, rule)
        if best is not None:
            return best.church
    unnamed = [c for c in near if c.generic and _near(parish, c, book, UNNAMED_M)]
    if len(unnamed) == 1:
        return unnamed[0]
    far = _best(dedicated, churches, ALIKE_ALONE, rule)
    return far.church if far and far.exactly >= ALIKE_ALONE else None


def _best(
    parish: Record, churches: Sequence[Record], least: float, rule: Rule
) -> _Candidate | None:
    """Return the best match; of equal ones the map's church, whose point is the building's."""
    strict = replace(rule, nested=False)
    candidates = [
        _Candidate(name_score(parish, church, rule), name_score(parish, church, strict), church)
        for church in churches
        if not church.generic
    ]
    alike = [c for c in candidates if c.score >= least]
    if not alike:
        return None
    mapped = "osm:"
    return max(
        alike, key=lambda c: (c.score, c.exactly, c.church.id.startswith(mapped), c.church.id)
    )


def _near(parish: Record, church: Record, book: AddressBook, metres: float) -> bool:
    if not parish.address or church.lon is None or church.lat is None:
        return False
    return book.near(parish.address, (church.lon, church.lat), metres)
