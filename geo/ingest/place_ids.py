"""Permanent ids: which place of an earlier build each group of records is.

An id is given once. `place_ids.csv` has, for each id, the records that its place was made
of: a record's own id (`key`) and, where that is made of a name, a digest of the rest of its
row (`row`). A group of records gets the id of the place that it was before, found by

1. a line that a person added: a key made of a name, without a row;
2. a record with the same key and the same row;
3. the same row under another name: the name was corrected;
4. the same key in another row: something else was corrected.

Rows go before names, so that places whose names were swapped don't swap their ids. Lines
remain when a place is gone: its id is never given to another one. Where two places became
one, the id that is left over leads to the other (`former_ids.csv`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import StringConstraints
from rapidfuzz import fuzz

from geo.model.folder import read_folder
from geo.model.schema import FormerIdRow, PlaceId, Row, Text
from geo.model.tables import FORMER_IDS, Table
from geo.model.writing import table
from geo.sources.record import Record

# Rows of several places that differ in nothing but the name: a corrected name is as alike (0–100).
CORRECTED = 75.0
_BY_PERSON, _BY_BOTH, _BY_ROW, _BY_KEY, _LAST = 5, 4, 3, 2, 1


class TraceRow(Row):
    """A line of place_ids.csv: a record of which a place was made."""

    id: PlaceId
    key: Text
    row: Annotated[str, StringConstraints(pattern="^([0-9a-f]{12})?$")]


# The app reads only former_ids.csv: this table is for the build.
PLACE_IDS = Table("place_ids", "place_ids.csv", TraceRow, optional=True)


class Trace(NamedTuple):
    """A record as place_ids.csv knows it: the record's own id, the digest of its row or ""."""

    key: str
    row: str


class Claim(NamedTuple):
    """How strong a group's claim on an id is: the greatest wins.

    `direct`: the id is no former one; `records`: how many records of the group support it.
    """

    strength: int
    direct: bool
    records: int


@dataclass(frozen=True)
class KnownIds:
    """What place_ids.csv and former_ids.csv hold: traces by id, ids by former id."""

    traces: Mapping[str, frozenset[Trace]] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)

    def current(self, id_: str) -> str:
        """Return the id that an id leads to: itself if it is no former one."""
        return self.former.get(id_, id_)


@dataclass(frozen=True)
class GivenIds:
    """The ids of the groups, in their order, and all that is known after the build.

    `new` are ids that weren't known before, `lost` those of which no record is left.
    """

    ids: tuple[str, ...]
    before: KnownIds
    known: KnownIds
    new: tuple[str, ...]
    lost: tuple[str, ...]


def read_known_ids(folder: Path) -> KnownIds:
    """Return the ids that a data folder knows; DataError for lines that can't be used."""
    rows = read_folder(folder, (PLACE_IDS, FORMER_IDS)).rows
    rows.problems.raise_if_any()
    traces: dict[str, set[Trace]] = defaultdict(set)
    for line in rows[PLACE_IDS]:
        traces[line.values.id].add(Trace(line.values.key, line.values.row))
    former = {line.values.former_id: line.values.id for line in rows[FORMER_IDS]}
    return KnownIds({id_: frozenset(of_id) for id_, of_id in traces.items()}, former)


def id_files(given: GivenIds) -> dict[str, str]:
    """Return the text of place_ids.csv; and of former_ids.csv, if there are or were any."""
    known = given.known
    traces = sorted((id_, *trace) for id_ in known.traces for trace in known.traces[id_])
    lines = [TraceRow(id=id_, key=key, row=row) for id_, key, row in traces]
    files = {PLACE_IDS.file: table(lines, PLACE_IDS.columns)}
    if known.former or given.before.former:
        former = [FormerIdRow(former_id=old, id=id_) for old, id_ in sorted(known.former.items())]
        files[FORMER_IDS.file] = table(former, FORMER_IDS.columns)
    return files


def traces_of(record: Record) -> frozenset[Trace]:
    """Return the traces of a record: one, or one for each code of a school."""
    prefix = record.id.partition(":")[0]
    keys = {record.id, *(f"{prefix}:{code}" for code in record.school_codes)}
    return frozenset(Trace(key, record.row) for key in keys)


def give_ids(
    groups: Sequence[Sequence[Record]], natural: Sequence[Record], known: KnownIds
) -> GivenIds:
    """Return an id for each group of records; `natural` are the records composed of them.

    A place that isn't known gets the id of its composed record, with its quartiere or a
    number added where that id is another place's. The order of the groups doesn't matter.
    """
    traces = [frozenset(t for record in group for t in traces_of(record)) for group in groups]
    order = sorted(range(len(groups)), key=lambda at: (natural[at].id, sorted(traces[at])))
    shared = Counter(place.id for place in natural)
    wanted = [_wanted_id(place, shared=shared[place.id] > 1) for place in natural]
    claims = _claims(traces, wanted, known)
    given = _settled(claims, order)
    taken = {*known.traces, *known.former, *given.values()}
    new = []
    for at in order:
        if at not in given:
            given[at] = _free_id(wanted[at], natural[at].id, taken)
            taken.add(given[at])
            new.append(given[at])
    ids = tuple(given[at] for at in range(len(groups)))
    former = _former(claims, given, known)
    lost = {known.current(id_) for id_ in known.traces} - {*ids, *former}
    after = _with_traces(KnownIds(known.traces, former), ids, traces)
    return GivenIds(ids, known, after, tuple(new), tuple(sorted(lost)))


def _claims(
    groups: Sequence[frozenset[Trace]], wanted: Sequence[str], known: KnownIds
) -> list[dict[str, Claim]]:
    """Return for each group the known ids that it may be, each with its best claim."""
    matcher = _Matcher(known, frozenset(trace for group in groups for trace in group))
    found: list[dict[str, Claim]] = []
    for group, own in zip(groups, wanted, strict=True):
        votes: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for trace in sorted(group):
            for id_, strength in matcher.ids(trace, own):
                current = known.current(id_)
                votes[current].append((strength, current == id_))
        found.append({id_: Claim(*max(given), len(given)) for id_, given in votes.items()})
    return found


class _Matcher:
    """Finds the known ids of a trace. `present` are all traces of the build."""

    def __init__(self, known: KnownIds, present: frozenset[Trace]) -> None:
        self._ids: dict[Trace, set[str]] = defaultdict(set)
        self._by_row: dict[str, set[Trace]] = defaultdict(set)
        self._by_key: dict[str, set[Trace]] = defaultdict(set)
        for id_, traces in known.traces.items():
            for trace in traces:
                self._ids[trace].add(id_)
                self._by_row[trace.row].add(trace)
                self._by_key[trace.key].add(trace)
        self._present = present
        self._moved = [trace for trace in present if trace not in self._ids]
        self._rows = Counter(trace.row for trace in self._moved)
        self._exchanged = self._exchanges()

    def ids(self, trace: Trace, wanted: str) -> list[tuple[str, int]]:
        """Return the ids that a trace may be of, each with the strength of the claim."""
        by_person = self._ids.get(Trace(trace.key, ""), set()) if trace.row else set()
        found = [(id_, _BY_PERSON) for id_ in sorted(by_person)]
        if trace in self._ids:
            return found + [(id_, _BY_BOTH) for id_ in sorted(self._ids[trace])]
        by_row = self._exchanged.get(trace) or self._of_row(trace)
        by_key, similar = self._of_key(trace, wanted), self._of_similar_name(trace)
        if by_row:
            found.append((by_row, _BY_ROW))
        if by_key:
            found.append((by_key, _LAST if by_row else _BY_KEY))
        if similar:
            found.append((similar, _LAST if by_row or by_key else _BY_ROW))
        return found

    def _of_row(self, trace: Trace) -> str | None:
        """Return the one id that ever had a trace's row, under another name."""
        ids = self._ids_of(self._by_row.get(trace.row, set()))
        return next(iter(ids)) if self._is_alone(trace, ids) else None

    def _of_similar_name(self, trace: Trace) -> str | None:
        """Return, of several ids that had a trace's row, the one with a similar name."""
        alike = [
            (fuzz.ratio(trace.key, other.key), id_)
            for other in self._by_row.get(trace.row, set()) - self._present
            for id_ in self._ids[other]
            if trace.row
        ]
        best = max(alike, default=(0.0, ""))
        return best[1] if best[0] >= CORRECTED else None

    def _of_key(self, trace: Trace, wanted: str) -> str | None:
        """Return the id that was known by a trace's key.

        Of several places that had the name, the one that would get this very id today.
        """
        every = self._by_key.get(trace.key, set())
        gone = self._ids_of(every - self._present)
        if len(self._ids_of(every)) == 1 and gone:
            return next(iter(gone))
        return wanted if wanted in gone else None

    def _exchanges(self) -> dict[Trace, str]:
        """Return the traces whose rows and names are those of each other's places.

        They come with the id of the place that had the row.
        """
        apart = {}
        for trace in self._moved:
            gone = self._ids_of(self._by_row.get(trace.row, set()) - self._present)
            by_key = self._of_key(trace, trace.key)
            if by_key and self._is_alone(trace, gone) and by_key not in gone:
                apart[trace] = next(iter(gone)), by_key
        rows = {row for row, _ in apart.values()}
        keys = {key for _, key in apart.values()}
        return {t: row for t, (row, key) in apart.items() if row in keys and key in rows}

    def _is_alone(self, trace: Trace, ids: set[str]) -> bool:
        """Return whether a row is of one id, and no other record has moved into it."""
        return bool(trace.row) and len(ids) == 1 and self._rows[trace.row] == 1

    def _ids_of(self, traces: Iterable[Trace]) -> set[str]:
        return {id_ for trace in traces for id_ in self._ids[trace]}


def _settled(claims: Sequence[Mapping[str, Claim]], order: Iterable[int]) -> dict[int, str]:
    """Return the id of each group that has one: the strongest claim goes first."""
    place = {at: number for number, at in enumerate(order)}

    def rank(entry: tuple[int, str]) -> tuple[object, ...]:
        claim = claims[entry[0]][entry[1]]
        return -claim.strength, not claim.direct, -claim.records, place[entry[0]], entry[1]

    given: dict[int, str] = {}
    taken: set[str] = set()
    for at, id_ in sorted(((at, id_) for at, ids in enumerate(claims) for id_ in ids), key=rank):
        if at not in given and id_ not in taken:
            given[at] = id_
            taken.add(id_)
    return given


def _wanted_id(place: Record, *, shared: bool) -> str:
    """Return the id of the composed record, with the quartiere if other places share it."""
    return f"{place.id}-{place.quartiere}" if shared and place.quartiere else place.id


def _free_id(wanted: str, natural: str, taken: set[str]) -> str:
    """Return an id that no place has or had: the wanted one, else a numbered one."""
    id_, number = wanted, 2
    while id_ in taken:
        id_, number = f"{natural}-{number}", number + 1
    return id_


def _former(
    claims: Sequence[Mapping[str, Claim]], given: Mapping[int, str], known: KnownIds
) -> dict[str, str]:
    """Return the former ids with the ids of today that they lead to.

    An id that only a group with another id claims has become that one.
    """
    live = set(given.values())
    became: dict[str, tuple[Claim, str]] = {}
    for at, ids in enumerate(claims):
        for id_, claim in ids.items():
            if id_ not in live:
                became[id_] = max(became.get(id_, (claim, given[at])), (claim, given[at]))
    leads = {id_: target for id_, (_, target) in became.items()}
    former = {old: leads.get(target, target) for old, target in known.former.items()}
    return {old: id_ for old, id_ in sorted((former | leads).items()) if id_ in live}


def _with_traces(
    known: KnownIds, ids: Sequence[str], groups: Sequence[frozenset[Trace]]
) -> KnownIds:
    """Return the known ids, with the traces of each group under its id unless they are there."""
    traces = dict(known.traces)
    there = {(known.current(id_), trace) for id_ in traces for trace in traces[id_]}
    for id_, group in zip(ids, groups, strict=True):
        added = {trace for trace in group if (id_, trace) not in there}
        traces[id_] = traces.get(id_, frozenset()) | added
    return KnownIds(traces, known.former)
