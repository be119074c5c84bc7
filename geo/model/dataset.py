"""A city's data: one immutable snapshot, checked as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, overload

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.model import tables
from geo.model.checks import check
from geo.model.city import City
from geo.model.folder import read_folder
from geo.model.kinds import Kinds
from geo.model.rows import CheckedRow, Rows
from geo.model.tables import TABLES, Layer, Table
from geo.spatial.point_in_area import locate

WGS84 = "EPSG:4326"


@dataclass(frozen=True, eq=False)
class Dataset:
    """A snapshot of a city's data. Each table is handed out as a copy (lazy, so it's cheap).

    `version` follows the content of the data: whatever is made from a dataset can be
    cached under it. `fingerprint` follows the descriptions of the data (`changes`), too.
    """

    city: City
    version: str
    fingerprint: str
    _frames: Mapping[str, pd.DataFrame]
    # What `geo.model.cache` holds: results by function.
    memo: dict[Callable[..., Any], Callable[..., Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, city: City, rows: Rows, version: str, fingerprint: str | None = None) -> "Dataset":
        """Make a dataset of rows that were checked by themselves, wherever they come from.

        `version` is another one whenever the content is. DataError lists every problem: of
        single rows, and of what must hold between them.
        """
        check(rows, city)
        rows.problems.raise_if_any()
        frames = {table.name: _frame(table, rows[table]) for table in rows.tables}
        made = cls(city, version, fingerprint or version, frames)
        frames["places"] = _with_quartiere(made.places, made.quartieri)
        return made

    @classmethod
    def read(cls, folder: Path, tables: tuple[Table[Any], ...] = TABLES) -> "Dataset":
        """Read and check a data folder, as of one moment; DataError lists every problem."""
        content = read_folder(folder, tables)
        return cls.of(content.city, content.rows, content.version, content.fingerprint)

    def with_frames(self, **frames: pd.DataFrame) -> "Dataset":
        """Return a dataset with other frames in place of some tables (by name), unchecked."""
        return replace(self, _frames={**self._frames, **frames}, memo={})

    @property
    def kinds(self) -> Kinds:
        """The kinds of place of the city: those of every city and its own."""
        return self.city.kinds

    @overload
    def table(self, table: Layer[Any]) -> gpd.GeoDataFrame: ...
    @overload
    def table(self, table: Table[Any]) -> pd.DataFrame: ...
    def table(self, table: Table[Any]) -> pd.DataFrame:
        """Return a table: columns of its row model, indexed and sorted by its index.

        A layer has a geometry column in WGS84 (in place of lon and lat). Values are Python
        objects: a missing number is None, an integer stays one.
        """
        return self._frames[table.name].copy(deep=False)

    @property
    def quartieri(self) -> gpd.GeoDataFrame:
        """The areas, indexed by slug in alphabetical order."""
        return self.table(tables.QUARTIERI)

    @property
    def places(self) -> gpd.GeoDataFrame:
        """The places, points or missing, indexed by id.

        `quartiere` is the one in which a place counts: where its point lies, else (no
        point) the one that its source states, else None. `quartiere_stated` and
        `quartiere_located` are the two that it comes from.
        """
        return self.table(tables.PLACES)

    @property
    def networks(self) -> pd.DataFrame:
        """The networks, indexed by slug."""
        return self.table(tables.NETWORKS)

    @property
    def memberships(self) -> pd.DataFrame:
        """The ties between organisations, networks and common goods."""
        return self.table(tables.MEMBERSHIPS)

    @property
    def streets(self) -> gpd.GeoDataFrame:
        """Points of the city's streets."""
        return self.table(tables.STREETS)

    @property
    def demand_points(self) -> gpd.GeoDataFrame:
        """Points where people live."""
        return self.table(tables.DEMAND)

    @property
    def sources(self) -> pd.DataFrame:
        """The sources, indexed by id."""
        return self.table(tables.SOURCES)

    @property
    def former_ids(self) -> pd.DataFrame:
        """Ids that places had once, indexed by former_id; column id: the place's of today."""
        return self.table(tables.FORMER_IDS)

    @property
    def changes(self) -> pd.DataFrame:
        """What was changed in the data, in the order of the file."""
        return self.table(tables.CHANGES)


def _frame(table: Table[Any], rows: list[CheckedRow[Any]]) -> pd.DataFrame:
    # Objects, not inferred types: a missing number stays None and an integer stays one.
    # The columns are there without a row, too.
    values = [dict(row.values) for row in rows]
    frame = pd.DataFrame(values, columns=list(table.columns), dtype=object)
    if isinstance(table, Layer):
        frame = _with_geometry(table, frame, rows)
    return frame if table.index is None else frame.set_index(table.index).sort_index()


def _with_geometry(
    table: Layer[Any], frame: pd.DataFrame, rows: list[CheckedRow[Any]]
) -> gpd.GeoDataFrame:
    if table.is_geojson:
        shapes = np.array([row.geometry for row in rows], dtype=object)
        return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=WGS84))
    points = gpd.points_from_xy(frame.pop("lon").astype(float), frame.pop("lat").astype(float))
    return gpd.GeoDataFrame(frame, geometry=points, crs=WGS84)


def _with_quartiere(places: gpd.GeoDataFrame, quartieri: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    located = locate(places.geometry, quartieri.geometry)
    stated = places["quartiere"]
    has_point = places.geometry.notna()
    return places.assign(
        quartiere_stated=stated,
        quartiere_located=located,
        quartiere=located.where(has_point, stated),
    )
