"""Religious monuments from Wikidata: churches with coordinates, as far as they're in use."""

import html
import re
from pathlib import Path
from typing import Any

from geo.base.errors import DataError, Problem
from geo.sources.reading import each, lonlat, read_json
from geo.sources.record import BuildLog, Record, Reference
from geo.text.italian import fold

FILE = "monuments_wikidata.json"
SOURCE, DATE = "wikidata", "2023"
HEADING = "Monuments that aren't taken as places of worship"
_CHURCH = re.compile(
    r"^(chiesa|chiesetta|chiesa-casa|basilica|santuario|oratorio|duomo|cappella|tempietto|battistero)\b"
)
# "(San Paolo d'Argon)": a label that names another place isn't here, whatever its point says.
_ELSEWHERE = re.compile(r"\((?!Bergamo\)|o )[A-Z][^)]*\)$")


def read_churches(folder: Path, log: BuildLog) -> tuple[list[Record], list[Record]]:
    """Return the churches, chapels and sanctuaries in use, and those whose label says "ex"."""
    churches, former = [], []
    for raw in each(FILE, _listed(read_json(folder / FILE)), _checked):
        label = html.unescape(raw["label"])
        if raw["app_category"] != "Edifici religiosi" and not label.startswith("Cappella"):
            continue
        elsewhere = _ELSEWHERE.search(label)
        if _CHURCH.match(fold(label)) and not elsewhere:
            churches.append(_record(raw, label))
            continue
        if fold(label).startswith("ex "):
            former.append(_record(raw, label))
            log.add(HEADING, f"{raw['q_number']} {label}")
        else:
            log.add(HEADING, f"{raw['q_number']} {label}")
    return sorted(churches, key=lambda record: record.id), former


def _listed(document: Any) -> list[Any]:
    if not isinstance(document, list):
        raise DataError([Problem(FILE, "", "it isn't a list", "Get the file again")])
    return document


def _checked(raw: Any) -> dict[str, Any]:
    """Return a monument of which all is there that is read."""
    lonlat(raw["position"])
    texts = [raw[key] for key in ("label", "app_category", "q_number", "address")]
    if not isinstance(raw, dict) or not isinstance(texts[0], str):
        raise TypeError("its label isn't text")
    return raw


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _record(raw: dict[str, object], label: str) -> Record:
    lon, lat = lonlat(raw["position"])
    number = str(raw["q_number"])
    return Record(
        id=f"wikidata:{number}",
        name=re.sub(r"\s*\(Bergamo\)$", "", label[:1].upper() + label[1:]),
        kind="luogo-di-culto",
        reference=Reference(SOURCE, number, f"https://www.wikidata.org/wiki/{number}", DATE),
        address=_capital(str(raw["address"]).strip()) or None,
        lon=lon,
        lat=lat,
        position="exact",
    )
