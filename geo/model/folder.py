"""Reading a data folder as of one moment: its CSV and GeoJSON files become checked rows."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.base.errors import DataError, Problem
from geo.model.city import FILE as CITY_FILE
from geo.model.city import City, city_of
from geo.model.kinds import FILE as KINDS_FILE
from geo.model.kinds import STANDARD
from geo.model.rows import RawRow, Rows
from geo.model.tables import TABLES, Layer, Table, all_files, files_in_version
from geo.storage import geojson
from geo.storage.snapshot import Content, is_missing, read_files, text_of

# Longer than any honest cell, short enough that a stray quote can't swallow a whole file.
csv.field_size_limit(100_000)


@dataclass(frozen=True)
class FolderContent:
    """What a data folder held at one moment: the city, the rows, the hashes of the files."""

    city: City
    rows: Rows
    version: str
    fingerprint: str


def read_folder(folder: Path, tables: tuple[Table[Any], ...] = TABLES) -> FolderContent:
    """Read the files of a data folder, all of the same moment, also while a command changes them.

    DataError when the city can't be read; problems of the tables stand in the rows.
    """
    contents = read_files(folder, all_files(tables))
    kinds = STANDARD.with_added(contents[KINDS_FILE])
    city = city_of(contents[CITY_FILE], kinds)
    raw = {table: _raw_rows(table, contents[table.file]) for table in tables}
    return FolderContent(
        city,
        Rows.of(raw, city.metric_crs),
        version_of(contents, tables),
        _hash_of(contents, all_files(tables)),
    )


def version_of(contents: Mapping[str, Content], tables: tuple[Table[Any], ...] = TABLES) -> str:
    """Return a short hash of the names and bytes of the data files."""
    return _hash_of(contents, files_in_version(tables))[:12]


def _hash_of(contents: Mapping[str, Content], names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        content = contents[name]
        if isinstance(content, bytes):
            digest.update(f"{name}:{len(content)}:".encode())
            digest.update(content)
    return digest.hexdigest()


def _raw_rows(table: Table[Any], content: Content) -> Iterator[RawRow | Problem]:
    """Yield the rows of a file, a Problem for each that can't be read."""
    if table.optional and is_missing(content):
        return
    try:
        text = text_of(table.file, content)
        if isinstance(table, Layer) and table.is_geojson:
            yield from _features(table.file, text)
        else:
            yield from _lines(table, text)
    except DataError as error:
        yield from error.problems


def _features(file: str, text: str) -> Iterator[RawRow | Problem]:
    """Yield the features of a GeoJSON file; labels are numbers from 1, with the id or slug."""
    features, crs = geojson.feature_list(file, text)
    if crs is not None:
        yield Problem(file, "", "in another CRS than WGS84", "Export it in EPSG:4326")
        return
    for number, feature in enumerate(features, start=1):
        label = f"feature {number}"
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            yield Problem(file, label, "not a feature", "Give it properties")
            continue
        properties = feature["properties"]
        ident = str(properties.get("id") or properties.get("slug") or "no id")[:120]
        label = f"{label} ({ident})"
        geometry = geojson.geometry(feature.get("geometry"))
        if isinstance(geometry, str):
            yield Problem(file, label, geometry, "Correct or remove it")
            geometry = None
        yield RawRow(label, properties, geometry)


def _lines(table: Table[Any], text: str) -> Iterator[RawRow | Problem]:
    """Yield the rows of a CSV file with a header; labels are line numbers."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        if problem := _header_problem(table, list(reader.fieldnames or ())):
            yield problem
            return
        for values in reader:
            label = f"line {reader.line_num}"
            # DictReader puts surplus cells under None, and None into missing ones.
            if None in values or None in values.values():
                what = "too few or too many cells"
                yield Problem(table.file, label, what, "Quote cells with commas")
            else:
                yield RawRow(label, values)
    except csv.Error as error:
        label = f"line {max(1, reader.line_num)}"
        yield Problem(table.file, label, f"broken CSV ({error})", "Correct the quotes")


def _header_problem(table: Table[Any], found: list[str]) -> Problem | None:
    if sorted(found) == sorted(table.columns):
        return None
    listed = ", ".join(found)
    what = f"the columns are {listed if len(listed) <= 300 else f'{listed[:300]}…'}"
    return Problem(
        table.file,
        "line 1",
        what if found else "the columns are missing",
        f"They should be {', '.join(table.columns)}",
    )
