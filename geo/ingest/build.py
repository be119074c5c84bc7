"""What the steps of a build share, and what a build returns before it is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geo.ingest.address_book import AddressBook
from geo.ingest.base_map import BaseMap
from geo.ingest.match import Rule
from geo.ingest.place_ids import GivenIds
from geo.model.schema import DemandRow, MembershipRow
from geo.sources.catalogue import Catalogue
from geo.sources.facts import Facts
from geo.sources.record import BuildLog, Network, Record

# Called with the name of each step as it begins.
Progress = Callable[[str], None]


@dataclass(frozen=True)
class BuildContext:
    """What the steps share: `book` learns addresses and `log` takes lines as they run.

    `rules` are the limits of merging by family of kinds.
    """

    base_map: BaseMap
    book: AddressBook
    facts: Facts
    rules: Mapping[str, Rule]
    log: BuildLog


@dataclass(frozen=True)
class BuildResult:
    """Everything that goes into a data folder."""

    base_map: BaseMap
    catalogue: Catalogue
    places: tuple[Record, ...]
    networks: tuple[Network, ...]
    memberships: tuple[MembershipRow, ...]
    demand: tuple[DemandRow, ...]
    ids: GivenIds
