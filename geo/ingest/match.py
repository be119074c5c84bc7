"""When two records mean one place: one table of limits, and the comparison that uses it."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from geo.model.kinds import KINDS, SCHOOLS
from geo.sources.record import Record
from geo.text.addresses import Address, parse, streets_in
from geo.text.italian import words


@dataclass(frozen=True)
class Rule:
    """The limits of one family of kinds.

    Records are one place when their names are at least `score` alike (0–100) and their
    points at most `metres` apart (`metres_street` when one is only a street's point).
    `nested`: a name that holds all words of the other counts as fully alike.
    `unnamed_metres`: a record whose name only says the kind joins a neighbour so near.
    `by_address`: the same address alone makes them one.
    `local`: two of different stated quartieri are never one, however alike.
    `spot_metres`: points so near are one building, whatever the names.
    `placed`: without both points there's no telling.
    `drop`: words that say the kind, not which one.
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
    drop: frozenset[str] = frozenset()


def _drop(text: str) -> frozenset[str]:
    return frozenset(text.split())


RULES: dict[str, Rule] = {
    "worship": Rule(
        120,
        300,
        85,
        nested=True,
        unnamed_metres=45,
        placed=True,
        spot_metres=9,
        drop=_drop(
            "chiesa chiesetta chisa basilica santuario parrocchia tempio tempietto templetto duomo "
            "cappella monastero suore s vergine martire apostolo apostoli confessore papa sposo "
            "beata madonna maria vescovo sul sommo cattedrale bergamo"
        ),
    ),
    "oratory": Rule(300, 500, 85, nested=True, local=True, drop=_drop("oratorio citta alta s")),
    "library": Rule(
        200,
        500,
        85,
        nested=True,
        unnamed_metres=200,
        drop=_drop(
            "biblioteca comunale civica decentrata centrale palazzo nuovo s citta bergamo archivi "
            "storici"
        ),
    ),
    "park": Rule(300, 500, 85, nested=True, drop=_drop("parco giardino area verde s")),
    "sport": Rule(
        150, 400, 85, nested=True, drop=_drop("centro sportivo polisportivo campo villaggio sport")
    ),
    "garden": Rule(300, 500, 90, by_address=True, drop=_drop("orti orto urbani urbano collettivi")),
    "space": Rule(200, 500, 90, by_address=True, drop=_drop("spazio quartiere s nel")),
    "youth": Rule(200, 500, 90, by_address=True, local=True, drop=_drop("spazio giovanile")),
    "seniors": Rule(
        300,
        500,
        85,
        nested=True,
        local=True,
        drop=_drop("cte centro anziani aps associazione terza tutte eta"),
    ),
    "dogs": Rule(200, 300, 92, drop=_drop("area cani giardino")),
    "nursery": Rule(100, 300, 90, local=True, drop=_drop("nido asilo micronido comunale")),
    "service": Rule(200, 400, 92, local=True, drop=_drop("comune bergamo parrocchiale")),
    "organisation": Rule(
        500,
        5000,
        92,
        drop=_drop(
            "associazione aps asd ssd onlus the comitato gruppo cooperativa comunita us usd "
            "societa sportiva istituto comprensivo promozione sociale odv"
        ),
    ),
    "play": Rule(15, 15, 101),
    "water": Rule(15, 15, 101),
    "school": Rule(0, 0, 101),
}
# Records that fall short by so much are left apart and listed as doubtful.
DOUBT_SCORE = 15.0
DOUBT_METRES = 2.0
# One source that lists the same thing twice: so near, and named so much alike.
TWICE_METRES, TWICE_SCORE = 60.0, 95.0

_FAMILIES = {
    "parrocchia": "worship",
    "luogo-di-culto": "worship",
    "oratorio": "oratory",
    "biblioteca": "library",
    "biblioteca-specializzata": "library",
    "parco": "park",
    "impianto-sportivo": "sport",
    "orto": "garden",
    "bene-comune": "space",
    "spazio-di-quartiere": "space",
    "spazio-giovanile": "youth",
    "centro-anziani": "seniors",
    "area-cani": "dogs",
    "area-gioco": "play",
    "acqua": "water",
    "nido": "nursery",
}


def family(kind: str) -> str:
    """Return the family whose rule holds for a kind."""
    if kind in _FAMILIES:
        return _FAMILIES[kind]
    if KINDS[kind].group == SCHOOLS:
        return "school"
    return "service" if kind.startswith(("servizio", "sportello")) else "organisation"


def name_score(one: Record, other: Record, rule: Rule) -> float:
    """Return how alike two records' names are, 0–100: the best of all their names."""
    return max(
        _alike(a, b, nested=rule.nested) for a in _names(one, rule) for b in _names(other, rule)
    )


def same_address(one: Record, other: Record) -> bool:
    """Tell whether two records state the same address: street, and number if both have one."""
    if not one.address or not other.address:
        return False
    a, b = _first_street(one.address), _first_street(other.address)
    if a is None or b is None:
        return False
    same_street = a.name == b.name and (a.type == b.type or not (a.type and b.type))
    numbers = {address.number for address in (a, b) if address.number}
    return same_street and len(numbers) < 2


def _first_street(text: str) -> Address | None:
    """Return the first street: "via A / via B" and "tra via A e via B" are above all via A."""
    named = streets_in(text)
    return named[0] if len(named) > 1 else parse(text)


def _names(record: Record, rule: Rule) -> list[tuple[str, ...]]:
    """A record's names as telling words; brackets and what follows " - " often only explain."""
    bare = record.name.partition(" (")[0]
    texts = [record.name, bare, *record.also, bare.split(" - ")[0]]
    telling = [tuple(w for w in words(text) if w not in rule.drop) for text in texts]
    told = [t for t in dict.fromkeys(telling) if any(len(word) > 2 for word in t)]
    return told or [words(record.name)]


def _alike(one: tuple[str, ...], other: tuple[str, ...], *, nested: bool) -> float:
    a, b = {w for w in one if len(w) > 1}, {w for w in other if len(w) > 1}
    if nested and a and b and (a <= b or b <= a):
        return 100.0
    if "".join(one) == "".join(other):
        return 100.0
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other))
