"""The printed sheet of a quartiere: indicators, drawings, networks, commons, absent kinds."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.analysis.commons import in_stage, rooms
from geo.analysis.counts import missing_kinds
from geo.analysis.indicators import indicators
from geo.maps.layers import drawn
from geo.model.cache import memoized
from geo.model.dataset import Dataset
from geo.model.queries import Record, networks_of, record, ties
from geo.spatial.access import existing
from geo.spatial.svg_outline import Drawing, drawing

_AROUND_WIDTH = 160


@dataclass(frozen=True, eq=False)
class Sheet:
    """A quartiere on one sheet.

    `values`, `ranks`, `small`: its rows of `Indicators`. `networks`: each with
    the number of its ties by evidence. `rooms`, `agreements`: places with their ids.
    `absent`: kinds that the city has and it hasn't, the most expected first. `close`: the
    quartiere with its places, `marks`: the layer and point of each; `around`: where it lies.
    """

    slug: str
    quartiere: Record
    values: pd.Series
    ranks: pd.Series
    small: pd.Series
    networks: list[tuple[str, str, dict[str, int]]]
    rooms: gpd.GeoDataFrame
    agreements: gpd.GeoDataFrame
    absent: list[str]
    close: Drawing
    marks: list[tuple[str, tuple[float, float]]]
    around: Drawing


def sheet(dataset: Dataset, slug: str) -> Sheet:
    """Return the sheet of a quartiere; KeyError for an unknown one."""
    compared = indicators(dataset)
    places = dataset.places
    here = drawn(places[existing(places) & (places["quartiere"] == slug)])
    points = gpd.GeoSeries(here.geometry.to_crs(dataset.city.metric_crs))
    close = drawing(_metric_areas(dataset).loc[[slug]], points, focus=slug)
    layers = here["kind"].map(dataset.kinds.group_of)
    space, agreed = _rooms(dataset), _agreements(dataset)
    return Sheet(
        slug=slug,
        quartiere=record(dataset.quartieri, slug),
        values=compared.table.T[slug],
        ranks=compared.ranks.T[slug],
        small=compared.small.T[slug],
        networks=_networks(dataset, slug),
        rooms=space[space["quartiere"] == slug],
        agreements=agreed[agreed["quartiere"] == slug],
        absent=list(missing_kinds(dataset, slug).index),
        close=close,
        marks=list(zip(layers, close.points, strict=True)),
        around=_around(dataset),
    )


def _networks(dataset: Dataset, slug: str) -> list[tuple[str, str, dict[str, int]]]:
    return [
        (
            str(network),
            str(name),
            {str(each): len(some) for each, some in ties(dataset, network=str(network)).items()},
        )
        for network, name in networks_of(dataset, slug)["name"].items()
    ]


@memoized()
def _rooms(dataset: Dataset) -> gpd.GeoDataFrame:
    return rooms(dataset)


@memoized()
def _agreements(dataset: Dataset) -> gpd.GeoDataFrame:
    return in_stage(dataset, "agreement")


@memoized()
def _metric_areas(dataset: Dataset) -> gpd.GeoDataFrame:
    return dataset.quartieri.to_crs(dataset.city.metric_crs)


@memoized()
def _around(dataset: Dataset) -> Drawing:
    return drawing(_metric_areas(dataset), width=_AROUND_WIDTH)
