"""The list of parishes: dedication and address, no coordinates."""

import re
from pathlib import Path

from geo.sources.reading import each, read_csv, row_digest
from geo.sources.record import Record, Reference
from geo.text.italian import nice_case, slug

FILE = "parishes.csv"
SOURCE = "parrocchie"
_PREPOSITIONS = {
    "Beata": "della ",
    "Natività": "della ",
    "Invenzione": "dell'",
    "Sacro": "del ",
    "Santi": "dei ",
}
_SHORTER = (
    (r" (Vergine e|Vergine|Papa e)? ?Martire(?= e|$)", ""),
    (r" Confessore$", ""),
)


def read_parishes(folder: Path) -> list[Record]:
    """Return each parish once, sorted by id; `also` has its hamlet."""
    rows = read_csv(folder / FILE, ("Chiesa", "Frazione", "Indirizzo"))
    records = {record.id: record for record in each(FILE, rows, _record)}
    return sorted(records.values(), key=lambda record: record.id)


def _record(row: dict[str, str]) -> Record:
    address = row["Indirizzo"]
    dedication = _dedication(row["Chiesa"])
    hamlet = row["Frazione"] or _hamlet(address)
    return Record(
        id=f"parrocchia:{slug(row['Chiesa'])}",
        name=f"Parrocchia {_of(dedication)}",
        kind="parrocchia",
        reference=Reference(SOURCE, row["Chiesa"], None, None),
        address=_address(address, hamlet),
        status="open",
        also=(hamlet,) if hamlet else (),
        row=row_digest(FILE, row, without="Chiesa"),
    )


def _dedication(text: str) -> str:
    name = nice_case(text).replace("Nativita'", "Natività")
    for pattern, replacement in _SHORTER:
        name = re.sub(pattern, replacement, name)
    return name


def _of(dedication: str) -> str:
    first = dedication.split(maxsplit=1)[0]
    preposition = _PREPOSITIONS.get(first, "di ")
    return f"{preposition}{dedication}"


def _hamlet(address: str) -> str | None:
    match = re.search(r"\d+\s*(?:-\s*)?([A-Z][a-z]\w+.*)$", address)
    return match[1] if match else None


def _address(address: str, hamlet: str | None) -> str:
    """Street and number: the hamlet goes, "10 - C" is "10/C"."""
    if hamlet:
        address = re.sub(rf"\s*-?\s*{re.escape(hamlet)}$", "", address)
    address = re.sub(r"\s-\s([A-Z])$", r"/\1", address.strip())
    return nice_case(address.replace(",", "")).replace(" E ", " e ").replace("Cantu'", "Cantù")
