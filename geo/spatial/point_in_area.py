"""Which quartiere a point lies in: exactly one, or none.

A point inside one area lies there. A point on an edge or corner that areas share
touches all of them: it is given to the first in the areas' order, so each point is
counted once and the sum over the areas plus the outside is the total.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import zip_longest
from math import isqrt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.spatial.grid import OUTSIDE, Beside, Cells, Floats, Grid, Ints, Positions, Share, slices

__all__ = ["OUTSIDE", "locate", "locate_xy"]

# A grid costs more than it saves with fewer points than this, or than an eighth of the
# areas' vertices (measured).
_GRID_FROM = 2_000
_VERTICES_FOR_EACH_POINT = 8
# About one cell for each point, within what is worth its memory (4 bytes a cell).
_SIDES = (64, 4096)
# What a thread works on at once stays in its core's cache: so many points, or areas with about
# so many vertices.
_POINTS, _VERTICES = 1 << 17, 25_000


def locate(points: gpd.GeoSeries, areas: gpd.GeoSeries) -> pd.Series:
    """Return the label of the area in which each point lies, or None where it lies in none.

    Aligned to `points`; the values are labels of `areas.index`. A missing or empty
    point lies in none. ValueError when the two are in different CRS.
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
    """Return, for each point, the position in `polygons` of the one it lies in, else OUTSIDE.

    The plane is that of the coordinates, whatever they are. Many points are looked up in
    a grid (see `geo.spatial.grid`), in threads; only those beside an edge are tested one by one.
    """
    vertices = int(shapely.get_num_coordinates(polygons).sum())
    grid = None
    if vertices and len(x) >= max(_GRID_FROM, vertices // _VERTICES_FOR_EACH_POINT):
        grid = Grid.over(polygons, min(max(isqrt(len(x)), _SIDES[0]), _SIDES[1]))
    return _by_tree(x, y, polygons) if grid is None else _by_grid(x, y, polygons, grid)


def _by_tree(x: Floats, y: Floats, polygons: NDArray[np.object_]) -> Positions:
    """Locate a few points."""
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = shapely.points(x[finite], y[finite])
    point, area = shapely.STRtree(polygons).query(points, predicate="intersects")
    return _first(len(x), finite[point], area)


def _by_grid(x: Floats, y: Floats, polygons: NDArray[np.object_], grid: Grid) -> Positions:
    """Locate many points: first their cells and the areas', then those beside an edge."""
    cores = os.cpu_count() or 1
    vertices = int(shapely.get_num_coordinates(polygons).sum())
    bounds = slices(len(polygons), max(cores, vertices // _VERTICES))
    chunks = [slice(at, at + _POINTS) for at in range(0, len(x), _POINTS)]
    found = np.empty(len(x), dtype=np.int32)

    def scale(chunk: slice) -> None:
        found[chunk] = grid.cells(x[chunk], y[chunk])

    def look_up(chunk: slice) -> Beside:
        beside = cells.look_up(x[chunk], y[chunk], found[chunk])
        return beside._replace(point=beside.point + chunk.start)

    with ThreadPoolExecutor(cores) as threads:
        making = [partial(_share, grid, polygons, *ends) for ends in bounds]
        made, scaled = _in_turn(threads, making, [partial(scale, chunk) for chunk in chunks])
        shares = [each.result() for each in made]
        cells = Cells(grid, shares)
        for each in scaled:
            each.result()
        looked_up = threads.map(look_up, chunks)
        beside = Beside(*(np.concatenate(each) for each in zip(*looked_up, strict=True)))
        exact = _tested(beside, cells, partial(_held, shares=shares, threads=threads))
    found[beside.point] = _earlier(exact, beside.whole)
    return found


def _in_turn(
    threads: ThreadPoolExecutor, *kinds: Sequence[Callable[[], Any]]
) -> list[list[Future[Any]]]:
    """Start one task of each kind after another: of work on areas half keeps other threads waiting.

    Returns what is started, kind by kind.
    """
    started: list[list[Future[Any]]] = [[] for _ in kinds]
    for tasks in zip_longest(*kinds):
        for those, task in zip(started, tasks, strict=True):
            if task is not None:
                those.append(threads.submit(task))
    return started


def _share(grid: Grid, polygons: NDArray[np.object_], first: int, end: int) -> Share:
    """Return a share of the areas, with its edges and runs worked out in this thread."""
    share = Share.of(grid, polygons, first, end)
    share.runs  # noqa: B018 - made now, and kept
    return share


def _tested(
    beside: Beside,
    cells: Cells,
    held_in: Callable[[Floats, Floats, Positions], NDArray[np.bool_]],
) -> Positions:
    """Return each point's first area, of those whose edges cross its cell, or OUTSIDE.

    `held_in` tells whether each point lies in the area beside it.
    """
    found = np.full(len(beside.point), OUTSIDE, dtype=np.int32)
    left, at = np.arange(len(found)), beside.first
    while len(left):
        area = cells.candidates[at]
        held = held_in(beside.x[left], beside.y[left], area)
        found[left[held]] = area[held]
        more = np.flatnonzero(~held & (at + 1 < beside.end[left]))
        left, at = left[more], at[more] + 1
    return found


def _held(
    x: Floats, y: Floats, area: Positions, shares: list[Share], threads: ThreadPoolExecutor
) -> NDArray[np.bool_]:
    """Tell whether each point lies in the area beside it."""
    # Area after area: each one's prepared edges stay in the core's cache. Short numbers
    # are sorted by counting them.
    end = shares[-1].end
    order = np.argsort(area.astype(np.min_scalar_type(end)), kind="stable")
    cuts = np.searchsorted(area, [*(share.first for share in shares), end], sorter=order)
    held = np.empty(len(area), dtype=bool)

    def test(share: Share, first: int, end: int) -> None:
        mine = order[first:end]
        held[mine] = share.holds(area[mine], x[mine], y[mine])

    list(threads.map(test, shares, cuts[:-1], cuts[1:]))
    return held


def _first(number: int, point: Ints, area: Ints | Positions) -> Positions:
    """Return the first of the areas given for each of so many points, or OUTSIDE."""
    found = np.full(number, OUTSIDE, dtype=np.int32)
    # Without a sign OUTSIDE is the last of all numbers.
    np.minimum.at(found.view(np.uint32), point, area.astype(np.uint32))
    return found


def _earlier(one: Positions, other: Positions) -> Positions:
    """Return the earlier of two areas for each point; OUTSIDE only where both are."""
    return np.minimum(one.view(np.uint32), other.view(np.uint32)).view(np.int32)
