"""Organisations around the networks and their ties: membership, taking part, agreements."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from geo.sources.bergamo.spaces import COMMONS, COMMONS_COLUMNS, SOURCE, page_dates
from geo.sources.reading import each, page_date, read_csv, row_digest
from geo.sources.record import BuildLog, Mention, Record, Reference
from geo.text.area_names import AreaNames
from geo.text.italian import expand_saints, fold, slug
from geo.text.italian_addresses import parse

MEMBERS = "facts_members.csv"
_COLUMNS = ("name", "type", "rete/quartiere", "address", "relation", "source")
HEADING = "Organisations whose quartiere is none or several"

# The first pattern found in type and name (folded) decides the kind.
_KINDS = (
    (r"caritas|primo ascolto|centro (di )?ascolto", "servizio-sociale"),
    (r"^(istituto comprensivo|scuola|istituto bambin)|\bscuola$", "scuola-primaria"),
    (r"\bparrocchia$|^parrocchia ", "parrocchia"),
    (r"^oratorio|\boratorio$", "oratorio"),
    (r"^biblioteca|\bbiblioteca$", "biblioteca"),
    (r"nido", "nido"),
    (r"^cte |\bcte$|centro terza eta", "centro-anziani"),
    (r"genitori", "genitori"),
    (r"scout", "scout"),
    (r"sportiv|polisportiva|societa sportiva|^asd ", "associazione-sportiva"),
    (r"teatro|culturale", "associazione-culturale"),
    (r"ambientale", "associazione-ambientale"),
    (r"commercianti", "commercianti"),
    (r"cooperativa|consorzio", "cooperativa"),
    (r"^comunita ruah", "cooperativa"),
    (r"volontariato", "volontariato"),
    (r"servizio sanitario|psico-sociale", "servizio-salute"),
    (r"servizio disabilita|^spazio autismo", "servizio-disabilita"),
    (r"^spazio (giovanile|orsa)", "spazio-giovanile"),
    (r"servizio (comunale )?giovani|politiche giovanili", "servizio-giovani"),
    (r"servizio comunale anziani", "servizio-anziani"),
    (r"^centro diurno", "servizio-sociale"),
    (r"comitato|coordinamento", "comitato"),
    (r"\bgruppo|informale", "gruppo-informale"),
    (r"progetto", "progetto"),
    (r"\bente\b(?! *$)|\bente( religioso)?$|comunita religiosa|albergo popolare|patronato", "ente"),
)
# Of these, brackets hold another name; of others a parent body, a place or an acronym.
_ALIASED = frozenset({"oratorio", "parrocchia", "biblioteca", "centro-anziani"})
# The evidence that a relation or note is: the first pattern that fits.
_EVIDENCE = (
    (r"convenzione|patto|agreement|co-managing|manager of", "agreement"),
    (r"membro|promotore (o membro )?della rete|soggetto della rete|equipe", "member"),
    (r"named as part of the rete", "member"),
    (r"adesione|partecipa|organizza con|partner|promotore o ospite", "takes part"),
    (r"joined|took part|as above|project", "takes part"),
)
_NO_TIE = re.compile(
    r"realta del quartiere|servizio attivo|presente nello spazio|not stated|dissol"
)


@dataclass(frozen=True)
class _Row:
    name: str
    type: str
    address: str
    relation: str
    sources: str
    digest: str


def read_mentions(folder: Path, names: AreaNames, log: BuildLog) -> list[Mention]:
    """Return every mention of an organisation in the two lists, in their order, numbered in it."""
    members = read_csv(folder / MEMBERS, _COLUMNS)
    commons = read_csv(folder / COMMONS, COMMONS_COLUMNS)
    organisations = [row for row in commons if row["layer"] == "organisation"]
    dates = page_dates(folder)

    def first(row: dict[str, str]) -> Mention:
        return _placed(_mention(_first(row), dates), row["rete/quartiere"], names, log)

    def second(row: dict[str, str]) -> Mention:
        return _placed(_mention(_second(row), dates), row["rete_or_quartiere"], names, log)

    mentions = [*each(MEMBERS, members, first), *each(COMMONS, organisations, second)]
    return [
        replace(mention, record=replace(mention.record, mention=number))
        for number, mention in enumerate(mentions)
    ]


def _first(row: dict[str, str]) -> _Row:
    digest = row_digest(MEMBERS, row, without="name")
    return _Row(row["name"], row["type"], row["address"], row["relation"], row["source"], digest)


def _second(row: dict[str, str]) -> _Row:
    """A row of the second list, which has no type."""
    address = row["place_or_address_as_written"]
    digest = row_digest(COMMONS, row, without="name")
    return _Row(row["name"], "", address, row["note"], row["source_url"], digest)


def _mention(row: _Row, dates: dict[str, str]) -> Mention:
    name, type_, address, relation = row.name, row.type, row.address, row.relation
    urls = re.findall(r"https?://[^\s;)]+", row.sources)
    references = tuple(
        Reference(SOURCE, None, url, page_date(url, relation, dates)) for url in urls
    )
    if not references:
        raise ValueError("no address of a page is its source")
    evidence = _evidence(relation)
    kind = _kind(name, type_)
    record = Record(
        id=f"org:{slug(_name(name))}",
        name=_name(name),
        kind=kind,
        reference=references[0],
        more_references=references[1:],
        address=_seat(address) if evidence != "agreement" else None,
        status="closed" if re.search("sciolt|dissol", fold(f"{type_} {relation}")) else "unknown",
        also=tuple(re.findall(r"\(([^()]+)\)", name)) if kind in _ALIASED else (),
        row=row.digest,
    )
    good = _good(address, relation) if evidence == "agreement" else None
    return Mention(record, evidence, good)


def _placed(mention: Mention, area: str, names: AreaNames, log: BuildLog) -> Mention:
    found = None if area.startswith("(") else names.find(area)  # "(città)": all of it
    if not found and area:
        log.add(HEADING, f"{mention.record.name}: {area}")
    return replace(mention, record=replace(mention.record, quartiere=found))


def _evidence(relation: str) -> str | None:
    plain = fold(relation)
    if _NO_TIE.search(plain):
        return None
    return next((found for pattern, found in _EVIDENCE if re.search(pattern, plain)), None)


def _good(address: str, relation: str) -> str | None:
    """The text that names a common good: the relation's own words, else the address."""
    named = re.search(r"(?:gestore|convenzione|manager of the) ([A-Z][^()]*)", relation)
    return named[1].strip() if named else address or None


def _seat(address: str) -> str | None:
    """An address is a seat only if it names a street."""
    parsed = parse(address)
    return address if parsed and parsed.type else None


def _kind(name: str, type_: str) -> str:
    plain = " ".join(re.sub(r"\(.*?\)", "", fold(type_)).split())
    for text in (plain, fold(name)):
        for pattern, kind in _KINDS:
            if text and re.search(pattern, text):
                return _by_name(name, kind)
    return "servizio-sociale" if "servizio" in plain else "promozione-sociale"


def _by_name(name: str, kind: str) -> str:
    """Return the kind; of an "associazione / ente", the one in its name."""
    if kind == "ente" and fold(name).startswith(("associazione", "propolis")):
        return "promozione-sociale"
    return kind


def _name(name: str) -> str:
    """The name without an operator's hours and other remarks in brackets."""
    remarks = r"\s*\((operatore|Biblioteca|Servizi|Cooperativa)[^)]*\)"
    return " ".join(expand_saints(re.sub(remarks, "", name)).split())
