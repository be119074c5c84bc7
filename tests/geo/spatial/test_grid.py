"""A grid over areas knows which area contains each cell, and whose edges cross it."""

import numpy as np
import pytest
from shapely import MultiPolygon, Polygon, box

from geo.spatial.grid import OUTSIDE, AreaBlock, Cells, Grid, expand_ranges, slice_bounds

# Cells of 1 × 2 units; the outermost lie around the areas.
AREAS = np.array([box(10, 20, 14, 40), box(14, 20, 18, 40)])


def laid(areas: np.ndarray = AREAS, side: int = 10) -> Grid:
    grid = Grid.over(areas, side)
    assert grid is not None
    return grid


def test_a_grid_fits_the_areas_inside_its_outermost_cells() -> None:
    assert laid() == Grid(10, 9.0, 17.5, 1.0, 2.5)


def test_areas_without_extent_have_no_grid() -> None:
    flat = np.array([Polygon([(0, 0), (1, 0), (2, 0)])])
    assert Grid.over(flat, 10) is None
    assert Grid.over(np.array([box(1e9, 0, 1e9 + 1e-6, 1)]), 10) is None
    assert Grid.over(np.array([box(0, -1e9, 1, -1e9 + 1e-6)]), 10) is None


def test_coordinates_in_units_of_cells_and_back() -> None:
    x, y = laid().scale(np.array([[9.0, 17.5], [11.5, 25.0]]))
    assert (x.tolist(), y.tolist()) == ([0, 2.5], [0, 3])
    x, y = laid().centres(np.array([0, 9, 12]))
    assert x.tolist() == [9.5, 18.5, 11.5]
    assert y.tolist() == [18.75, 18.75, 21.25]


def test_each_point_has_a_cell_and_one_beyond_an_outermost_one() -> None:
    x = np.array([9.5, 11.5, 18.9, -99.0, 99.0, np.nan, np.inf, -np.inf, 11.5])
    y = np.array([18.0, 21.0, 42.0, 21.0, 21.0, 21.0, 21.0, 21.0, np.nan])
    cells = laid().cells(x, y)
    assert cells.dtype == np.int32
    assert cells[:5].tolist() == [0, 12, 99, 10, 19]
    columns, rows = cells % 10, cells // 10
    assert np.isin(columns[5:8], [0, 9]).all()
    assert rows[8] in (0, 9)


def test_edges_cross_the_cells_beside_them() -> None:
    block = AreaBlock.of(laid(), AREAS, 0, 2)
    area, cell = block.crossed
    # Both sides of each edge, since edges run along borders of cells here.
    around = {row * 10 + column for row in range(10) for column in range(6)}
    inner = {row * 10 + column for row in range(2, 8) for column in (2, 3)}
    assert set(cell[area == 0].tolist()) == around - inner
    assert (np.diff(area * 100 + cell) > 0).all()
    inside, start, length = block.runs
    # Rows 2 to 7 between the edges: columns 2 and 3 of the first area, 6 and 7 of the second.
    assert sorted(zip(inside.tolist(), start.tolist(), length.tolist(), strict=True)) == [
        *((0, row * 10 + 2, 2) for row in range(2, 8)),
        *((1, row * 10 + 6, 2) for row in range(2, 8)),
    ]


def test_a_block_knows_its_areas_by_their_positions_among_all() -> None:
    block = AreaBlock.of(laid(), AREAS, 1, 2)
    assert (block.first, block.end, len(block.areas)) == (1, 2, 1)
    assert set(block.crossed[0].tolist()) == {1}
    assert set(block.runs[0].tolist()) == {1}
    contained = block.contains(np.array([1, 1, 1]), np.array([15.0, 12.0, 14.0]), np.full(3, 30.0))
    assert contained.tolist() == [True, False, True]
    assert block.areas[0] is not AREAS[1]


def test_cells_are_labelled_by_the_areas_of_all_blocks() -> None:
    grid = laid()
    cells = Cells(grid, [AreaBlock.of(grid, AREAS, 0, 1), AreaBlock.of(grid, AREAS, 1, 2)])
    x, y = np.array([12.5, 16.5, 14.0, 8.0, 10.0]), np.array([30.0, 30.0, 30.0, 30.0, 30.0])
    found = grid.cells(x, y)
    points = cells.look_up(x, y, found)
    assert found[:2].tolist() == [0, 1]
    assert points.point.tolist() == [2, 3, 4]
    assert points.x.tolist() == [14, 8, 10]
    assert points.y.tolist() == [30, 30, 30]
    assert points.whole.tolist() == [OUTSIDE] * 3
    candidates = [
        cells.candidates[first:end].tolist()
        for first, end in zip(points.first, points.end, strict=True)
    ]
    assert candidates == [[0, 1], [0], [0]]


def test_of_overlapping_areas_the_first_labels_a_cell() -> None:
    areas = np.array([box(0, 0, 8, 8), box(0, 0, 8, 8), box(2, 2, 6, 6)])
    grid = laid(areas, 18)
    cells = Cells(grid, [AreaBlock.of(grid, areas, 0, 3)])
    x, y = np.array([4.1, 1.2]), np.array([4.1, 4.2])
    found = grid.cells(x, y)
    assert cells.look_up(x, y, found).point.size == 0
    assert found.tolist() == [0, 0]
    # Beside an edge of the third area the whole cell lies in the first.
    x = y = np.array([2.01])
    assert cells.look_up(x, y, grid.cells(x, y)).whole.tolist() == [0]


def test_holes_and_parts_are_outside_and_inside() -> None:
    ring = Polygon(box(0, 0, 9, 9).exterior, [box(3, 3, 6, 6).exterior])
    areas = np.array([MultiPolygon([ring, box(20, 0, 29, 9)])])
    grid = laid(areas, 60)
    cells = Cells(grid, [AreaBlock.of(grid, areas, 0, 1)])
    x, y = np.array([1.7, 4.6, 7.3, 15.0, 25.0]), np.full(5, 4.6)
    found = grid.cells(x, y)
    assert cells.look_up(x, y, found).point.size == 0
    assert found.tolist() == [0, OUTSIDE, 0, OUTSIDE, 0]


@pytest.mark.parametrize(
    ("number", "parts", "bounds"),
    [
        (10, 2, [(0, 5), (5, 10)]),
        (3, 5, [(0, 1), (1, 2), (2, 3)]),
        (7, 1, [(0, 7)]),
        (0, 4, []),
        (5, 2, [(0, 2), (2, 5)]),
    ],
)
def test_slices_of_nearly_equal_length_cover_all(
    number: int, parts: int, bounds: list[tuple[int, int]]
) -> None:
    assert slice_bounds(number, parts) == bounds


def test_ranges_are_spelled_out() -> None:
    number, values = expand_ranges(np.array([5, 0, 9]), np.array([1, 3, 2]))
    assert number.tolist() == [0, 1, 1, 1, 2, 2]
    assert values.tolist() == [5, 0, 1, 2, 9, 10]
    nothing = expand_ranges(np.empty(0, dtype=int), np.empty(0, dtype=int))
    assert [each.size for each in nothing] == [0, 0]
