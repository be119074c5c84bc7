"""A data folder is read whole, or refused with every problem named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.model.tables import REQUIRED_FILES
from tests.helpers.cities import small_city


def problems_of(folder: Path) -> str:
    with pytest.raises(DataError) as refused:
        Dataset.read(folder)
    return str(refused.value)


def test_reads_the_tables_with_their_indexes(small: Dataset) -> None:
    assert list(small.quartieri.index) == ["est", "nord", "sud"]
    assert small.places.index.is_unique
    assert small.networks.loc["rete-nord-sud", "quartieri"] == ("nord", "sud")
    assert small.places.crs == small.quartieri.crs == "EPSG:4326"


def test_a_place_counts_where_its_point_lies_or_else_where_its_source_says(small: Dataset) -> None:
    where = small.places["quartiere"]
    assert where["osm:node/1"] == "nord"
    assert where["org:amici"] == "nord"
    assert where["osm:node/4"] is None
    assert where["org:ovunque"] is None


def test_a_place_shows_both_quartieri_that_its_own_comes_from(small: Dataset) -> None:
    columns = ["quartiere_stated", "quartiere_located", "quartiere"]
    shown = small.places[columns].astype(object)
    shown = shown.where(shown.notna(), None)
    assert tuple(shown.loc["org:amici"]) == ("nord", None, "nord")
    assert tuple(shown.loc["osm:node/1"])[1:] == ("nord", "nord")
    assert tuple(shown.loc["osm:node/4"])[2] is None
    disagreeing = (
        small.places["quartiere_stated"].notna() & small.places["quartiere_located"].notna()
    )
    both = shown[disagreeing]
    assert (both["quartiere"] == both["quartiere_located"]).all()


def test_a_file_in_another_crs_is_refused_as_a_whole(folder: Path) -> None:
    path = folder / "quartieri.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    layer["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    path.write_text(json.dumps(layer), encoding="utf-8")
    refused = problems_of(folder)
    assert "quartieri.geojson: in another CRS than WGS84. Export it in EPSG:4326" in refused


def test_nothing_changes_a_dataset(small: Dataset) -> None:
    before = small.places
    mine = small.places
    mine["kind"] = "?"
    mine.loc["osm:node/1", "name"] = "?"
    areas = small.quartieri
    areas.index = areas.index.str.upper()
    pd.testing.assert_frame_equal(small.places, before)
    assert "nord" in small.quartieri.index
    with pytest.raises(AttributeError):
        small.version = "other"  # type: ignore[misc]


def test_the_version_follows_the_content_of_each_file(folder: Path) -> None:
    first = Dataset.read(folder).version
    assert Dataset.read(folder).version == first
    seen = {first}
    for name in set(REQUIRED_FILES) - {"places.geojson", "quartieri.geojson"}:
        with (folder / name).open("a") as file:
            file.write("\n")
        seen.add(Dataset.read(folder).version)
    assert len(seen) == len(REQUIRED_FILES) - 1


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"{name}: the file is missing" in problems_of(folder)


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_a_file_in_another_encoding_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + "\n# Città".encode("latin-1"))
    told = problems_of(folder)
    assert name in told
    assert "UTF-8" in told


@pytest.mark.parametrize("name", ["quartieri.geojson", "places.geojson"])
def test_broken_json_is_named_with_its_line(folder: Path, name: str) -> None:
    (folder / name).write_text('{"type": "FeatureCollection",\n "features": [}')
    assert f"{name}, line 2: broken JSON" in problems_of(folder)


def test_a_byte_order_mark_is_no_problem(folder: Path) -> None:
    path = folder / "networks.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(Dataset.read(folder).networks) == 1


Change = Callable[[dict[str, list[dict[str, Any]]]], object]
UTM = [[545_000, 5_060_000], [546_000, 5_060_000], [546_000, 5_061_000], [545_000, 5_060_000]]
BOW_TIE = [[9.60, 45.70], [9.61, 45.71], [9.61, 45.70], [9.60, 45.71], [9.60, 45.70]]


def _set(file: str, number: int, **values: Any) -> Change:
    return lambda files: files[file + ".geojson"][number]["properties"].update(values)


def _shape(file: str, number: int, kind: str, coordinates: Any) -> Change:
    geometry = {"type": kind, "coordinates": coordinates}
    return lambda files: files[file + ".geojson"][number].update(geometry=geometry)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_shape("places", 0, "Point", [45.705, 9.605]), "longitude and latitude are swapped"),
        (_shape("places", 0, "Point", [545_000, 5_060_000]), "coordinates aren't degrees"),
        (_shape("places", 0, "Point", [-70.0, 45.7]), "outside the area of EPSG:32632"),
        (_shape("places", 0, "Point", []), "empty geometry"),
        (_shape("places", 0, "Point", "here"), "not a GeoJSON geometry"),
        (_shape("quartieri", 0, "Polygon", [UTM[:3]]), "not a GeoJSON geometry"),
        (_shape("places", 0, "LineString", [[9.6, 45.7], [9.61, 45.7]]), "not a point"),
        (_shape("quartieri", 0, "Polygon", [UTM]), "coordinates aren't degrees"),
        (_shape("quartieri", 0, "Polygon", [BOW_TIE]), "invalid geometry (Self-intersection"),
        (_shape("quartieri", 0, "Point", [9.6, 45.7]), "not a polygon"),
        (lambda files: files["quartieri.geojson"][0].update(geometry=None), "no geometry"),
        (_set("quartieri", 1, slug="nord"), "slug 'nord' stands at feature 1 (nord) too"),
        (_set("quartieri", 0, residents=-4), "residents: input should be greater than 0"),
        (_set("quartieri", 0, residents="many"), "it says 'many'"),
        (_set("places", 1, id="osm:node/1"), "stands at feature 1 (osm:node/1) too"),
        (_set("places", 0, id="<script>"), "id: string should match pattern"),
        (_set("places", 0, kind="disco"), "unknown kind 'disco'"),
        (_set("places", 0, name="  "), "name: string should have at least 1 character"),
        (_set("places", 0, website="javascript:alert(1)"), "website:"),
        (_set("places", 0, position="none"), "position is 'none' but it has a point"),
        (_set("places", 5, position="exact"), "position is 'exact' but it has no point"),
        (_set("places", 0, quartiere="ovest"), "unknown quartiere 'ovest'"),
        (_set("places", 0, colour="red"), "colour: extra inputs are not permitted"),
        (_set("places", 0, sources=[]), "sources: tuple should have at least 1 item"),
        (
            _set(
                "places", 0, sources=[{"source": "hearsay", "ref": None, "url": None, "date": None}]
            ),
            "unknown source 'hearsay'",
        ),
        (lambda files: files["quartieri.geojson"].clear(), "there is no quartiere"),
        (lambda files: files["places.geojson"].append("a place"), "feature 10: not a feature"),
    ],
)
def test_a_bad_feature_is_named_with_its_row(tmp_path: Path, change: Change, told: str) -> None:
    files = small_city.features()
    change(files)
    changed = {name.split(".")[0]: features for name, features in files.items()}
    assert told in problems_of(small_city.write(tmp_path, **changed))


def test_overlapping_quartieri_are_named_with_the_area(tmp_path: Path) -> None:
    quartieri = small_city.features()["quartieri.geojson"]
    ring = quartieri[2]["geometry"]["coordinates"][0]
    ring[0][0] = ring[-1][0] = 9.609
    told = problems_of(small_city.write(tmp_path, quartieri=quartieri))
    assert "overlaps 'est'" in told
    assert "m²" in told


@pytest.mark.parametrize("name", ["EPSG:3857", "urn:ogc:def:crs:EPSG::32632"])
def test_another_crs_is_refused(folder: Path, name: str) -> None:
    path = folder / "places.geojson"
    document = json.loads(path.read_text())
    document["crs"] = {"type": "name", "properties": {"name": name}}
    path.write_text(json.dumps(document))
    assert "in another CRS than WGS84" in problems_of(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("memberships.csv", "rete-nord-sud,member", "rete-ovest,member", "unknown network"),
        ("memberships.csv", "org:amici", "org:nemici", "unknown place 'org:nemici'"),
        ("memberships.csv", "agreement,osm:node/2", "agreement,", "a tie to nothing"),
        ("memberships.csv", ",member,", ",friend,", "line 2: evidence: input should be 'member'"),
        ("memberships.csv", "evidence", "proof", "line 1: the columns are"),
        ("networks.csv", "nord sud", "nord ovest", "unknown quartiere 'ovest'"),
        ("networks.csv", "https://example.org/rete", "ftp://x", "source_url:"),
        ("streets.csv", "9.604", "east", "line 2: lon:"),
        ("streets.csv", ",77", ",77,78", "line 2: too few or too many cells"),
        ("streets.csv", "Via Roma", '"Via Roma', "streets.csv, line"),
        ("sources.csv", "walk,A", "Walk!,A", "id: string should match pattern"),
        ("city.toml", "EPSG:32632", "EPSG:4326", "isn't in metres"),
        ("city.toml", "EPSG:32632", "EPSG:0", "unknown metric_crs"),
        ("city.toml", "slug =", "slogan =", "a setting is missing"),
        ("city.toml", "parrocchia", "chiesona", "unknown kinds ['chiesona']"),
        ("city.toml", "[names]", "[names", "not valid TOML"),
    ],
)
def test_a_bad_line_is_named(folder: Path, name: str, old: str, new: str, told: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    assert told in problems_of(folder)


def test_all_problems_are_reported_at_once(folder: Path) -> None:
    for name in ("networks.csv", "places.geojson", "streets.csv"):
        (folder / name).unlink()
    with pytest.raises(DataError) as refused:
        Dataset.read(folder)
    assert {problem.file for problem in refused.value.problems} >= {
        "networks.csv",
        "places.geojson",
        "streets.csv",
    }
