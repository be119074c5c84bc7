"""What a build has made, before it is written."""

from dataclasses import dataclass

from geo.ingest.base_map import BaseMap
from geo.model.schema import DemandRow, MembershipRow
from geo.sources.bergamo.networks import Network
from geo.sources.record import Record


@dataclass(frozen=True)
class BuildResult:
    """What a build has made: everything that goes into a data folder."""

    base_map: BaseMap
    places: tuple[Record, ...]
    networks: tuple[Network, ...]
    memberships: tuple[MembershipRow, ...]
    demand: tuple[DemandRow, ...]
