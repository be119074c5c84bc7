"""What is near a point, by straight-line distance, and in which quartiere the point lies.

Distances are measured in the city's metric CRS: in UTM they are within 0.1 % of the
geodesic ones. An index of each kind's places is built once for each dataset, so a
question costs the nearest places of the kinds it asks for, not a look at all of them.
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

from geo.model.cache import kept
from geo.model.dataset import WGS84, Dataset
from geo.model.kinds import KINDS, kinds_of
from geo.spatial.access import existing

NEAREST = 50

# Minutes on foot are an estimate, until there is a network of paths to walk on: the way
# through streets taken as 1.3 times the straight line, at 4.5 km/h, a calm step.
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
    """Return the existing places with a point that are near (lon, lat), the nearest first.

    `metres` is the farthest they may be and `limit` how many, None for any; `kinds` are
    slugs of kinds and groups, None for all. The rows are those of `Dataset.places`, with
    distance_m (straight line), minutes (on foot: `walking_minutes`) and approximate
    (whether only the street is known, so that the distance is uncertain too). Places at
    the same distance are in the order of their ids. KeyError for an unknown kind;
    ValueError for a point that isn't on Earth, or a negative `metres` or `limit`.
    """
    x, y = _on_the_plane(dataset, lon, lat)
    reach = _reach(metres, limit)
    wanted = KINDS if kinds is None else {kind for slug in kinds for kind in kinds_of(slug)}
    index = _index(dataset)
    trees = [index.trees[kind] for kind in wanted if kind in index.trees]
    rows = [tree.within(x, y, reach, limit) for tree in trees]
    found = np.concatenate([np.empty(0, dtype=np.intp), *rows])
    distance = np.hypot(*(index.xy[found] - (x, y)).T)
    order = np.lexsort((found, distance))  # the index is sorted by id
    order = order[distance[order] <= reach][:limit]
    places: gpd.GeoDataFrame = index.places.iloc[found[order]]
    return places.assign(
        distance_m=distance[order],
        minutes=walking_minutes(distance[order]),
        approximate=places["position"] != "exact",
    )


def walking_minutes(metres: Floats) -> Floats:
    """Return the minutes on foot for straight-line distances in metres (`DETOUR`, `WALKING_KM_H`).

    >>> walking_minutes(np.array([300.0])).round(1).tolist()
    [5.2]
    """
    return metres * DETOUR / _METRES_A_MINUTE


def quartiere_at(dataset: Dataset, lon: float, lat: float) -> str | None:
    """Return the slug of the quartiere in which (lon, lat) lies, as `locate` does.

    On a border that quartieri share, the first of them; outside all of them, None.
    """
    areas = dataset.quartieri.geometry
    # Never prepared: threads of the server share these polygons.
    inside = np.flatnonzero(shapely.intersects_xy(areas.to_numpy(), lon, lat))
    return str(areas.index[inside[0]]) if len(inside) else None


@dataclass(frozen=True)
class Whereabouts:
    """Where a point is among the quartieri, metres.

    `quartiere`: the one it lies in, or None; `border_m`: how far its border is;
    `others`: how far each of the others is, the nearest first.
    """

    quartiere: str | None
    border_m: float | None
    others: dict[str, float]


def whereabouts(dataset: Dataset, lon: float, lat: float) -> Whereabouts:
    """Return where (lon, lat) is among the quartieri; ValueError as in `near`."""
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
    """The places of one kind: `rows` are their positions in the index."""

    tree: cKDTree
    rows: Ints

    def within(self, x: float, y: float, reach: float, limit: int | None) -> Ints:
        """Return the rows within `reach`, of the nearest `limit` only, with all that tie with them.

        A few that lie a hair outside may be among them.
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
    """The existing places with a point, by id, and where they are in the metric CRS."""

    places: gpd.GeoDataFrame
    xy: Floats
    trees: dict[str, _Tree]


@kept()
def _index(dataset: Dataset) -> _Index:
    """Build the index once for each dataset: it never changes."""
    places = dataset.places
    places = places[existing(places) & places.geometry.notna()].sort_index()
    xy = shapely.get_coordinates(places.geometry.to_crs(dataset.city.metric_crs).to_numpy())
    rows_of = {kind: np.flatnonzero(places["kind"] == kind) for kind in places["kind"].unique()}
    trees = {kind: _Tree(cKDTree(xy[rows]), rows) for kind, rows in rows_of.items()}
    return _Index(places, xy, trees)


@kept()
def _metric_areas(dataset: Dataset) -> gpd.GeoSeries:
    return dataset.quartieri.geometry.to_crs(dataset.city.metric_crs)


@lru_cache(maxsize=4)
def _to_plane(crs: str) -> Transformer:
    return Transformer.from_crs(WGS84, crs, always_xy=True)


def _on_the_plane(dataset: Dataset, lon: float, lat: float) -> tuple[float, float]:
    # Written so that NaN fails it, too.
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
