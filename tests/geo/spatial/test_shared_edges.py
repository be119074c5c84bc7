"""Areas on a grid share their edges exactly, and none overlaps another."""

import numpy as np
import shapely
from shapely import Polygon, box

from geo.spatial.shared_edges import GRID, coverage_on_grid


def test_vertices_lie_on_the_grid_and_neighbours_share_them() -> None:
    left = Polygon([(0, 0), (1.04, 0), (0.98, 1), (0, 1)])
    right = Polygon([(1.03, 0), (2, 0), (2, 1), (0.99, 1)])
    one, other = coverage_on_grid([left, right], 0.1)
    for area in (one, other):
        xy = shapely.get_coordinates(area)
        assert np.allclose(xy, xy.round(1), atol=1e-12)
    assert shapely.intersection(one, other).length == 1
    assert one.equals(box(0, 0, 1, 1))
    assert other.equals(box(1, 0, 2, 1))


def test_the_grid_has_six_decimals_of_a_degree() -> None:
    assert GRID == 0.000001
    (area,) = coverage_on_grid([box(9.12345649, 45, 9.2, 45.1)])
    assert area.bounds == (9.123456, 45.0, 9.2, 45.1)


def test_an_overlap_goes_to_the_area_that_covers_most_of_its_face() -> None:
    one, other = coverage_on_grid([box(0, 0, 3, 1), box(2, 0, 5, 1)], 0.5)
    # Both cover the whole of it: the first.
    assert one.equals(box(0, 0, 3, 1))
    assert other.equals(box(3, 0, 5, 1))
    assert coverage_on_grid([box(2, 0, 5, 1), box(0, 0, 3, 1)], 0.5)[0].equals(box(2, 0, 5, 1))


def test_a_hole_that_no_area_covers_stays_a_hole() -> None:
    ring = box(0, 0, 4, 4).difference(box(1, 1, 2, 2))
    island = box(1.5, 1.5, 2, 2)
    one, other = coverage_on_grid([ring, island], 0.5)
    assert (one.area, other.area) == (15, 0.25)


def test_a_face_goes_to_an_area_that_covers_half_of_it_and_not_to_one_of_less() -> None:
    half, less = box(0, 0.0625, 4, 0.5625), box(10, 0.0625, 14, 0.5)
    one, other = coverage_on_grid([half, less], 1)
    # Both would be a row of whole squares on the grid.
    assert one.equals(box(0, 0, 4, 1))
    assert other.is_empty
    below = coverage_on_grid([box(0, 0.0625, 4, 0.53125)], 1)[0]
    assert below.is_empty


def test_rings_are_in_one_canonical_order() -> None:
    square = Polygon([(1, 1), (0, 1), (0, 0), (1, 0)])
    (area,) = coverage_on_grid([square], 0.5)
    assert area.wkt == shapely.normalize(box(0, 0, 1, 1)).wkt


def test_an_area_smaller_than_the_grid_becomes_empty() -> None:
    one, other = coverage_on_grid([box(0, 0, 1, 1), box(3, 3, 3.01, 3.01)], 0.5)
    assert one.area == 1
    assert other.is_empty
