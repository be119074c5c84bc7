"""The three tables, in GeoParquet: areas, where people live, and places.

A table is one file, or a folder of files: its rows are those of the files, in the
natural order of their names ("part-2" before "part-10"). All are in one metric CRS.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import shapely
from pyproj import CRS

from geo.analysis.coverage import CoverageQuery
from geo.base.errors import DataError, Problem
from geo.model.kinds import GROUPS, STANDARD
from geo.spatial.access import existing

# Ends of the names of Arrow's types.
_TEXT = ("string", "string_view")
_NUMBERS = ("double", "float", *(f"int{bits}" for bits in (8, 16, 32, 64)))
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


Filter = list[tuple[str, str, object]]


@dataclass(frozen=True)
class Table:
    """A table to read: its files in order, the columns wanted, that of the geometry, its CRS.

    `filter`: what rows must fulfil to be read at all.
    """

    path: Path
    files: tuple[str, ...]
    columns: tuple[str, ...]
    geometry: str
    crs: CRS
    filter: Filter | None = None

    @property
    def read(self) -> list[str]:
        """Return the columns to read."""
        return [*self.columns, self.geometry]

    def parts(self) -> Iterator[gpd.GeoDataFrame]:
        """Yield the rows, file after file."""
        for file in self.files:
            yield gpd.read_parquet(file, columns=self.read, filters=self.filter)


@dataclass(frozen=True)
class Tables:
    """Areas with an id, demand with a population, places with a kind: opened and checked."""

    areas: Table
    demand: Table
    places: Table

    @classmethod
    def open(
        cls, areas: Path, demand: Path, places: Path, query: CoverageQuery, id_column: str = "id"
    ) -> "Tables":
        """Open what a query needs; DataError when a column is missing, or a metric CRS."""
        kinds = sorted(set(chain(*choices(query).values())))
        tables = cls(
            _open(areas, [id_column]),
            _open(demand, [query.population], holds=_NUMBERS),
            replace(_open(places, ["kind"], ["status"], _TEXT), filter=[("kind", "in", kinds)]),
        )
        for table in (tables.areas, tables.demand, tables.places):
            if table.crs.is_geographic or table.crs != tables.areas.crs:
                what = f"it is in {table.crs.name}, and {areas.name} in {tables.areas.crs.name}"
                raise _error(table.path, what, "Bring all three into one CRS in metres")
        return tables


def choices(query: CoverageQuery) -> dict[str, tuple[str, ...]]:
    """Return the values of the column kind that each of the query's kinds stands for.

    A group of the map's kinds stands for its kinds; any other word is taken as it is.
    """
    return {slug: STANDARD.expand(slug) if slug in GROUPS else (slug,) for slug in query.kinds}


def read_areas(table: Table) -> gpd.GeoDataFrame:
    """Return all areas in order: id (text) and geometry; DataError when one can't be used."""
    rows = gpd.GeoDataFrame(pd.concat(table.parts(), ignore_index=True))
    ident = rows[table.columns[0]]
    if ident.isna().any() or ident.duplicated().any():
        raise _error(
            table.path, f"{table.columns[0]} is missing or not unique", "Give each its own"
        )
    check_areas(rows.geometry, table)
    return gpd.GeoDataFrame({"id": ident.astype(str)}, geometry=rows.geometry)


def check_areas(areas: gpd.GeoSeries, table: Table) -> None:
    """Raise DataError unless all areas are polygons."""
    wrong = ~np.isin(shapely.get_type_id(np.asarray(areas)), _POLYGONS)
    if wrong.any():
        raise _error(table.path, f"{wrong.sum()} rows have no polygon", "Leave them out")


def people_of(rows: gpd.GeoDataFrame, table: Table, _question: CoverageQuery) -> pd.DataFrame:
    """Return the demand points as x and y (metres) and people (missing where not known).

    DataError where a row has no point, or people that can't be: negative or infinite.
    """
    points = _points(rows, table)
    if points["x"].isna().any():
        number = points["x"].isna().sum()
        raise _error(table.path, f"{number} rows have no point", "Leave them out")
    people = pd.to_numeric(rows[table.columns[0]]).astype(float).to_numpy()
    if (people < 0).any() or np.isinf(people).any():
        what = f"{table.columns[0]} is negative or infinite"
        raise _error(table.path, what, "Leave it empty where it isn't known")
    return points.assign(people=people)


def places_of(rows: gpd.GeoDataFrame, table: Table, query: CoverageQuery) -> pd.DataFrame:
    """Return the existing places of the kinds of the query: x, y (metres), a flag for each choice.

    x and y are missing where a place has no point. Where there is a column status, what is
    closed or only planned doesn't count.
    """
    kinds = choices(query)
    rows = rows[rows["kind"].isin(list(chain(*kinds.values())))]
    if "status" in rows:
        status = rows["status"].astype("string").fillna("unknown")
        rows = rows[existing(rows.assign(status=status))]
    marks = {choice: rows["kind"].isin(some).to_numpy() for choice, some in kinds.items()}
    return _points(rows, table).assign(**marks)


def _points(rows: gpd.GeoDataFrame, table: Table) -> pd.DataFrame:
    points = np.asarray(rows.geometry)
    kinds = shapely.get_type_id(points)
    if not np.isin(kinds, [shapely.GeometryType.MISSING, shapely.GeometryType.POINT]).all():
        fix = "Make points of them, such as shapely.point_on_surface"
        raise _error(table.path, "some rows are lines or areas", fix)
    xy = np.full((len(points), 2), np.nan)
    known = ~(shapely.is_missing(points) | shapely.is_empty(points))
    xy[known] = shapely.get_coordinates(points[known])
    if np.isinf(xy).any():
        raise _error(table.path, "some coordinates are infinite", "Correct them")
    return pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1]}, index=rows.index)


def _open(
    path: Path,
    columns: list[str],
    optional: Collection[str] = (),
    holds: tuple[str, ...] = (),
) -> Table:
    try:
        table = pyarrow.dataset.dataset(path, format="parquet")
        schema = table.schema
        geo = json.loads((schema.metadata or {})[b"geo"])
        geometry = geo["primary_column"]
        crs = CRS.from_user_input(geo["columns"][geometry].get("crs", "OGC:CRS84"))
    except (OSError, pa.ArrowInvalid, KeyError, ValueError) as error:
        what = f"it can't be read as GeoParquet ({error})"
        raise _error(path, what, "Give a GeoParquet file, or a folder of them") from None
    missing = [name for name in columns if name not in schema.names]
    if missing:
        there = ", ".join(name for name in schema.names if name != geometry)
        raise _error(path, f"there is no column {missing[0]!r}", f"It has {there}")
    dtype = str(getattr(schema.field(columns[0]).type, "value_type", schema.field(columns[0]).type))
    if holds and not dtype.endswith(holds):
        raise _error(path, f"the column {columns[0]!r} holds {dtype}", f"Make it {holds[0]}")
    taken = [*columns, *(name for name in optional if name in schema.names)]
    files = sorted((str(Path(file).resolve()) for file in table.files), key=_natural)
    return Table(path, tuple(files), tuple(taken), geometry, crs)


def _natural(name: str) -> list[int | str]:
    """Return a key that sorts numbers in names by their value: as Dask sorts files."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _error(path: Path, what: str, fix: str) -> DataError:
    return DataError([Problem(path.name, "", what, fix)])
