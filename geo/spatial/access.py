"""The indicators of coverage: who has a place near, how much of it, how evenly.

Each is a function of frames and series, of any city: demand points carry people, places
serve them. Frames must be in one CRS that measures in metres. What isn't known is
missing (NaN), never 0.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
# Below this many points a thread takes longer to start than it saves.
_THREADS_FROM = 10_000


def existing(places: pd.DataFrame) -> pd.Series:
    """Return True for each place that counts as being there: not closed and not just planned."""
    return places["status"].isin(["open", "unknown"])


def count_in(quartiere: pd.Series, areas: pd.Index) -> pd.Series:
    """Return how many of the places with a `quartiere` each of `areas` has; 0 where none.

    >>> count_in(pd.Series(["nord", "nord", None]), pd.Index(["est", "nord"])).tolist()
    [0, 2]
    """
    return quartiere.value_counts().reindex(areas, fill_value=0)


def per_1000(count: pd.Series, residents: pd.Series) -> pd.Series:
    """Return 1000 × count / residents: places per 1,000 residents, aligned to `count`.

    Missing, never 0, where residents are unknown or nobody lives.

    >>> per_1000(pd.Series([330]), pd.Series([121_952])).round(2).tolist()
    [2.71]
    """
    return 1000 * count / _somebody(residents.reindex(count.index))


def area_per_resident(area_m2: pd.Series, residents: pd.Series) -> pd.Series:
    """Return area / residents: square metres for each resident, aligned to `area_m2`.

    Stands beside the 9 m² of public green and sports ground that DM 1444/1968, art. 3,
    asks for each inhabitant. Missing where residents are unknown or nobody lives.

    >>> area_per_resident(pd.Series([2_665_000]), pd.Series([121_952])).round(2).tolist()
    [21.85]
    """
    return area_m2 / _somebody(residents.reindex(area_m2.index))


def nearest(demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the place nearest to each demand point, in a straight line.

    Index: that of `demand`. Columns: distance_m (metres; infinite where there is no place
    at all), place (its label, None then; of places at the same distance the first label).
    `places` are points. ValueError when the frames aren't in one metric CRS.

    >>> homes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 9], [0, 0]), crs=32632)
    >>> library = gpd.GeoDataFrame(index=["a"], geometry=gpd.points_from_xy([3], [4]), crs=32632)
    >>> nearest(homes, library)["distance_m"].round(2).tolist()
    [5.0, 7.21]
    """
    _check_metres(demand, places)
    if places.empty:
        nothing = {"distance_m": np.inf, "place": None}
        return pd.DataFrame(nothing, index=demand.index).astype({"distance_m": float})
    ordered = places.sort_index()
    here, there = _xy(demand), _xy(ordered)
    distance, at = _nearest_rows(here, there)
    label = ordered.index.to_numpy(dtype=object)[at]
    return pd.DataFrame({"distance_m": distance, "place": label}, index=demand.index)


def nearest_distance(demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> pd.Series:
    """Return the distance from each demand point to the nearest place, metres.

    As `nearest` without saying which place it is, for which it needs a fraction of the time.

    >>> homes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 9], [0, 0]), crs=32632)
    >>> library = gpd.GeoDataFrame(geometry=gpd.points_from_xy([3], [4]), crs=32632)
    >>> nearest_distance(homes, library).round(2).tolist()
    [5.0, 7.21]
    """
    _check_metres(demand, places)
    here = _xy(demand)
    metres = np.full(len(here), np.inf)
    if len(places):
        metres, _ = cKDTree(_xy(places)).query(here, workers=_threads(here))
    return pd.Series(metres, index=demand.index, name="distance_m")


def distances(
    demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame, kinds: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Return each demand point's distance to the nearest place of each choice, metres.

    `kinds`: for each choice the values of the places' column kind that it stands for.
    Index: that of `demand`; one column for each choice. Errors: as in `nearest`.
    """
    found = {
        choice: nearest_distance(demand, places[places["kind"].isin(list(some))])
        for choice, some in kinds.items()
    }
    return pd.DataFrame(found, index=demand.index)


def combine(distances: pd.DataFrame, how: Literal["any", "each"]) -> pd.Series:
    """Return the distance to the nearest of any choice, or that within which is each of them.

    "each" is the distance to the farthest of the chosen: who reaches that one has them all.
    ValueError for another `how`, or when nothing is chosen.

    >>> table = pd.DataFrame({"library": [100.0, 400.0], "park": [300.0, 50.0]})
    >>> combine(table, "any").tolist(), combine(table, "each").tolist()
    ([100.0, 50.0], [300.0, 400.0])
    """
    if distances.columns.empty:
        raise ValueError("distances has no column: choose at least one kind")
    if how not in ("any", "each"):
        raise ValueError(f"how={how!r}: 'any' or 'each'")
    return distances.min(axis=1) if how == "any" else distances.max(axis=1)


def within(distance: pd.Series, metres: float) -> pd.Series:
    """Return whether each distance is at most `metres`."""
    return distance <= metres


def share_within(
    demand: pd.DataFrame, covered: pd.Series, population: str = "residents"
) -> pd.Series:
    """Return the share of people who are covered, by quartiere: from 0 to 1.

    Σ people of the covered demand points / Σ people. As in SDG 11.7.1 (400 m to open
    space) and the 3-30-300 rule (300 m to a park). Missing where people are unknown.

    >>> people = pd.DataFrame({"quartiere": ["nord"] * 2, "residents": [30.0, 10.0]})
    >>> share_within(people, pd.Series([True, False])).to_dict()
    {'nord': 0.75}
    """
    reached = _sum(demand, population, covered)
    return reached / _somebody(_sum(demand, population))


def uncovered(demand: pd.DataFrame, covered: pd.Series, population: str = "residents") -> pd.Series:
    """Return how many people aren't covered, by quartiere: people × (1 − share).

    The ranking of gaps orders by it. Missing where people are unknown.

    >>> people = pd.DataFrame({"quartiere": ["nord"] * 2, "residents": [30.0, 10.0]})
    >>> uncovered(people, pd.Series([True, False])).to_dict()
    {'nord': 10.0}
    """
    return _sum(demand, population, ~covered)


def mean_distance(
    demand: pd.DataFrame, distance: pd.Series, population: str = "residents"
) -> pd.Series:
    """Return the mean distance of people from their nearest place, by quartiere, metres.

    Σ people × distance / Σ people: infinite where there is no place at all, missing where
    people are unknown.

    >>> people = pd.DataFrame({"quartiere": ["nord"] * 2, "residents": [30.0, 10.0]})
    >>> mean_distance(people, pd.Series([100.0, 500.0])).to_dict()
    {'nord': 200.0}
    """
    # Where nobody lives nobody walks: 0 × infinity would be missing.
    walked = (demand[population] * distance).mask(demand[population] == 0, 0.0)
    total = walked.groupby(demand["quartiere"]).sum(min_count=1)
    return total / _somebody(_sum(demand, population))


def gini(values: pd.Series, weights: pd.Series) -> float:
    """Return the population-weighted Gini coefficient: 0 if all have the same, towards 1 if few do.

    Σᵢⱼ wᵢ wⱼ |xᵢ − xⱼ| / (2 x̄ (Σ w)²), by the Lorenz curve (Gini, 1912). Values without
    a weight or that are missing are left out; missing when nothing is left or all is 0.

    >>> one = pd.Series([1, 1, 1, 1])
    >>> float(gini(pd.Series([0, 0, 0, 1]), one)), float(gini(pd.Series([1, 2, 3, 4]), one))
    (0.75, 0.25)
    """
    table = pd.DataFrame({"x": values, "w": weights}).astype(float)
    table = table.replace([np.inf, -np.inf], np.nan).dropna()
    table = table[table["w"] > 0].sort_values("x")
    have = (table["x"] * table["w"]).sum()
    if not have > 0:
        return float("nan")
    people = np.r_[0.0, table["w"].cumsum() / table["w"].sum()]
    held = np.r_[0.0, (table["x"] * table["w"]).cumsum() / have]
    return float(1 - (np.diff(people) * (held[1:] + held[:-1])).sum())


def floating_catchment(
    population: pd.Series,
    supply: pd.Series,
    cost: Floats,
    cutoff: float,
    decay: Callable[[Floats], Floats],
) -> pd.Series:
    """Return what each demand point can reach per head, aligned to `population`.

    Two-step floating catchment area (Luo & Wang, 2003; decay after Luo & Qi, 2009): first
    each place's supply is shared out among the people within `cutoff` of it, then each
    demand point sums the shares of the places within its own. `cost`: metres (or
    minutes), a row for each demand point and a column for each place; `decay`: cost to
    weight. A place that nobody reaches serves nobody. ValueError for another shape.

    >>> homes, library = pd.Series([30.0, 10.0]), pd.Series([1.0])
    >>> cost = np.array([[100.0], [900.0]])
    >>> floating_catchment(homes, library, cost, 500, np.ones_like).round(4).tolist()
    [0.0333, 0.0]
    """
    if cost.shape != (len(population), len(supply)):
        raise ValueError(f"cost is {cost.shape}, not {len(population)} rows by {len(supply)}")
    reached = cost <= cutoff
    weight = np.zeros(cost.shape)
    weight[reached] = decay(cost[reached])
    people = weight.T @ population.to_numpy(dtype=float)
    each = np.zeros(len(supply))
    np.divide(supply.to_numpy(dtype=float), people, out=each, where=people > 0)
    return pd.Series(weight @ each, index=population.index)


def _sum(demand: pd.DataFrame, population: str, chosen: pd.Series | None = None) -> pd.Series:
    """Return the people by quartiere, of the chosen points only; missing where unknown."""
    people = demand[population]
    if chosen is not None:
        # Not chosen is 0, but unknown stays unknown.
        people = people.where(chosen | people.isna(), 0.0)
    return people.groupby(demand["quartiere"]).sum(min_count=1)


def _somebody(people: pd.Series) -> pd.Series:
    number = people.astype(float)
    return number.where(number > 0)


def _nearest_rows(here: Floats, there: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return the distance from each row of `here` to the nearest of `there`, and its row.

    Of rows at the same distance the tree gives any; the first is asked for. So a second
    one is looked up, and only where it is no farther are all of them compared.
    """
    tree = cKDTree(there)
    distance, row = tree.query(here, k=[1, 2], workers=_threads(here))
    nearest, at = distance[:, 0], row[:, 0].astype(np.intp)
    reach = nearest * (1 + 1e-12) + 1e-9
    tied = np.flatnonzero(distance[:, 1] <= reach)
    at[tied] = [min(rows) for rows in tree.query_ball_point(here[tied], reach[tied])]
    return nearest, at


def _threads(points: Floats) -> int:
    """Return how many threads a search for so many points is worth; -1 is all cores."""
    return -1 if len(points) >= _THREADS_FROM else 1


def _xy(frame: gpd.GeoDataFrame) -> Floats:
    xy: Floats = shapely.get_coordinates(frame.geometry.to_numpy())
    if len(xy) != len(frame):
        raise ValueError("each row needs one point: leave out those without a position")
    return xy


def _check_metres(demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> None:
    for name, frame in (("demand", demand), ("places", places)):
        if frame.crs is None or frame.crs.is_geographic:
            raise ValueError(f"{name} is in {frame.crs}: bring it into a CRS in metres")
    if demand.crs != places.crs:
        raise ValueError(f"demand is in {demand.crs}, places in {places.crs}: use one CRS")
