"""What a build has made, before it is written."""

from dataclasses import dataclass

from geo.ingest.base_map import Ground
from geo.model.schema import DemandRow, MembershipRow
from geo.sources.bergamo.networks import Network
from geo.sources.record import Record


@dataclass(frozen=True)
class Gathered:
    """What a build has made: everything that goes into a data folder."""

    ground: Ground
    places: tuple[Record, ...]
    networks: tuple[Network, ...]
    memberships: tuple[MembershipRow, ...]
    demand: tuple[DemandRow, ...]
