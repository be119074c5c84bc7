"""Positions of schools: the region's coordinates of buildings, and schools on the map."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from geo.ingest.address_book import AddressBook
from geo.ingest.build import BuildContext
from geo.ingest.place_positions import HEADING_DROPPED, why_implausible
from geo.sources.italy.school_points import SchoolPoint
from geo.sources.osm.kinds import ANY_LEVEL
from geo.sources.record import Record, Reference
from geo.text.italian import words
from geo.text.italian_addresses import Address, parse

HEADING = "Schools on the map of 2014 that no register row matches (not added)"
# A mapped school confirms a register school so near to its street, and named so much alike.
NEAR_M = 250.0
ALIKE = 85.0


def learn_schools(points: Iterable[SchoolPoint], context: BuildContext) -> list[SchoolPoint]:
    """Put the region's school buildings into the address book; return the plausible ones."""
    plausible = []
    for point in points:
        spot = (point.lon, point.lat)
        why = why_implausible(point.address, spot, context)
        if why:
            context.log.add(
                HEADING_DROPPED, f"region ({point.list} list), {point.code}, {point.address}: {why}"
            )
        else:
            context.book.learn(point.address, spot)
            plausible.append(point)
    return plausible


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
    """Return whether the street's last word is the same: the lists confuse "strada" and "via"."""
    return one.name[-1] == other.name[-1]


def confirm_schools(
    schools: Sequence[Record],
    mapped: Sequence[Record],
    common: frozenset[str],
    context: BuildContext,
) -> list[Record]:
    """Return the register schools; one that is mapped near its street gets the map's point.

    `common` are words that don't tell schools apart.
    A mapped building serves every school of that name at that street. Points of the
    region stay: they belong to the very address.
    """
    used: set[str] = set()
    confirmed = [_confirmed(school, mapped, common, context.book, used) for school in schools]
    for school in confirmed:
        if school.position == "exact" and school.lon is not None and school.lat is not None:
            context.book.learn(school.address or "", (school.lon, school.lat))
    for building in mapped:
        if building.id not in used:
            context.log.add(HEADING, f"{building.name} ({building.id})")
    return confirmed


def _confirmed(
    school: Record,
    mapped: Sequence[Record],
    common: frozenset[str],
    book: AddressBook,
    used: set[str],
) -> Record:
    alike = [
        (_name_score(school, building, common), building.id, building)
        for building in mapped
        if not building.generic and _fits(school, building, book)
    ]
    best = max((entry for entry in alike if entry[0] >= ALIKE), default=None, key=lambda e: e[:2])
    if best is None:
        return school
    building = best[2]
    used.update(entry[1] for entry in alike if entry[0] >= ALIKE)
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
        return book.metres((school.lon, school.lat), spot) <= NEAR_M
    return book.near(school.address, spot, NEAR_M)


def _name_score(school: Record, building: Record, common: frozenset[str]) -> float:
    a = {w for w in words(school.name) if w not in common and len(w) > 1}
    b = {w for w in words(building.name) if w not in common and len(w) > 1}
    if a and b and (a <= b or b <= a):
        return 100.0
    return fuzz.token_sort_ratio(" ".join(sorted(a)), " ".join(sorted(b)))
