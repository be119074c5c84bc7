"""Coverage by distance: who has a place near, how far it is, how much of it there is.

Each function works on the frames of any city: demand points carry people, places serve them.
Frames must be in one CRS that measures in metres. Unknown values are missing (NaN), never 0.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.spatial.crs import check_metric
from geo.spatial.rates import positive

Floats = NDArray[np.float64]
# Below this number of points a thread takes longer to start than it saves.
_THREADS_FROM = 10_000


def existing(places: pd.DataFrame) -> pd.Series:
    """Return whether each place exists: its status is open or unknown, not closed or planned."""
    return places["status"].isin(["open", "unknown"])


def nearest(demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the place nearest to each demand point, in a straight line.

    Parameters
    ----------
    demand, places : GeoDataFrame
        Points, in one metric CRS.

    Returns
    -------
    DataFrame
        Index: that of `demand`. Columns: distance_m (metres; infinite where there is no
        place), place (its label; None where there is no place; of places at the same distance
        the first label in order).

    Raises
    ------
    ValueError
        If the frames aren't in one metric CRS, or a row has no point.

    Examples
    --------
    >>> homes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 9], [0, 0]), crs=32632)
    >>> library = gpd.GeoDataFrame(index=["a"], geometry=gpd.points_from_xy([3], [4]), crs=32632)
    >>> nearest(homes, library)["distance_m"].round(2).tolist()
    [5.0, 7.21]
    """
    check_metric(demand=demand, places=places)
    if places.empty:
        nothing = {"distance_m": np.inf, "place": None}
        return pd.DataFrame(nothing, index=demand.index).astype({"distance_m": float})
    ordered = places.sort_index()
    distance, row = _nearest_rows(_xy(demand), _xy(ordered))
    label = ordered.index.to_numpy(dtype=object)[row]
    return pd.DataFrame({"distance_m": distance, "place": label}, index=demand.index)


def nearest_distance(demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> pd.Series:
    """Return the distance from each demand point to the nearest place.

    As `nearest`, without the place, in a fraction of its time.

    Parameters
    ----------
    demand, places : GeoDataFrame
        Points, in one metric CRS.

    Returns
    -------
    Series of float
        distance_m: metres in a straight line, aligned to `demand`; infinite where there is no
        place.

    Raises
    ------
    ValueError
        If the frames aren't in one metric CRS, or a row has no point.

    Examples
    --------
    >>> homes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 9], [0, 0]), crs=32632)
    >>> library = gpd.GeoDataFrame(geometry=gpd.points_from_xy([3], [4]), crs=32632)
    >>> nearest_distance(homes, library).round(2).tolist()
    [5.0, 7.21]
    """
    check_metric(demand=demand, places=places)
    points = _xy(demand)
    metres = np.full(len(points), np.inf)
    if len(places):
        metres, _ = cKDTree(_xy(places)).query(points, workers=_threads(points))
    return pd.Series(metres, index=demand.index, name="distance_m")


def distances(
    demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame, kinds: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Return the distance from each demand point to the nearest place of each choice.

    Parameters
    ----------
    demand, places : GeoDataFrame
        Points, in one metric CRS; `places` has a column kind.
    kinds : mapping of str to collection of str
        For each choice the values of the column kind that belong to it.

    Returns
    -------
    DataFrame of float
        Metres. Index: that of `demand`; one column for each choice.

    Raises
    ------
    ValueError
        As in `nearest_distance`.
    """
    columns = {
        choice: nearest_distance(demand, places[places["kind"].isin(list(chosen))])
        for choice, chosen in kinds.items()
    }
    return pd.DataFrame(columns, index=demand.index)


def combine(distances: pd.DataFrame, how: Literal["any", "each"]) -> pd.Series:
    """Combine the distances to several choices into one.

    Parameters
    ----------
    distances : DataFrame of float
        Metres; one column for each choice.
    how : {"any", "each"}
        "any": the distance to the nearest choice. "each": that to the farthest one, within
        which there is one of each.

    Returns
    -------
    Series of float
        Metres, aligned to `distances`.

    Raises
    ------
    ValueError
        For another `how`, or without any column.

    Examples
    --------
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
    """Return the share of people who are covered, by quartiere.

    Σ people of the covered demand points / Σ people

    Parameters
    ----------
    demand : DataFrame
        Demand points with the columns quartiere and `population`.
    covered : Series of bool
        Whether each demand point is within reach, aligned to `demand`.
    population : str
        The column that counts the people; missing where unknown.

    Returns
    -------
    Series of float
        From 0 to 1, by quartiere; missing where the people are unknown or nobody lives.

    References
    ----------
    SDG indicator 11.7.1 uses 400 m to open space, the 3-30-300 rule 300 m to a park.

    Examples
    --------
    >>> people = pd.DataFrame({"quartiere": ["nord"] * 2, "residents": [30.0, 10.0]})
    >>> share_within(people, pd.Series([True, False])).to_dict()
    {'nord': 0.75}
    """
    reached = _sum(demand, population, covered)
    return reached / positive(_sum(demand, population))


def uncovered(demand: pd.DataFrame, covered: pd.Series, population: str = "residents") -> pd.Series:
    """Return how many people aren't covered, by quartiere: people × (1 − share).

    The ranking of gaps orders by it.

    Parameters
    ----------
    demand : DataFrame
        Demand points with the columns quartiere and `population`.
    covered : Series of bool
        Whether each demand point is within reach, aligned to `demand`.
    population : str
        The column that counts the people; missing where unknown.

    Returns
    -------
    Series of float
        People, by quartiere; missing where they are unknown.

    Examples
    --------
    >>> people = pd.DataFrame({"quartiere": ["nord"] * 2, "residents": [30.0, 10.0]})
    >>> uncovered(people, pd.Series([True, False])).to_dict()
    {'nord': 10.0}
    """
    return _sum(demand, population, ~covered)


def mean_distance(
    demand: pd.DataFrame, distance: pd.Series, population: str = "residents"
) -> pd.Series:
    """Return the mean distance of people from their nearest place, by quartiere.

    Σ people × distance / Σ people

    Parameters
    ----------
    demand : DataFrame
        Demand points with the columns quartiere and `population`.
    distance : Series of float
        Metres from each demand point to its nearest place, aligned to `demand`.
    population : str
        The column that counts the people; missing where unknown.

    Returns
    -------
    Series of float
        Metres, by quartiere: infinite where there is no place at all, missing where the
        people are unknown.

    Examples
    --------
    >>> people = pd.DataFrame({"quartiere": ["nord"] * 2, "residents": [30.0, 10.0]})
    >>> mean_distance(people, pd.Series([100.0, 500.0])).to_dict()
    {'nord': 200.0}
    """
    # Where nobody lives 0 × infinity is missing, and sums leave out what is missing.
    metres = demand[population] * distance
    total = metres.groupby(demand["quartiere"]).sum(min_count=1)
    return total / positive(_sum(demand, population))


def floating_catchment(
    population: pd.Series,
    supply: pd.Series,
    cost: Floats,
    cutoff: float,
    decay: Callable[[Floats], Floats],
) -> pd.Series:
    """Return the supply per head that each demand point reaches (2SFCA).

    Two steps: each place's supply is divided among the people within `cutoff` of it; each
    demand point sums these ratios over the places within `cutoff`. A place that nobody
    reaches serves nobody.

    Parameters
    ----------
    population : Series of float
        People at each demand point.
    supply : Series of float
        What each place offers, in any unit.
    cost : array of float, shape (demand points, places)
        Metres or minutes from each demand point to each place.
    cutoff : float
        The highest cost that counts as within reach, in the unit of `cost`.
    decay : callable
        From costs within `cutoff` to weights; `numpy.ones_like` for none.

    Returns
    -------
    Series of float
        Supply per head, aligned to `population`.

    Raises
    ------
    ValueError
        If `cost` has another shape.

    References
    ----------
    Luo, W. and Wang, F. (2003). Measures of spatial accessibility to health care in a GIS
    environment. Environment and Planning B 30(6). With decay: Luo, W. and Qi, Y. (2009). An
    enhanced two-step floating catchment area method. Health & Place 15(4).

    Examples
    --------
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
    per_head = np.zeros(len(supply))
    np.divide(supply.to_numpy(dtype=float), people, out=per_head, where=people > 0)
    return pd.Series(weight @ per_head, index=population.index)


def _sum(demand: pd.DataFrame, population: str, chosen: pd.Series | None = None) -> pd.Series:
    """Return the people by quartiere, of the chosen points only; missing where unknown."""
    people = demand[population]
    if chosen is not None:
        # Points that aren't chosen count 0, but unknown numbers stay unknown.
        people = people.where(chosen | people.isna(), 0.0)
    return people.groupby(demand["quartiere"]).sum(min_count=1)


def _nearest_rows(points: Floats, places: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return the distance from each point to the nearest place, and the row of that place.

    Of rows at the same distance the tree returns any, and the first is needed. So a second one
    is looked up, and only where it is no farther are all of them compared.
    """
    tree = cKDTree(places)
    distance, row = tree.query(points, k=[1, 2], workers=_threads(points))
    nearest, first = distance[:, 0], row[:, 0].astype(np.intp)
    reach = nearest * (1 + 1e-12) + 1e-9
    tied = np.flatnonzero(distance[:, 1] <= reach)
    first[tied] = [min(rows) for rows in tree.query_ball_point(points[tied], reach[tied])]
    return nearest, first


def _threads(points: Floats) -> int:
    """Return the number of threads worth starting for a search of these points; -1: all cores."""
    return -1 if len(points) >= _THREADS_FROM else 1


def _xy(frame: gpd.GeoDataFrame) -> Floats:
    xy: Floats = shapely.get_coordinates(frame.geometry.to_numpy())
    if len(xy) != len(frame):
        raise ValueError("each row needs one point: leave out those without a position")
    return xy
