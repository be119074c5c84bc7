"""Italian names in comparable and in readable form."""

import re
import unicodedata

_PARTICLES = frozenset(
    (
        "a ad ai al alla alle allo agli col con da dal dalla de degli dei del dell della "
        "delle dello di e ed i il in la le lo l d per un "
    ).split()
)
_SAINTS = frozenset({"san", "santo", "santa", "sant", "santi", "sante", "s", "ss"})
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN_NUMBER = re.compile(r"(?=[ivxlc]{2,})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_SAME_WORD = {"tommaso": "tomaso", "ss": "s", "maj": "mai", "may": "mai"}
_LOWER = frozenset(
    (
        "a ad ai al alla alle allo con da dal dalla de de' degli dei del della delle "
        "dello di e ed in il la le per sul sulla di' grado "
    ).split()
)
_SAINT_OF = {"croce": "Santa", "trinita": "Santa", "bambino": "Santo"}
# First words of e-mail addresses that are an office's, though a dot follows.
_OFFICES = frozenset({"ass", "biblioteca", "ci", "elementare", "media", "segreteria"})
_ACRONYMS = frozenset({"oms", "cte", "ctp", "cpia"})
_ACCENTED = {"a": "à", "e": "è", "i": "ì", "o": "ò", "u": "ù"}
_MALE_IN_A = frozenset(["andrea", "luca", "nicola", "mattia", "elia", "tobia"])


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, with straight apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("`", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def words(text: str) -> tuple[str, ...]:
    """Return the significant words of a name.

    Particles go, every form of "saint" becomes `s`, Roman numbers become Arabic:
    "S. Antonio", "Sant’Antonio" and "Santo Antonio" are the same, and so are
    "XXIV Maggio" and "24 maggio".
    """
    found = re.findall(r"[a-z0-9]+", fold(text))
    return tuple(_word(word) for word in found if word not in _PARTICLES)


def key(text: str) -> str:
    """Return the telling words of `text` as one string, to compare names with."""
    return " ".join(words(text))


def slug(text: str) -> str:
    """Return `text` as a slug: small letters, digits and single hyphens, 60 characters at most."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60].strip("-")


def tidy(text: str | None) -> str | None:
    """Return `text` without stray spaces and quotes, or None if nothing is left of it."""
    if text is None:
        return None
    tidied = " ".join(text.replace('"', " ").split()).strip(" ;,-")
    return tidied if tidied and fold(tidied) != "non disponibile" else None


def nice_case(text: str) -> str:
    """Return a name in capitals as Italian writes it; words in mixed case stay as they are."""
    parts = re.sub(r"\b(\w\.)(?=\w{2,})", r"\1 ", expand_saints(text)).split()
    return " ".join(_cased(part, first=number == 0) for number, part in enumerate(parts))


def expand_saints(text: str) -> str:
    """Return `text` with "S." and "SS." written out: San, Sant’, Santo, Santa, Santi."""
    text = re.sub(r"\b[Ss][Ss]\.\s*|(?<=[Cc]hiesa di )SS ", "Santi ", text)
    return re.sub(r"\b[Ss]\.\s?(?!\w\.)(\w+)", _saint, text)


def _saint(match: "re.Match[str]") -> str:
    name = match[1] if match[1] != match[1].upper() else match[1].capitalize()
    plain = fold(name)
    if plain in _SAINT_OF:
        return f"{_SAINT_OF[plain]} {name}"
    if plain[0] in "aeiou":
        return f"Sant'{name}"
    if plain.endswith("a") and plain not in _MALE_IN_A:
        return f"Santa {name}"
    before_s = plain[0] == "s" and plain[1:2] not in "aeiou"
    return f"Santo {name}" if before_s else f"San {name}"


def _word(word: str) -> str:
    if word in _SAINTS:
        return "s"
    if _ROMAN_NUMBER.fullmatch(word):
        return str(_roman(word))
    return _SAME_WORD.get(word, word)


def _roman(word: str) -> int:
    values = [_ROMAN[letter] for letter in word]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def _cased(part: str, *, first: bool) -> str:
    if part != part.upper():
        return part
    low = part.lower()
    if not first and low in _LOWER:
        return low
    if re.fullmatch(r"\w{3,}[aeiou]'", low):  # capitals write CITTA' for Città
        low = low[:-2] + _ACCENTED[low[-2]]
    if low in _ACRONYMS or _ROMAN_NUMBER.fullmatch(low) or re.fullmatch(r"(\w\.)+|[ivx]+", low):
        return part
    pieces = re.split(r"([-'’/(])", low)
    return "".join(_piece(piece, pieces, at) for at, piece in enumerate(pieces))


def _piece(piece: str, pieces: list[str], at: int) -> str:
    elided = at + 1 < len(pieces) and pieces[at + 1] in "'’" and len(piece) > 1
    if elided and piece in {"dell", "all", "nell"}:
        return piece
    return piece[:1].upper() + piece[1:]


def public_email(text: str | None) -> str | None:
    """Return an e-mail address of an office in small letters; None for a person's or none.

    An address like name.surname@ is a person's, whatever register it stands in.
    """
    address = (tidy(text) or "").lower()
    first, dot, _ = address.partition("@")[0].partition(".")
    return address if "@" in address and (not dot or first in _OFFICES) else None
