"""What readers return, whatever city or country they read: records, areas, networks, mentions."""

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, order=True)
class Reference:
    """Where a record comes from: source id, the record's id there, address and date."""

    source: str
    ref: str | None = None
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Record:
    """What one source says about one place; None where it says nothing.

    `lon` and `lat` are the source's own WGS84 coordinates, degrees. `quartiere` is the
    slug that the source states. `area_m2` is true square metres. `also` are other names
    of the same place in the same source, `other_addresses` other spellings of its address.
    `generic` marks a name that only says the kind. `mention` is the position of the
    `Mention` that the record belongs to in the list of mentions, None for other records.
    `row` is a digest of all that the source's row says beside the name: it finds the row
    again when the name was corrected. Empty where the source has ids of its own.
    """

    id: str
    name: str
    kind: str
    reference: Reference
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    position: str = "none"
    quartiere: str | None = None
    area_m2: float | None = None
    website: str | None = None
    phone: str | None = None
    email: str | None = None
    status: str = "unknown"
    school_codes: tuple[str, ...] = ()
    state_school: bool | None = None
    stage: str | None = None
    stage_year: int | None = None
    holder: str | None = None
    also: tuple[str, ...] = ()
    other_addresses: tuple[str, ...] = ()
    more_references: tuple[Reference, ...] = ()
    generic: bool = False
    mention: int | None = None
    row: str = ""

    @property
    def references(self) -> tuple[Reference, ...]:
        """All references of the record."""
        return (self.reference, *self.more_references)


@dataclass(frozen=True)
class Mention:
    """An organisation in a text: its record, and the tie that the text states (None for none).

    `good` is the text that names the common good of an agreement.
    """

    record: Record
    evidence: str | None
    good: str | None


@dataclass(frozen=True)
class Statement:
    """What a text says of a school or parish; `kind` and `state` are None if it doesn't say.

    `row` is as in `Record`.
    """

    name: str
    kind: str | None
    state: bool | None
    address: str | None
    quartiere: str | None
    references: tuple[Reference, ...]
    row: str = ""


@dataclass(frozen=True)
class Network:
    """A network as its source names it; `quartieri` are slugs."""

    slug: str
    name: str
    quartieri: tuple[str, ...]
    named: str
    status: str
    members: int | None
    members_year: int | None
    url: str
    date: str | None


@dataclass(frozen=True)
class Area:
    """A quartiere as its source draws it, WGS84, with its residents."""

    slug: str
    name: str
    shape: BaseGeometry
    boundary_source: str
    residents: int | None
    residents_year: int | None
    residents_estimated: bool
    residents_source: str | None


@dataclass
class BuildLog:
    """What a build reports: lines under headings, in the order in which they were added."""

    sections: dict[str, list[str]] = field(default_factory=dict)

    def add(self, heading: str, line: str) -> None:
        """Add a line under a heading, unless it is there."""
        lines = self.sections.setdefault(heading, [])
        if line not in lines:
            lines.append(line)
