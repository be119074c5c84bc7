"""Data come from a folder or from elsewhere: the same checks, the same answers."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from geo.base.errors import DataError
from geo.model.city import City, city_of
from geo.model.dataset import Dataset
from geo.model.rows import RawRow, Rows
from geo.model.source import DataSource, FolderSource
from geo.model.tables import CHANGES, PLACES, QUARTIERI, TABLES, Table
from tests.helpers.cities import small_city


@dataclass
class MemorySource:
    """Rows in memory: what a database would hand out, with the number of its last change."""

    city: City
    rows: dict[Table[Any], list[RawRow]]
    changes: int = field(default=1)

    def version(self) -> int:
        return self.changes

    def load(self) -> Dataset:
        return Dataset.of(self.city, Rows.of(self.rows, self.city.metric_crs), str(self.changes))


@pytest.fixture
def memory(small: Dataset) -> MemorySource:
    """The small city's rows, none of them in a file."""
    rows: dict[Table[Any], list[RawRow]] = {table: [] for table in TABLES}
    for table, features in zip((QUARTIERI, PLACES), small_city.features().values(), strict=True):
        rows[table] = [
            RawRow(
                f"row {number}",
                feature["properties"],
                feature["geometry"] and shape(feature["geometry"]),
            )
            for number, feature in enumerate(features)
        ]
    for table in TABLES[2:]:
        values = small.table(table)
        if table.index:
            values = values.reset_index()
        if "geometry" in values:
            points = values.pop("geometry")
            values = values.assign(lon=points.x, lat=points.y)
        rows[table] = [
            RawRow(f"row {number}", row) for number, row in enumerate(values.to_dict("records"))
        ]
    return MemorySource(city_of(small_city.CITY.encode()), rows)


def test_rows_in_memory_make_the_same_tables_as_the_folder(
    small: Dataset, memory: MemorySource
) -> None:
    source: DataSource = memory
    loaded = source.load()
    assert loaded.city == small.city
    for table in TABLES:
        pd.testing.assert_frame_equal(loaded.table(table), small.table(table))
    assert loaded.version == loaded.fingerprint == "1"


def test_they_pass_the_same_checks_by_row(memory: MemorySource) -> None:
    nameless, moved = memory.rows[PLACES][3:5]
    far = shapely.Point(-70.0, 45.7)
    memory.rows[PLACES][3:5] = [
        RawRow("row 3", {**nameless.cells, "name": " "}, nameless.geometry),
        RawRow("row 4", {**moved.cells, "id": "osm:node/3", "quartiere": "ovest"}, far),
    ]
    with pytest.raises(DataError) as refused:
        memory.load()
    assert [(each.row, each.what) for each in refused.value.problems] == [
        ("row 3", "name: string should have at least 1 character"),
        ("row 4", "id 'osm:node/3' stands at row 2 too"),
        ("row 4", "lies outside the area of EPSG:32632"),
        ("row 4", "unknown quartiere 'ovest'"),
    ]
    assert {each.file for each in refused.value.problems} == {"places.geojson"}


def test_a_folder_is_a_source_whose_version_changes_when_a_file_is_written(folder: Path) -> None:
    source: DataSource = FolderSource(folder)
    first = source.version()
    assert source.version() == first
    assert source.load().version == Dataset.read(folder).version
    seen = {first}
    for name in ("city.toml", "places.geojson", CHANGES.file):
        with (folder / name).open("a") as file:
            file.write("\n")
        seen.add(source.version())
    assert len(seen) == 4


def test_a_source_that_is_broken_lists_its_problems(folder: Path) -> None:
    (folder / "places.geojson").unlink()
    with pytest.raises(DataError, match=r"places\.geojson: the file is missing"):
        FolderSource(folder).load()
