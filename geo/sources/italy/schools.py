"""The ministry's registers of state and non-state schools: one row per school code."""

from dataclasses import dataclass
from pathlib import Path

from geo.sources.reading import each, read_csv
from geo.sources.record import Reference
from geo.text.contacts import website
from geo.text.italian import public_email, tidy

_COLUMNS = (
    "CODICESCUOLA",
    "DENOMINAZIONESCUOLA",
    "INDIRIZZOSCUOLA",
    "DESCRIZIONETIPOLOGIAGRADOISTRUZIONESCUOLA",
    "INDIRIZZOEMAILSCUOLA",
    "SITOWEBSCUOLA",
)
_LEVELS = (
    ("INFANZIA", "scuola-infanzia"),
    ("PRIMARIA", "scuola-primaria"),
    ("PRIMO GRADO", "scuola-secondaria-1"),
    ("COMPRENSIVO", "istituto-comprensivo"),
    ("CENTRO TERRITORIALE", "istruzione-adulti"),
)


@dataclass(frozen=True)
class School:
    """A row of a register. `institute` is the reference institute's code (state schools only)."""

    code: str
    name: str
    type: str
    kind: str
    address: str | None
    institute: str | None
    evening: bool
    state: bool
    website: str | None
    email: str | None
    reference: Reference


def read_schools(state: Path, non_state: Path) -> list[School]:
    """Return every school code of both registers, sorted by code."""
    state_rows = read_csv(state, (*_COLUMNS, "CODICEISTITUTORIFERIMENTO"))
    other_rows = read_csv(non_state, _COLUMNS)
    schools = [
        *each(state.name, state_rows, lambda row: _school(row, "mim-statali", "2025")),
        *each(non_state.name, other_rows, lambda row: _school(row, "mim-paritarie", "2023")),
    ]
    return sorted(schools, key=lambda school: school.code)


def _school(row: dict[str, str], source: str, date: str) -> School:
    feature = row.get("DESCRIZIONECARATTERISTICASCUOLA", "")
    type_ = row["DESCRIZIONETIPOLOGIAGRADOISTRUZIONESCUOLA"]
    return School(
        code=row["CODICESCUOLA"],
        name=row["DENOMINAZIONESCUOLA"],
        type=type_,
        kind=_kind(type_, feature),
        address=tidy(row["INDIRIZZOSCUOLA"]),
        institute=row.get("CODICEISTITUTORIFERIMENTO"),
        evening="II LIVELLO" in feature,
        state=source == "mim-statali",
        website=website(row["SITOWEBSCUOLA"]),
        email=public_email(row["INDIRIZZOEMAILSCUOLA"]),
        reference=Reference(source, row["CODICESCUOLA"], None, date),
    )


def _kind(type_: str, feature: str) -> str:
    if "CARCERARI" in feature or "CPIA" in feature:
        return "istruzione-adulti"
    return next((kind for word, kind in _LEVELS if word in type_), "scuola-secondaria-2")
