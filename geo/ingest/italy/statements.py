"""Statements about schools and parishes, and the register's places that they mean."""

from collections.abc import Mapping, Sequence

from geo.ingest.match import Rule, name_score
from geo.model.kinds import SCHOOLS, STANDARD
from geo.sources.record import Record, Statement
from geo.text.italian import fold, slug, words
from geo.text.italian_addresses import parse

HEADING = "Schools and parishes in the press that match no register row"
ALIKE = 90.0
# An institution named without a level is its primary school, else the next in this order.
_LEVELS = ("scuola-primaria", "scuola-secondaria-1", "scuola-infanzia", "scuola-secondaria-2")


def find_parish(
    statement: Statement,
    parishes: Sequence[Record],
    rules: Mapping[str, Rule],
    known: Mapping[str, str],
) -> Record | None:
    """Return the parish that a text means, or None when none or several fit.

    `known` are ids of parishes by names that mean them in this city.
    """
    if statement.name in known:
        return next((p for p in parishes if p.id == known[statement.name]), None)
    rule = rules["worship"]
    brackets = statement.name.partition("(")[2].strip(") ")
    also = (*((brackets,) if brackets else ()), statement.name.partition(" (")[0])
    mention = Record("", statement.name, "parrocchia", statement.references[0], also=also)
    found = [parish for parish in parishes if name_score(mention, parish, rule) >= ALIKE]
    if len(found) > 1:  # "Sant'Alessandro della Croce" holds both words of another's name
        strict = rules["organisation"]
        best = max(name_score(mention, parish, strict) for parish in found)
        found = [parish for parish in found if name_score(mention, parish, strict) == best]
    return found[0] if len(found) == 1 else None


def find_school(
    statement: Statement, schools: Sequence[Record], common: frozenset[str]
) -> Record | None:
    """Return the school that a text means, or None when none or several fit.

    `common` are words that don't tell schools apart.
    """
    wanted = _own_words(statement.name, common)
    office = "comprensivo" in words(statement.name)
    found = [
        school
        for school in schools
        if STANDARD.group_of(school.kind) == SCHOOLS
        and (statement.kind is None or school.kind == statement.kind or office)
        and (statement.state is None or school.state_school == statement.state)
        and _alike(wanted, _own_words(school.name, common))
        and (statement.state or not _other_street(statement, school))
        and ("Ospedale" not in school.name or "Ospedale" in statement.name)
    ]
    if office:
        return next((s for s in found if any(code[2:4] == "IC" for code in s.school_codes)), None)
    for level in _LEVELS:
        of_level = [school for school in found if school.kind == level]
        if of_level:
            return of_level[0] if len(of_level) == 1 else None
    return None


def school_statement(record: Record) -> Statement:
    """Return a record of an organisation as a statement about a school or parish."""
    plain = fold(record.name)
    level = next((k for w, k in (("primaria", "scuola-primaria"),) if w in plain), None)
    state = False if "paritaria" in plain else None
    return Statement(record.name, level, state, None, record.quartiere, record.references)


def _own_words(name: str, common: frozenset[str]) -> tuple[str, ...]:
    plain = name.partition(" (")[0]
    return tuple(w for w in words(plain) if w not in common and len(w) > 1)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    a, b = {_singular(word) for word in one}, {_singular(word) for word in other}
    return bool(a and b and (a <= b or b <= a))


def _singular(word: str) -> str:
    """Drop a final -o or -i: "Bambini Gesù" is the "Santo Bambino Gesù"."""
    return word[:-1] if len(word) > 6 and word[-1] in "io" else word


def _other_street(statement: Statement, school: Record) -> bool:
    if not statement.address or not school.address:
        return False
    a, b = parse(statement.address), parse(school.address)
    return bool(a and b and a.type and b.type and not {*a.name} & {*b.name})


def nursery(statement: Statement) -> Record:
    """Return the record of a nursery, which no register lists."""
    name = statement.name.partition(" (")[0]
    return Record(
        id=f"org:{slug(name)}",
        name=name,
        kind="nido",
        reference=statement.references[0],
        more_references=statement.references[1:],
        address=statement.address,
        quartiere=statement.quartiere,
        row=statement.row,
    )
