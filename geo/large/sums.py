"""Counts of places and people by area that add up: over parts of the tables as over all.

Areas are a series of polygons, by their position among all areas, in ascending order:
a part needs only those that its points may lie in. Points are frames with x and y, as
`geo.large.parquet` reads them, in metres.
"""

import math
from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.analysis.coverage import CoverageQuery
from geo.spatial.access import Floats, combine, within
from geo.spatial.point_in_area import OUTSIDE, locate_xy

# The position of what has no point, beside OUTSIDE (in no area).
UNPLACED = -2
# Places so much beyond the distance are looked at, too, lest rounding lose one.
_SLACK = 1 + 1e-9


def count_places(places: pd.DataFrame, areas: gpd.GeoSeries, query: CoverageQuery) -> pd.DataFrame:
    """Return the places by area: those of each choice, and in `count` all of them.

    Index: positions of areas, OUTSIDE and UNPLACED; only those that have a place.
    """
    marks = places[list(query.kinds)].astype(np.int64)
    counted: pd.DataFrame = marks.assign(count=1).groupby(_positions(places, areas)).sum()
    return counted


def count_people(
    people: pd.DataFrame, places: pd.DataFrame, areas: gpd.GeoSeries, query: CoverageQuery
) -> pd.DataFrame:
    """Return the known people by area and whether they are covered: area, covered, people.

    `places`: at least those within the query's distance of any of the people. An area
    may have several rows for either, whose sum is exact.
    """
    distance = combine(distances_within(people, places, query), query.how)
    table = pd.DataFrame(
        {
            "area": _positions(people, areas),
            "covered": within(distance, query.metres),
            "people": people["people"].to_numpy(),
        }
    )
    groups = table[table["people"].notna()].groupby(["area", "covered"])["people"]
    rows = [
        (area, covered, part)
        for (area, covered), some in groups
        for part in exact_parts(some.to_list())
    ]
    types = {"area": np.int64, "covered": bool, "people": float}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def distances_within(
    people: pd.DataFrame, places: pd.DataFrame, query: CoverageQuery
) -> pd.DataFrame:
    """Return the distance to the nearest place of each choice, metres; infinite where too far.

    As `geo.spatial.access.distances`, but it doesn't look beyond the query's distance: so
    places farther away than that from all the people needn't be there.
    """
    here = _xy(people)
    known = places[places["x"].notna()]
    reach = query.metres * _SLACK
    found = {
        choice: cKDTree(_xy(known[known[choice]])).query(
            here, distance_upper_bound=reach, workers=-1
        )[0]
        for choice in query.kinds
    }
    return pd.DataFrame(found, index=people.index)


def add_counts(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the places of all parts together, as `count_places` would count them."""
    return pd.concat(list(parts)).groupby(level=0).sum()


def add_people(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the people of all parts together: a row for each area and either of covered.

    The sums are correctly rounded, so they don't depend on how the people were parted.
    """
    groups = pd.concat(list(parts)).groupby(["area", "covered"])["people"]
    return groups.agg(math.fsum).reset_index()


def exact_parts(values: Sequence[float]) -> list[float]:
    """Return few numbers that have exactly the sum of `values`, whose sum need not be a float.

    The first is the sum, rounded; the second what rounding has lost; and so on.

    >>> exact_parts([0.5, 2.0]), exact_parts([1e16, 1.0])
    ([2.5], [1e+16, 1.0])
    """
    parts: list[float] = []
    while rest := math.fsum([*values, *(-part for part in parts)]):
        parts.append(rest)
    return parts or [0.0]


def _positions(points: pd.DataFrame, areas: gpd.GeoSeries) -> NDArray[np.int64]:
    """Return the position of the area in which each point lies, OUTSIDE or UNPLACED."""
    found = locate_xy(points["x"].to_numpy(), points["y"].to_numpy(), np.asarray(areas))
    # One more than the areas: OUTSIDE, being -1, takes the last.
    position = np.append(areas.index.to_numpy(dtype=np.int64), OUTSIDE)[found]
    return np.where(points["x"].isna(), UNPLACED, position)


def _xy(points: pd.DataFrame) -> Floats:
    return points[["x", "y"]].to_numpy(dtype=float)
