"""Facts that only confirm what the registers list: in which quartiere a school or parish is."""

import re
from dataclasses import dataclass
from pathlib import Path

from geo.sources.bergamo.spaces import SOURCE
from geo.sources.reading import each, read_csv, url_date
from geo.sources.record import Reference
from geo.text.area_names import AreaNames
from geo.text.italian import fold

PARISHES = "facts_parishes.csv"
SCHOOLS = "facts_schools.csv"
_LEVELS = (
    ("infanzia", "scuola-infanzia"),
    ("primaria", "scuola-primaria"),
    ("secondaria i grado", "scuola-secondaria-1"),
    ("nido", "nido"),
)


@dataclass(frozen=True)
class Statement:
    """What a page says of a school or parish; `kind` and `state` are None if it doesn't say."""

    name: str
    kind: str | None
    state: bool | None
    address: str | None
    quartiere: str | None
    references: tuple[Reference, ...]


def read_parish_statements(folder: Path, names: AreaNames) -> list[Statement]:
    """Return the parishes with a stated quartiere."""
    rows = read_csv(folder / PARISHES, ("name", "quartiere", "source"))
    placed = [row for row in rows if row["quartiere"]]

    def word(row: dict[str, str]) -> Statement:
        return Statement(
            row["name"], "parrocchia", None, None, names.find(row["quartiere"]), _told(row)
        )

    return each(PARISHES, placed, word)


def read_school_statements(folder: Path, names: AreaNames) -> list[Statement]:
    """Return the schools that the press names, nurseries included."""
    columns = ("name", "level", "istituto_comprensivo", "address", "quartiere", "source")

    def word(row: dict[str, str]) -> Statement:
        return Statement(
            row["name"],
            school_level(row["level"]),
            _state(row),
            row["address"] or None,
            names.find(row["quartiere"]) if row["quartiere"] else None,
            _told(row),
        )

    return each(SCHOOLS, read_csv(folder / SCHOOLS, columns), word)


def school_level(text: str) -> str | None:
    """Return the kind that a level's name means: "nido / infanzia" is a nursery first."""
    plain = fold(text)
    if plain.startswith("nido"):
        return "nido"
    return next((kind for word, kind in _LEVELS if word in plain), None)


def _state(row: dict[str, str]) -> bool | None:
    if row["istituto_comprensivo"]:
        return True
    return False if "paritaria" in fold(row["name"]) else None


def _told(row: dict[str, str]) -> tuple[Reference, ...]:
    urls = re.findall(r"https?://[^\s;)]+", row["source"])
    if not urls:
        raise ValueError("its source names no address")
    return tuple(Reference(SOURCE, None, url, url_date(url)) for url in urls)
