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


def read_churches(folder: Path, city: str, log: BuildLog) -> tuple[list[Record], list[Record]]:
    """Return the churches, chapels and sanctuaries in use, and those whose label says "ex".

    Labels may end with a place in brackets: those that name another one than `city` are
    left out, whatever their point says.
    """
    here = re.escape(city)
    other_place = re.compile(rf"\((?!{here}\)|o )[A-Z][^)]*\)$")
    this_place = re.compile(rf"\s*\({here}\)$")
    churches, former = [], []
    for raw in each(FILE, _listed(read_json(folder / FILE)), _checked):
        label = html.unescape(raw["label"])
        if raw["app_category"] != "Edifici religiosi" and not label.startswith("Cappella"):
            continue
        elsewhere = other_place.search(label)
        name = this_place.sub("", _capital(label))
        if _CHURCH.match(fold(label)) and not elsewhere:
            churches.append(_record(raw, name))
            continue
        if fold(label).startswith("ex "):
            former.append(_record(raw, name))
            log.add(HEADING, f"{raw['q_number']} {label}")
        else:
            log.add(HEADING, f"{raw['q_number']} {label}")
    return sorted(churches, key=lambda record: record.id), former


def _listed(document: Any) -> list[Any]:
    if not isinstance(document, list):
        raise DataError([Problem(FILE, "", "it isn't a list", "Get the file again")])
    return document


def _checked(raw: Any) -> dict[str, Any]:
    """Return a monument that has every field that is read."""
    lonlat(raw["position"])
    texts = [raw[key] for key in ("label", "app_category", "q_number", "address")]
    if not isinstance(raw, dict) or not isinstance(texts[0], str):
        raise TypeError("its label isn't text")
    return raw


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _record(raw: dict[str, object], name: str) -> Record:
    lon, lat = lonlat(raw["position"])
    number = str(raw["q_number"])
    return Record(
        id=f"wikidata:{number}",
        name=name,
        kind="luogo-di-culto",
        reference=Reference(SOURCE, number, f"https://www.wikidata.org/wiki/{number}", DATE),
        address=_capital(str(raw["address"]).strip()) or None,
        lon=lon,
        lat=lat,
        position="exact",
    )
