"""The common goods, rooms and sources of a network."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.analysis.commons import rooms
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS
from geo.model.queries import record, sort_by_name, ties
from geo.model.schema import Evidence
from geo.spatial.access import existing


def commons_of(dataset: Dataset, network: str) -> gpd.GeoDataFrame:
    """Return the common goods that sources tie to a network, by name.

    Returns
    -------
    GeoDataFrame
        Rows of `Dataset.places`: those that a body of the network manages or has an agreement
        for, and those that are themselves tied to it.
    """
    goods = set(dataset.kinds.expand(COMMONS))
    tied = [tie for group in ties(dataset, network=network).values() for tie in group]
    named = {tie.common_good for tie in tied if tie.common_good}
    named |= {tie.place for tie in tied if tie.kind in goods}
    return sort_by_name(dataset.places.loc[sorted(named)])


def spaces_of(dataset: Dataset, network: str) -> gpd.GeoDataFrame:
    """Return the existing spaces in the quartieri of a network, by name.

    Returns
    -------
    GeoDataFrame
        Rows of `Dataset.places` of the kinds where a network can meet or work together, without
        those of `commons_of`. No source says that the network uses them.
    """
    places, spaces = dataset.places, dataset.kinds.counting_as("meeting_place")
    inside = places["quartiere"].isin(dataset.networks["quartieri"].loc[network])
    near = places[inside & places["kind"].isin(spaces) & existing(places)]
    return sort_by_name(near.drop(commons_of(dataset, network).index, errors="ignore"))


def rooms_with_networks(dataset: Dataset) -> gpd.GeoDataFrame:
    """Return the rooms of the city with the networks tied to each.

    Returns
    -------
    GeoDataFrame
        As `geo.analysis.commons.rooms`, with networks (a tuple of slugs; empty where no source
        states one).
    """
    found = rooms(dataset)
    tied: dict[str, list[str]] = {str(ident): [] for ident in found.index}
    for network in dataset.networks.index:
        for ident in commons_of(dataset, str(network)).index.intersection(found.index):
            tied[ident].append(str(network))
    users = [tuple(tied[ident]) for ident in found.index]
    return found.assign(networks=pd.Series(users, index=found.index, dtype=object))


@dataclass(frozen=True)
class Citation:
    """A page that is a source of a network or of its ties.

    Attributes
    ----------
    url : str
    date : str or None
    names_it : bool
        Whether it is the source of the network itself.
    ties : dict of Evidence to int
        The number of ties of each evidence that it is the source of.
    """

    url: str
    date: str | None
    names_it: bool
    ties: dict[Evidence, int]


def sources_of(dataset: Dataset, network: str) -> list[Citation]:
    """Return the sources of a network and of its ties: its own first, then by address."""
    row = record(dataset.networks, network)
    own: tuple[str, str | None] = (row["source_url"], row["source_date"])
    found: dict[tuple[str, str | None], dict[Evidence, int]] = {own: {}}
    for evidence, group in ties(dataset, network=network).items():
        for tie in group:
            counted = found.setdefault((tie.source_url, tie.source_date), {})
            counted[evidence] = counted.get(evidence, 0) + 1
    cited = [Citation(*page, page == own, counted) for page, counted in found.items()]
    return sorted(cited, key=lambda each: (not each.names_it, each.url, each.date or ""))
