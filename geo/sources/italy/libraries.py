"""The national register of libraries (ICCU): libraries with their own coordinates."""

import re
from pathlib import Path

from geo.sources.reading import decimal, each, read_csv
from geo.sources.record import BuildLog, Record, Reference
from geo.text.contacts import phone, website
from geo.text.italian import expand_saints, fold, nice_case, public_email, tidy

FILE = "libraries_iccu_2020.csv"
SOURCE, DATE = "iccu", "2020-07"
HEADING = "Websites dropped as implausible"
_PUBLIC = re.compile(r"^biblioteca (civica|comunale)")
# Portals that list any library: not its own site.
_NOT_OWN = ("edilportale.it",)


def read_libraries(folder: Path, log: BuildLog) -> list[Record]:
    """Return the libraries; the municipality's are `biblioteca`, all others specialised."""
    columns = ("codice-isil", "denominazione", "indirizzo", "latitudine", "longitudine", "url")
    rows = read_csv(folder / FILE, (*columns, "telefono", "email"))
    records = each(FILE, rows, lambda row: _record(row, log))
    return sorted(records, key=lambda record: record.id)


def _record(row: dict[str, str], log: BuildLog) -> Record:
    name = tidy(_readable(row["denominazione"])) or row["codice-isil"]
    lon, lat = decimal(row["longitudine"]), decimal(row["latitudine"])
    public = _PUBLIC.match(fold(name)) and "musicale" not in fold(name)
    return Record(
        id=f"iccu:{row['codice-isil']}",
        name=name,
        kind="biblioteca" if public else "biblioteca-specializzata",
        reference=Reference(SOURCE, row["codice-isil"], None, DATE),
        address=_address(row["indirizzo"]),
        lon=round(lon, 6) if lon else None,
        lat=round(lat, 6) if lat else None,
        position="exact" if lon and lat else "none",
        website=_site(name, row["url"], log),
        phone=phone(row["telefono"]),
        email=public_email(row["email"]),
    )


def _address(text: str) -> str | None:
    parts = expand_saints(text.replace(",", " ")).split()
    spelt = " ".join(nice_case(part) if part == part.upper() else part for part in parts)
    return tidy(spelt[:1].upper() + spelt[1:])


def _readable(name: str) -> str:
    """Capitals become words; in a name that has both, capitals are acronyms (CREA, CAI)."""
    return nice_case(name) if name == name.upper() else expand_saints(name)


def _site(name: str, url: str, log: BuildLog) -> str | None:
    site = website(url)
    if site and any(portal in site for portal in _NOT_OWN):
        log.add(HEADING, f"{name}: {site}")
        return None
    return site
