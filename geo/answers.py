"""What pages ask of a dataset: the places of a quartiere, its networks, who is in them."""

import geopandas as gpd
import pandas as pd

from geo.dataset import Dataset
from geo.kinds import KINDS, kinds_of
from geo.rows import EVIDENCE


def select_places(
    dataset: Dataset, kind: str | None = None, quartiere: str | None = None
) -> gpd.GeoDataFrame:
    """Return the places of a kind or group and in a quartiere, by name; None means any.

    KeyError for an unknown kind, group or quartiere.
    """
    places = dataset.places
    if quartiere is not None:
        dataset.quartieri.loc[quartiere]
        places = places[places["quartiere"] == quartiere]
    if kind is not None:
        places = places[places["kind"].isin(kinds_of(kind))]
    return places.sort_values("name", key=lambda names: names.str.casefold(), kind="stable")


def places_by_kind(places: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Return `places` by kind, in the order of the kinds; kinds without a place are left out."""
    of_kind = {kind: places[places["kind"] == kind] for kind in KINDS}
    return {kind: found for kind, found in of_kind.items() if len(found)}


def networks_of(dataset: Dataset, quartiere: str) -> pd.DataFrame:
    """Return the networks that cover a quartiere; columns as in `Dataset.networks`."""
    networks = dataset.networks
    return networks[[quartiere in covered for covered in networks["quartieri"]]]


def ties(
    dataset: Dataset,
    *,
    network: str | None = None,
    place: str | None = None,
    common_good: str | None = None,
) -> pd.DataFrame:
    """Return the ties of a network, of an organisation, or around a common good.

    Columns as in `Dataset.memberships`, and place_name, kind, network_name and
    common_good_name (None where there is none). Members come first, then who takes
    part, then who signed an agreement; each by name.
    """
    found = dataset.memberships
    for column, value in (("network", network), ("place", place), ("common_good", common_good)):
        if value is not None:
            found = found[found[column] == value]
    named = found.assign(
        place_name=found["place"].map(dataset.places["name"]),
        kind=found["place"].map(dataset.places["kind"]),
        network_name=found["network"].map(dataset.networks["name"]),
        common_good_name=found["common_good"].map(dataset.places["name"]),
        rank=found["evidence"].map(EVIDENCE.index),
    )
    ordered = named.sort_values(["rank", "place_name", "network_name"]).drop(columns="rank")
    return ordered.astype(object).where(ordered.notna(), None)


def position_quality(dataset: Dataset) -> pd.DataFrame:
    """Return how many places of each group have an exact, a street or no position."""
    places = dataset.places
    group = places["kind"].map(lambda kind: KINDS[kind].group)
    return pd.crosstab(group, places["position"]).reindex(
        columns=["exact", "street", "none"], fill_value=0
    )
