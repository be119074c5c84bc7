"""The same real thing in several sources becomes one group of records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz

from geo.ingest.match import (
    DOUBT_METRES,
    DOUBT_SCORE,
    TWICE_METRES,
    TWICE_SCORE,
    Rule,
    family,
    name_score,
    same_address,
)
from geo.sources.facts import Pair as FactPair
from geo.sources.record import BuildLog, Record

HEADING_MERGED = "Merged: the same thing in several records"
HEADING_DOUBT = "Doubtful pairs, left apart"
# Two unnamed things of one source are one within this share of the rule's distance.
TWICE_UNNAMED = 0.5
# Sources without ids: they name the same thing any number of times.
MENTIONS = frozenset({"stampa"})


class Link(NamedTuple):
    """Two ids of records that are known to be one place, and the reason."""

    one: str
    other: str
    reason: str


@dataclass(frozen=True)
class Candidate:
    """Two records that may be one place: name score, metres apart (None if unknown), reason."""

    one: int
    other: int
    score: float
    metres: float | None
    why: str
    certain: bool

    def order(self) -> tuple[float, float, int, int]:
        """Return a key that sorts the best pairs first, the same in each build."""
        return -self.score, self.metres if self.metres is not None else 1e9, self.one, self.other


def merge(
    records: Sequence[Record],
    metric: np.ndarray,
    links: Iterable[Link],
    rules: Mapping[str, Rule],
    log: BuildLog,
) -> list[list[Record]]:
    """Return the records in groups, one per place.

    `metric` is each record's point in metres (n × 2, NaN without one), `links` are known
    identities, `rules` the limits by family of kinds. `log` gets merges and doubtful pairs.
    """
    groups = _Groups(records)
    pairs = _linked(records, links) + _pairs(records, metric, rules)
    barred = []
    for pair in sorted((p for p in pairs if p.certain), key=Candidate.order):
        joined = groups.join(pair)
        if joined:
            log.add(HEADING_MERGED, _line(records, pair, ""))
        elif joined is False:
            barred.append(pair)
    doubts = [(p, "one source lists both") for p in barred]
    doubts += [(p, "") for p in sorted((p for p in pairs if not p.certain), key=Candidate.order)]
    logged: set[frozenset[int]] = set()
    for pair, bar in doubts:
        roots = frozenset((groups.root(pair.one), groups.root(pair.other)))
        if len(roots) > 1 and roots not in logged:
            logged.add(roots)
            log.add(HEADING_DOUBT, _line(records, pair, bar).replace(" = ", " / ", 1))
    return groups.listed()


def log_suspected(suspected: Iterable[FactPair], ids: set[str], log: BuildLog) -> None:
    """List the pairs that people suspect to be one place, if both are there."""
    for pair in suspected:
        if {pair.one, pair.other} <= ids:
            log.add(HEADING_DOUBT, f"{pair.one} / {pair.other}: {pair.reason}")


class _Groups:
    """Groups of records, never with two of one register in a group."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._root = list(range(len(records)))
        self._members = {at: [at] for at in range(len(records))}

    def root(self, at: int) -> int:
        """Return the index of the first record of a record's group."""
        return self._root[at]

    def join(self, pair: Candidate) -> bool | None:
        """Join two groups; return True if joined, None if they were one, False if barred."""
        one, other = sorted((self.root(pair.one), self.root(pair.other)))
        if one == other:
            return None
        if pair.why != "twice" and self._sources(one) & self._sources(other):
            return False
        for member in self._members.pop(other):
            self._root[member] = one
            self._members[one].append(member)
        return True

    def listed(self) -> list[list[Record]]:
        """Return the groups, each in the records' order."""
        return [[self._records[at] for at in sorted(group)] for group in self._members.values()]

    def _sources(self, root: int) -> set[str]:
        sources = {self._records[at].reference.source for at in self._members[root]}
        return sources - MENTIONS


def _linked(records: Sequence[Record], links: Iterable[Link]) -> list[Candidate]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        places[record.id].append(at)
    return [
        Candidate(one, other, 101.0, None, f"known: {why}", certain=True)
        for a, b, why in links
        for one in places.get(a, [])
        for other in places.get(b, [])
    ]


def _pairs(
    records: Sequence[Record], metric: np.ndarray, rules: Mapping[str, Rule]
) -> list[Candidate]:
    """Return each pair of one family that is one place or doubtful."""
    families: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        families[family(record.kind)].append(at)
    pairs = [
        pair
        for name, members in families.items()
        for i, one in enumerate(members)
        for other in members[i + 1 :]
        if (pair := _compare(records, metric, (one, other), rules[name]))
    ]
    return pairs + _across(records, families)


def _compare(
    records: Sequence[Record], metric: np.ndarray, at: tuple[int, int], rule: Rule
) -> Candidate | None:
    a, b = records[at[0]], records[at[1]]
    if rule.local and a.quartiere and b.quartiere and a.quartiere != b.quartiere:
        return None
    gap = float(np.hypot(*(metric[at[0]] - metric[at[1]])))
    metres = None if np.isnan(gap) else gap
    if metres is not None and metres < rule.spot_metres:
        twice = a.reference.source == b.reference.source
        why = "twice" if twice else "the same spot"
        return Candidate(*at, max(rule.score, name_score(a, b, rule)), metres, why, certain=True)
    if a.reference.source == b.reference.source and a.reference.source not in MENTIONS:
        return _twice(a, b, at, metres, rule)
    if a.generic or b.generic:
        if metres is None or metres > rule.unnamed_metres:
            return None
        return Candidate(*at, 0.0, metres, "without a name of its own", certain=True)
    return _named(a, b, at, metres, rule)


def _twice(
    a: Record, b: Record, at: tuple[int, int], metres: float | None, rule: Rule
) -> Candidate | None:
    if metres is None or metres > TWICE_METRES:
        return None
    if a.generic and b.generic and metres <= TWICE_UNNAMED * rule.unnamed_metres:
        return Candidate(*at, 0.0, metres, "twice", certain=True)
    if a.generic or b.generic:
        return None
    score = name_score(a, b, replace(rule, nested=False))
    return Candidate(*at, score, metres, "twice", certain=True) if score >= TWICE_SCORE else None


def _named(
    a: Record, b: Record, at: tuple[int, int], metres: float | None, rule: Rule
) -> Candidate | None:
    score = name_score(a, b, rule)
    if rule.by_address and same_address(a, b) and (a.kind == b.kind):
        return Candidate(*at, max(score, rule.score), metres, "the same address", certain=True)
    if score < rule.score - DOUBT_SCORE or _elsewhere(a, b) or (rule.placed and metres is None):
        return None
    exact = a.position == b.position == "exact"
    limit = rule.metres if exact else rule.metres_street
    if metres is not None and metres > limit * DOUBT_METRES:
        return None
    certain = score >= rule.score and (metres is None or metres <= limit)
    why = "name and place" if metres is not None else "name"
    return Candidate(*at, score, metres, why, certain)


def _elsewhere(a: Record, b: Record) -> bool:
    """Return whether two mentions state different addresses."""
    mentions = {a.reference.source, b.reference.source} <= MENTIONS
    return bool(mentions and a.address and b.address and not same_address(a, b))


def _across(records: Sequence[Record], families: dict[str, list[int]]) -> list[Candidate]:
    """Return spaces that a map has as a park, or the press as an organisation."""
    return [
        Candidate(space, other, 99.0, None, "the same full name", certain=True)
        for space in (*families["youth"], *families["space"])
        for other in (*families["park"], *families["organisation"], *families["sport"])
        if fuzz.ratio(records[space].name, records[other].name) >= TWICE_SCORE
    ]


def _line(records: Sequence[Record], pair: Candidate, bar: str) -> str:
    a, b = records[pair.one], records[pair.other]
    far = "no distance" if pair.metres is None else f"{pair.metres:.0f} m"
    ending = f"; {bar}" if bar else ""
    why = f"{a.kind}, {pair.why}, {far}, score {min(pair.score, 100):.0f}"
    return f"{a.name} ({a.id}) = {b.name} ({b.id}): {why}{ending}"
