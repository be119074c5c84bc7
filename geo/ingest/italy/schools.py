"""From school codes to places: one institution, one level, one address is one place.

Families look for a level: so codes that share all three are one place with several codes
(an institute and its courses), and different levels at one address are several places.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from geo.ingest.italy.school_names import school_name
from geo.sources.facts import Facts
from geo.sources.italy.schools import School
from geo.sources.record import Record
from geo.text.italian import nice_case, tidy
from geo.text.italian_addresses import Address, parse

Key = tuple[str, str, str]
HEAD_OFFICE = "istituto-comprensivo"


def school_records(schools: Iterable[School], city: str, facts: Facts) -> list[Record]:
    """Return one record per school, with all its codes, sorted by id; `city` is its name."""
    groups: dict[Key, list[School]] = defaultdict(list)
    for school in schools:
        groups[_key(school)].append(school)
    for key in [key for key in groups if key[1] == HEAD_OFFICE]:
        _attach_head_office(groups, key)
    for key in [key for key, group in groups.items() if all(s.evening for s in group)]:
        _attach_evening_courses(groups, key)
    records = [_record(group, city, facts) for group in groups.values()]
    return sorted(records, key=lambda record: record.id)


def same_building(one: Address | None, other: Address | None) -> bool:
    """Return whether two addresses of one institution are the same building.

    Registers write the street's type and first names now and then ("VIA EUROPA 15" and
    "VIALE EUROPA 15"); a missing number doesn't part them either.
    """
    if one is None or other is None:
        return False
    numbers = {address.digits for address in (one, other) if address.digits}
    return one.name[-1] == other.name[-1] and len(numbers) < 2


def _key(school: School) -> Key:
    """Return institution, level and address; a non-state school has no institution but that."""
    address = parse(school.address or "")
    where = f"{address.name[-1]} {address.digits}" if address else school.code
    return school.institute or "", school.kind, where


def _attach_head_office(groups: dict[Key, list[School]], key: Key) -> None:
    """A head office in its own school's building is that school, not a place of its own."""
    office = parse(groups[key][0].address or "")
    own = sorted(k for k in groups if k[0] == key[0] and k[1] != HEAD_OFFICE)
    homes = [k for k in own if same_building(office, parse(groups[k][0].address or ""))]
    exact = [k for k in homes if _numbers(groups[k]) & _numbers(groups[key])]
    for home in (exact or homes)[:1]:
        groups[home].extend(groups.pop(key))


def _numbers(group: list[School]) -> set[str | None]:
    addresses = [parse(school.address or "") for school in group]
    return {address.number for address in addresses if address}


def _attach_evening_courses(groups: dict[Key, list[School]], key: Key) -> None:
    days = sorted(k for k in groups if k[:2] == key[:2] and k != key)
    if key[0] and len(days) == 1:
        groups[days[0]].extend(groups.pop(key))


def _record(group: list[School], city: str, facts: Facts) -> Record:
    ranked = sorted(group, key=_rank)
    main = ranked[0]
    codes = tuple(sorted(school.code for school in group))
    references = sorted(school.reference for school in group)
    return Record(
        id=f"mim:{main.code}",
        name=school_name(ranked, city, facts),
        kind=main.kind,
        reference=main.reference,
        more_references=tuple(ref for ref in references if ref != main.reference),
        address=_address(main.address),
        other_addresses=tuple(dict.fromkeys(s.address for s in ranked if s.address)),
        website=_most([s.website for s in ranked]),
        email=_most([s.email for s in ranked]),
        status="open",
        school_codes=codes,
        state_school=main.state,
    )


def _rank(school: School) -> tuple[bool, bool, bool, str]:
    """Return a key that sorts the main code first: of the level, by day, of the institute."""
    return (
        school.kind == HEAD_OFFICE,
        school.evening,
        school.institute is not None and school.code != school.institute,
        school.code,
    )


def _most(values: list[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else None


def _address(text: str | None) -> str | None:
    """An address in capitals as people write it: "VIA FURIETTIN.11" is "Via Furietti 11"."""
    if text is None:
        return None
    spaced = re.sub(r"(?<=[A-Z])N\.\s*(?=\d)|\sN\.?\s*(?=\d)", " ", text)
    spaced = re.sub(r"(?<=[A-Z'])(?=\d)", " ", spaced)
    spaced = re.sub(r"\b0+(?=\d)|(?<=[A-Z])\.(?= \d)", "", spaced).replace("L.GO ", "LARGO ")
    spaced = spaced.replace("F.LLI", "FRATELLI")
    spaced = re.sub(r"\b([A-RT-Z])\.(?=[A-Z]{2})", r"\1. ", spaced)
    return tidy(nice_case(spaced))
