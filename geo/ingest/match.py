"""When two records are one place: the limits for each family of kinds, and the comparison."""

from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from geo.model.kinds import STANDARD
from geo.sources.record import Record
from geo.text.italian import words
from geo.text.italian_addresses import Address, parse, streets_in


@dataclass(frozen=True)
class Rule:
    """The limits of one family of kinds.

    Records are one place when their names are at least `score` alike (0–100) and their
    points at most `metres` apart (`metres_street` when one is only a street's point).
    `nested`: a name that holds all words of the other counts as fully alike.
    `unnamed_metres`: a record whose name only says the kind joins a neighbour so near.
    `by_address`: the same address alone makes them one.
    `local`: two of different stated quartieri are never one, whatever their names.
    `spot_metres`: points so near are one building, whatever the names.
    `placed`: without both points, two records are never one.
    `common`: words that many names share: names are compared without them.
    """

    metres: float
    metres_street: float
    score: float
    nested: bool = False
    unnamed_metres: float = 0.0
    by_address: bool = False
    local: bool = False
    placed: bool = False
    spot_metres: float = 0.0
    common: frozenset[str] = frozenset()

    def without(self, words: frozenset[str]) -> "Rule":
        """Return the rule with other words to leave out of names."""
        return replace(self, common=words)


# By family of kinds. The common words of names depend on the language and the city.
RULES: dict[str, Rule] = {
    "worship": Rule(120, 300, 85, nested=True, unnamed_metres=45, placed=True, spot_metres=9),
    "oratory": Rule(300, 500, 85, nested=True, local=True),
    "library": Rule(200, 500, 85, nested=True, unnamed_metres=200),
    "park": Rule(300, 500, 85, nested=True),
    "sport": Rule(150, 400, 85, nested=True),
    "garden": Rule(300, 500, 90, by_address=True),
    "space": Rule(200, 500, 90, by_address=True),
    "youth": Rule(200, 500, 90, by_address=True, local=True),
    "seniors": Rule(300, 500, 85, nested=True, local=True),
    "dogs": Rule(200, 300, 92),
    "nursery": Rule(100, 300, 90, local=True),
    "service": Rule(200, 400, 92, local=True),
    "organisation": Rule(500, 5000, 92),
    "play": Rule(15, 15, 101),
    "water": Rule(15, 15, 101),
    "school": Rule(0, 0, 101),
}
# Records that fall short by so much are left apart and listed as doubtful.
DOUBT_SCORE = 15.0
DOUBT_METRES = 2.0
# One source that lists the same thing twice: so near, and named so much alike.
TWICE_METRES, TWICE_SCORE = 60.0, 95.0


def family(kind: str) -> str:
    """Return the family whose rule holds for a kind."""
    return STANDARD[kind].match


def name_score(one: Record, other: Record, rule: Rule) -> float:
    """Return how alike two records' names are, 0–100: the best of all their names."""
    return max(
        _alike(a, b, nested=rule.nested) for a in _names(one, rule) for b in _names(other, rule)
    )


def same_address(one: Record, other: Record) -> bool:
    """Return whether two records state the same address: street, and number if both have one."""
    if not one.address or not other.address:
        return False
    a, b = _first_street(one.address), _first_street(other.address)
    if a is None or b is None:
        return False
    same_street = a.name == b.name and (a.type == b.type or not (a.type and b.type))
    numbers = {address.number for address in (a, b) if address.number}
    return same_street and len(numbers) < 2


def _first_street(text: str) -> Address | None:
    """Return the first street: via A of "via A / via B" and of "tra via A e via B"."""
    named = streets_in(text)
    return named[0] if len(named) > 1 else parse(text)


def _names(record: Record, rule: Rule) -> list[tuple[str, ...]]:
    """Return a record's names as words, also without brackets and without what follows " - "."""
    bare = record.name.partition(" (")[0]
    texts = [record.name, bare, *record.also, bare.split(" - ")[0]]
    telling = [tuple(w for w in words(text) if w not in rule.common) for text in texts]
    names = [name for name in dict.fromkeys(telling) if any(len(word) > 2 for word in name)]
    return names or [words(record.name)]


def _alike(one: tuple[str, ...], other: tuple[str, ...], *, nested: bool) -> float:
    a, b = {w for w in one if len(w) > 1}, {w for w in other if len(w) > 1}
    if nested and a and b and (a <= b or b <= a):
        return 100.0
    if "".join(one) == "".join(other):
        return 100.0
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other))
