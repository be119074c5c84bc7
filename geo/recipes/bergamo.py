"""Reading and merging everything: from a folder of sources to places, networks and ties."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo.ingest.address_book import AddressBook
from geo.ingest.base_map import BaseMap, read_base_map
from geo.ingest.compose import compose
from geo.ingest.demand_points import demand_rows
from geo.ingest.italy.mentions import HEADING, find_parish, find_school, nursery, school_statement
from geo.ingest.italy.parishes import parish_links, without_former
from geo.ingest.italy.parks import inside_parks
from geo.ingest.italy.schools import school_records
from geo.ingest.match import family
from geo.ingest.memberships import CommonGoods, holder_ties, memberships
from geo.ingest.merge import log_suspected, merge
from geo.ingest.place_positions import (
    by_address,
    by_code,
    checked,
    confirm_schools,
    learn_schools,
    with_region,
)
from geo.ingest.result import BuildResult
from geo.model.city import City
from geo.sources.bergamo.facts import IDENTITIES
from geo.sources.bergamo.networks import read_networks
from geo.sources.bergamo.organisations import Mention, read_mentions
from geo.sources.bergamo.spaces import read_spaces
from geo.sources.bergamo.statements import (
    Statement,
    read_parish_statements,
    read_school_statements,
)
from geo.sources.italy.churches import read_churches
from geo.sources.italy.libraries import read_libraries
from geo.sources.italy.parishes import read_parishes
from geo.sources.italy.school_points import read_school_points
from geo.sources.italy.schools import read_schools
from geo.sources.osm.buildings import read_buildings
from geo.sources.osm.exports_2014 import read_osm
from geo.sources.osm.kinds import osm_records
from geo.sources.record import BuildLog, Record

Progress = Callable[[str], None]
# What the press calls a school or parish is one of the register's, or nothing.
_CONFIRM_ONLY = frozenset({"scuola-primaria", "parrocchia"})


@dataclass(frozen=True)
class _Registers:
    """The places that sources list, before the press's mentions join them."""

    schools: list[Record]
    parishes: list[Record]
    others: list[Record]


def gather(folder: Path, city: City, log: BuildLog, progress: Progress) -> BuildResult:
    """Read every source in `folder` and merge them; what's worth telling goes into `log`."""
    progress("streets and areas")
    base_map = read_base_map(folder, city, log)
    book = base_map.address_book()
    progress("registers")
    registers = _read_registers(folder, base_map, book, log)
    progress("the press")
    mentions = read_mentions(folder, base_map.names, log)
    networks = read_networks(folder, base_map.names, log)
    registers = _confirmed(folder, registers, base_map, log)
    targets = _targets(mentions, registers, log)
    progress("merging")
    places, owners = _merged(folder, registers, mentions, targets, base_map, book, log)
    progress("ties")
    goods = CommonGoods(
        tuple(p for p in places if p.stage or family(p.kind) in {"space", "garden"})
    )
    ties, changed = memberships(mentions, owners, goods, networks, log)
    final = tuple(changed.get(place.id, place) for place in places)
    demand = demand_rows(base_map, read_buildings(folder, base_map.comune))
    return BuildResult(
        base_map, final, tuple(networks), tuple(holder_ties(final, ties)), tuple(demand)
    )


def _read_registers(
    folder: Path, base_map: BaseMap, book: AddressBook, log: BuildLog
) -> _Registers:
    points = learn_schools(read_school_points(folder), book, base_map, log)
    libraries = checked(read_libraries(folder, log), book, base_map, log)
    mapped, buildings = osm_records(read_osm(folder, base_map.comune), base_map.street_near(), log)
    quiet = BuildLog()  # an address that fails here may still be found on the map
    schools = [by_address(r, book, quiet) for r in school_records(read_schools(folder))]
    schools = [by_code(school, points) for school in schools]
    schools = confirm_schools(schools, buildings, book, log)
    schools = [by_address(school, book, log) for school in schools]
    schools = [with_region(school, points) for school in schools]
    monuments, former = read_churches(folder, log)
    churches = [r for r in monuments if base_map.inside((r.lon or 0, r.lat or 0))]
    mapped = without_former(mapped, former, book, log)
    return _Registers(schools, read_parishes(folder), [*libraries, *mapped, *churches])


def _confirmed(folder: Path, registers: _Registers, base_map: BaseMap, log: BuildLog) -> _Registers:
    """Add what the press states about schools and parishes; its nurseries become places."""
    parishes, schools, others = registers.parishes, registers.schools, registers.others
    for word in read_parish_statements(folder, base_map.names):
        parishes = _with_statement(parishes, word, find_parish(word, parishes), log)
    for word in read_school_statements(folder, base_map.names):
        if word.kind == "nido":
            others = [*others, nursery(word)]
        else:
            schools = _with_statement(schools, word, find_school(word, schools), log)
    return _Registers(schools, parishes, others)


def _with_statement(
    records: list[Record], word: Statement, meant: Record | None, log: BuildLog
) -> list[Record]:
    if meant is None or "succursale" in word.name:  # a branch has no code of its own
        log.add(HEADING, f"{word.name}{f', {word.address}' if word.address else ''}")
        return records
    more = (*meant.more_references, *word.references)
    stated = word.quartiere or meant.quartiere
    added = replace(meant, quartiere=stated, more_references=more)
    return [added if record.id == meant.id else record for record in records]


def _targets(
    mentions: Sequence[Mention], registers: _Registers, log: BuildLog
) -> dict[int, str | None]:
    """Return the register place that a mention of a school or parish means, by its number."""
    targets: dict[int, str | None] = {}
    for number, mention in enumerate(mentions):
        record = mention.record
        if record.kind not in _CONFIRM_ONLY:
            continue
        word = school_statement(record)
        if record.kind == "parrocchia":
            found = find_parish(word, registers.parishes)
        else:
            found = find_school(word, registers.schools)
        if found is None:
            log.add(HEADING, record.name)
        targets[number] = found.id if found else None
    return targets


def _merged(  # noqa: PLR0917 - one step of the pipeline above
    folder: Path,
    registers: _Registers,
    mentions: Sequence[Mention],
    targets: dict[int, str | None],
    base_map: BaseMap,
    book: AddressBook,
    log: BuildLog,
) -> tuple[list[Record], dict[int, str]]:
    """Return the places sorted by id, and the place id of every mention that has one."""
    spaces = read_spaces(folder, base_map.names, log)
    told = [(n, m.record) for n, m in enumerate(mentions) if n not in targets]
    records = [*registers.parishes, *registers.others, *spaces, *(record for _, record in told)]
    records = [by_address(record, book, log) for record in records]
    churches = [r for r in registers.others if r.kind == "luogo-di-culto"]
    taken = {one for one, _, _ in IDENTITIES}
    links = parish_links(registers.parishes, churches, book, taken, log)
    groups = merge(records, base_map.metric(records), [*IDENTITIES, *links], log)
    places = [compose(group) for group in groups]
    log_suspected({place.id for place in places}, log)
    ids = _unique_ids(places)
    owners = {id(r): ids[at] for at, group in enumerate(groups) for r in group}
    mention_at = len(records) - len(told)
    by_mention = {n: owners[id(records[mention_at + at])] for at, (n, _) in enumerate(told)}
    by_mention |= {n: target for n, target in targets.items() if target}
    named = [replace(place, id=id_) for place, id_ in zip(places, ids, strict=True)]
    final = inside_parks([*registers.schools, *named], log)
    return sorted(final, key=lambda place: place.id), by_mention


def _unique_ids(places: Sequence[Record]) -> list[str]:
    """Ids made of names can meet: then the quartiere is added, or a number."""
    ids: list[str] = []
    shared = [place.id for place in places]
    for place in places:
        id_ = place.id
        if shared.count(id_) > 1 and place.quartiere:
            id_ = f"{id_}-{place.quartiere}"
        number = 2
        while id_ in ids:
            id_, number = f"{place.id}-{number}", number + 1
        ids.append(id_)
    return ids
