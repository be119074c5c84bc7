"""A city's data: one immutable snapshot, read and checked as a whole."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.base.errors import DataError, Problem
from geo.model.checks import check_demand, check_places, check_quartieri, check_references
from geo.model.city import FILE as CITY_FILE
from geo.model.city import City, city_of
from geo.model.parsing import read_features, read_table
from geo.model.rows import Read, Rows
from geo.model.schema import (
    ChangeRow,
    DemandRow,
    MembershipRow,
    NetworkRow,
    PlaceRow,
    QuartiereRow,
    Row,
    SourceRow,
    StreetRow,
)
from geo.spatial.point_in_area import locate
from geo.storage.snapshot import Content, is_missing, read_files

QUARTIERI, PLACES = "quartieri.geojson", "places.geojson"
NETWORKS, MEMBERSHIPS = "networks.csv", "memberships.csv"
STREETS, SOURCES, DEMAND = "streets.csv", "sources.csv", "demand.csv"
FILES = (CITY_FILE, QUARTIERI, PLACES, NETWORKS, MEMBERSHIPS, STREETS, DEMAND, SOURCES)
# What was changed and when: it tells of the data, and isn't part of them.
CHANGES = "changes.csv"
# All that is read in a data folder.
READ = (*FILES, CHANGES)
WGS84 = "EPSG:4326"

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A snapshot of a city's data. Each table is handed out as a copy (lazy, so it's cheap).

    `version` is a hash of the files' content: whatever is made from a dataset can be
    cached under it. `fingerprint` takes what is told about the data (`CHANGES`) in, too.
    """

    city: City
    version: str
    fingerprint: str
    _quartieri: gpd.GeoDataFrame
    _places: gpd.GeoDataFrame
    _networks: pd.DataFrame
    _memberships: pd.DataFrame
    _streets: gpd.GeoDataFrame
    _demand_points: gpd.GeoDataFrame
    _sources: pd.DataFrame
    _changes: pd.DataFrame
    # What `geo.model.cache` keeps: the answers to what was asked, by function.
    kept: dict[Callable[..., Any], Callable[..., Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, folder: Path) -> "Dataset":
        """Read and check the data folder; DataError lists every problem that it has.

        All files are read as of one moment, also while a command changes them.
        """
        contents = read_files(folder, READ)
        city = city_of(contents[CITY_FILE])
        problems: list[Problem] = []
        rows = _read_rows(contents, CRS.from_user_input(city.metric_crs), problems)
        check_quartieri(QUARTIERI, rows.quartieri, city.metric_crs, problems)
        check_places(PLACES, rows.places, problems)
        check_demand(DEMAND, rows.demand, problems)
        if not _any_unread(rows, problems):
            check_references(rows, problems)
        if problems:
            raise DataError(problems)
        quartieri = _geo_table(rows.quartieri, QuartiereRow, "slug")
        return cls(
            city=city,
            version=version_of(contents),
            fingerprint=_hash_of(contents, READ),
            _quartieri=quartieri,
            _places=_with_quartiere(_geo_table(rows.places, PlaceRow, "id"), quartieri),
            _networks=_table(rows.networks, NetworkRow).set_index("slug").sort_index(),
            _memberships=_table(rows.memberships, MembershipRow),
            _streets=_points(rows.streets, StreetRow),
            _demand_points=_points(rows.demand, DemandRow),
            _sources=_table(rows.sources, SourceRow).set_index("id").sort_index(),
            _changes=_table(rows.changes, ChangeRow),
        )

    def __getstate__(self) -> dict[str, Any]:
        """Leave the answers behind when a dataset goes to another process."""
        return {**self.__dict__, "kept": {}}

    @property
    def quartieri(self) -> gpd.GeoDataFrame:
        """The areas, WGS84, indexed by slug in alphabetical order; columns as in QuartiereRow."""
        return self._quartieri.copy(deep=False)

    @property
    def places(self) -> gpd.GeoDataFrame:
        """The places, WGS84 points or missing, indexed by id; columns as in PlaceRow.

        `quartiere` is the one in which a place counts: where its point lies, else (no
        point) the one that its source states, else None. `quartiere_stated` and
        `quartiere_located` are the two that it comes from.
        """
        return self._places.copy(deep=False)

    @property
    def networks(self) -> pd.DataFrame:
        """The networks, indexed by slug; columns as in NetworkRow."""
        return self._networks.copy(deep=False)

    @property
    def memberships(self) -> pd.DataFrame:
        """The ties between organisations, networks and common goods; columns of MembershipRow."""
        return self._memberships.copy(deep=False)

    @property
    def streets(self) -> gpd.GeoDataFrame:
        """Points of the city's streets, WGS84; columns street and osm_id."""
        return self._streets.copy(deep=False)

    @property
    def demand_points(self) -> gpd.GeoDataFrame:
        """Where people live, WGS84 points; columns as in DemandRow."""
        return self._demand_points.copy(deep=False)

    @property
    def sources(self) -> pd.DataFrame:
        """The sources, indexed by id; columns as in SourceRow."""
        return self._sources.copy(deep=False)

    @property
    def changes(self) -> pd.DataFrame:
        """What was changed in the data, in the order of the file; columns as in ChangeRow."""
        return self._changes.copy(deep=False)


def content_version(folder: Path) -> str:
    """Return a short hash of the data files in `folder`; DataError when one is missing."""
    contents = read_files(folder, FILES)
    missing = [each for each in contents.values() if isinstance(each, Problem)]
    if missing:
        raise DataError(missing)
    return version_of(contents)


def version_of(contents: Mapping[str, Content]) -> str:
    """Return a short hash of the names and bytes of the data files."""
    return _hash_of(contents, FILES)[:12]


def fingerprint(folder: Path) -> str:
    """Return a hash of all that `Dataset.read` reads in `folder`: `Dataset.fingerprint`."""
    return _hash_of(read_files(folder, READ), READ)


def _hash_of(contents: Mapping[str, Content], names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        content = contents[name]
        if isinstance(content, bytes):
            digest.update(f"{name}:{len(content)}:".encode())
            digest.update(content)
    return digest.hexdigest()


def _read_rows(contents: Mapping[str, Content], crs: CRS, problems: list[Problem]) -> Rows:
    def features(name: str, row: type[R]) -> list[Read[R]]:
        return read_features(name, contents[name], row, crs, problems)

    def table(name: str, row: type[R]) -> list[Read[R]]:
        return read_table(name, contents[name], row, crs, problems)

    return Rows(
        quartieri=features(QUARTIERI, QuartiereRow),
        places=features(PLACES, PlaceRow),
        networks=table(NETWORKS, NetworkRow),
        memberships=table(MEMBERSHIPS, MembershipRow),
        streets=table(STREETS, StreetRow),
        demand=table(DEMAND, DemandRow),
        sources=table(SOURCES, SourceRow),
        changes=[] if is_missing(contents[CHANGES]) else table(CHANGES, ChangeRow),
    )


def _any_unread(rows: Rows, problems: list[Problem]) -> bool:
    """Tell whether nothing of a file could be read: each reference to it would be a problem."""
    faulty = {problem.file for problem in problems}
    read = {
        QUARTIERI: rows.quartieri,
        PLACES: rows.places,
        NETWORKS: rows.networks,
        SOURCES: rows.sources,
    }
    return any(name in faulty and not found for name, found in read.items())


def _table(rows: Iterable[Read[R]], row: type[R]) -> pd.DataFrame:
    # Objects, not inferred types: a missing number stays None and an integer stays one.
    # The columns are there without a row, too.
    columns = list(row.model_fields)
    return pd.DataFrame([dict(each.values) for each in rows], columns=columns, dtype=object)


def _geo_table(rows: list[Read[R]], row: type[R], index: str) -> gpd.GeoDataFrame:
    shapes = np.array([each.geometry for each in rows], dtype=object)
    table = gpd.GeoDataFrame(_table(rows, row), geometry=gpd.GeoSeries(shapes, crs=WGS84))
    return table.set_index(index).sort_index()


def _with_quartiere(places: gpd.GeoDataFrame, quartieri: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    located = locate(places.geometry, quartieri.geometry)
    stated = places["quartiere"]
    has_point = places.geometry.notna()
    return places.assign(
        quartiere_stated=stated,
        quartiere_located=located,
        quartiere=located.where(has_point, stated),
    )


def _points(rows: list[Read[R]], row: type[R]) -> gpd.GeoDataFrame:
    table = _table(rows, row)
    points = gpd.points_from_xy(table.pop("lon").astype(float), table.pop("lat").astype(float))
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84)
