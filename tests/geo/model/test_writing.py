"""A data folder is written as readable text, all of it or nothing."""

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from shapely import Point, box

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.model.schema import ChangeRow, NetworkRow
from geo.model.writing import features, replace_folder, table


def test_a_feature_is_a_line_with_six_decimals() -> None:
    rows = [({"name": "è"}, Point(9.12345678, 45)), ({"name": None}, None)]
    assert features(rows).splitlines() == [
        '{"type":"FeatureCollection","features":[',
        (
            '{"type":"Feature","properties":{"name":"è"},"geometry":'
            '{"type":"Point","coordinates":[9.123457,45.0]}},'
        ),
        '{"type":"Feature","properties":{"name":null},"geometry":null}',
        "]}",
    ]
    assert '"type":"Polygon","coordinates":[[[1.0,0.0],' in features([({}, box(0, 0, 1, 1))])


def test_a_table_has_empty_cells_for_none_and_spaces_between_values() -> None:
    row = NetworkRow(
        slug="a", name="A, B", quartieri=("nord", "sud"), named="stated", status="active",
        members_claimed=None, members_claimed_year=2020, source_url="https://example.org/",
        source_date=None,
    )  # fmt: skip
    assert table([row], NetworkRow.model_fields) == (
        "slug,name,quartieri,named,status,members_claimed,members_claimed_year,source_url,"
        "source_date\n"
        'a,"A, B",nord sud,stated,active,,2020,https://example.org/,\n'
    )
    assert table([], ["a", "b"]) == "a,b\n"


def test_other_data_get_a_line_in_changes_and_the_same_data_none(folder: Path) -> None:
    before = Dataset.read(folder)
    streets = (folder / "streets.csv").read_text(encoding="utf-8")
    replace_folder(folder, {"streets.csv": streets}, "nothing")
    assert not (folder / "changes.csv").exists()
    replace_folder(folder, {"streets.csv": streets + "Via Nuova,9.6,45.7,\n"}, "one\tstreet")
    replace_folder(folder, {"streets.csv": streets}, "back")
    after = Dataset.read(folder)
    assert after.version == before.version
    with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    today = datetime.now(ZoneInfo("Europe/Rome")).date().isoformat()
    assert list(first) == list(ChangeRow.model_fields)
    assert first["date"] == second["date"] == today
    assert (second["version"], second["text"]) == (after.version, "back")
    assert first["text"].startswith("one")
    assert first["version"] != before.version


def test_data_that_changed_meanwhile_or_are_not_valid_stay_as_they_are(folder: Path) -> None:
    version = Dataset.read(folder).version
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    streets = files["streets.csv"].decode()
    with pytest.raises(DataError, match="its data changed meanwhile"):
        replace_folder(folder, {"streets.csv": streets + "Via Nuova,9.6,45.7,\n"}, "x", "other")
    with pytest.raises(DataError, match="lon"):
        replace_folder(folder, {"streets.csv": streets + "Via Nuova,east,45.7,\n"}, "x", version)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == files
    replace_folder(folder, {"streets.csv": streets + "Via Nuova,9.6,45.7,\n"}, "x", version)
    assert "Via Nuova" in (folder / "streets.csv").read_text(encoding="utf-8")
