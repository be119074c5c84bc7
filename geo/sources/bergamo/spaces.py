"""Neighbourhood spaces, gardens, parks, dog areas and agreements that texts name."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from geo.sources.facts import Facts
from geo.sources.reading import each, iso_date, page_date, read_csv, row_digest
from geo.sources.record import BuildLog, Record, Reference
from geo.text.area_names import AreaNames
from geo.text.italian import expand_saints, fold, slug

SPACES = "facts_spaces.csv"
COMMONS = "facts_reti_and_commons_2.csv"
COMMONS_COLUMNS = (
    *("layer", "rete_or_quartiere", "name", "place_or_address_as_written"),
    *("source_url", "source_date", "note"),
)
SOURCE = "stampa"
HEADING = "Places whose stated quartiere can mean two"

# The first pattern found in kind and name (folded) decides.
_KINDS = (
    (r"^area cani", "area-cani"),
    (r"^(orti|orto|lorto|frutteto)\b", "orto"),
    (r"^biblioteca\b", "biblioteca"),
    (r"^(cte\b|centro per tutte le eta)", "centro-anziani"),
    (r"^oratorio\b", "oratorio"),
    (r"^ludoteca\b|spazio educativo", "servizio-infanzia"),
    (r"^sede decentrata", "sportello-comunale"),
    (r"^(cineteatro|museo)\b", "servizio-cultura"),
    (r"^spazio autismo", "servizio-disabilita"),
    (r"centro sportivo", "impianto-sportivo"),
    (r"\bcooperativa /|/ cooperativa", "cooperativa"),
    (r"^al civico", "spazio-di-quartiere"),
    (r"spazio giovanile", "spazio-giovanile"),
    (r"spazio di quartiere|casa del? (di )?quartiere|casa di quartiere", "spazio-di-quartiere"),
    (r"spazio (civico|in cogestione)|polo civico|^lazzaretto", "spazio-di-quartiere"),
    (r"^centro socioculturale", "spazio-di-quartiere"),
    (r"^parco\b|\| ?parco", "parco"),
)
_HOLDER = re.compile(r"\(([^()]+)\)")
_STREET = re.compile(
    r"^((?:Area cani|Orti|Orto|Frutteto|Ex \w+(?: \w+)?)(?: urbani| collettivi)?) Via "
)


def read_spaces(folder: Path, names: AreaNames, facts: Facts, log: BuildLog) -> list[Record]:
    """Return a record for each row; a space has as many records as it has rows."""
    dates, offered = page_dates(folder), facts.years.offers.year
    spaces = read_csv(folder / SPACES, ("name", "kind", "address", "quartiere", "source"))
    commons = read_csv(folder / COMMONS, COMMONS_COLUMNS)
    goods = [row for row in commons if row["layer"] == "common_good"]
    records = [
        *each(SPACES, spaces, lambda row: _record(_first(row), dates, offered)),
        *each(COMMONS, goods, lambda row: _record(_second(row), dates, offered)),
    ]
    return [_placed(record, names, log) for record in records]


def page_dates(folder: Path) -> dict[str, str]:
    """Return the dates that the second list states for its pages; the first list has none."""
    rows = read_csv(folder / COMMONS, ("source_url", "source_date"))
    stated = ((row["source_url"], iso_date(row["source_date"])) for row in rows)
    return {url: date for url, date in stated if date}


@dataclass(frozen=True)
class _Row:
    name: str
    kind: str
    address: str
    quartiere: str
    sources: str
    digest: str


def _first(row: dict[str, str]) -> _Row:
    digest = row_digest(SPACES, row, without="name")
    return _Row(row["name"], row["kind"], row["address"], row["quartiere"], row["source"], digest)


def _second(row: dict[str, str]) -> _Row:
    """A row of the second list, whose note says the kind."""
    address, area = row["place_or_address_as_written"], row["rete_or_quartiere"]
    digest = row_digest(COMMONS, row, without="name")
    return _Row(row["name"], row["note"], address, area, row["source_url"], digest)


def _record(row: _Row, dates: dict[str, str], offered: int) -> Record:
    name, kind = row.name, row.kind
    references = tuple(
        Reference(SOURCE, None, url, page_date(url, kind, dates)) for url in _urls(row.sources)
    )
    if not references:
        raise ValueError("no address of a page is its source")
    stage, year = _stage(kind, offered)
    shown = _name(name)
    return Record(
        id=f"spazio:{slug(shown)}",
        name=shown,
        kind=_kind(name, kind),
        reference=references[0],
        more_references=references[1:],
        address=_address(row.address, row.quartiere),
        quartiere=row.quartiere or None,
        status=_status(f"{name} {kind}"),
        stage=stage,
        stage_year=year,
        holder=_holder(name, kind) if stage == "agreement" else None,
        also=tuple(_HOLDER.findall(name)),
        row=row.digest,
    )


def _placed(record: Record, names: AreaNames, log: BuildLog) -> Record:
    """Replace the quartiere's name by its slug; a name that fits two counts as not stated."""
    if record.quartiere is None:
        return record
    found = names.find(record.quartiere)
    if found is None:
        log.add(HEADING, f"{record.name}: {record.quartiere!r}")
    return replace(record, quartiere=found)


def _urls(text: str) -> list[str]:
    """The addresses in a cell that may hold several, with remarks."""
    return re.findall(r"https?://[^\s;)]+", text)


def _kind(name: str, kind: str) -> str:
    if "offerto" in kind and re.search("animazione", name):
        return "parco"
    text = f"{fold(name)} | {fold(kind)}"
    for pattern, slug_ in _KINDS:
        if re.search(pattern, text) or re.search(pattern, fold(kind)):
            return slug_
    return "bene-comune"


def _stage(kind: str, offered: int) -> tuple[str | None, int | None]:
    plain = fold(kind)
    years = re.findall(r"20\d\d", plain)
    year = int(years[-1]) if years else None
    if "offert" in plain or "offered" in plain or "area cani (bene comune" in plain:
        return "offered", year or offered
    if re.search(r"patto|cogestione|convenzione|co-managed", plain):
        return "agreement", year
    return None, None


def _status(text: str) -> str:
    plain = fold(text)
    if "chiuso" in plain:
        return "closed"
    return "planned" if "in realizzazione" in plain else "unknown"


def _name(name: str) -> str:
    """Return the name without brackets, "Orti Via X" as "Orti di via X"."""
    plain = expand_saints(" ".join(_HOLDER.sub("", name).replace('"', "").split()))
    return _STREET.sub(r"\1 di via ", plain).replace(" di Via ", " di via ")


def _address(text: str, quartiere: str) -> str | None:
    """The address without remarks; a mere quartiere is none."""
    plain = re.sub(r"\s*(\([^)]*\)|\bdietro\b.*)", "", text).strip()
    plain = plain[:1].upper() + plain[1:]
    return plain if plain and fold(plain) != fold(quartiere) else None


def _holder(name: str, kind: str) -> str | None:
    """The agreements of 2017 name their holder in brackets."""
    found = _HOLDER.findall(name)
    if found and "patto" in kind and "bene comune (" not in kind:
        return str(found[0]).removeprefix("associazione ").partition(",")[0]
    return None
