"""What a reader hands on: one source's word about one place, and where that word comes from."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Reference:
    """Where a record comes from: source id, the record's id there, address and date."""

    source: str
    ref: str | None = None
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Record:
    """One source's word about one place. What the source doesn't say is None.

    `lon` and `lat` are the source's own WGS84 coordinates, degrees. `quartiere` is the
    slug that the source states. `area_m2` is true square metres. `also` are other names
    of the same place in the same source, `other_addresses` other spellings of its address.
    `generic` marks a name that only says the kind.
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

    @property
    def references(self) -> tuple[Reference, ...]:
        """All references of the record."""
        return (self.reference, *self.more_references)


@dataclass(frozen=True)
class Tie:
    """An organisation's tie as a source tells it, before networks and goods are looked up.

    `organisation` and `common_good` are record ids; `quartiere` is the slug beside which
    the source names the tie.
    """

    organisation: str
    evidence: str
    quartiere: str | None
    common_good: str | None
    url: str
    date: str | None


@dataclass
class BuildLog:
    """What a build has to tell: lines under headings, in the order in which they came."""

    sections: dict[str, list[str]] = field(default_factory=dict)

    def add(self, heading: str, line: str) -> None:
        """Add a line under a heading; the same line twice stands there once."""
        lines = self.sections.setdefault(heading, [])
        if line not in lines:
            lines.append(line)
