"""The same coverage by Dask's workers, none of which needs all the places or all the people.

The points are read in parts, as coordinates, and brought into the order of a Hilbert
curve, so that each part is a small piece of the map. Then each part is counted by
itself, with the areas that meet its box and, for people, the places within the distance
of it. What is lost with a worker is made again by another one, from the files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dask
import dask_geopandas
import geopandas as gpd
import numpy as np
import pandas as pd
from dask.delayed import Delayed
from numpy.typing import NDArray

from geo.analysis.coverage import CoverageQuery
from geo.large import area_table, sums
from geo.large.dask_workers import Runner
from geo.large.hilbert import CURVE, arranged
from geo.large.parquet import Table, Tables, people_of, places_of, read_areas
from geo.spatial.access import Floats

# Points in a part: a few megabytes, and some tenths of a second of work.
ROWS = 200_000
# Rows are read in chunks of about this many bytes of a file's columns.
_READ = "16MiB"
# Beyond the distance, in metres: rounding must never lose a place.
_MORE = 1.0


@dataclass(frozen=True)
class _Parts:
    """Parts of a table on the workers, the box of each, and how rows are picked by a box."""

    frames: list[Delayed]
    boxes: Floats
    pick: Callable[[Any, Floats], Any]

    def near(self, box: Floats, metres: float = 0.0) -> list[Delayed]:
        """Return the rows in a box or within a distance (metres) of it, by part that it meets.

        It is picked where the part is, so that only that travels.
        """
        wide = box + np.array([-1, -1, 1, 1]) * metres
        # Where it meets none, nothing of the first: the columns are needed.
        met = np.flatnonzero(_meet(self.boxes, wide)).tolist() or [0]
        return [dask.delayed(self.pick)(self.frames[part], wide) for part in met]


def coverage(
    tables: Tables, query: CoverageQuery, runner: Runner, *, rows: int = ROWS
) -> gpd.GeoDataFrame:
    """Return the table of `geo.large.area_table`, by parts of about `rows` points."""
    areas = read_areas(tables.areas)
    ground = _ground(tables.areas, runner)
    # Points outside it all are put beside its rim: that costs time, but no point.
    curve = np.nan_to_num(areas.total_bounds)
    places = _points(_Reading(places_of, tables.places, query, curve), rows, runner)
    people = _points(_Reading(people_of, tables.demand, query, curve), rows, runner)
    tasks = [
        dask.delayed(_count_places)(part, ground.near(box), query)
        for part, box in zip(places.frames, places.boxes, strict=True)
    ]
    tasks += [
        dask.delayed(_count_people)(
            part, places.near(box, query.metres + _MORE), ground.near(box), query
        )
        for part, box in zip(people.frames, people.boxes, strict=True)
    ]
    results = runner.results("counting", tasks)
    number = len(places.frames)
    counted, parted = sums.add_counts(results[:number]), sums.add_people(results[number:])
    return area_table.table(areas, counted, parted, query)


def _ground(table: Table, runner: Runner) -> _Parts:
    """Return the areas in parts, each with the areas' positions among all."""
    parts = _read(table)[table.geometry].to_delayed()
    numbers = runner.results("measuring areas", [dask.delayed(len)(part) for part in parts])
    starts = np.cumsum([0, *numbers[:-1]])
    numbered = [
        dask.delayed(_numbered)(part, int(start)) for part, start in zip(parts, starts, strict=True)
    ]
    parts = runner.persisted("reading areas", numbered)
    boxes = runner.results("measuring areas", [dask.delayed(_total_bounds)(part) for part in parts])
    return _Parts(parts, np.array(boxes), _areas_meeting)


@dataclass(frozen=True)
class _Reading:
    """How the rows of a table become points, with their place on the curve over `bounds`."""

    convert: Callable[[gpd.GeoDataFrame, Table, CoverageQuery], pd.DataFrame]
    table: Table
    query: CoverageQuery
    bounds: Floats

    def __call__(self, rows: gpd.GeoDataFrame) -> pd.DataFrame:
        rows = rows.reset_index(drop=True)
        points = self.convert(rows, self.table, self.query)
        known = points.index[points["x"].notna()]
        curve = pd.Series(0, index=points.index, dtype=np.int64)
        curve[known] = gpd.GeoSeries(rows.geometry[known]).hilbert_distance(self.bounds)
        return points.assign(**{CURVE: curve})


def _points(reading: _Reading, rows: int, runner: Runner) -> _Parts:
    """Return a table of points in parts that are pieces of the map."""
    table = reading.table
    empty = gpd.GeoDataFrame(columns=table.read, geometry=table.geometry)
    points = _read(table).map_partitions(reading, meta=reading(empty))
    points, boxes = arranged(points, rows, runner, table.path.stem)
    return _Parts(points.to_delayed(), boxes, _points_inside)


def _read(table: Table) -> dask_geopandas.GeoDataFrame:
    return dask_geopandas.read_parquet(
        list(table.files),
        columns=table.read,
        filters=table.filter,
        # Those of a file, which may hold many parts.
        gather_spatial_partitions=False,
        blocksize=_READ,
    )


def _count_places(
    places: pd.DataFrame, areas: list[gpd.GeoSeries], query: CoverageQuery
) -> pd.DataFrame:
    return sums.count_places(places, gpd.GeoSeries(pd.concat(areas)), query)


def _count_people(
    people: pd.DataFrame,
    places: list[pd.DataFrame],
    areas: list[gpd.GeoSeries],
    query: CoverageQuery,
) -> pd.DataFrame:
    around = gpd.GeoSeries(pd.concat(areas))
    return sums.count_people(people, pd.concat(places), around, query)


def _numbered(areas: gpd.GeoSeries, start: int) -> gpd.GeoSeries:
    return areas.set_axis(pd.RangeIndex(start, start + len(areas)))


def _total_bounds(areas: gpd.GeoSeries) -> Floats:
    bounds: Floats = areas.total_bounds
    return bounds


def _areas_meeting(areas: gpd.GeoSeries, box: Floats) -> gpd.GeoSeries:
    """Return the areas whose boxes meet a box."""
    return gpd.GeoSeries(areas[_meet(areas.bounds.to_numpy(), box)])


def _points_inside(points: pd.DataFrame, box: Floats) -> pd.DataFrame:
    x, y = points["x"], points["y"]
    inside = (x >= box[0]) & (y >= box[1]) & (x <= box[2]) & (y <= box[3])
    picked: pd.DataFrame = points[inside].drop(columns=CURVE)
    return picked


def _meet(boxes: Floats, box: Floats) -> NDArray[np.bool_]:
    """Return which boxes have a point in common with a box; one that is missing meets none."""
    apart = ~(boxes[:, :2] <= box[2:]) | ~(boxes[:, 2:] >= box[:2])
    return np.asarray(~apart.any(axis=1))
