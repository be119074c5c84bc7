"""Bergamo: from the folder of its sources to places, networks, ties and demand points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path

from geo.ingest.base_map import base_map_of
from geo.ingest.build import BuildContext, BuildResult, Progress
from geo.ingest.compose import compose
from geo.ingest.demand_points import demand_rows
from geo.ingest.italy.common_words import italian_rules, school_words
from geo.ingest.italy.parishes import parish_links, without_former
from geo.ingest.italy.parks import inside_parks
from geo.ingest.italy.school_positions import (
    by_code,
    confirm_schools,
    learn_schools,
    with_region,
)
from geo.ingest.italy.schools import school_records
from geo.ingest.italy.statements import (
    HEADING,
    find_parish,
    find_school,
    nursery,
    school_statement,
)
from geo.ingest.match import family
from geo.ingest.memberships import CommonGoods, holder_ties, memberships
from geo.ingest.merge import Link, log_suspected, merge
from geo.ingest.place_ids import GivenIds, KnownIds, give_ids
from geo.ingest.place_positions import by_address, without_implausible
from geo.model.city import City
from geo.sources import bergamo
from geo.sources.bergamo.areas import read_areas, read_comune
from geo.sources.bergamo.networks import read_networks
from geo.sources.bergamo.organisations import read_mentions
from geo.sources.bergamo.spaces import read_spaces
from geo.sources.bergamo.statements import read_parish_statements, read_school_statements
from geo.sources.catalogue import Catalogue, read_catalogue
from geo.sources.facts import HEADING as HEADING_FACTS
from geo.sources.facts import Facts, Mentioned, read_facts
from geo.sources.italy.churches import read_churches
from geo.sources.italy.libraries import read_libraries
from geo.sources.italy.parishes import read_parishes
from geo.sources.italy.school_points import SchoolPoint, read_school_points
from geo.sources.italy.schools import School, read_schools
from geo.sources.osm.buildings import read_buildings
from geo.sources.osm.exports_2014 import read_osm
from geo.sources.osm.kinds import osm_records
from geo.sources.osm.streets import read_streets
from geo.sources.record import BuildLog, Mention, Record, Statement
from geo.text.italian import words

STATE_SCHOOLS = "schools_statali_bergamo_202526.csv"
NON_STATE_SCHOOLS = "schools_paritarie_bergamo_202324.csv"
# The export also has a "merged" file, which adds nothing.
STREETS = "osm_2014/streets_segments_bergamo.geojson"
SQUARES = "osm_squares_and_citta_alta.geojson"
# Mentions of these kinds only confirm a register's place: they never become one.
_CONFIRM_ONLY = frozenset({"scuola-primaria", "parrocchia"})


@dataclass(frozen=True)
class _Registers:
    """The places that registers list, and the rows and points that they were made of."""

    schools: list[Record]
    parishes: list[Record]
    others: list[Record]
    school_rows: list[School]
    school_points: list[SchoolPoint]
    mapped_schools: list[Record]


@dataclass(frozen=True)
class _Texts:
    """What texts say: of organisations, of spaces, of schools and parishes."""

    mentions: list[Mention]
    spaces: list[Record]
    parishes: list[Statement]
    schools: list[Statement]


def facts() -> Facts:
    """Return what is true of Bergamo alone and no rule can find."""
    with as_file(files(bergamo) / "facts.toml") as path:
        return read_facts(path)


def catalogue() -> Catalogue:
    """Return the sources that Bergamo's data come from."""
    with as_file(files(bergamo) / "sources.toml") as path:
        return read_catalogue(path)


def gather(
    folder: Path, city: City, known: KnownIds, log: BuildLog, progress: Progress
) -> BuildResult:
    """Read every source in `folder` and merge them.

    `known` are the ids that earlier builds gave; `log` gets what the report lists.
    """
    progress("streets and areas")
    context = _context(folder, city, facts(), log)
    base_map = context.base_map
    progress("registers")
    registers = _read_registers(folder, context)
    progress("texts")
    texts = _read_texts(folder, context)
    networks = read_networks(folder, base_map.names, log)
    _log_unused_facts(registers, texts, context)
    registers = _with_statements(registers, texts, context)
    registered = _registered(texts.mentions, registers, context)
    progress("merging")
    groups = _groups(registers, texts, registered, context)
    places, given = _places(registers, groups, known, context)
    mentioned = _places_of_mentions(registers, groups, registered, given)
    progress("ties")
    goods = CommonGoods(
        tuple(p for p in places if p.stage or family(p.kind) in {"space", "garden"})
    )
    ties, changed = memberships(texts.mentions, mentioned, goods, networks, context)
    final = tuple(changed.get(place.id, place) for place in places)
    without_homes = [row.street for row in context.facts.streets_without_homes]
    return BuildResult(
        base_map=base_map,
        catalogue=catalogue(),
        places=final,
        networks=tuple(networks),
        memberships=tuple(holder_ties(final, ties)),
        ids=given,
        demand=tuple(demand_rows(base_map, read_buildings(folder, base_map.comune), without_homes)),
    )


def _context(folder: Path, city: City, known: Facts, log: BuildLog) -> BuildContext:
    comune = read_comune(folder)
    areas = read_areas(folder, known, log)
    points = read_streets(folder / STREETS, folder / SQUARES, comune)
    base_map = base_map_of(city, comune, areas, points)
    return BuildContext(base_map, base_map.address_book(), known, italian_rules(known), log)


def _read_registers(folder: Path, context: BuildContext) -> _Registers:
    base_map, log = context.base_map, context.log
    city = base_map.city.names.it
    points = read_school_points(folder)
    plausible = learn_schools(points, context)
    libraries = without_implausible(read_libraries(folder, log), context)
    osm = read_osm(folder, base_map.comune)
    mapped, mapped_schools = osm_records(osm, base_map.street_near(), log)
    rows = read_schools(folder / STATE_SCHOOLS, folder / NON_STATE_SCHOOLS)
    schools = _placed(school_records(rows, city, context.facts), plausible, mapped_schools, context)
    monuments, former = read_churches(folder, city, log)
    churches = [r for r in monuments if base_map.inside((r.lon or 0, r.lat or 0))]
    mapped = without_former(mapped, former, context.book, log)
    others = [*libraries, *mapped, *churches]
    return _Registers(schools, read_parishes(folder), others, rows, points, mapped_schools)


def _placed(
    schools: Sequence[Record],
    points: Sequence[SchoolPoint],
    mapped: Sequence[Record],
    context: BuildContext,
) -> list[Record]:
    """Return the schools with positions: by address, by the region's points, by the map."""
    # Not logged: an address that fails here may be found after the map has been read.
    first = replace(context, log=BuildLog())
    found = [by_code(by_address(school, first), points) for school in schools]
    found = confirm_schools(found, mapped, school_words(context.facts), context)
    return [with_region(by_address(school, context), points) for school in found]


def _read_texts(folder: Path, context: BuildContext) -> _Texts:
    names, log = context.base_map.names, context.log
    return _Texts(
        mentions=read_mentions(folder, names, log),
        spaces=read_spaces(folder, names, context.facts, log),
        parishes=read_parish_statements(folder, names),
        schools=read_school_statements(folder, names),
    )


def _with_statements(registers: _Registers, texts: _Texts, context: BuildContext) -> _Registers:
    """Add what texts state of schools and parishes; nurseries become places."""
    parishes, schools, others = registers.parishes, registers.schools, registers.others
    for statement in texts.parishes:
        parishes = _confirmed(parishes, statement, _parish(statement, parishes, context), context)
    for statement in texts.schools:
        if statement.kind == "nido":
            others = [*others, nursery(statement)]
        else:
            common = school_words(context.facts)
            school = find_school(statement, schools, common)
            schools = _confirmed(schools, statement, school, context)
    return replace(registers, schools=schools, parishes=parishes, others=others)


def _parish(
    statement: Statement, parishes: Sequence[Record], context: BuildContext
) -> Record | None:
    return find_parish(statement, parishes, context.rules, context.facts.parish_of)


def _confirmed(
    records: list[Record], statement: Statement, meant: Record | None, context: BuildContext
) -> list[Record]:
    """Return the records; the one that a statement means has its quartiere and references."""
    if meant is None or "succursale" in statement.name:  # a branch has no code of its own
        address = f", {statement.address}" if statement.address else ""
        context.log.add(HEADING, f"{statement.name}{address}")
        return records
    more = (*meant.more_references, *statement.references)
    quartiere = statement.quartiere or meant.quartiere
    confirmed = replace(meant, quartiere=quartiere, more_references=more)
    return [confirmed if record.id == meant.id else record for record in records]


def _registered(
    mentions: Sequence[Mention], registers: _Registers, context: BuildContext
) -> dict[int, Record | None]:
    """Return the register's record that each mention of a school or parish means, by number."""
    registered: dict[int, Record | None] = {}
    for number, mention in enumerate(mentions):
        record = mention.record
        if record.kind not in _CONFIRM_ONLY:
            continue
        statement = school_statement(record)
        if record.kind == "parrocchia":
            found = _parish(statement, registers.parishes, context)
        else:
            found = find_school(statement, registers.schools, school_words(context.facts))
        if found is None:
            context.log.add(HEADING, record.name)
        registered[number] = found
    return registered


def _groups(
    registers: _Registers,
    texts: _Texts,
    registered: dict[int, Record | None],
    context: BuildContext,
) -> list[list[Record]]:
    """Return the records of everything but schools, those of one place in one group."""
    organisations = [m.record for m in texts.mentions if m.record.mention not in registered]
    records = [*registers.parishes, *registers.others, *texts.spaces, *organisations]
    records = [_with_other_names(by_address(r, context), context.facts) for r in records]
    churches = [r for r in registers.others if r.kind == "luogo-di-culto"]
    links = [Link(pair.one, pair.other, pair.reason) for pair in context.facts.identities]
    links += parish_links(registers.parishes, churches, context)
    metric = context.base_map.metric(records)
    return merge(records, metric, links, context.rules, context.log)


def _with_other_names(record: Record, known: Facts) -> Record:
    names = tuple(row.value for row in known.other_names if row.id == record.id)
    return replace(record, also=(*record.also, *names)) if names else record


def _places(
    registers: _Registers,
    groups: Sequence[Sequence[Record]],
    known: KnownIds,
    context: BuildContext,
) -> tuple[list[Record], GivenIds]:
    """Return the places sorted by id; and the ids, first the groups', then the schools'."""
    composed = [compose(group, context.facts) for group in groups]
    log_suspected(context.facts.suspected, {place.id for place in composed}, context.log)
    places = [*composed, *registers.schools]
    given = give_ids([*groups, *([school] for school in registers.schools)], places, known)
    named = [replace(place, id=id_) for place, id_ in zip(places, given.ids, strict=True)]
    final = inside_parks(named, context.rules["park"], context.log)
    return sorted(final, key=lambda place: place.id), given


def _places_of_mentions(
    registers: _Registers,
    groups: Sequence[Sequence[Record]],
    registered: dict[int, Record | None],
    given: GivenIds,
) -> dict[int, str]:
    """Return the place id of every mention that has a place, by the mention's number."""
    every = [*groups, *([school] for school in registers.schools)]
    records = [(r, id_) for group, id_ in zip(every, given.ids, strict=True) for r in group]
    by_record = {record.id: id_ for record, id_ in records if record.mention is None}
    by_mention = {r.mention: id_ for r, id_ in records if r.mention is not None}
    return by_mention | {n: by_record[record.id] for n, record in registered.items() if record}


def _log_unused_facts(registers: _Registers, texts: _Texts, context: BuildContext) -> None:
    """Log the facts that refer to nothing in the sources."""
    base_map = context.base_map
    records = [
        *(*registers.schools, *registers.parishes, *registers.others),
        *(*texts.spaces, *(mention.record for mention in texts.mentions)),
    ]
    statements = [*texts.parishes, *texts.schools]
    names = _texts_of(
        *((r.name, *r.also) for r in [*records, *registers.mapped_schools]),
        (school.name for school in registers.school_rows),
        (statement.name for statement in statements),
    )
    mentioned = Mentioned(
        ids=frozenset(record.id for record in records),
        names=names,
        words=frozenset(word for name in names for word in words(name)),
        addresses=_texts_of(
            (record.address for record in records),
            (point.address for point in registers.school_points),
        ),
        streets=frozenset(point.street for point in base_map.street_points),
        sources=frozenset(r.reference.source for r in records),
        areas=frozenset(area.slug for area in base_map.areas),
    )
    for line in context.facts.unknown(mentioned):
        context.log.add(HEADING_FACTS, line)


def _texts_of(*columns: Iterable[str | None]) -> frozenset[str]:
    return frozenset(text for column in columns for text in column if text)
