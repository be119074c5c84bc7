"""Which quartiere a point lies in: exactly one, or none.

A point inside one area lies there. A point on an edge or corner that areas share
touches all of them: it is given to the first in the areas' order, so each point is
counted once and the sum over the areas plus the outside is the total.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

OUTSIDE = -1
# Below this many points a grid costs more than it saves.
_GRID_FROM = 20_000
# 256 x 256 cells: their numbers fit 16 bits, which NumPy sorts fastest (radix sort).
_SIDE = 256

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def locate(points: gpd.GeoSeries, areas: gpd.GeoSeries) -> pd.Series:
    """Return the label of the area in which each point lies, or None where it lies in none.

    Aligned to `points`; the values are labels of `areas.index`. A missing or empty
    point lies in none. ValueError when the two are in different CRS.
    """
    if points.crs != areas.crs:
        raise ValueError(f"points are in {points.crs} and areas in {areas.crs}: reproject one")
    found = np.full(len(points), OUTSIDE, dtype=np.intp)
    present = ~(points.isna() | points.is_empty).to_numpy()
    x, y = shapely.get_coordinates(np.asarray(points[present])).T
    found[present] = locate_xy(x, y, np.asarray(areas))
    # One label more than areas: OUTSIDE, being -1, takes the last.
    labels = np.array([*areas.index, None], dtype=object)
    return pd.Series(labels[found], index=points.index, dtype=object)


def locate_xy(x: Floats, y: Floats, polygons: NDArray[np.object_]) -> Ints:
    """Return, for each point, the position in `polygons` of the one it lies in, else OUTSIDE.

    The plane is that of the coordinates, whatever they are. With many points, they are
    first sorted into the cells of a grid: cells wholly inside a polygon need no test per
    point, the rest are tested exactly. Each polygon is prepared and used by one thread
    only, on a copy of its own: GEOS crashes when threads share a prepared geometry.
    """
    found = np.full(len(x), OUTSIDE, dtype=np.intp)
    if len(x) == 0 or len(polygons) == 0:
        return found
    own = shapely.from_wkb(shapely.to_wkb(polygons))
    grid = _Grid.of(x, y) if len(x) >= _GRID_FROM else None
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        members = threads.map(lambda polygon: _members(polygon, x, y, grid), own)
        # From last to first: where polygons touch, the first one writes last and stays.
        for position, inside in reversed(list(enumerate(members))):
            found[inside] = position
    return found


def _members(polygon: BaseGeometry, x: Floats, y: Floats, grid: "_Grid | None") -> Ints:
    """Return the positions of the points that lie in `polygon` or on its edge."""
    if polygon.is_empty:
        return np.empty(0, dtype=np.intp)
    shapely.prepare(polygon)
    if grid is not None:
        return np.concatenate(list(grid.members(polygon, x, y)) or [np.empty(0, dtype=np.intp)])
    west, south, east, north = polygon.bounds
    near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    return near[shapely.intersects_xy(polygon, x[near], y[near])]


@dataclass(frozen=True)
class _Grid:
    """Points sorted by the cell of a regular grid in which they lie.

    `order` lists the points cell after cell; those of cell c are
    order[starts[c]:starts[c + 1]]. Points that are not finite are in no cell.
    """

    order: Ints
    starts: Ints
    west: float
    south: float
    width: float
    height: float

    @classmethod
    def of(cls, x: Floats, y: Floats) -> "_Grid":
        finite = np.isfinite(x) & np.isfinite(y)
        points = np.flatnonzero(finite)
        x, y = x[points], y[points]
        west, south = (x.min(), y.min()) if len(points) else (0.0, 0.0)
        # A little more than the extent, so that the last point falls inside the last cell.
        width = (np.ptp(x) if len(points) else 0.0) / _SIDE * (1 + 1e-9) or 1.0
        height = (np.ptp(y) if len(points) else 0.0) / _SIDE * (1 + 1e-9) or 1.0
        columns = np.minimum((x - west) / width, _SIDE - 1).astype(np.uint16)
        rows = np.minimum((y - south) / height, _SIDE - 1).astype(np.uint16)
        cells = rows * np.uint16(_SIDE) + columns
        starts = np.zeros(_SIDE * _SIDE + 1, dtype=np.intp)
        np.cumsum(np.bincount(cells, minlength=_SIDE * _SIDE), out=starts[1:])
        order = points[np.argsort(cells, kind="stable")]
        return cls(order, starts, float(west), float(south), float(width), float(height))

    def members(self, polygon: BaseGeometry, x: Floats, y: Floats) -> Iterator[Ints]:
        """Yield the positions of the points in `polygon`, a run of cells at a time."""
        cells = self._cells_near(polygon)
        boxes = self._boxes(cells)
        whole = shapely.contains_properly(polygon, boxes)
        for cell in cells[whole]:
            yield self.order[self.starts[cell] : self.starts[cell + 1]]
        edge = cells[~whole & shapely.intersects(polygon, boxes)]
        if len(edge):
            runs = [self.order[self.starts[cell] : self.starts[cell + 1]] for cell in edge]
            near = np.concatenate(runs)
            yield near[shapely.intersects_xy(polygon, x[near], y[near])]

    def _cells_near(self, polygon: BaseGeometry) -> Ints:
        """Return the cells that hold points and meet the polygon's bounding box."""
        west, south, east, north = polygon.bounds
        columns = self._range(west, east, self.west, self.width)
        rows = self._range(south, north, self.south, self.height)
        cells: Ints = (rows[:, None] * _SIDE + columns[None, :]).ravel()
        occupied: Ints = cells[self.starts[cells + 1] > self.starts[cells]]
        return occupied

    @staticmethod
    def _range(low: float, high: float, origin: float, size: float) -> Ints:
        # One cell more on each side: rounding must never lose a point on a cell's edge.
        first = max(int(np.floor((low - origin) / size)) - 1, 0)
        last = min(int(np.floor((high - origin) / size)) + 1, _SIDE - 1)
        return np.arange(first, last + 1, dtype=np.intp)

    def _boxes(self, cells: Ints) -> NDArray[np.object_]:
        """Return the cells as boxes, a hair larger than they are (for the same reason)."""
        rows, columns = np.divmod(cells, _SIDE)
        x, y = self.west + columns * self.width, self.south + rows * self.height
        dx, dy = self.width * 1e-6, self.height * 1e-6
        boxes: NDArray[np.object_] = shapely.box(
            x - dx, y - dy, x + self.width + dx, y + self.height + dy
        )
        return boxes
