"""The made-up country of the measurements: a valid coverage, and the same by the same seed."""

import numpy as np
import pytest
import shapely

from bench.country import areas, points
from geo.spatial.point_in_area import OUTSIDE, locate_xy


@pytest.mark.parametrize("number", [1, 7, 400])
def test_the_areas_touch_without_gaps_or_overlaps(number: int) -> None:
    made = areas(number, seed=3)
    assert len(made) == number
    assert shapely.coverage_is_valid(made)
    assert shapely.area(shapely.coverage_union_all(made)) == pytest.approx(shapely.area(made).sum())


def test_their_borders_are_wiggly() -> None:
    vertices = shapely.get_num_coordinates(areas(400))
    assert 80 < vertices.mean() < 130


def test_the_same_seed_makes_the_same_country() -> None:
    assert shapely.equals_exact(areas(50, 1), areas(50, 1)).all()
    assert np.array_equal(points(300_000, 1, 50), points(300_000, 1, 50))
    assert not np.array_equal(points(1000, 1, 50), points(1000, 2, 50))


def test_places_gather_in_towns_and_some_lie_outside() -> None:
    found = locate_xy(*points(20_000, country=400), areas(400))
    assert 0 < (found == OUTSIDE).mean() < 0.1
    counts = np.bincount(found[found != OUTSIDE], minlength=400)
    assert counts.max() > 10 * counts.mean()
