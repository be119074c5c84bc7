"""Usual names of schools, from the names in capitals of the registers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from geo.sources.facts import Facts
from geo.sources.italy.schools import School
from geo.text.italian import nice_case, tidy, words

LABELS = {
    "scuola-infanzia": "Scuola dell'infanzia",
    "scuola-primaria": "Scuola primaria",
    "scuola-secondaria-1": "Scuola secondaria di I grado",
    "scuola-secondaria-2": "Scuola secondaria di II grado",
    "istituto-comprensivo": "Istituto comprensivo",
    "istruzione-adulti": "",
}
_TYPES = (
    ("LICEO ARTISTICO", "Liceo artistico"),
    ("LICEO CLASSICO", "Liceo classico"),
    ("LICEO SCIENTIFICO", "Liceo scientifico"),
    ("ISTITUTO MAGISTRALE", "Istituto magistrale"),
    ("ISTITUTO SUPERIORE", "Istituto superiore"),
    ("ISTITUTO TECNICO INDUSTRIALE", "Istituto tecnico industriale"),
    ("ISTITUTO TECNICO COMMERCIALE", "Istituto tecnico commerciale"),
    ("ISTITUTO TECNICO PER GEOMETRI", "Istituto tecnico per geometri"),
    ("IST PROF", "Istituto professionale"),
)
_LEVEL_WORDS = re.compile(
    r"^(S\.?M\.?S\.?|SCUOLA (DELL' ?INFANZIA|PRIMARIA|MATERNA)|INFANZIA|PRIMARIA|S\.M\.S\.)\s*"
)


# The level in a non-state school's name, which the label has already.
_LEVEL = re.compile(
    r"(?i)^(fondazione )?(scuola|sc\.) ?(dell[' ] ?infanzia|d'infanzia|materna)?"
    r"( paritaria| parrocchiale)*\s+|\s+ente morale$|\s+-\s+sc\. primaria paritaria$"
)
_GENERIC = re.compile(r"\b(Artistico|Scienze|Umane|Economico|Sociale)\b")


def school_name(group: Sequence[School], city: str, facts: Facts) -> str:
    """Return the name of the school whose register rows are `group`, the main one first.

    Registers put the name of the `city` before some names.
    """
    main = group[0]
    if main.state:
        return _state_name(main, city.upper(), facts)
    return _non_state_name(group)


def _state_name(school: School, city: str, facts: Facts) -> str:
    label = LABELS[school.kind]
    if school.kind == "scuola-secondaria-2":
        label = next((name for word, name in _TYPES if word in school.type), label)
    if school.kind == "istruzione-adulti":
        return _adult_name(school)
    proper = _proper(school.name, city, facts)
    if proper.startswith("Via "):
        return f"{label} di v{proper[1:]}"
    return f"{label} {proper}".strip()


def _adult_name(school: School) -> str:
    name = school.name.replace("C.T.P.", "CTP").replace("C.P.I.A.", "CPIA")
    name = re.sub(r'"|SEZ\. CARCERARIA', " ", name)
    if "CARCERARI" in school.name:
        return f"Sezione carceraria {nice_case(tidy(name) or '')}"
    return nice_case(tidy(name) or "").replace("-Carcere", " (carcere)")


def _proper(name: str, city: str, facts: Facts) -> str:
    """Return what tells a school from its institute's others: the last part, without level."""
    plain = " ".join(name.replace('"', " ").split())
    parts = [part.strip() for part in re.split(r"\s*-\s*", plain)]
    telling = [p for p in parts if not re.match(rf"({re.escape(city)}\b|IC\b)", p)] or parts
    if len(telling) > 1 and telling[-1] == "SEDE OSPEDALIERA":
        return f"{nice_case(telling[0])} (sede ospedaliera)"
    last = telling[-1].removeprefix(f"{city} ").removesuffix(f" {city}")
    last = _LEVEL_WORDS.sub("", last)
    for institute in facts.institutes:
        last = re.sub(rf"^{re.escape(institute.name)}\s+(?=\w)", "", last)
    return nice_case(facts.whole_name_of.get(last, last))


def _non_state_name(group: Sequence[School]) -> str:
    main = group[0]
    label = LABELS[main.kind]
    quoted = _distinct(name for school in group for name in _quoted(school.name))
    if quoted and (main.kind != "scuola-secondaria-2" or len(group) > 1):
        return f"{label} {', '.join(quoted[:2])}"
    plain = nice_case(tidy(main.name) or main.name)
    if main.kind == "scuola-secondaria-2":
        return _GENERIC.sub(lambda match: match[0].lower(), plain).replace(" Opz.", ",")
    return f"{label} {_LEVEL.sub('', _LEVEL.sub('', plain)).strip(' -')}"


def _quoted(name: str) -> list[str]:
    found = re.findall(r'"([^"]+)"', name)
    return [re.sub(r"(?i)^Ist\. ", "", nice_case(tidy(text) or text)) for text in found]


def _distinct(names: Iterable[str]) -> list[str]:
    """Return the names, most frequent first, without other spellings of the same."""
    counted = Counter(names)
    distinct: list[str] = []
    for name in sorted(counted, key=lambda name: (-counted[name], name)):
        telling = {word for word in words(name) if len(word) > 1}
        if not any(telling <= set(words(other)) for other in distinct):
            distinct.append(name)
    return distinct
