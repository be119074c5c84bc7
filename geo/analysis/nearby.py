"""Places near a point, by straight-line distance, and the quartiere of the point.

Distances are measured in the city's metric CRS: in UTM they are within 0.1 % of the
geodesic ones. An index of the places of each kind is built once for each dataset.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from geo.model.cache import memoized
from geo.model.dataset import WGS84, Dataset
from geo.spatial.access import existing

NEAREST = 50

# Minutes on foot are an estimate, until there is a street network: the way through streets is
# taken as 1.3 times the straight line, at 4.5 km/h, a leisurely pace.
DETOUR = 1.3
WALKING_KM_H = 4.5
_METRES_A_MINUTE = WALKING_KM_H * 1000 / 60

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def near(
    dataset: Dataset,
    lon: float,
    lat: float,
    *,
    metres: float | None = None,
    kinds: Iterable[str] | None = None,
    limit: int | None = NEAREST,
) -> gpd.GeoDataFrame:
    """Return the existing places near a point, the nearest first.

    Parameters
    ----------
    dataset : Dataset
    lon, lat : float
        Degrees (WGS84).
    metres : float, optional
        The highest distance; any by default.
    kinds : iterable of str, optional
        Slugs of kinds and groups; all by default.
    limit : int or None
        The highest number of places; None for all.

    Returns
    -------
    GeoDataFrame
        Rows of `Dataset.places` (WGS84) with distance_m (metres in a straight line), minutes
        (see `walking_minutes`) and approximate (whether only the street of the place is known,
        so that its distance is uncertain). Places at the same distance are in the order of
        their ids.

    Raises
    ------
    KeyError
        For an unknown kind.
    ValueError
        For a point that isn't on Earth or has no coordinates in the city's CRS, or a negative
        `metres` or `limit`.
    """
    x, y = _on_the_plane(dataset, lon, lat)
    reach = _reach(metres, limit)
    known = dataset.kinds
    chosen = known.groups if kinds is None else kinds
    wanted = {kind for slug in chosen for kind in known.expand(slug)}
    index = _index(dataset)
    trees = [index.trees[kind] for kind in wanted if kind in index.trees]
    rows = [tree.within(x, y, reach, limit) for tree in trees]
    found = np.concatenate([np.empty(0, dtype=np.intp), *rows])
    distance = np.hypot(*(index.xy[found] - (x, y)).T)
    # Of equal distances the lower row, and rows are in the order of ids.
    order = np.lexsort((found, distance))
    order = order[distance[order] <= reach][:limit]
    places: gpd.GeoDataFrame = index.places.iloc[found[order]]
    return places.assign(
        distance_m=distance[order],
        minutes=walking_minutes(distance[order]),
        approximate=places["position"] != "exact",
    )


def walking_minutes(metres: Floats) -> Floats:
    """Return the estimated minutes on foot for straight-line distances in metres.

    metres × DETOUR / WALKING_KM_H

    Examples
    --------
    >>> walking_minutes(np.array([300.0])).round(1).tolist()
    [5.2]
    """
    return metres * DETOUR / _METRES_A_MINUTE


def quartiere_at(dataset: Dataset, lon: float, lat: float) -> str | None:
    """Return the slug of the quartiere of a point (degrees, WGS84), or None outside all.

    On a shared border the first quartiere, as in `geo.spatial.point_in_area.locate`.
    """
    areas = dataset.quartieri.geometry
    # Not prepared: threads of the server share these polygons.
    inside = np.flatnonzero(shapely.intersects_xy(areas.to_numpy(), lon, lat))
    return str(areas.index[inside[0]]) if len(inside) else None


@dataclass(frozen=True)
class Whereabouts:
    """The position of a point relative to the quartieri.

    Attributes
    ----------
    quartiere : str or None
        The slug of the quartiere that contains it.
    border_m : float or None
        The distance to the border of that quartiere, metres.
    others : dict of str to float
        The distance to each other quartiere, metres, the nearest first.
    """

    quartiere: str | None
    border_m: float | None
    others: dict[str, float]


def whereabouts(dataset: Dataset, lon: float, lat: float) -> Whereabouts:
    """Return the position of a point (degrees, WGS84); ValueError as in `near`."""
    point = shapely.Point(_on_the_plane(dataset, lon, lat))
    areas = _metric_areas(dataset)
    distance = pd.Series(shapely.distance(areas.to_numpy(), point), index=areas.index)
    others = {str(slug): float(metres) for slug, metres in distance.sort_values().items()}
    here = quartiere_at(dataset, lon, lat)
    if here is None:
        return Whereabouts(None, None, others)
    del others[here]
    return Whereabouts(here, float(shapely.distance(areas[here].boundary, point)), others)


@dataclass(frozen=True, eq=False)
class _Tree:
    """The places of one kind; `rows` are their positions in the index."""

    tree: cKDTree
    rows: Ints

    def within(self, x: float, y: float, reach: float, limit: int | None) -> Ints:
        """Return the rows within `reach`: the nearest `limit` and all at the same distance.

        Rows that are farther by no more than rounding may be among them.
        """
        if limit is not None and limit < len(self.rows):
            farthest = self.tree.query((x, y), k=[max(limit, 1)])[0][0]
            reach = min(reach, farthest)
        if np.isinf(reach):
            return self.rows
        found = self.tree.query_ball_point((x, y), reach * (1 + 1e-9) + 1e-6)
        return self.rows[np.asarray(found, dtype=np.intp)]


@dataclass(frozen=True, eq=False)
class _Index:
    """The existing places with a point, by id, and their coordinates in the metric CRS."""

    places: gpd.GeoDataFrame
    xy: Floats
    trees: dict[str, _Tree]


@memoized()
def _index(dataset: Dataset) -> _Index:
    return _build_index(dataset)


def _build_index(dataset: Dataset) -> _Index:
    places = dataset.places
    places = places[existing(places) & places.geometry.notna()].sort_index()
    xy = shapely.get_coordinates(places.geometry.to_crs(dataset.city.metric_crs).to_numpy())
    rows_of = {kind: np.flatnonzero(places["kind"] == kind) for kind in places["kind"].unique()}
    trees = {kind: _Tree(cKDTree(xy[rows]), rows) for kind, rows in rows_of.items()}
    return _Index(places, xy, trees)


@memoized()
def _metric_areas(dataset: Dataset) -> gpd.GeoSeries:
    return dataset.quartieri.geometry.to_crs(dataset.city.metric_crs)


@lru_cache(maxsize=4)
def _to_plane(crs: str) -> Transformer:
    return Transformer.from_crs(WGS84, crs, always_xy=True)


def _on_the_plane(dataset: Dataset, lon: float, lat: float) -> tuple[float, float]:
    # NaN fails this comparison, too.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"lon {lon}, lat {lat}: not degrees of longitude and latitude")
    x, y = _to_plane(dataset.city.metric_crs).transform(lon, lat)
    if not (np.isfinite(x) and np.isfinite(y)):
        raise ValueError(f"lon {lon}, lat {lat}: not in the world of {dataset.city.metric_crs}")
    return float(x), float(y)


def _reach(metres: float | None, limit: int | None) -> float:
    if limit is not None and limit < 0:
        raise ValueError(f"limit {limit}: a number of places, or None")
    if metres is None:
        return float("inf")
    if not metres >= 0:
        raise ValueError(f"metres {metres}: a distance from 0 up, or None")
    return float(metres)
