"""Demand points: where a city's people live, for measuring what is near them.

Until counted residents are imported they are an estimate: the residents of each quartiere
are spread over its demand points by weight (see `geo.ingest.demand_points`).
"""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.model.cache import kept
from geo.model.dataset import Dataset
from geo.spatial.point_in_area import locate

Floats = NDArray[np.float64]

# The side of a cell; the grid counts from the origin of the city's metric CRS.
CELL_M = 100
POPULATIONS = ("residents", "aged_65", "aged_0_14")


def demand(dataset: Dataset) -> gpd.GeoDataFrame:
    """Return the demand points, in the city's metric CRS, with the people who live there.

    Columns: quartiere (None outside all), residents and, where they were counted, aged_65
    and aged_0_14 (whole people; missing where the quartiere's residents are unknown),
    estimated (spread by weight, not counted there). Over a quartiere the residents add up
    exactly to those that it has.
    """
    return _demand(dataset).copy(deep=False)


def populations(dataset: Dataset) -> tuple[str, ...]:
    """Return of whom the data say where they live: residents, and perhaps ages."""
    return tuple(name for name in POPULATIONS if name in _demand(dataset).columns)


def is_estimated(dataset: Dataset) -> bool:
    """Return whether residents are spread by weight, rather than counted where they live."""
    return bool(_demand(dataset)["estimated"].any())


def cell_corners(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the south-western corners (west, south; metres) of the cells that hold points."""
    return np.floor(x / CELL_M) * CELL_M, np.floor(y / CELL_M) * CELL_M


def apportion(total: int, weights: Floats) -> Floats:
    """Return `total` whole people spread by weight; they add up to it exactly.

    The largest remainders get what rounding down leaves over (Hamilton's method, 1792);
    of equal ones the first.

    >>> apportion(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4.0, 3.0, 3.0]
    """
    exact = total * weights / weights.sum()
    whole: Floats = np.floor(exact)
    left = int(total - whole.sum())
    # Rounded: two equal weights must not differ by the last bit of a division.
    largest = np.argsort(-(exact - whole).round(9), kind="stable")[:left]
    whole[largest] += 1
    return whole


@kept()
def _demand(dataset: Dataset) -> gpd.GeoDataFrame:
    points = dataset.demand_points
    quartiere = locate(points.geometry, dataset.quartieri.geometry)
    metric = points.geometry.to_crs(dataset.city.metric_crs)
    table = gpd.GeoDataFrame({"quartiere": quartiere}, geometry=metric)
    if points["residents"].notna().any():
        counted = {name: points[name].astype(float) for name in POPULATIONS}
        known = {name: people for name, people in counted.items() if people.notna().any()}
        return table.assign(**known, estimated=False)
    residents = dataset.quartieri["residents"]
    people = _spread_all(quartiere, points["weight"].astype(float), residents)
    return table.assign(residents=people, estimated=True)


def _spread_all(quartiere: pd.Series, weight: pd.Series, residents: pd.Series) -> pd.Series:
    people = pd.Series(np.nan, index=quartiere.index)
    for slug, rows in weight.groupby(quartiere):
        total = residents[slug]
        if total is not None and not pd.isna(total):
            people[rows.index] = apportion(int(total), rows.to_numpy())
    return people
