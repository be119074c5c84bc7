"""Where one more place would help most, with all that is there kept as it is."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.spatial import cKDTree


def next_best_sites(
    demand: gpd.GeoDataFrame,
    covered: pd.Series,
    metres: float,
    number: int,
    *,
    population: str = "residents",
    candidates: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return up to `number` sites that reach most people who aren't covered, best first.

    Rows of `candidates` (by default the demand points), with rank, newly_reached (people
    within `metres` whom neither existing places nor better sites reach) and reached_total.
    Fewer when no candidate reaches anyone more; of equal ones the first row wins. Unknown
    people count as none.

    Method: greedy maximal covering (Church & ReVelle, 1974); it reaches at least
    1 − 1/e = 63 % of what the best choice of so many sites would (Nemhauser et al., 1978).

    >>> at = gpd.points_from_xy([0, 100, 900], [0, 0, 0])
    >>> homes = gpd.GeoDataFrame({"residents": [30.0, 10.0, 25.0]}, geometry=at, crs=32632)
    >>> next_best_sites(homes, pd.Series([False] * 3), 300, 2)["newly_reached"].tolist()
    [40.0, 25.0]
    """
    sites = demand if candidates is None else candidates
    if sites.crs != demand.crs or demand.crs is None or demand.crs.is_geographic:
        raise ValueError(f"demand is in {demand.crs}, candidates in {sites.crs}: use one in metres")
    waiting = demand[population].fillna(0.0).where(~covered, 0.0).to_numpy(dtype=float).copy()
    reach = _reach(sites, demand, metres)
    chosen: list[int] = []
    gains: list[float] = []
    while len(chosen) < number and len(sites):
        gain = reach @ waiting
        best = int(np.argmax(gain))
        if not gain[best] > 0:
            break
        chosen.append(best)
        gains.append(float(gain[best]))
        waiting[reach.indices[reach.indptr[best] : reach.indptr[best + 1]]] = 0.0
    found = sites.iloc[chosen]
    return found.assign(
        rank=range(1, len(chosen) + 1), newly_reached=gains, reached_total=np.cumsum(gains)
    )


def _reach(sites: gpd.GeoDataFrame, demand: gpd.GeoDataFrame, metres: float) -> csr_array:
    """Return a matrix with a 1 where a site (row) is within `metres` of a demand point."""
    if sites.empty or demand.empty:
        return csr_array((len(sites), len(demand)))
    here = shapely.get_coordinates(sites.geometry.to_numpy())
    there = shapely.get_coordinates(demand.geometry.to_numpy())
    near = cKDTree(there).query_ball_point(here, metres)
    row = np.repeat(np.arange(len(sites)), [len(found) for found in near])
    column = np.concatenate([np.asarray(found, dtype=np.intp) for found in near])
    ones = np.ones(len(row))
    return csr_array((ones, (row, column)), shape=(len(sites), len(demand)))
