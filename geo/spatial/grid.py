"""A grid laid over areas: which area holds each cell whole, and which edges cross it.

A point in a cell that no edge crosses is placed by looking up its cell; only points in
crossed cells need an exact test, and only against the areas whose edges are there. All
of it is worked out for every edge, cell and point at once, in NumPy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.int32]
Ints = NDArray[np.intp]

OUTSIDE = -1
# In cells: rounding must never lose an edge that runs along a border of cells.
_HAIR = 1e-6
# Runs of cells are written in so many steps, so that all of them are never spelled out at once.
_PIECES = 32


@dataclass(frozen=True)
class Grid:
    """side × side cells, counted row by row from the south-west; the outermost hold no area."""

    side: int
    west: float
    south: float
    width: float
    height: float

    @classmethod
    def over(cls, areas: NDArray[np.object_], side: int) -> "Grid | None":
        """Lay a grid over areas; None where they have no extent that cells could divide."""
        west, south, east, north = shapely.total_bounds(areas)
        width, height = (east - west) / (side - 2), (north - south) / (side - 2)
        # Where cells are hardly wider than the steps between numbers, nothing can be told.
        step = np.spacing(np.abs([west, south, east, north]).max())
        if not min(width, height) * _HAIR > 2 * step:
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
        """Return the cell of each point: an outermost one for what lies beyond or isn't finite."""
        columns = self._along(x, self.west, self.width)
        cells = self._along(y, self.south, self.height)
        cells *= self.side
        cells += columns
        return cells

    def _along(self, values: Floats, origin: float, size: float) -> Positions:
        scaled = values - origin
        scaled *= 1 / size
        # fmax and fmin take the number where the other is none.
        np.fmax(scaled, 0, out=scaled)
        np.fmin(scaled, self.side - 1, out=scaled)
        return scaled.astype(np.int32)


@dataclass(frozen=True)
class Share:
    """The areas that one thread works on: from position `first`, as copies of its own.

    GEOS crashes when threads share a prepared geometry, so nobody else sees these.
    """

    grid: Grid
    first: int
    areas: NDArray[np.object_]

    @property
    def end(self) -> int:
        """The position after its last area."""
        return self.first + len(self.areas)

    @classmethod
    def of(cls, grid: Grid, areas: NDArray[np.object_], first: int, end: int) -> "Share":
        """Take the areas from `first` up to `end`."""
        # What shapely.set_srid returns is a copy: it has no quicker way to ask for one.
        own = shapely.set_srid(areas[first:end], 0)
        shapely.prepare(own)
        return cls(grid, first, own)

    def holds(self, area: Ints | Positions, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Tell whether each point lies in the area at the position beside it, or on its edge."""
        inside: NDArray[np.bool_] = shapely.intersects_xy(self.areas[area - self.first], x, y)
        return inside

    @cached_property
    def crossed(self) -> tuple[Ints, Ints]:
        """Each area with each cell that an edge of its crosses: by area, then by cell."""
        xy, start, owner = _segments(self.areas)
        x, y = self.grid.scale(xy)
        end = start + 1
        number, cell = _cells_on(x[start], y[start], x[end], y[end], self.grid.side)
        squares = self.grid.side**2
        key = owner[number] * squares + cell
        # np.unique looks whole numbers up in a table of hashes: thirty times slower than this.
        key.sort()
        area, cell = np.divmod(key[np.flatnonzero(np.diff(key, prepend=-1))], squares)
        return area + self.first, cell

    @cached_property
    def runs(self) -> tuple[Ints, Ints, Ints]:
        """The runs of cells along a row that an area holds whole: area, first cell, how many.

        Between two cells of a row that an area's edge crosses, all are inside it or none; and
        so are the cells right above one another that no edge of its crosses.
        """
        area, cell = self.crossed
        length = np.diff(cell) - 1
        same = (np.diff(area) == 0) & (np.diff(cell // self.grid.side) == 0) & (length > 0)
        at = np.flatnonzero(same)
        area, start, length = area[at], cell[at] + 1, length[at]
        # Where the run before, in the row below, doesn't lie under this one, a new group starts.
        below = start - self.grid.side
        apart = (below[1:] >= start[:-1] + length[:-1]) | (below[1:] + length[1:] <= start[:-1])
        head = np.ones(len(at), dtype=bool)
        np.logical_or(np.diff(area) != 0, apart, out=head[1:])
        heads = np.flatnonzero(head)
        held = self.holds(area[heads], *self.grid.centres(start[heads]))
        inside = held[np.cumsum(head) - 1]
        return area[inside], start[inside], length[inside]


class Cells:
    """What is known of each cell of a grid, from all the shares of areas."""

    def __init__(self, grid: Grid, shares: list[Share]) -> None:
        self._known = _laid(grid.side**2, *_joined([share.runs for share in shares]))
        area, cell = _joined([share.crossed for share in shares])
        # By cell, then by area.
        areas = shares[-1].end
        key = cell * areas + area
        key.sort()
        cell, area = np.divmod(key, areas)
        # One cell's after another's, for `Beside.first` and `Beside.end`.
        self.candidates: Positions = area.astype(np.int32)
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        # One more: where the last one's end.
        self._starts = np.append(starts, len(cell)).astype(np.int32)
        crossed_cell = cell[starts]
        self._whole = self._known[crossed_cell]
        # A crossed cell's value counts down from -2: which of the crossed ones it is.
        self._known[crossed_cell] = -2 - np.arange(len(crossed_cell), dtype=np.int32)

    def look_up(self, x: Floats, y: Floats, found: Positions) -> "Beside":
        """Put each point's area (or OUTSIDE) where `found` has its cell, but for those returned."""
        found[:] = np.take(self._known, found)
        point = np.flatnonzero(found < OUTSIDE)
        crossed = -2 - found[point]
        first, end = self._starts[crossed], self._starts[crossed + 1]
        return Beside(point, x[point], y[point], self._whole[crossed], first, end)


class Beside(NamedTuple):
    """Points in cells that edges cross, which must be tested.

    point: their positions; x, y; whole: the first area that holds their cell whole, or OUTSIDE;
    first, end: where in `Cells.candidates` the areas stand whose edges cross the cell, in order.
    """

    point: Ints
    x: Floats
    y: Floats
    whole: Positions
    first: Positions
    end: Positions


def _joined(parts: list[tuple[Ints, ...]]) -> Iterator[Ints]:
    return (np.concatenate(each) for each in zip(*parts, strict=True))


def _laid(squares: int, area: Ints, start: Ints, length: Ints) -> Positions:
    """Return the first area whose runs hold each of so many cells, or OUTSIDE."""
    order = np.argsort(start)
    gap = np.diff(start[order], prepend=0)
    gap[1:] -= length[order[:-1]]
    if (gap < 0).any():
        return _laid_over(squares, area, start, length)
    # Cell after cell: so many outside, then a run, and so on.
    values = np.full(2 * len(order) + 1, OUTSIDE, dtype=np.int32)
    values[1::2] = area[order]
    numbers = np.empty(len(values), dtype=np.intp)
    numbers[:-1:2], numbers[1::2] = gap, length[order]
    numbers[-1] = squares - numbers[:-1].sum()
    return np.repeat(values, numbers)


def _laid_over(squares: int, area: Ints, start: Ints, length: Ints) -> Positions:
    """Do the same where areas overlap."""
    known: Positions = np.full(squares, OUTSIDE, dtype=np.int32)
    # From last to first: the first writes last and stays.
    area, start, length = (each[::-1] for each in (area, start, length))
    for some in (slice(*ends) for ends in slices(len(area), _PIECES)):
        run, within = spread(start[some], length[some])
        known[within] = area[some].astype(np.int32)[run]
    return known


def spread(starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Return start, start + 1, … for each start, as many as its length (at least one).

    First which start each comes from, then the values, one after another.

    >>> [each.tolist() for each in spread(np.array([10, 50]), np.array([2, 3]))]
    [[0, 0, 1, 1, 1], [10, 11, 50, 51, 52]]
    """
    ends = np.cumsum(lengths)
    # As np.repeat would, but in half the time, and other threads can work meanwhile.
    number = np.zeros(ends[-1] if len(ends) else 0, dtype=np.intp)
    number[ends[:-1]] = 1
    np.cumsum(number, out=number)
    values = np.arange(len(number))
    values += np.take(starts - (ends - lengths), number)
    return number, values


def _segments(areas: NDArray[np.object_]) -> tuple[Floats, Ints, Ints]:
    """Return the rings' vertices, at which each segment starts (it ends at the next), and whose."""
    parts, owner = shapely.get_parts(areas, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    return xy, start, owner[part[ring[start]]]


def _cells_on(ax: Floats, ay: Floats, bx: Floats, by: Floats, side: int) -> tuple[Ints, Ints]:
    """Return each segment's number with each cell that it meets; ends given in cells.

    Column by column: the part of the segment in a column (and a hair to each side) spans
    a run of rows. Cells may come more than once, and one too many may come.
    """
    left, right = np.minimum(ax, bx), np.maximum(ax, bx)
    number, column = _spans(left, right, side)
    ax, ay, bx, by = ax[number], ay[number], bx[number], by[number]
    start = np.maximum(column - _HAIR, left[number])
    end = np.minimum(column + 1 + _HAIR, right[number])
    across = bx - ax
    # Nearly upright segments may be in all their rows, wherever along x they are looked at.
    upright = np.abs(across) <= _HAIR
    slope = np.divide(by - ay, across, out=np.zeros(len(across)), where=~upright)
    low = ay + (start - ax) * slope
    high = ay + (end - ax) * slope
    np.copyto(high, by, where=upright)
    run, row = _spans(np.minimum(low, high), np.maximum(low, high), side)
    return number[run], row * side + column[run]


def _spans(low: Floats, high: Floats, side: int) -> tuple[Ints, Ints]:
    """Return each span's number with each whole step of the grid that it touches."""
    first = np.clip(np.floor(low - _HAIR), 0, side - 1).astype(np.intp)
    last = np.clip(np.floor(high + _HAIR), 0, side - 1).astype(np.intp)
    return spread(first, last - first + 1)


def slices(number: int, parts: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of `parts` slices of nearly the same length, empty ones left out."""
    cuts = np.linspace(0, number, parts + 1).astype(int).tolist()
    yield from ((first, end) for first, end in pairwise(cuts) if end > first)
