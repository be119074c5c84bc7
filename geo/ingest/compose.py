"""A group of records becomes one place: each field from the source that knows it best."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from geo.model.schema import PlaceRow, SourceRef
from geo.sources.bergamo.facts import HOLDERS, NAMES
from geo.sources.osm.exports_2014 import NO_ID
from geo.sources.record import Record, Reference

# Whose word goes first, for the id, the name and the rest.
_AUTHORITY = (
    "mim-statali",
    "mim-paritarie",
    "parrocchie",
    "iccu",
    "osm-2014",
    "wikidata",
    "stampa",
)
# A place that is several kinds is the first of these.
_KIND_ORDER = ("parrocchia", "oratorio", "spazio-giovanile", "spazio-di-quartiere", "biblioteca")
_POSITIONS = ("exact", "street", "none")
_STATUS = ("closed", "planned", "open", "unknown")
_STAGES = ("offered", "proposal", "agreement", "ended")

T = TypeVar("T")


def compose(group: Sequence[Record]) -> Record:
    """Return one record for a group: what the best source says, and all references.

    The stage is the latest that any source tells, with its year and holder.
    """
    ranked = sorted(group, key=lambda r: (r.generic, _rank(r)))
    main = min(group, key=lambda r: (_rank(r), r.id.startswith(NO_ID)))
    placed = min(group, key=lambda r: (_POSITIONS.index(r.position), r.generic, _rank(r)))
    staged = max(group, key=lambda r: (_stage(r), r.stage_year or 0, r.holder or ""))
    references = _references(group)
    return replace(
        main,
        name=NAMES.get(main.id, ranked[0].name),
        also=tuple(dict.fromkeys(n for r in ranked for n in (r.name, *r.also))),
        kind=_kind(ranked),
        reference=references[0],
        more_references=tuple(references[1:]),
        address=_best_address(ranked),
        lon=placed.lon,
        lat=placed.lat,
        position=placed.position,
        quartiere=_stated(group),
        area_m2=_first(ranked, lambda r: r.area_m2),
        website=_first(ranked, lambda r: r.website),
        phone=_first(ranked, lambda r: r.phone),
        email=_first(ranked, lambda r: r.email),
        status=min((r.status for r in group), key=_STATUS.index),
        stage=staged.stage,
        stage_year=staged.stage_year,
        holder=_holder(group, staged),
        generic=ranked[0].generic,
    )


def place_row(record: Record) -> PlaceRow:
    """Return a record as a row of places.geojson (the geometry stands apart)."""
    return PlaceRow(
        id=record.id,
        name=record.name,
        kind=record.kind,
        address=record.address,
        position=record.position,  # type: ignore[arg-type]  # pydantic checks it
        quartiere=record.quartiere,
        area_m2=record.area_m2,
        website=record.website,
        phone=record.phone,
        email=record.email,
        opening_hours=None,
        status=record.status,  # type: ignore[arg-type]
        school_codes=record.school_codes or None,
        state_school=record.state_school,
        stage=record.stage,  # type: ignore[arg-type]
        stage_year=record.stage_year,
        holder=record.holder,
        sources=tuple(_source_ref(reference) for reference in record.references),
        checked_on=None,
    )


def _source_ref(reference: Reference) -> SourceRef:
    return SourceRef(
        source=reference.source, ref=reference.ref, url=reference.url, date=reference.date
    )


def _rank(record: Record) -> int:
    return _AUTHORITY.index(record.reference.source)


def _reference_order(reference: Reference) -> tuple[int, str, str, str]:
    source = reference.source
    rank = _AUTHORITY.index(source) if source in _AUTHORITY else len(_AUTHORITY)
    return rank, reference.ref or "", reference.url or "", reference.date or ""


def _references(group: Sequence[Record]) -> list[Reference]:
    """Every reference once: of the same page with and without a date, the dated one."""
    told: dict[tuple[str, str | None, str | None], Reference] = {}
    for reference in sorted(
        (r for record in group for r in record.references), key=_reference_order
    ):
        told[reference.source, reference.ref, reference.url] = reference
    return list(told.values())


def _kind(ranked: Sequence[Record]) -> str:
    kinds = {record.kind for record in ranked}
    return next((kind for kind in _KIND_ORDER if kind in kinds), ranked[0].kind)


def _stage(record: Record) -> int:
    return _STAGES.index(record.stage) if record.stage else -1


def _holder(group: Sequence[Record], staged: Record) -> str | None:
    known = (HOLDERS[record.id] for record in group if record.id in HOLDERS)
    return staged.holder or (next(known, None) if staged.stage == "agreement" else None)


def _stated(group: Sequence[Record]) -> str | None:
    """The quartiere that the sources state, if they agree."""
    stated = {record.quartiere for record in group if record.quartiere}
    return stated.pop() if len(stated) == 1 else None


def _best_address(ranked: Sequence[Record]) -> str | None:
    """The first source's address; of several in the press, one with a house number."""
    told = [record for record in ranked if record.address]
    if not told:
        return None
    best = min(_rank(record) for record in told)
    texts = [r.address or "" for r in told if _rank(r) == best]
    return next((text for text in texts if any(c.isdigit() for c in text)), texts[0])


def _first(ranked: Sequence[Record], field: Callable[[Record], T | None]) -> T | None:
    return next((value for record in ranked if (value := field(record)) is not None), None)
