"""Giving records their positions: their own coordinates if plausible, else by their address."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from geo.ingest.address_book import AddressBook
from geo.ingest.base_map import BaseMap
from geo.sources.bergamo.facts import UNSURE_ADDRESSES, WRONG_COORDINATES
from geo.sources.italy.school_points import SchoolPoint
from geo.sources.osm.kinds import ANY_LEVEL
from geo.sources.record import BuildLog, Record, Reference
from geo.text.addresses import Address, parse
from geo.text.italian import words

HEADING_DROPPED = "Coordinates dropped as implausible"
HEADING_NONE = "Addresses without a position"
HEADING_SCHOOLS = "Schools on the map of 2014 that no register row matches (not added)"
# A mapped school confirms a register school so near to its street, and named so much alike.
SCHOOL_NEAR_M = 250.0
_PRECISE = ("exact", "street", "none")
SCHOOL_ALIKE = 85.0
_SCHOOL_WORDS = frozenset(
    (
        "scuola primaria elementare materna infanzia asilo media secondaria inferiore primo grado "
        "istituto superiore comprensivo magistrale tecnico industriale commerciale geometri "
        "statale liceo scientifico classico artistico linguistico istruzione professionale 1 2 "
        "bergamo aeronautico infantile suore orsoline somasca s gerolamo girolamo figlie"
    ).split()
)


def learn_schools(
    points: Iterable[SchoolPoint], book: AddressBook, base_map: BaseMap, log: BuildLog
) -> list[SchoolPoint]:
    """Tell the address book where the region says that school buildings are.

    Returns the plausible ones.
    """
    plausible = []
    for point in points:
        spot = (point.lon, point.lat)
        why = _wrong(point.address, spot, book, base_map)
        if why:
            log.add(
                HEADING_DROPPED, f"region ({point.list} list), {point.code}, {point.address}: {why}"
            )
        else:
            book.learn(point.address, spot)
            plausible.append(point)
    return plausible


def checked(
    records: Sequence[Record], book: AddressBook, base_map: BaseMap, log: BuildLog
) -> list[Record]:
    """Return the records, those with implausible coordinates without them; learn the others'."""
    return [_checked(record, book, base_map, log) for record in records]


def _checked(record: Record, book: AddressBook, base_map: BaseMap, log: BuildLog) -> Record:
    if record.lon is None or record.lat is None:
        return record
    spot = (record.lon, record.lat)
    why = _wrong(record.address or "", spot, book, base_map)
    if why:
        log.add(HEADING_DROPPED, f"{record.id}, {record.name}, {record.address}: {why}")
        return replace(record, lon=None, lat=None, position="none")
    book.learn(record.address or "", spot)
    return record


def by_address(record: Record, book: AddressBook, log: BuildLog) -> Record:
    """Return the record with the position of its address, if that has one."""
    if record.position == "exact" or not record.address:
        return record
    if record.address in UNSURE_ADDRESSES:
        log.add(
            HEADING_NONE, f"{record.name}, {record.address}: {UNSURE_ADDRESSES[record.address]}"
        )
        return record
    answers = [book.find(text, record.quartiere) for text in _addresses(record)]
    found, why = min(answers, key=lambda a: _PRECISE.index(a[0].position if a[0] else "none"))
    if record.position == "street" and (found is None or found.position != "exact"):
        return record
    if found is None:
        log.add(HEADING_NONE, f"{record.name} ({record.id}), {record.address}: {why}")
        return record
    return replace(record, lon=found.lon, lat=found.lat, position=found.position)


def _addresses(record: Record) -> tuple[str, ...]:
    return (record.address or "", *record.other_addresses)


def by_code(school: Record, points: Sequence[SchoolPoint]) -> Record:
    """Return a school with the region's point of its code, if the street is the same.

    The house number isn't (or else the address would have been found): so it's `street`.
    """
    if school.position == "exact":
        return school
    wanted = parse(school.address or "")
    for point in points:
        there = parse(point.address)
        if point.code in school.school_codes and wanted and there and _shares(wanted, there):
            return replace(school, lon=point.lon, lat=point.lat, position="street")
    return school


def with_region(school: Record, points: Sequence[SchoolPoint]) -> Record:
    """Return a school with a reference to the region's list, if its code or its point is there."""
    spot = (school.lon, school.lat)
    codes = [p.code for p in points if p.code in school.school_codes]
    codes += [p.code for p in points if (p.lon, p.lat) == spot]
    if not codes:
        return school
    reference = Reference("regione-scuole", codes[0], None, None)
    return replace(school, more_references=(*school.more_references, reference))


def _shares(one: Address, other: Address) -> bool:
    """One street by name; the lists take "strada" for "via" now and then."""
    return one.name[-1] == other.name[-1]


def confirm_schools(
    schools: Sequence[Record], mapped: Sequence[Record], book: AddressBook, log: BuildLog
) -> list[Record]:
    """Return the register schools; one that is mapped near its street gets the map's point.

    A mapped building serves every school of that name at that street. Points of the
    region stay: they belong to the very address.
    """
    used: set[str] = set()
    confirmed = [_confirmed(school, mapped, book, used) for school in schools]
    for school in confirmed:
        if school.position == "exact" and school.lon is not None and school.lat is not None:
            book.learn(school.address or "", (school.lon, school.lat))
    for building in mapped:
        if building.id not in used:
            log.add(HEADING_SCHOOLS, f"{building.name} ({building.id})")
    return confirmed


def _confirmed(
    school: Record, mapped: Sequence[Record], book: AddressBook, used: set[str]
) -> Record:
    alike = [
        (_school_score(school, building), building.id, building)
        for building in mapped
        if not building.generic and _fits(school, building, book)
    ]
    best = max(
        (entry for entry in alike if entry[0] >= SCHOOL_ALIKE), default=None, key=lambda e: e[:2]
    )
    if best is None:
        return school
    building = best[2]
    used.update(entry[1] for entry in alike if entry[0] >= SCHOOL_ALIKE)
    more = (*school.more_references, building.reference)
    if school.position == "exact":
        return replace(school, more_references=more)
    return replace(
        school, lon=building.lon, lat=building.lat, position="exact", more_references=more
    )


def _fits(school: Record, building: Record, book: AddressBook) -> bool:
    if building.lon is None or building.lat is None or not school.address:
        return False
    if building.kind not in {school.kind, ANY_LEVEL}:
        return False
    spot = (building.lon, building.lat)
    if school.lon is not None and school.lat is not None:
        return book.metres((school.lon, school.lat), spot) <= SCHOOL_NEAR_M
    return book.near(school.address, spot, SCHOOL_NEAR_M)


def _school_score(school: Record, building: Record) -> float:
    a = {w for w in words(school.name) if w not in _SCHOOL_WORDS and len(w) > 1}
    b = {w for w in words(building.name) if w not in _SCHOOL_WORDS and len(w) > 1}
    if a and b and (a <= b or b <= a):
        return 100.0
    return fuzz.token_sort_ratio(" ".join(sorted(a)), " ".join(sorted(b)))


def _wrong(
    address: str, spot: tuple[float, float], book: AddressBook, base_map: BaseMap
) -> str | None:
    if not base_map.inside(spot):
        return "outside the comune"
    if address in WRONG_COORDINATES:
        return WRONG_COORDINATES[address]
    parsed = parse(address)
    far = book.implausible(address, spot) if parsed else None
    return f"{far:,.0f} m from its street" if far is not None else None
