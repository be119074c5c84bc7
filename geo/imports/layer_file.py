"""Layers that people bring: GeoJSON, GeoPackage, FlatGeobuf or shapefile, plain or in a ZIP file.

Such a file may come from anywhere. GDAL knows formats that name other files or addresses,
which it then opens (VRT, GDALG…), under any file name. So a file's format is known by its
first bytes; it is copied, with nothing but its companions, into an empty folder;
and there only, under a name of ours, GDAL opens it. GeoJSON is never given to GDAL.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry.base import BaseGeometry

from geo.base.errors import DataError, Problem, Problems, printable, short
from geo.base.limits import MAX_ROWS
from geo.imports.geopackage import feature_table, systems
from geo.imports.zip_layer import COMPANIONS, LAYERS, unpack
from geo.storage import geojson
from geo.storage.snapshot import read_file, text_of, unreadable

# Of a file, or of all that a ZIP file holds; a city's sections take a few megabytes.
MAX_LAYER_BYTES = 100_000_000
MAX_COLUMNS = 500
_FORMATS = {b"SQLite format 3\0": ".gpkg", b"fgb\x03": ".fgb", b"\0\0\x27\x0a": ".shp"}
_CRS_CODE = re.compile(r"(?:urn:ogc:def:crs:)?(?:EPSG|OGC):(?:[\d.]*:)?\w{1,10}")
# Of these a CRS may name the file: PROJ would open it.
_CRS_WITH_FILES = re.compile(rb"grids[=\"]|PARAMETERFILE|\+init", re.IGNORECASE)
# A FlatGeobuf names its CRS in its head.
_HEAD_BYTES = 100_000


def read_layer(file: Path, what: str, crs: str) -> gpd.GeoDataFrame:
    """Return the first layer of a file in `crs`; DataError if it can't be read or is empty.

    `what`: what it should hold, for the error message ("areas").
    """
    name = printable(file.name)
    with _isolated_copy(file, name) as path:
        table = _opened(path, name)
    if "geometry" not in table.columns or table.empty:
        raise refusal(name, f"it holds no {what}", f"Export the layer with the {what}")
    if len(table) > MAX_ROWS or len(table.columns) > MAX_COLUMNS:
        large = f"it has {len(table):,} features and {len(table.columns):,} columns"
        raise refusal(name, large, f"At most {MAX_ROWS:,} and {MAX_COLUMNS} are taken")
    return _projected(table, crs, name)


def layer_of(name: str, text: str) -> gpd.GeoDataFrame:
    """Return the features of a GeoJSON text; DataError names those that can't be used."""
    features, crs = geojson.feature_list(name, text)
    problems = Problems()
    shapes: list[BaseGeometry | None] = []
    rows: list[dict[str, object]] = []
    for number, feature in enumerate(features[: MAX_ROWS + 1], start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(feature, dict) or not isinstance(properties, dict | None):
            problems.add(name, f"feature {number}", "not a feature", "Correct it")
            continue
        shape = geojson.geometry(feature.get("geometry"))
        if isinstance(shape, str):
            problems.add(name, f"feature {number}", shape, "Correct or remove it")
        else:
            shapes.append(shape)
            rows.append(properties or {})
        if problems.is_full(name):
            break
    problems.raise_if_any()
    geometry = gpd.GeoSeries(np.array(shapes, dtype=object), crs=_crs(name, crs))
    return gpd.GeoDataFrame(_columns(name, rows), geometry=geometry)


def refusal(file: str, what: str, fix: str) -> DataError:
    """Return the error that a whole file can't be used."""
    return DataError([Problem(file, "", what, fix)])


@contextmanager
def _isolated_copy(file: Path, name: str) -> Iterator[Path]:
    """Yield a copy of the file in a folder that holds only it and its companions."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "layer"
        try:
            content = read_file(file, MAX_LAYER_BYTES)
            if content.startswith(b"PK\x03\x04"):
                suffix = unpack(content, name, copy, MAX_LAYER_BYTES)
                content = copy.with_suffix(suffix).read_bytes()
            elif content.startswith(b"\0\0\x27\x0a"):
                _bring_companions(file, copy)
        except OSError as error:
            raise DataError([unreadable(name, error)]) from None
        path = copy.with_suffix(_format(content, name))
        path.write_bytes(content)
        yield path


def _format(content: bytes, name: str) -> str:
    """Return the suffix of the format that a file is in, by its first bytes."""
    for head, suffix in _FORMATS.items():
        if content.startswith(head):
            return suffix
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return ".geojson"
    fix = f"Export it as one of: {', '.join(LAYERS)} (also in a .zip)"
    raise refusal(name, "can't be read (no layer in a format that is taken here)", fix)


def _bring_companions(file: Path, copy: Path) -> None:
    for suffix in COMPANIONS:
        for path in (file.with_suffix(suffix), file.with_suffix(suffix.upper())):
            if path.exists():
                content = read_file(path, MAX_LAYER_BYTES)
                copy.with_suffix(suffix).write_bytes(content)
                break


def _opened(path: Path, name: str) -> gpd.GeoDataFrame:
    if path.suffix == ".geojson":
        return layer_of(name, text_of(name, path.read_bytes()))
    layer = feature_table(path, name) if path.suffix == ".gpkg" else None
    if _CRS_WITH_FILES.search(_crs_text(path, name)):
        fix = "Export it in a CRS of the EPSG register"
        raise refusal(name, "its CRS names another file", fix)
    try:
        with warnings.catch_warnings():
            # What GDAL warns of is checked here anyway.
            warnings.simplefilter("ignore")
            table: gpd.GeoDataFrame = pyogrio.read_dataframe(
                path, layer=layer, max_features=MAX_ROWS + 1
            )
        return table
    except (
        *(DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError),
        *(shapely.GEOSException, CRSError),
        # NameError: pyogrio's own, on a CRS that isn't text.
        *(ValueError, OverflowError, RuntimeError, LookupError, NameError),
    ) as error:
        reason = str(error).split(";", maxsplit=1)[0].replace(str(path), name)
        raise refusal(name, f"can't be read ({reason[:200]})", "Export it again") from None


def _crs_text(path: Path, name: str) -> bytes:
    """Return what a file says of its CRS: GDAL opens what it names as soon as it reads it."""
    if path.suffix == ".gpkg":
        return systems(path, name).encode()
    if path.suffix == ".fgb":
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    prj = path.with_suffix(".prj")
    content = prj.read_bytes() if prj.exists() else b""
    if not content.isascii():
        raise refusal(name, "its .prj isn't plain text", "Export it again")
    return content


def _columns(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    columns: dict[str, None] = {}
    for row in rows:
        columns.update(dict.fromkeys(row))
        if len(columns) > MAX_COLUMNS:
            raise refusal(name, f"it has more than {MAX_COLUMNS} columns", "Leave some out")
    # "geometry" is the shapes' own column.
    return pd.DataFrame(
        {
            column: pd.Series([_plain(row.get(column)) for row in rows], dtype=object)
            for column in columns
            if column != "geometry"
        },
        index=range(len(rows)),
    )


def _plain(value: object) -> object:
    return short(value) if isinstance(value, dict | list) else value


def _crs(name: str, text: str | None) -> CRS:
    if text is None:
        return CRS.from_epsg(4326)
    try:
        if _CRS_CODE.fullmatch(text):
            return CRS.from_user_input(text)
    except CRSError:
        pass
    raise refusal(name, f"its CRS {short(text)} isn't known", "Export it in EPSG:4326")


def _projected(table: gpd.GeoDataFrame, crs: str, name: str) -> gpd.GeoDataFrame:
    if table.crs is None:
        fix = "Export it with one (a .prj beside a shapefile)"
        raise refusal(name, "it doesn't say its CRS", fix)
    fix = "Export it in a CRS of the EPSG register"
    try:
        return table.set_geometry(shapely.force_2d(table.geometry)).to_crs(crs)
    except (ProjError, CRSError) as error:
        raise refusal(name, f"its CRS can't be used ({short(str(error))})", fix) from None
