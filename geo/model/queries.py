"""What pages ask of a dataset: the places of a quartiere, its networks, who is in them."""

from dataclasses import dataclass
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd

from geo.model.cache import memoized
from geo.model.dataset import Dataset
from geo.model.kinds import Kinds
from geo.model.schema import EVIDENCE, Evidence

Record = dict[str, Any]
# A frame of any class: sorting keeps it.
Frame = TypeVar("Frame", bound=pd.DataFrame)


def records(table: pd.DataFrame) -> list[tuple[Any, Record]]:
    """Return each row with its label, as plain values: what is None stays None.

    (`iterrows` makes a Series of each row, in which None may become NaN.)
    """
    rows: list[Record] = [
        {str(name): value for name, value in row.items()} for row in table.to_dict("records")
    ]
    return list(zip(table.index, rows, strict=True))


def record(table: pd.DataFrame, label: str) -> Record:
    """Return the row with a label, as plain values; KeyError if there is none."""
    return records(table.loc[[label]])[0][1]


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
        places = places[places["kind"].isin(dataset.kinds.expand(kind))]
    return sort_by_name(places)


def current_id(dataset: Dataset, ident: str) -> str:
    """Return the id of today of a place: another one only for a former id."""
    former = dataset.former_ids
    return str(former["id"].loc[ident]) if ident in former.index else ident


def sort_by_name(table: Frame) -> Frame:
    """Return the rows in the order of their column name, whatever its case; of equals the first."""
    return table.sort_values("name", key=lambda names: names.str.casefold(), kind="stable")


def places_by_kind(places: gpd.GeoDataFrame, kinds: Kinds) -> dict[str, gpd.GeoDataFrame]:
    """Return `places` by kind, in the order of the kinds; kinds without a place are left out."""
    of_kind = {kind: places[places["kind"] == kind] for kind in kinds.slugs}
    return {kind: found for kind, found in of_kind.items() if len(found)}


def counts_by_kind(places: gpd.GeoDataFrame, kinds: Kinds) -> dict[str, int]:
    """Return how many of `places` there are of each kind and group; 0 where there is none."""
    number = places["kind"].value_counts()
    return {
        slug: int(number.reindex(list(kinds.expand(slug)), fill_value=0).sum())
        for slug in kinds.choices
    }


def counts_by_quartiere(dataset: Dataset, places: gpd.GeoDataFrame) -> dict[str, int]:
    """Return how many of `places` are in each quartiere; 0 where there is none."""
    number = places["quartiere"].value_counts().reindex(dataset.quartieri.index, fill_value=0)
    return {str(slug): int(count) for slug, count in number.items()}


def networks_of(dataset: Dataset, quartiere: str) -> pd.DataFrame:
    """Return the networks that cover a quartiere; columns as in `Dataset.networks`."""
    networks = dataset.networks
    covers = [quartiere in covered for covered in networks["quartieri"]]
    return networks[pd.Series(covers, index=networks.index, dtype=bool)]


@dataclass(frozen=True)
class Tie:
    """An organisation's tie with a network, a common good, or both; None where there is none."""

    place: str
    place_name: str
    place_status: str
    kind: str
    network: str | None
    network_name: str | None
    evidence: Evidence
    common_good: str | None
    common_good_name: str | None
    source_url: str
    source_date: str | None


def ties(
    dataset: Dataset,
    *,
    network: str | None = None,
    place: str | None = None,
    common_good: str | None = None,
) -> dict[Evidence, list[Tie]]:
    """Return the ties of a network, of an organisation, or around a common good.

    By evidence: members first, then who takes part, then who has an agreement; each by
    name. Evidence without a tie is left out.
    """
    wanted = {"network": network, "place": place, "common_good": common_good}
    found = [
        tie
        for tie in _all_ties(dataset)
        if all(value is None or getattr(tie, name) == value for name, value in wanted.items())
    ]
    by_evidence = {
        evidence: [tie for tie in found if tie.evidence == evidence] for evidence in EVIDENCE
    }
    return {evidence: some for evidence, some in by_evidence.items() if some}


@memoized()
def _all_ties(dataset: Dataset) -> tuple[Tie, ...]:
    """Name the ends of every tie, once for each dataset; by name of the organisation."""
    names, kinds = dict(dataset.places["name"]), dict(dataset.places["kind"])
    statuses = dict(dataset.places["status"])
    networks = dict(dataset.networks["name"])
    ties = (
        Tie(
            **row,
            place_name=names[row["place"]],
            place_status=statuses[row["place"]],
            kind=kinds[row["place"]],
            network_name=networks.get(row["network"]),
            common_good_name=names.get(row["common_good"]),
        )
        for _, row in records(dataset.memberships)
    )
    return tuple(sorted(ties, key=lambda tie: (tie.place_name.casefold(), tie.network_name or "")))


def position_quality(dataset: Dataset) -> pd.DataFrame:
    """Return how many places of each group have an exact, a street or no position."""
    places = dataset.places
    group = places["kind"].map(dataset.kinds.group_of)
    return pd.crosstab(group, places["position"]).reindex(
        columns=["exact", "street", "none"], fill_value=0
    )
