"""Statements of texts about schools and parishes of the registers: above all their quartiere."""

import re
from pathlib import Path

from geo.sources.bergamo.spaces import SOURCE
from geo.sources.reading import each, read_csv, row_digest, url_date
from geo.sources.record import Reference, Statement
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


def read_parish_statements(folder: Path, names: AreaNames) -> list[Statement]:
    """Return the parishes with a stated quartiere."""
    rows = read_csv(folder / PARISHES, ("name", "quartiere", "source"))
    placed = [row for row in rows if row["quartiere"]]

    def statement(row: dict[str, str]) -> Statement:
        area = names.find(row["quartiere"])
        return Statement(row["name"], "parrocchia", None, None, area, _references(row))

    return each(PARISHES, placed, statement)


def read_school_statements(folder: Path, names: AreaNames) -> list[Statement]:
    """Return the schools that texts name, nurseries included."""
    columns = ("name", "level", "istituto_comprensivo", "address", "quartiere", "source")

    def statement(row: dict[str, str]) -> Statement:
        return Statement(
            row["name"],
            school_level(row["level"]),
            _state(row),
            row["address"] or None,
            names.find(row["quartiere"]) if row["quartiere"] else None,
            _references(row),
            row_digest(SCHOOLS, row, without="name"),
        )

    return each(SCHOOLS, read_csv(folder / SCHOOLS, columns), statement)


def school_level(text: str) -> str | None:
    """Return the kind of a level's name; "nido / infanzia" is a nursery."""
    plain = fold(text)
    if plain.startswith("nido"):
        return "nido"
    return next((kind for word, kind in _LEVELS if word in plain), None)


def _state(row: dict[str, str]) -> bool | None:
    if row["istituto_comprensivo"]:
        return True
    return False if "paritaria" in fold(row["name"]) else None


def _references(row: dict[str, str]) -> tuple[Reference, ...]:
    urls = re.findall(r"https?://[^\s;)]+", row["source"])
    if not urls:
        raise ValueError("its source names no address")
    return tuple(Reference(SOURCE, None, url, url_date(url)) for url in urls)
