"""A parish stands where its church stands: matched by dedication, near the address's street."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.ingest.address_book import AddressBook
from geo.ingest.match import RULES, name_score
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
    book: AddressBook,
    taken: set[str],
    log: BuildLog,
) -> list[tuple[str, str, str]]:
    """Return for each parish its church, as links (parish, church, reason) to merge by.

    `taken` are parishes whose church is known otherwise.
    """
    links = []
    for parish in parishes:
        if parish.id in taken:
            continue
        church = _church(parish, churches, book)
        if church is None:
            log.add(HEADING, f"{parish.name}, {parish.address}")
        else:
            links.append((parish.id, church.id, "the church of its name near its street"))
    return links


def without_former(
    mapped: Sequence[Record], former: Sequence[Record], book: AddressBook, log: BuildLog
) -> list[Record]:
    """Return the mapped places without unnamed churches that stand where an ex-church stands."""
    kept = []
    for place in mapped:
        gone = [old for old in former if place.generic and _at(place, old, book)]
        if gone and place.kind == "luogo-di-culto":
            log.add(HEADING_FORMER, f"{place.id}: {gone[0].name}")
        else:
            kept.append(place)
    return kept


def _at(place: Record, other: Record, book: AddressBook) -> bool:
    if None in (place.lon, place.lat, other.lon, other.lat):
        return False
    here, there = (place.lon or 0, place.lat or 0), (other.lon or 0, other.lat or 0)
    return book.metres(here, there) <= FORMER_M


def _church(parish: Record, churches: Sequence[Record], book: AddressBook) -> Record | None:
    near = [church for church in churches if _near(parish, church, book, NEAR_M)]
    dedicated = replace(parish, also=())
    by_street = replace(parish, also=((parish.address or "").lstrip("Via "),))
    for told, among, least in (
        (dedicated, near, ALIKE),
        (parish, near, ALIKE),
        (by_street, near, ALIKE),
    ):
        best = _best(told, among, least)
        if best is not None:
            return best.church
    unnamed = [c for c in near if c.generic and _near(parish, c, book, UNNAMED_M)]
    if len(unnamed) == 1:
        return unnamed[0]
    far = _best(dedicated, churches, ALIKE_ALONE)
    return far.church if far and far.exactly >= ALIKE_ALONE else None


def _best(parish: Record, churches: Sequence[Record], least: float) -> _Candidate | None:
    """The most alike; on a tie the map's own church, for its point is the building's."""
    rule = RULES["worship"]
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
