"""Words about schools and parishes, attached to the register's places that they mean."""

from collections.abc import Sequence

from geo.ingest.match import RULES, name_score
from geo.model.kinds import KINDS, SCHOOLS
from geo.sources.bergamo.facts import PARISHES
from geo.sources.bergamo.statements import Statement
from geo.sources.record import Record
from geo.text.addresses import parse
from geo.text.italian import fold, slug, words

HEADING = "Schools and parishes in the press that match no register row"
_SCHOOL_WORDS = frozenset(
    (
        "scuola primaria elementare materna infanzia media secondaria grado istituto comprensivo "
        "istituti statale paritaria 1 2 sede centrale succursale santo s liceo superiore"
    ).split()
)
ALIKE = 90.0
# An institution named without a level is its primary school, else the next in this order.
_LEVELS = ("scuola-primaria", "scuola-secondaria-1", "scuola-infanzia", "scuola-secondaria-2")


def find_parish(word: Statement, parishes: Sequence[Record]) -> Record | None:
    """Return the parish that a page means, or None when none or several fit."""
    known = PARISHES.get(word.name)
    if known:
        return next((parish for parish in parishes if parish.id == known), None)
    rule = RULES["worship"]
    brackets = word.name.partition("(")[2].strip(") ")
    also = (*((brackets,) if brackets else ()), word.name.partition(" (")[0])
    mention = Record("", word.name, "parrocchia", word.references[0], also=also)
    found = [parish for parish in parishes if name_score(mention, parish, rule) >= ALIKE]
    if len(found) > 1:  # "Sant'Alessandro della Croce" holds both words of another's name
        strict = RULES["organisation"]
        best = max(name_score(mention, parish, strict) for parish in found)
        found = [parish for parish in found if name_score(mention, parish, strict) == best]
    return found[0] if len(found) == 1 else None


def find_school(word: Statement, schools: Sequence[Record]) -> Record | None:
    """Return the school place that a page means, or None when none or several fit."""
    wanted = _telling(word.name)
    office = "comprensivo" in words(word.name)
    found = [
        school
        for school in schools
        if KINDS[school.kind].group == SCHOOLS
        and (word.kind is None or school.kind == word.kind or office)
        and (word.state is None or school.state_school == word.state)
        and _alike(wanted, _telling(school.name))
        and (word.state or not _other_street(word, school))
        and ("Ospedale" not in school.name or "Ospedale" in word.name)
    ]
    if office:
        return next((s for s in found if any(code[2:4] == "IC" for code in s.school_codes)), None)
    for level in _LEVELS:
        of_level = [school for school in found if school.kind == level]
        if of_level:
            return of_level[0] if len(of_level) == 1 else None
    return None


def school_statement(record: Record) -> Statement:
    """Return a mention among the organisations as a word about a school."""
    plain = fold(record.name)
    level = next((k for w, k in (("primaria", "scuola-primaria"),) if w in plain), None)
    state = False if "paritaria" in plain else None
    return Statement(record.name, level, state, None, record.quartiere, record.references)


def _telling(name: str) -> tuple[str, ...]:
    plain = name.partition(" (")[0]
    return tuple(w for w in words(plain) if w not in _SCHOOL_WORDS and len(w) > 1)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    a, b = {_singular(word) for word in one}, {_singular(word) for word in other}
    return bool(a and b and (a <= b or b <= a))


def _singular(word: str) -> str:
    """Drop a final -o or -i: people say "Bambini Gesù" of the "Santo Bambino Gesù"."""
    return word[:-1] if len(word) > 6 and word[-1] in "io" else word


def _other_street(word: Statement, school: Record) -> bool:
    if not word.address or not school.address:
        return False
    a, b = parse(word.address), parse(school.address)
    return bool(a and b and a.type and b.type and not {*a.name} & {*b.name})


def nursery(word: Statement) -> Record:
    """Return a nursery that the press names as a place of its own."""
    name = word.name.partition(" (")[0]
    return Record(
        id=f"org:{slug(name)}",
        name=name,
        kind="nido",
        reference=word.references[0],
        more_references=word.references[1:],
        address=word.address,
        quartiere=word.quartiere,
    )
