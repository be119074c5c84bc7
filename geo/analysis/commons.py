"""The common goods of a city: how many, how much green, which rooms, in which stage of life."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from geo.analysis.counts import OUTSIDE, UNPLACED, counts, row_of
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS, kinds_of
from geo.model.schema import STAGES
from geo.spatial.access import existing
from geo.spatial.rates import area_per_resident

# Dog areas, playgrounds and sports grounds are left out: they may lie within a park.
GREEN = ("parco", "orto")
# Rooms and buildings that the community may use.
ROOMS = ("spazio-di-quartiere", "spazio-giovanile", "centro-anziani", "bene-comune", "biblioteca")
# m² per inhabitant of green, play and sport that a town plan must provide (DM 1444/1968, art. 3).
STANDARD_M2 = 9.0


@dataclass(frozen=True, eq=False)
class Commons:
    """The common goods of a city by quartiere.

    `table`: index: slugs of the quartieri, then OUTSIDE and UNPLACED; columns: name,
    residents, residents_estimated, commons (how many), parks (how many parks and gardens),
    unmeasured (those of GREEN whose area isn't known), green_m2 (known areas), green_each
    (m² per resident; missing where residents or every area are unknown), rooms (places of
    ROOMS), and how many are in each stage (columns as in STAGES).
    `nowhere`: what lies outside or in no known quartiere, `total`: all rows; both have
    numbers only, and no green_m2 where none is known.
    `green_m2`: inside the quartieri; `green_each`: that per resident of the city;
    `green_sources`: ids of the sources of the green, the most used first.
    """

    table: pd.DataFrame
    nowhere: pd.Series
    total: pd.Series
    green_m2: float
    green_each: float
    green_sources: tuple[str, ...]


def commons(dataset: Dataset) -> Commons:
    """Count the existing common goods; closed and planned ones don't count."""
    there = _existing(dataset)
    row = row_of(there)
    index = [*dataset.quartieri.index, OUTSIDE, UNPLACED]
    green = there[there["kind"].isin(GREEN)]
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
            "parks": number_of["parco"],
            "unmeasured": (area.size() - area.count()).reindex(index, fill_value=0),
            "green_m2": area.sum(min_count=1)
            .reindex(index)
            .where(area.size().reindex(index) > 0, 0.0),
            "rooms": number_of[list(ROOMS)].sum(axis=1),
        },
        index=index,
    )
    table["green_each"] = area_per_resident(table["green_m2"], residents)
    total = float(table["green_m2"].drop([OUTSIDE, UNPLACED]).sum())
    told = pd.Series([ref.source for refs in green["sources"] for ref in refs], dtype=object)
    table = table.join(staged)
    numbers = table.drop(columns=["name", "residents", "residents_estimated", "green_each"])
    return Commons(
        table=table,
        nowhere=_sum(numbers.loc[[OUTSIDE, UNPLACED]]),
        total=_sum(numbers),
        green_m2=total,
        green_each=total / dataset.city.residents.count,
        green_sources=tuple(told.value_counts().index),
    )


def _sum(rows: pd.DataFrame) -> pd.Series:
    """Return the sums; the known green, missing where there is green but none of it is known."""
    summed = rows.sum()
    if not rows["green_m2"].gt(0).any() and summed["unmeasured"]:
        summed["green_m2"] = float("nan")
    return summed


def in_stage(dataset: Dataset, stage: str | None = None) -> gpd.GeoDataFrame:
    """Return the common goods, of any stage or of one of STAGES, by quartiere and name.

    Columns as in `Dataset.places`. Closed and planned ones are left out: an agreement that
    ended is no closed place. ValueError for an unknown stage.
    """
    if stage is not None and stage not in STAGES:
        raise ValueError(f"stage {stage!r}: one of {', '.join(STAGES)}")
    there = _existing(dataset)
    if stage is not None:
        there = there[there["stage"] == stage]
    return _by_place(there, dataset)


def by_stage(dataset: Dataset, today: date) -> dict[str, gpd.GeoDataFrame]:
    """Return the common goods of each stage with their `age`: years since, missing if unknown."""
    found = {stage: in_stage(dataset, stage) for stage in STAGES}
    return {
        stage: goods.assign(age=today.year - pd.to_numeric(goods["stage_year"]).astype("Int64"))
        for stage, goods in found.items()
    }


def rooms(dataset: Dataset) -> gpd.GeoDataFrame:
    """Return the existing rooms and buildings for the community, by quartiere and name."""
    places = dataset.places
    return _by_place(places[existing(places) & places["kind"].isin(ROOMS)], dataset)


def _existing(dataset: Dataset) -> gpd.GeoDataFrame:
    places = dataset.places
    return places[existing(places) & places["kind"].isin(kinds_of(COMMONS))]


def _by_place(places: gpd.GeoDataFrame, dataset: Dataset) -> gpd.GeoDataFrame:
    names = dataset.quartieri["name"]
    order = places["quartiere"].map(names).str.casefold()
    return places.assign(order=order).sort_values(["order", "name"]).drop(columns="order")
