"""The networks, the quartieri they cover, and how many members they claim."""

import re
from dataclasses import replace
from pathlib import Path

from geo.sources.reading import each, read_csv, url_date
from geo.sources.record import BuildLog, Network
from geo.text.area_names import AreaNames
from geo.text.italian import fold, slug

FILE = "facts_reti.csv"
HEADING = "Quartieri for which no network is named"
_MEMBERS = re.compile(r"(\d+) (?:sigle|realta|soggetti|gruppi|associazioni)")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")


def read_networks(folder: Path, names: AreaNames, log: BuildLog) -> list[Network]:
    """Return the networks sorted by slug; one that covers two quartieri is there once."""
    networks: dict[str, Network] = {}
    rows = read_csv(folder / FILE, ("rete", "quartiere", "source", "note"))
    for new in each(FILE, rows, lambda row: _network_of(row, names, log)):
        if new:
            old = networks.get(new.slug)
            networks[new.slug] = _joined(old, *new.quartieri) if old else new
    return [networks[key] for key in sorted(networks)]


def _network_of(row: dict[str, str], names: AreaNames, log: BuildLog) -> Network | None:
    if not row["rete"]:
        log.add(HEADING, row["quartiere"])
        return None
    area = names.find(row["quartiere"])
    return _network(row, area) if area else None


def _network(row: dict[str, str], area: str) -> Network:
    note = fold(row["note"])
    inferred = "dedotta" in note
    members = None if inferred else _MEMBERS.search(note)
    year = _YEAR.search(note) if members else None
    name = re.sub(r"\s*\(.*\)$", "", row["rete"])
    return Network(
        slug=slug(name),
        name=name[:1].upper() + name[1:],
        quartieri=(area,),
        named="inferred" if inferred else "stated",
        status="former" if "precursore" in note else "active",
        members=int(members[1]) if members else None,
        members_year=int(year[1]) if year else None,
        url=row["source"],
        date=url_date(row["source"]),
    )


def _joined(network: Network, area: str) -> Network:
    quartieri = tuple(sorted({*network.quartieri, area}))
    return replace(network, quartieri=quartieri)
