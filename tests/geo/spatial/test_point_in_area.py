"""Each point lies in exactly one quartiere or in none, on edges and corners too."""

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from shapely import Point, box

from geo.model.dataset import Dataset
from geo.spatial.grid import Grid
from geo.spatial.point_in_area import OUTSIDE, locate, locate_by_grid, locate_by_tree, locate_xy

SQUARES = np.array([box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)])


@pytest.mark.parametrize(
    ("x", "y", "square"),
    [
        (0.5, 0.5, 0),
        (1.5, 0.5, 1),
        (1.5, 1.5, 3),
        (1, 0.5, 0),  # on the edge of 0 and 1
        (1, 1, 0),  # on the corner of all four
        (1.5, 1, 1),
        (2, 2, 3),
        (0, 0, 0),
        (2.1, 1, OUTSIDE),
        (-1e-9, 0.5, OUTSIDE),
        (np.nan, 0.5, OUTSIDE),
        (np.inf, 0.5, OUTSIDE),
    ],
)
def test_squares(x: float, y: float, square: int) -> None:
    assert locate_xy(np.array([x]), np.array([y]), SQUARES).tolist() == [square]


def test_no_points_and_no_areas() -> None:
    nothing = np.empty(0)
    assert locate_xy(nothing, nothing, SQUARES).size == 0
    assert locate_xy(np.ones(2), np.ones(2), SQUARES[:0]).tolist() == [OUTSIDE, OUTSIDE]


def test_labels_follow_the_points() -> None:
    areas = gpd.GeoSeries(SQUARES[:2], index=["left", "right"], crs="EPSG:32632")
    points = gpd.GeoSeries(
        [Point(1.5, 0.5), None, Point(), Point(0.5, 0.5), Point(9, 9)],
        index=list("abcde"),
        crs="EPSG:32632",
    )
    assert locate(points, areas).to_dict() == {
        "a": "right", "b": None, "c": None, "d": "left", "e": None
    }  # fmt: skip


def test_another_crs_is_refused() -> None:
    with pytest.raises(ValueError, match="reproject one"):
        locate(gpd.GeoSeries([], crs=4326), gpd.GeoSeries([], crs=32632))


@st.composite
def coverages(draw: st.DrawFn) -> np.ndarray:
    """Areas that share their edges exactly: cells of a random, uneven grid, merged at random."""
    cuts = st.lists(st.integers(1, 999), min_size=1, max_size=4, unique=True).map(sorted)
    xs, ys = [0, *draw(cuts), 1000], [0, *draw(cuts), 1000]
    cells = [
        box(*corner)
        for corner in (
            (xs[i], ys[j], xs[i + 1], ys[j + 1])
            for i in range(len(xs) - 1)
            for j in range(len(ys) - 1)
        )
    ]
    owners = np.array(draw(st.lists(st.integers(0, 5), min_size=len(cells), max_size=len(cells))))
    turn = draw(st.floats(0, 0.7))
    areas = [shapely.union_all(np.array(cells)[owners == owner]) for owner in np.unique(owners)]
    # Snapped to one precision after turning, so that shared vertices stay shared.
    turned = shapely.transform(areas, lambda xy: np.round(_turn(xy, turn), 3))
    return np.array(turned)


def _turn(xy: np.ndarray, angle: float) -> np.ndarray:
    return xy @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


points = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 60), st.just(2)), elements=st.floats(-900, 1500)
)


@given(coverages(), points, st.booleans())
def test_each_point_has_one_area_or_none(
    areas: np.ndarray, xy: np.ndarray, on_vertices: bool
) -> None:
    if on_vertices:
        xy = np.concatenate([xy, shapely.get_coordinates(areas)])
    x, y = xy.T
    found = locate_xy(x, y, areas)
    # The definition, one area at a time: the first that holds or touches the point.
    touches = np.array([shapely.intersects_xy(area, x, y) for area in areas])
    expected = np.where(touches.any(axis=0), touches.argmax(axis=0), OUTSIDE)
    assert found.tolist() == expected.tolist()
    counted = sum(int((found == number).sum()) for number in range(len(areas)))
    assert counted + int((found == OUTSIDE).sum()) == len(xy)


@given(coverages(), points, st.integers(3, 300))
def test_the_grid_changes_nothing(areas: np.ndarray, xy: np.ndarray, side: int) -> None:
    xy = np.concatenate([xy, shapely.get_coordinates(areas), [[np.nan, 1.0], [1.0, np.inf]]])
    x, y = xy.T
    grid = Grid.over(areas, side)
    assert grid is not None
    assert locate_by_grid(x, y, areas, grid).tolist() == locate_by_tree(x, y, areas).tolist()


def test_many_points_are_looked_up_in_a_grid_and_agree(bergamo: Dataset) -> None:
    areas = np.asarray(bergamo.quartieri.geometry)
    west, south, east, north = shapely.total_bounds(areas)
    rng = np.random.default_rng(3)
    x, y = rng.uniform(west, east, 30_000), rng.uniform(south, north, 30_000)
    assert locate_xy(x, y, areas).tolist() == locate_by_tree(x, y, areas).tolist()


def test_more_points_than_a_thread_takes_at_once_are_all_found() -> None:
    rng = np.random.default_rng(9)
    x, y = rng.uniform(-0.5, 2.5, (2, 140_000))
    inside = (x > 0) & (x < 2) & (y > 0) & (y < 2)
    square = (x > 1).astype(int) + 2 * (y > 1)
    found = locate_xy(x, y, SQUARES)
    assert found.dtype == np.int32
    assert (found == np.where(inside, square, OUTSIDE)).all()


@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 8), st.just(3)), elements=st.floats(0, 100)),
    st.integers(3, 90),
    st.integers(0, 2**32 - 1),
)
def test_overlaps_slivers_and_holes_go_to_the_first(
    circles: np.ndarray, side: int, seed: int
) -> None:
    """Rings with holes, put over each other, and each once more, moved by next to nothing."""
    disks = shapely.buffer(shapely.points(circles[:, :2]), circles[:, 2], quad_segs=3)
    rings = shapely.difference(disks, shapely.buffer(disks, -20))
    areas = np.concatenate([rings, shapely.transform(disks, lambda xy: xy + 1e-9)])
    xy = np.random.default_rng(seed).uniform(-50, 150, (300, 2))
    x, y = np.concatenate([xy, shapely.get_coordinates(areas)]).T
    grid = Grid.over(areas, side)
    if grid is not None:
        assert locate_by_grid(x, y, areas, grid).tolist() == locate_by_tree(x, y, areas).tolist()


@given(st.integers(1, 5), st.integers(3, 300), st.integers(0, 2**32 - 1))
def test_areas_with_many_arms_are_as_the_tree_finds_them(number: int, side: int, seed: int) -> None:
    """Stars over each other: a row of cells meets each of them many times."""
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    radii = rng.uniform(5, 100, (number, len(angles)))
    arms = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=2)
    areas = shapely.polygons(arms + rng.uniform(-80, 80, (number, 1, 2)))
    x, y = np.concatenate([rng.uniform(-190, 190, (500, 2)), shapely.get_coordinates(areas)]).T
    grid = Grid.over(areas, side)
    assert grid is not None
    assert locate_by_grid(x, y, areas, grid).tolist() == locate_by_tree(x, y, areas).tolist()


def test_areas_too_small_for_their_numbers_are_found_without_a_grid() -> None:
    areas = np.array([box(5e6, 5e6, 5e6 + 1e-8, 5e6 + 1e-8)])
    x = np.full(5_000, 5e6)
    assert Grid.over(areas, 64) is None
    assert locate_xy(x, x, areas).tolist() == [0] * 5_000


@given(coverages(), points, st.randoms(use_true_random=False))
def test_the_order_of_points_changes_nothing(areas: np.ndarray, xy: np.ndarray, random) -> None:
    order = list(range(len(xy)))
    random.shuffle(order)
    x, y = xy.T
    assert locate_xy(x[order], y[order], areas).tolist() == locate_xy(x, y, areas)[order].tolist()


@pytest.mark.slow
def test_many_threads_at_once_survive() -> None:
    """GEOS crashes the whole process when threads share a prepared geometry: ours don't."""
    script = """
import numpy as np, shapely
from concurrent.futures import ThreadPoolExecutor
from geo.spatial.point_in_area import locate_xy
rng = np.random.default_rng(7)
cells = shapely.buffer(shapely.points(rng.uniform(0, 100, (400, 2))), 4)
x, y = rng.uniform(0, 100, (2, 30_000))
with ThreadPoolExecutor(8) as threads:
    runs = list(threads.map(lambda _: locate_xy(x, y, cells), range(16)))
assert all((run == runs[0]).all() for run in runs)
assert not shapely.is_prepared(cells).any()
print("alive")
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert run.stdout == "alive\n", run.stderr
