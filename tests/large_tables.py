"""Small tables of a country, in GeoParquet, for the tests of large ones."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

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
