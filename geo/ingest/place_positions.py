"""Positions of records: their own coordinates if plausible, else their address's."""

from collections.abc import Sequence
from dataclasses import replace

from geo.ingest.address_book import Point
from geo.ingest.build import BuildContext
from geo.sources.record import Record
from geo.text.italian_addresses import parse

HEADING_DROPPED = "Coordinates dropped as implausible"
HEADING_NONE = "Addresses without a position"
_PRECISE = ("exact", "street", "none")


def without_implausible(records: Sequence[Record], context: BuildContext) -> list[Record]:
    """Return the records without implausible coordinates; put the others into the book."""
    return [_checked(record, context) for record in records]


def _checked(record: Record, context: BuildContext) -> Record:
    if record.lon is None or record.lat is None:
        return record
    spot = (record.lon, record.lat)
    why = why_implausible(record.address or "", spot, context)
    if why:
        context.log.add(HEADING_DROPPED, f"{record.id}, {record.name}, {record.address}: {why}")
        return replace(record, lon=None, lat=None, position="none")
    context.book.learn(record.address or "", spot)
    return record


def by_address(record: Record, context: BuildContext) -> Record:
    """Return the record with the position of its address, if that has one."""
    if record.position == "exact" or not record.address:
        return record
    unsure = context.facts.why_unsure.get(record.address)
    if unsure:
        context.log.add(HEADING_NONE, f"{record.name}, {record.address}: {unsure}")
        return record
    answers = [context.book.find(text, record.quartiere) for text in _addresses(record)]
    found, why = min(answers, key=lambda a: _PRECISE.index(a[0].position if a[0] else "none"))
    if record.position == "street" and (found is None or found.position != "exact"):
        return record
    if found is None:
        context.log.add(HEADING_NONE, f"{record.name} ({record.id}), {record.address}: {why}")
        return record
    return replace(record, lon=found.lon, lat=found.lat, position=found.position)


def _addresses(record: Record) -> tuple[str, ...]:
    return (record.address or "", *record.other_addresses)


def why_implausible(address: str, spot: Point, context: BuildContext) -> str | None:
    """Return why coordinates can't be those of an address, or None."""
    if not context.base_map.inside(spot):
        return "outside the comune"
    if address in context.facts.why_wrong:
        return context.facts.why_wrong[address]
    parsed = parse(address)
    far = context.book.implausible(address, spot) if parsed else None
    return f"{far:,.0f} m from its street" if far is not None else None
