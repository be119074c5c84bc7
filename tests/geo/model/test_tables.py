"""A new table is one row model and one line: all the rest follows from the registry."""

from pathlib import Path
from typing import Any

import pytest

from geo.base.errors import DataError
from geo.model import tables
from geo.model.dataset import Dataset
from geo.model.folder import version_of
from geo.model.schema import Date, Row, Slug, Text
from geo.model.tables import TABLES, Layer, Table, all_files, files_in_version
from geo.storage.snapshot import read_files


class EventRow(Row):
    """A row of a made-up table."""

    slug: Slug
    name: Text
    day: Date
    lon: float
    lat: float


EVENTS = Layer("events", "events.csv", EventRow, index="slug", optional=True)
WITH_EVENTS = (*TABLES, EVENTS)
HEADER = "slug,name,day,lon,lat\n"
FEAST = "festa,Festa di Nord,2024-06-02,9.605,45.705\n"
CONCERT = "concerto,Concerto,2024-05-01,9.615,45.7\n"


@pytest.fixture
def city(folder: Path) -> Path:
    """A data folder with two events."""
    (folder / "events.csv").write_text(HEADER + FEAST + CONCERT)
    return folder


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(DataError) as refused:
        Dataset.read(folder, WITH_EVENTS)
    return [str(problem) for problem in refused.value.problems]


def test_a_new_table_is_read_and_handed_out_as_a_copy(city: Path) -> None:
    data = Dataset.read(city, WITH_EVENTS)
    events = data.table(EVENTS)
    assert list(events.index) == ["concerto", "festa"]
    assert list(events.columns) == ["name", "day", "geometry"]
    assert events.crs == "EPSG:4326"
    assert events.loc["festa", "name"] == "Festa di Nord"
    assert events.geometry["festa"].coords[:] == [(9.605, 45.705)]
    events.loc["festa", "name"] = "?"
    assert data.table(EVENTS).loc["festa", "name"] == "Festa di Nord"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("festa,,2024-06-02,9.605,45.705", "events.csv, line 4: name: string should have"),
        ("altra,Altra,domani,9.605,45.705", "events.csv, line 4: day: string should match"),
        ("altra,Altra,2024,45.705,9.605", "events.csv, line 4: longitude and latitude are swapped"),
        ("altra,Altra,2024", "events.csv, line 4: too few or too many cells"),
        ("festa,Altra,2024,9.6,45.7", "events.csv, line 4: slug 'festa' stands at line 2 too"),
    ],
)
def test_its_rows_are_checked_each_by_its_file_and_row(city: Path, line: str, words: str) -> None:
    with (city / "events.csv").open("a") as file:
        file.write(f"{line}\n")
    (found,) = problems_of(city)
    assert found.startswith(words)


def test_its_columns_are_those_of_its_row_model(city: Path) -> None:
    (city / "events.csv").write_text("slug,title\n")
    assert problems_of(city) == [
        "events.csv, line 1: the columns are slug, title. They should be slug, name, day, lon, lat"
    ]


def test_it_is_part_of_the_version_if_it_is_there(city: Path) -> None:
    with_events = Dataset.read(city, WITH_EVENTS)
    (city / "events.csv").write_text(HEADER + FEAST)
    with_one = Dataset.read(city, WITH_EVENTS)
    (city / "events.csv").unlink()
    without = Dataset.read(city, WITH_EVENTS)
    assert len({each.version for each in (with_events, with_one, without)}) == 3
    assert without.version == Dataset.read(city).version


def test_a_folder_without_an_optional_table_has_no_rows_of_it(folder: Path) -> None:
    events = Dataset.read(folder, WITH_EVENTS).table(EVENTS)
    assert len(events) == 0
    assert list(events.columns) == ["name", "day", "geometry"]


def test_a_table_that_is_not_optional_must_be_there(folder: Path) -> None:
    events = Table("events", "events.csv", EventRow)
    with pytest.raises(DataError, match=r"events\.csv: the file is missing"):
        Dataset.read(folder, (*TABLES, events))


def test_every_table_of_the_registry_has_a_property_of_its_name(small: Dataset) -> None:
    for table in TABLES:
        by_name: Any = getattr(small, table.name)
        assert by_name.equals(small.table(table))
        expected = set(table.columns) - {table.index}
        if isinstance(table, Layer):
            expected = expected - {"lon", "lat"} | {"geometry"}
        assert expected <= set(by_name.columns), table.name


def test_the_changes_describe_the_data_and_are_no_part_of_them(folder: Path) -> None:
    before = Dataset.read(folder)
    (folder / "changes.csv").write_text("date,version,text\n2024-05-01,,Made\n")
    after = Dataset.read(folder)
    assert after.version == before.version
    assert after.fingerprint != before.fingerprint
    assert after.changes.to_dict("records") == [
        {"date": "2024-05-01", "version": None, "text": "Made"}
    ]


def test_the_version_is_twelve_digits_of_the_files_in_their_order(folder: Path) -> None:
    files = read_files(folder, all_files())
    assert Dataset.read(folder).version == version_of(files)
    assert len(version_of(files)) == 12
    assert set(files_in_version()) == set(all_files()) - {"changes.csv"}
    assert tables.REQUIRED_FILES == (
        "city.toml",
        "quartieri.geojson",
        "places.geojson",
        "networks.csv",
        "memberships.csv",
        "streets.csv",
        "demand.csv",
        "sources.csv",
    )
