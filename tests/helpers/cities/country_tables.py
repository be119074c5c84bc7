"""Small tables of a country, in GeoParquet, for the tests of large ones."""

from collections.abc import Sequence
from pathlib import Path

import dask
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import box

from geo.analysis.coverage import CoverageQuery
from geo.large import dask_coverage
from geo.large.dask_workers import Runner
from geo.large.parquet import Tables

CRS = "EPSG:32632"
Points = Sequence[tuple[float, float]]


def write(frame: gpd.GeoDataFrame, path: Path, files: int = 1) -> Path:
    """Write a table as a folder of so many files, numbered without zeros in front."""
    path.mkdir(parents=True)
    for at, rows in enumerate(np.array_split(np.arange(len(frame)), files)):
        frame.iloc[rows].to_parquet(path / f"part-{at}.parquet")
    return path


def areas(polygons: Sequence[object], crs: str = CRS) -> gpd.GeoDataFrame:
    ids = [f"a{at:03}" for at in range(len(polygons))]
    return gpd.GeoDataFrame({"id": ids}, geometry=list(polygons), crs=crs)


def people(at: Points, number: Sequence[float | None]) -> gpd.GeoDataFrame:
    residents = np.array(number, dtype=float)
    return gpd.GeoDataFrame({"residents": residents}, geometry=_points(at), crs=CRS)


def places(at: Points, kinds: Sequence[str]) -> gpd.GeoDataFrame:
    named = pd.Series(list(kinds), dtype="str")
    return gpd.GeoDataFrame({"kind": named}, geometry=_points(at), crs=CRS)


def grid(side: int, size: float) -> list[object]:
    """Squares that fill a square of side × side, row after row."""
    edges = np.arange(side) * size
    west, south = np.meshgrid(edges, edges)
    return list(shapely.box(west, south, west + size, south + size).ravel())


def _points(at: Points) -> object:
    return gpd.points_from_xy(*np.array(at, dtype=float).reshape(-1, 2).T)


LIBRARY = CoverageQuery(("biblioteca",), 500)


def opened(
    folder: Path,
    areas: gpd.GeoDataFrame,
    people: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    question: CoverageQuery = LIBRARY,
    files: int = 1,
) -> Tables:
    return Tables.open(
        write(areas, folder / "areas", min(files, len(areas))),
        write(people, folder / "demand", files),
        write(places, folder / "places", files),
        question,
    )


def by_parts(
    opened: Tables, question: CoverageQuery, rows: int, runner: Runner | None = None
) -> gpd.GeoDataFrame:
    with dask.config.set(scheduler="synchronous"):
        return dask_coverage.coverage(opened, question, runner or Runner(), rows=rows)


def same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> None:
    """Check that two answers are the same, to the last bit."""
    bare = (frame.drop(columns="geometry") for frame in (one, other))
    pd.testing.assert_frame_equal(*bare, check_exact=True)
    assert one.geometry.geom_equals_exact(other.geometry, 0).sum() == one.geometry.notna().sum()


# Two squares of 1 km side by side.
SQUARES = areas([box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)])
PEOPLE = people(
    [(100, 500), (900, 500), (1000, 500), (1900, 500), (1900, 900), (90_000, 0)],
    [100, 50, 10, 40, None, 7],
)
PLACES = places(
    [(600, 500), (1000, 0), (1500, 1000), (1500, 1000), (5000, 5000), (np.nan, np.nan)],
    ["biblioteca", "biblioteca", "parco", "biblioteca", "biblioteca", "biblioteca"],
)
