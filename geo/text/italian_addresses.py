"""An Italian address as words: the type of street, its name, the house number."""

import re
from dataclasses import dataclass
from functools import lru_cache

from geo.text.italian import fold, words

# Every way to write a type of street, and the type.
STREET_TYPES = {
    "via": "via",
    "viale": "viale",
    "v.le": "viale",
    "vle": "viale",
    "piazza": "piazza",
    "p.za": "piazza",
    "p.zza": "piazza",
    "pza": "piazza",
    "pzza": "piazza",
    "p.": "piazza",
    "piazzale": "piazzale",
    "p.le": "piazzale",
    "piazzetta": "piazzetta",
    "largo": "largo",
    "l.go": "largo",
    "lgo": "largo",
    "vicolo": "vicolo",
    "vic.": "vicolo",
    "v.lo": "vicolo",
    "strada": "strada",
    "str.": "strada",
    "scaletta": "scaletta",
    "salita": "salita",
    "passaggio": "passaggio",
    "contrada": "contrada",
    "corso": "corso",
    "c.so": "corso",
    "cso": "corso",
    "rotonda": "rotonda",
    "circonvallazione": "circonvallazione",
    "scalinata": "scalinata",
    "galleria": "galleria",
}
# How names of streets begin after which a place near them can be called.
STREET_BEGINNINGS = (
    *("Via ", "Viale ", "Piazza", "Largo ", "Vicolo ", "Scaletta ", "Salita ", "Strada "),
)
# Words before a name that make it another street: "Via Borgo Santa Rita", "Via Monte Rosa".
PLACE_WORDS = frozenset(
    "borgo monte pizzo piazza porta ponte passo colle col val madonna maglio roggia "
    "castello s case strada passaggio".split()
)
_TITLES = frozenset({"don", "padre", "papa", "mons", "fra", "monsignor"})
_ABBREVIATIONS = (
    (re.compile(r"\bf\.?\s?lli\b\.?"), "fratelli"),
    (re.compile(r"\boms\b"), "organizzazione mondiale della sanita"),
)
_SHORT = (
    *_ABBREVIATIONS,
    # "STABELLON.32" and "N. 8": the word "number" and what it's glued to.
    (re.compile(r"(?<=[a-z])n\.\s*(?=\d)"), " "),
    (re.compile(r"(?<=[\s,])n\.?\s*(?=\d)"), " "),
    # "PRADELLO3"
    (re.compile(r"(?<=[a-z'])(?=\d)"), " "),
    (re.compile(r"\([^)]*\)"), " "),
    # "via Flores dietro il parco"
    (re.compile(r"\s(?:dietro|sotto|presso|davanti)\s.*$"), " "),
)
_WORD = re.compile(r"(?<![a-z0-9.])[a-z][a-z.]*(?![a-z0-9])")
_NUMBER = re.compile(r"^0*(\d+)\s*[/-]?\s*([a-z])?$")


@dataclass(frozen=True)
class Address:
    """A street's type ("" if not stated) and significant words, and a house number ("14b")."""

    type: str
    name: tuple[str, ...]
    number: str | None
    initials: frozenset[str] = frozenset()

    @property
    def street(self) -> tuple[str, tuple[str, ...]]:
        """The street without the house number."""
        return self.type, self.name

    @property
    def digits(self) -> str | None:
        """The house number without its letter."""
        return re.sub(r"\D", "", self.number) if self.number else None


def spelt_out(text: str) -> str:
    """Return `text` folded, with the abbreviations of types of street and the like in full.

    >>> spelt_out("V.le F.lli Calvi")
    'viale fratelli calvi'
    """
    plain = fold(text)
    for pattern, replacement in _ABBREVIATIONS:
        plain = pattern.sub(replacement, plain)
    # "P." alone may be a first name, too: only at the head of an address is it a square.
    return _WORD.sub(lambda at: at[0] if at[0] == "p." else STREET_TYPES.get(at[0], at[0]), plain)


# Bounded: what visitors type comes here, too.
@lru_cache(maxsize=20_000)
def parse(text: str) -> Address | None:
    """Return the address in `text`, or None when it names no street."""
    plain = fold(text)
    for pattern, replacement in _SHORT:
        plain = pattern.sub(replacement, plain)
    # A dot ends an initial or an abbreviation: it parts words, except within "v.le".
    parts = re.sub(r",", " , ", plain).split()
    type_, rest = _type(parts)
    name, number = _split(rest)
    found, initials = _telling(name)
    if not found:
        return None
    return Address(type_, found, number, initials)


def streets_in(text: str) -> list[Address]:
    """Return every street that `text` names: two for "tra via A e via B" and "via A / via B"."""
    plain = re.sub(r"^\s*tra\s+", "", re.sub(r"\([^)]*\)", " ", fold(text)))
    types = r"(?=(?:via|viale|piazza|largo)\b)"
    pieces = re.split(rf"\s*/\s*{types}|\s+(?:e\s+)?{types}", plain)
    found = [parse(piece) for piece in pieces if piece.strip()]
    return [address for address in found if address and address.type]


def _type(parts: list[str]) -> tuple[str, list[str]]:
    if parts and parts[0] in STREET_TYPES:
        return STREET_TYPES[parts[0]], parts[1:]
    return "", parts


def _split(parts: list[str]) -> tuple[list[str], str | None]:
    """Split name and number: the first number that follows a word of the name."""
    for at, part in enumerate(parts):
        named = any(re.search(r"[a-z]{2}", before) for before in parts[:at])
        if part[0].isdigit() and named and part.rstrip(".") not in {"2"}:
            return parts[:at], _number(parts[at:])
    last = parts[-1] if parts else ""
    if last[:1].isdigit() and len(parts) > 1:
        return parts[:-1], _number([last])
    return parts, None


def _number(parts: list[str]) -> str | None:
    after = [part for part in parts[1:3] if part != "-"]
    several = any(part[0].isdigit() for part in after)  # "12 e 14"
    letter = [part for part in after if re.fullmatch(r"[a-z]", part) and not several]
    match = _NUMBER.match(parts[0].rstrip(".,") + "".join(letter[:1]))
    return f"{match[1]}{match[2] or ''}" if match else None


def _telling(parts: list[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    text = " ".join(part for part in parts if part not in {",", "-"})
    initials = frozenset(re.findall(r"\b([a-rt-z])\.", text))
    text = re.sub(r"\b[a-rt-z]\.\s*", " ", text)
    return tuple(word for word in words(text) if word not in _TITLES), initials
