"""A grid over areas: which area contains each whole cell, and whose edges cross it.

A point in a cell that no edge crosses takes the cell's area; only points in crossed cells
need an exact test, and only against the areas whose edges cross. All edges, cells and
points are processed at once, in NumPy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.int32]
Ints = NDArray[np.intp]

OUTSIDE = -1
# In units of cells: rounding must never lose an edge that runs along a border of cells.
_TOLERANCE = 1e-6
# The number of batches in which runs of cells are written, so that memory holds one at a time.
_BATCHES = 32


@dataclass(frozen=True)
class Grid:
    """side × side cells, numbered row by row from the south-west; the outermost meet no area."""

    side: int
    west: float
    south: float
    width: float
    height: float

    @classmethod
    def over(cls, areas: NDArray[np.object_], side: int) -> "Grid | None":
        """Return a grid over areas; None where their extent is too small to be divided."""
        west, south, east, north = shapely.total_bounds(areas)
        width, height = (east - west) / (side - 2), (north - south) / (side - 2)
        # Cells hardly wider than the steps between floating-point numbers separate nothing.
        step = np.spacing(np.abs([west, south, east, north]).max())
        if not min(width, height) * _TOLERANCE > 2 * step:
            return None
        return cls(side, west - width, south - height, width, height)

    def scale(self, xy: Floats) -> tuple[Floats, Floats]:
        """Return coordinates in cells: 2.5 is the middle of the third column or row."""
        return (xy[:, 0] - self.west) / self.width, (xy[:, 1] - self.south) / self.height

    def centres(self, cells: Ints) -> tuple[Floats, Floats]:
        """Return the coordinates of the middle of cells."""
        rows, columns = np.divmod(cells, self.side)
        return self.west + (columns + 0.5) * self.width, self.south + (rows + 0.5) * self.height

    def cells(self, x: Floats, y: Floats) -> Positions:
        """Return the cell of each point: an outermost one if it lies beyond or isn't finite."""
        columns = self._along(x, self.west, self.width)
        cells = self._along(y, self.south, self.height)
        cells *= self.side
        cells += columns
        return cells

    def _along(self, values: Floats, origin: float, size: float) -> Positions:
        scaled = values - origin
        scaled *= 1 / size
        # fmax and fmin ignore NaN.
        np.fmax(scaled, 0, out=scaled)
        np.fmin(scaled, self.side - 1, out=scaled)
        return scaled.astype(np.int32)


@dataclass(frozen=True)
class AreaBlock:
    """Consecutive areas that one thread works on, as private copies, and the cells they meet.

    GEOS crashes when threads share a prepared geometry, so no other thread gets these.

    Attributes
    ----------
    first : int
        The position of the first area among all.
    areas : array of polygons
    crossed : tuple of array of int
        Pairs of an area and a cell that one of its edges crosses: by area, then by cell.
    runs : tuple of array of int
        The runs of cells along a row that lie wholly in an area: area, first cell, length.
    """

    first: int
    areas: NDArray[np.object_]
    crossed: tuple[Ints, Ints]
    runs: tuple[Ints, Ints, Ints]

    @property
    def end(self) -> int:
        """The position after its last area."""
        return self.first + len(self.areas)

    @classmethod
    def of(cls, grid: Grid, areas: NDArray[np.object_], first: int, end: int) -> "AreaBlock":
        """Return a block of the areas from `first` up to `end`."""
        # shapely.set_srid returns copies: shapely has no quicker way to make them.
        copies = shapely.set_srid(areas[first:end], 0)
        shapely.prepare(copies)
        area, cell = _crossed_cells(grid, copies)
        inside, start, length = _inside_runs(grid, copies, area, cell)
        return cls(first, copies, (area + first, cell), (inside + first, start, length))

    def contains(self, area: Ints | Positions, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Return whether each point lies inside, or on the edge of, the area at its position."""
        return _contains(self.areas[area - self.first], x, y)


class Cells:
    """The area that contains each cell of a grid, or the areas whose edges cross it."""

    def __init__(self, grid: Grid, blocks: list[AreaBlock]) -> None:
        self._labels = _label_cells(grid.side**2, *_concatenate([block.runs for block in blocks]))
        area, cell = _concatenate([block.crossed for block in blocks])
        # By cell, then by area.
        areas = blocks[-1].end
        key = cell * areas + area
        key.sort()
        cell, area = np.divmod(key, areas)
        # Cell after cell; `EdgePoints.first` and `EdgePoints.end` are positions in it.
        self.candidates: Positions = area.astype(np.int32)
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        # One more: the end of the last cell's candidates.
        self._starts = np.append(starts, len(cell)).astype(np.int32)
        crossed_cell = cell[starts]
        self._whole = self._labels[crossed_cell]
        # The label of a crossed cell counts down from -2: its number among the crossed ones.
        self._labels[crossed_cell] = -2 - np.arange(len(crossed_cell), dtype=np.int32)

    def look_up(self, x: Floats, y: Floats, found: Positions) -> "EdgePoints":
        """Replace each point's cell in `found` by its area; return those to test."""
        found[:] = np.take(self._labels, found)
        point = np.flatnonzero(found < OUTSIDE)
        crossed = -2 - found[point]
        first, end = self._starts[crossed], self._starts[crossed + 1]
        return EdgePoints(point, x[point], y[point], self._whole[crossed], first, end)


class EdgePoints(NamedTuple):
    """Points in cells that edges cross, which must be tested one by one.

    point: their positions; x, y: their coordinates; whole: the first area that contains the
    whole cell, or OUTSIDE; first, end: the range in `Cells.candidates` of the areas whose edges
    cross the cell, in order.
    """

    point: Ints
    x: Floats
    y: Floats
    whole: Positions
    first: Positions
    end: Positions


def _concatenate(parts: list[tuple[Ints, ...]]) -> Iterator[Ints]:
    return (np.concatenate(each) for each in zip(*parts, strict=True))


def _label_cells(squares: int, area: Ints, start: Ints, length: Ints) -> Positions:
    """Return for each cell the first area whose runs contain it, or OUTSIDE."""
    order = np.argsort(start)
    gap = np.diff(start[order], prepend=0)
    gap[1:] -= length[order[:-1]]
    if (gap < 0).any():
        return _label_overlapping(squares, area, start, length)
    # In the order of cells, a gap outside all areas and a run take turns.
    values = np.full(2 * len(order) + 1, OUTSIDE, dtype=np.int32)
    values[1::2] = area[order]
    lengths = np.empty(len(values), dtype=np.intp)
    lengths[:-1:2], lengths[1::2] = gap, length[order]
    lengths[-1] = squares - lengths[:-1].sum()
    return np.repeat(values, lengths)


def _label_overlapping(squares: int, area: Ints, start: Ints, length: Ints) -> Positions:
    """Return the first area that contains each cell, where areas overlap."""
    labels: Positions = np.full(squares, OUTSIDE, dtype=np.int32)
    # From the last area to the first: the first one overwrites the others.
    area, start, length = (each[::-1] for each in (area, start, length))
    for batch in (slice(*ends) for ends in slice_bounds(len(area), _BATCHES)):
        run, within = expand_ranges(start[batch], length[batch])
        labels[within] = area[batch][run]
    return labels


def expand_ranges(starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Return the numbers of ranges: start, start + 1, … for each start.

    Parameters
    ----------
    starts, lengths : array of int
        The first number and the length (at least 1) of each range.

    Returns
    -------
    tuple of array of int
        The position of the range that each number comes from, and the numbers.

    Examples
    --------
    >>> [each.tolist() for each in expand_ranges(np.array([10, 50]), np.array([2, 3]))]
    [[0, 0, 1, 1, 1], [10, 11, 50, 51, 52]]
    """
    ends = np.cumsum(lengths)
    # The same as np.repeat, in half the time, and without the lock that stops other threads.
    number = np.zeros(ends[-1] if len(ends) else 0, dtype=np.intp)
    number[ends[:-1]] = 1
    np.cumsum(number, out=number)
    values = np.arange(len(number))
    values += np.take(starts - (ends - lengths), number)
    return number, values


def _contains(areas: NDArray[np.object_], x: Floats, y: Floats) -> NDArray[np.bool_]:
    contained: NDArray[np.bool_] = shapely.intersects_xy(areas, x, y)
    return contained


def _crossed_cells(grid: Grid, areas: NDArray[np.object_]) -> tuple[Ints, Ints]:
    """Return pairs of an area and a cell that one of its edges crosses: by area, then by cell."""
    xy, start, owner = _segments(areas)
    x, y = grid.scale(xy)
    end = start + 1
    number, cell = _cells_of_segments(x[start], y[start], x[end], y[end], grid.side)
    squares = grid.side**2
    key = owner[number] * squares + cell
    # Sorted, not np.unique: that uses a hash table and takes thirty times as long.
    key.sort()
    area, cell = np.divmod(key[np.flatnonzero(np.diff(key, prepend=-1))], squares)
    return area, cell


def _inside_runs(
    grid: Grid, areas: NDArray[np.object_], area: Ints, cell: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return the runs of cells along a row that lie wholly in an area: area, first cell, length.

    Between two cells of a row that an area's edge crosses, all cells are inside or none. The
    same holds for cells one above the other that none of its edges crosses.
    """
    length = np.diff(cell) - 1
    same_row = (np.diff(area) == 0) & (np.diff(cell // grid.side) == 0)
    at = np.flatnonzero(same_row & (length > 0))
    area, start, length = area[at], cell[at] + 1, length[at]
    # A new group starts where the previous run, in the row below, isn't under this one.
    below = start - grid.side
    apart = (below[1:] >= start[:-1] + length[:-1]) | (below[1:] + length[1:] <= start[:-1])
    head = np.ones(len(at), dtype=bool)
    head[1:] = (np.diff(area) != 0) | apart
    heads = np.flatnonzero(head)
    contained = _contains(areas[area[heads]], *grid.centres(start[heads]))
    inside = contained[np.cumsum(head) - 1]
    return area[inside], start[inside], length[inside]


def _segments(areas: NDArray[np.object_]) -> tuple[Floats, Ints, Ints]:
    """Return all vertices, the vertex at which each segment starts, and the segment's area.

    A segment ends at the next vertex.
    """
    parts, owner = shapely.get_parts(areas, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    return xy, start, owner[part[ring[start]]]


def _cells_of_segments(
    ax: Floats, ay: Floats, bx: Floats, by: Floats, side: int
) -> tuple[Ints, Ints]:
    """Return pairs of a segment and a cell that it meets; ends are given in units of cells.

    Column by column: the part of the segment in a column (and the tolerance to each side) spans
    a run of rows. Pairs may repeat, and a neighbouring cell that isn't met may be among them.
    """
    left, right = np.minimum(ax, bx), np.maximum(ax, bx)
    number, column = _steps_touched(left, right, side)
    ax, ay, bx, by = ax[number], ay[number], bx[number], by[number]
    start = np.maximum(column - _TOLERANCE, left[number])
    end = np.minimum(column + 1 + _TOLERANCE, right[number])
    across = bx - ax
    # A nearly upright segment spans all its rows in each of its columns.
    upright = np.abs(across) <= _TOLERANCE
    slope = np.divide(by - ay, across, out=np.zeros(len(across)), where=~upright)
    low = ay + (start - ax) * slope
    high = ay + (end - ax) * slope
    np.copyto(high, by, where=upright)
    run, row = _steps_touched(np.minimum(low, high), np.maximum(low, high), side)
    return number[run], row * side + column[run]


def _steps_touched(low: Floats, high: Floats, side: int) -> tuple[Ints, Ints]:
    """Return pairs of a span and a whole step of the grid that it touches."""
    first = np.clip(np.floor(low - _TOLERANCE), 0, side - 1).astype(np.intp)
    last = np.clip(np.floor(high + _TOLERANCE), 0, side - 1).astype(np.intp)
    return expand_ranges(first, last - first + 1)


def slice_bounds(number: int, parts: int) -> list[tuple[int, int]]:
    """Return the bounds of `parts` slices of nearly equal length, without empty ones."""
    cuts = np.linspace(0, number, parts + 1).astype(int).tolist()
    return [(first, end) for first, end in pairwise(cuts) if end > first]
