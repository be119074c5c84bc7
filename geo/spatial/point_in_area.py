"""Which quartiere a point lies in: exactly one, or none.

A point on an edge or corner that areas share touches all of them: it belongs to the first in
the areas' order, so that each point counts once, and the sum over the areas plus the outside
is the total.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from math import isqrt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.spatial.grid import (
    OUTSIDE,
    AreaBlock,
    Cells,
    EdgePoints,
    Floats,
    Grid,
    Ints,
    Positions,
    slice_bounds,
)

__all__ = ["OUTSIDE", "locate", "locate_xy"]

# A grid costs more than it saves with fewer points than this, or than an eighth of the
# areas' vertices (measured).
_GRID_FROM = 2_000
_VERTICES_PER_POINT = 8
# About one cell for each point, within limits that keep memory small (4 bytes a cell).
_SIDES = (64, 4096)
# The points or the vertices that a thread processes at once fit in the cache of its core.
_CHUNK_POINTS, _BLOCK_VERTICES = 1 << 17, 25_000


def locate(points: gpd.GeoSeries, areas: gpd.GeoSeries) -> pd.Series:
    """Return the label of the area in which each point lies.

    Parameters
    ----------
    points : GeoSeries of points
        Missing and empty points are allowed: they lie in no area.
    areas : GeoSeries of polygons
        In the same CRS, whichever it is.

    Returns
    -------
    Series of object
        Labels of `areas.index`, aligned to `points`; None where a point lies in no area. On a
        shared edge or corner: the first area.

    Raises
    ------
    ValueError
        If the two are in different CRS.
    """
    if points.crs != areas.crs:
        raise ValueError(f"points are in {points.crs} and areas in {areas.crs}: reproject one")
    found = np.full(len(points), OUTSIDE, dtype=np.int32)
    present = ~(points.isna() | points.is_empty).to_numpy()
    x, y = shapely.get_coordinates(np.asarray(points[present])).T
    found[present] = locate_xy(x, y, np.asarray(areas))
    # One label more than areas: OUTSIDE, being -1, takes the last.
    labels = np.array([*areas.index, None], dtype=object)
    return pd.Series(labels[found], index=points.index, dtype=object)


def locate_xy(x: Floats, y: Floats, polygons: NDArray[np.object_]) -> Positions:
    """Return the position of the polygon in which each point lies.

    Many points are looked up in a grid (`geo.spatial.grid`), in threads: only those in cells
    that an edge crosses are tested one by one.

    Parameters
    ----------
    x, y : array of float
        Coordinates, in the CRS of the polygons. NaN and infinite ones are allowed.
    polygons : array of polygons

    Returns
    -------
    array of int32
        A position in `polygons` for each point, or OUTSIDE. On a shared edge or corner, or
        where polygons overlap: the first polygon.
    """
    vertices = int(shapely.get_num_coordinates(polygons).sum())
    grid = None
    if vertices and len(x) >= max(_GRID_FROM, vertices // _VERTICES_PER_POINT):
        grid = Grid.over(polygons, min(max(isqrt(len(x)), _SIDES[0]), _SIDES[1]))
    return locate_by_tree(x, y, polygons) if grid is None else locate_by_grid(x, y, polygons, grid)


def locate_by_tree(x: Floats, y: Floats, polygons: NDArray[np.object_]) -> Positions:
    """Return what `locate_xy` does, the quick way for a few points."""
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = shapely.points(x[finite], y[finite])
    point, area = shapely.STRtree(polygons).query(points, predicate="intersects")
    found = np.full(len(x), OUTSIDE, dtype=np.int32)
    # As an unsigned number OUTSIDE is the highest of all.
    np.minimum.at(found.view(np.uint32), finite[point], area.astype(np.uint32))
    return found


def locate_by_grid(x: Floats, y: Floats, polygons: NDArray[np.object_], grid: Grid) -> Positions:
    """Return what `locate_xy` does, the quick way for many points.

    The cells are labelled, the points looked up, and those beside edges tested.
    """
    cores = os.cpu_count() or 1
    vertices = int(shapely.get_num_coordinates(polygons).sum())
    bounds = slice_bounds(len(polygons), max(cores, vertices // _BLOCK_VERTICES))
    chunks = [slice(at, at + _CHUNK_POINTS) for at in range(0, len(x), _CHUNK_POINTS)]
    found = np.empty(len(x), dtype=np.int32)

    def scale(chunk: slice) -> None:
        found[chunk] = grid.cells(x[chunk], y[chunk])

    def prepare(ends: tuple[int, int]) -> AreaBlock:
        return AreaBlock.of(grid, polygons, *ends)

    def look_up(chunk: slice) -> EdgePoints:
        points = cells.look_up(x[chunk], y[chunk], found[chunk])
        return points._replace(point=points.point + chunk.start)

    with ThreadPoolExecutor(cores) as threads:
        scaling = threads.map(scale, chunks)
        blocks = list(threads.map(prepare, bounds))
        cells = Cells(grid, blocks)
        list(scaling)
        parts = list(threads.map(look_up, chunks))
        points = EdgePoints(*(np.concatenate(part) for part in zip(*parts, strict=True)))
        exact = _test(points, cells, blocks, threads)
    # As an unsigned number OUTSIDE is the highest of all.
    first = np.minimum(exact.view(np.uint32), points.whole.view(np.uint32))
    found[points.point] = first.view(np.int32)
    return found


def _test(
    points: EdgePoints, cells: Cells, blocks: list[AreaBlock], threads: ThreadPoolExecutor
) -> Positions:
    """Return the first area that contains each point, of those whose edges cross its cell."""
    found = np.full(len(points.point), OUTSIDE, dtype=np.int32)
    left, at = np.arange(len(found)), points.first
    while len(left):
        area = cells.candidates[at]
        contained = _contained(points.x[left], points.y[left], area, blocks, threads)
        found[left[contained]] = area[contained]
        more = np.flatnonzero(~contained & (at + 1 < points.end[left]))
        left, at = left[more], at[more] + 1
    return found


def _contained(
    x: Floats, y: Floats, area: Positions, blocks: list[AreaBlock], threads: ThreadPoolExecutor
) -> NDArray[np.bool_]:
    """Return whether each point lies in the area at its position."""
    # Sorted by area, so that each one's prepared edges stay in the core's cache. NumPy sorts
    # short integers by counting them.
    end = blocks[-1].end
    order: Ints = np.argsort(area.astype(np.min_scalar_type(end)), kind="stable")
    cuts = np.searchsorted(area, [*(block.first for block in blocks), end], sorter=order)
    contained = np.empty(len(area), dtype=bool)

    def test(block: AreaBlock, first: int, end: int) -> None:
        rows = order[first:end]
        contained[rows] = block.contains(area[rows], x[rows], y[rows])

    list(threads.map(test, blocks, cuts[:-1], cuts[1:]))
    return contained
