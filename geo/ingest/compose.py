"""A group of records becomes one place: each field from the most authoritative source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from geo.model.schema import PlaceRow, SourceRef
from geo.sources.facts import Facts
from geo.sources.osm.exports_2014 import NO_ID
from geo.sources.record import Record, Reference

# A place that is several kinds is the first of these.
_KIND_ORDER = ("parrocchia", "oratorio", "spazio-giovanile", "spazio-di-quartiere", "biblioteca")
_POSITIONS = ("exact", "street", "none")
_STATUS = ("closed", "planned", "open", "unknown")
_STAGES = ("offered", "proposal", "agreement", "ended")

T = TypeVar("T")


def compose(group: Sequence[Record], facts: Facts) -> Record:
    """Return one record for a group: each field from the best source, and all references.

    The stage is the latest of any source, with its year and holder.
    """

    def rank(record: Record) -> int:
        return facts.ranks[record.reference.source]

    ranked = sorted(group, key=lambda r: (r.generic, rank(r)))
    main = min(group, key=lambda r: (rank(r), r.id.startswith(NO_ID)))
    placed = min(group, key=lambda r: (_POSITIONS.index(r.position), r.generic, rank(r)))
    staged = max(group, key=lambda r: (_stage(r), r.stage_year or 0, r.holder or ""))
    references = _references(group, facts.ranks)
    return replace(
        main,
        name=facts.name_of.get(main.id, ranked[0].name),
        also=tuple(dict.fromkeys(n for r in ranked for n in (r.name, *r.also))),
        kind=_kind(ranked),
        reference=references[0],
        more_references=tuple(references[1:]),
        address=_best_address(ranked, facts.ranks),
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
        holder=_holder(group, staged, facts),
        generic=ranked[0].generic,
        mention=None,
    )


def place_row(record: Record) -> PlaceRow:
    """Return a record as a row of places.geojson (without its geometry)."""
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


def _references(group: Sequence[Record], ranks: Mapping[str, int]) -> list[Reference]:
    """Return each reference once: of the same page with and without a date, the dated one."""

    def order(reference: Reference) -> tuple[int, str, str, str]:
        rank = ranks.get(reference.source, len(ranks))
        return rank, reference.ref or "", reference.url or "", reference.date or ""

    references: dict[tuple[str, str | None, str | None], Reference] = {}
    for reference in sorted((r for record in group for r in record.references), key=order):
        references[reference.source, reference.ref, reference.url] = reference
    return list(references.values())


def _kind(ranked: Sequence[Record]) -> str:
    kinds = {record.kind for record in ranked}
    return next((kind for kind in _KIND_ORDER if kind in kinds), ranked[0].kind)


def _stage(record: Record) -> int:
    return _STAGES.index(record.stage) if record.stage else -1


def _holder(group: Sequence[Record], staged: Record, facts: Facts) -> str | None:
    known = (facts.holder_of[record.id] for record in group if record.id in facts.holder_of)
    return staged.holder or (next(known, None) if staged.stage == "agreement" else None)


def _stated(group: Sequence[Record]) -> str | None:
    """Return the quartiere that the sources state, None if they disagree."""
    stated = {record.quartiere for record in group if record.quartiere}
    return stated.pop() if len(stated) == 1 else None


def _best_address(ranked: Sequence[Record], ranks: Mapping[str, int]) -> str | None:
    """Return the best source's address; of several in one source, one with a house number."""
    addresses = [(ranks[r.reference.source], r.address) for r in ranked if r.address]
    if not addresses:
        return None
    best = min(rank for rank, _ in addresses)
    texts = [address for rank, address in addresses if rank == best]
    return next((text for text in texts if any(c.isdigit() for c in text)), texts[0])


def _first(ranked: Sequence[Record], field: Callable[[Record], T | None]) -> T | None:
    return next((value for record in ranked if (value := field(record)) is not None), None)
