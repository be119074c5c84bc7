"""Demand points: where the people of a city live.

Until counted residents are imported they are an estimate: the residents of each quartiere
are distributed over its demand points by weight (see `geo.ingest.demand_points`).
"""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.model.cache import memoized
from geo.model.dataset import Dataset
from geo.spatial.point_in_area import locate

Floats = NDArray[np.float64]

# The side of a cell in metres; the grid starts at the origin of the city's metric CRS.
CELL_M = 100
POPULATIONS = ("residents", "aged_65", "aged_0_14")


def demand(dataset: Dataset) -> gpd.GeoDataFrame:
    """Return the demand points with the people who live there.

    Returns
    -------
    GeoDataFrame
        Points in the city's metric CRS. Columns: quartiere (None outside all), residents and,
        where they were counted, aged_65 and aged_0_14 (people; missing where unknown),
        estimated (whether distributed by weight rather than counted). Estimated residents are
        whole people and add up to those of the quartiere.
    """
    return _demand(dataset).copy(deep=False)


def populations(dataset: Dataset) -> tuple[str, ...]:
    """Return the populations whose places of residence are known: columns of `demand`."""
    return tuple(name for name in POPULATIONS if name in _demand(dataset).columns)


def is_estimated(dataset: Dataset) -> bool:
    """Return whether residents are distributed by weight, rather than counted."""
    return bool(_demand(dataset)["estimated"].any())


def cell_corners(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the south-western corners (west, south) of the cells that contain points, metres."""
    return np.floor(x / CELL_M) * CELL_M, np.floor(y / CELL_M) * CELL_M


def apportion(total: int, weights: Floats) -> Floats:
    """Distribute whole people by weight.

    Parameters
    ----------
    total : int
        The number of people.
    weights : array of float
        Not negative, and not all 0.

    Returns
    -------
    array of float
        A whole number for each weight; they add up to `total` exactly.

    References
    ----------
    Hamilton's method (1792), of largest remainders: they get the people that rounding down
    leaves over; of equal remainders the first.

    Examples
    --------
    >>> apportion(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4.0, 3.0, 3.0]
    """
    exact = total * weights / weights.sum()
    whole: Floats = np.floor(exact)
    left = int(total - whole.sum())
    # Rounded: equal weights must not differ by the last bit of a division.
    largest = np.argsort(-(exact - whole).round(9), kind="stable")[:left]
    whole[largest] += 1
    return whole


@memoized()
def _demand(dataset: Dataset) -> gpd.GeoDataFrame:
    return _people(dataset)


def _people(dataset: Dataset) -> gpd.GeoDataFrame:
    points = dataset.demand_points
    quartiere = locate(points.geometry, dataset.quartieri.geometry)
    metric = points.geometry.to_crs(dataset.city.metric_crs)
    table = gpd.GeoDataFrame({"quartiere": quartiere}, geometry=metric)
    if points["residents"].notna().any():
        counted = points[list(POPULATIONS)].astype(float).dropna(axis=1, how="all")
        return table.assign(**counted, estimated=False)
    residents = dataset.quartieri["residents"]
    people = _apportion_all(quartiere, points["weight"].astype(float), residents)
    return table.assign(residents=people, estimated=True)


def _apportion_all(quartiere: pd.Series, weight: pd.Series, residents: pd.Series) -> pd.Series:
    people = pd.Series(np.nan, index=quartiere.index)
    for slug, rows in weight.groupby(quartiere):
        if pd.notna(residents[slug]):
            people[rows.index] = apportion(int(residents[slug]), rows.to_numpy())
    return people
