"""The rows of a data folder as read, before they become tables."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from shapely.geometry.base import BaseGeometry

from geo.model.schema import (
    ChangeRow,
    DemandRow,
    MembershipRow,
    NetworkRow,
    PlaceRow,
    QuartiereRow,
    Row,
    SourceRow,
    StreetRow,
)

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Read(Generic[R]):
    """One row as read: where it stood (for people), its values, its geometry if any."""

    label: str
    values: R
    geometry: BaseGeometry | None = None


@dataclass(frozen=True)
class Rows:
    """The rows of every file of a data folder, as read, before they become tables."""

    quartieri: list[Read[QuartiereRow]]
    places: list[Read[PlaceRow]]
    networks: list[Read[NetworkRow]]
    memberships: list[Read[MembershipRow]]
    streets: list[Read[StreetRow]]
    demand: list[Read[DemandRow]]
    sources: list[Read[SourceRow]]
    changes: list[Read[ChangeRow]]
