"""The common goods of a city: their number, green areas, rooms, and stages of life."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from geo.analysis.counts import OUTSIDE, UNPLACED, counts, row_of
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS
from geo.model.schema import STAGES
from geo.spatial.access import existing
from geo.spatial.rates import area_per_resident

# m² per inhabitant of green, play and sport that a town plan must provide (DM 1444/1968, art. 3).
STANDARD_M2 = 9.0


@dataclass(frozen=True, eq=False)
class Commons:
    """The common goods of a city by quartiere.

    Attributes
    ----------
    table : DataFrame
        Index: slugs of the quartieri, then OUTSIDE and UNPLACED. Columns: name, residents,
        residents_estimated, commons (number of common goods), parks (number of parks and
        gardens), unmeasured (green places whose area is unknown), green_m2 (sum of the known
        areas, m²), green_each (m² per resident; missing where the residents or all areas are
        unknown), rooms (number of rooms and buildings for the community), and the number in each
        of STAGES.
    nowhere, total : Series
        The sums of the two rows OUTSIDE and UNPLACED, and of all rows; green_m2 is missing
        where there is green but no known area.
    green_m2, green_each : float
        The known green inside the quartieri, m², and per resident of the city.
    green_sources : tuple of str
        Ids of the sources of the green areas, the most frequent first.
    """

    table: pd.DataFrame
    nowhere: pd.Series
    total: pd.Series
    green_m2: float
    green_each: float
    green_sources: tuple[str, ...]


def commons(dataset: Dataset) -> Commons:
    """Count the existing common goods by quartiere; closed and planned ones don't count."""
    there = _existing(dataset)
    row = row_of(there)
    index = [*dataset.quartieri.index, OUTSIDE, UNPLACED]
    green = there[there["kind"].isin(dataset.kinds.counting_as("green"))]
    area = pd.to_numeric(green["area_m2"]).groupby(row.loc[green.index])
    residents = dataset.quartieri["residents"].astype("Float64").reindex(index)
    number_of = counts(dataset)
    staged = pd.crosstab(row, there["stage"].fillna("")).reindex(
        index=index, columns=list(STAGES), fill_value=0
    )
    table = pd.DataFrame(
        {
            "name": dataset.quartieri["name"].reindex(index),
            "residents": residents,
            "residents_estimated": dataset.quartieri["residents_estimated"].reindex(index),
            "commons": number_of[COMMONS],
            "parks": number_of[list(dataset.kinds.counting_as("park"))].sum(axis=1),
            "unmeasured": (area.size() - area.count()).reindex(index, fill_value=0),
            "green_m2": area.sum(min_count=1)
            .reindex(index)
            .where(area.size().reindex(index) > 0, 0.0),
            "rooms": number_of[list(dataset.kinds.counting_as("room"))].sum(axis=1),
        },
        index=index,
    )
    table["green_each"] = area_per_resident(table["green_m2"], residents)
    total = float(table["green_m2"].drop([OUTSIDE, UNPLACED]).sum())
    sources = pd.Series([ref.source for refs in green["sources"] for ref in refs], dtype=object)
    table = table.join(staged)
    numbers = table.drop(columns=["name", "residents", "residents_estimated", "green_each"])
    return Commons(
        table=table,
        nowhere=_sum(numbers.loc[[OUTSIDE, UNPLACED]]),
        total=_sum(numbers),
        green_m2=total,
        green_each=total / dataset.city.residents.count,
        green_sources=tuple(sources.value_counts().index),
    )


def _sum(rows: pd.DataFrame) -> pd.Series:
    """Return the column sums; green_m2 is missing where there is green but no known area."""
    sums = rows.sum()
    if not sums["green_m2"] and sums["unmeasured"]:
        sums["green_m2"] = float("nan")
    return sums


def in_stage(dataset: Dataset, stage: str | None = None) -> gpd.GeoDataFrame:
    """Return the existing common goods of one stage, or of all, by quartiere and name.

    An agreement that has ended doesn't make a place closed.

    Parameters
    ----------
    dataset : Dataset
    stage : str, optional
        One of STAGES.

    Returns
    -------
    GeoDataFrame
        Rows of `Dataset.places` (WGS84).

    Raises
    ------
    ValueError
        For an unknown stage.
    """
    if stage is not None and stage not in STAGES:
        raise ValueError(f"stage {stage!r}: one of {', '.join(STAGES)}")
    there = _existing(dataset)
    if stage is not None:
        there = there[there["stage"] == stage]
    return _by_place(there, dataset)


def by_stage(dataset: Dataset, today: date) -> dict[str, gpd.GeoDataFrame]:
    """Return the existing common goods of each stage, by quartiere and name.

    Parameters
    ----------
    dataset : Dataset
    today : date
        The day on which their age is computed.

    Returns
    -------
    dict of str to GeoDataFrame
        For each of STAGES rows of `Dataset.places` with age (whole years since the stage
        began; missing if unknown).
    """
    goods_of = {stage: in_stage(dataset, stage) for stage in STAGES}
    return {
        stage: goods.assign(age=today.year - pd.to_numeric(goods["stage_year"]).astype("Int64"))
        for stage, goods in goods_of.items()
    }


def rooms(dataset: Dataset) -> gpd.GeoDataFrame:
    """Return the existing rooms and buildings for the community, by quartiere and name."""
    places, kinds = dataset.places, dataset.kinds.counting_as("room")
    return _by_place(places[existing(places) & places["kind"].isin(kinds)], dataset)


def _existing(dataset: Dataset) -> gpd.GeoDataFrame:
    places = dataset.places
    return places[existing(places) & places["kind"].isin(dataset.kinds.expand(COMMONS))]


def _by_place(places: gpd.GeoDataFrame, dataset: Dataset) -> gpd.GeoDataFrame:
    names = dataset.quartieri["name"]
    order = places["quartiere"].map(names).str.casefold()
    return places.assign(order=order).sort_values(["order", "name"]).drop(columns="order")
