"""The build as a whole, on a made-up city: all or nothing, and the same bytes each time."""

import json
from pathlib import Path
from typing import Any

import pytest

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.model.writing import features, replace_folder
from geo.recipes.run import REPORT, STEPS, build
from tests.helpers.cities import source_folder


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return source_folder.write(tmp_path / "sources")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "city.toml").write_text(source_folder.CITY, encoding="utf-8")
    (folder / "LICENSE").write_text("licence\n", encoding="utf-8")
    return folder


def quiet(step: str) -> None:
    """No progress to show."""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_build_makes_a_valid_data_folder(sources: Path, out: Path) -> None:
    steps: list[str] = []
    report = build(sources, out, steps.append, "bergamo")
    data = Dataset.read(out)
    assert len(steps) == STEPS
    assert (out / REPORT).read_text(encoding="utf-8") == report
    assert (out / "LICENSE").exists()
    assert sorted(data.places.index) == [
        "iccu:IT-XX0001",
        "mim:XX1A00001",
        "mim:XXEE00001",
        "org:delta-aps",
        "osm:way/3",
        "parrocchia:s-ugo",
        "spazio:area-cani-parco-verde",
        "spazio:orti-di-via-neri",
    ]


def test_places_have_what_their_sources_say(sources: Path, out: Path) -> None:
    build(sources, out, quiet, "bergamo")
    places = Dataset.read(out).places
    school = places.loc["mim:XXEE00001"]
    assert (school["name"], school["position"]) == ("Scuola primaria Rossi", "exact")
    assert school["school_codes"] == ("XXEE00001", "XXIC00001")
    assert (school.geometry.x, school["quartiere_stated"]) == (9.605, "nord")
    assert places.loc["mim:XX1A00001", "position"] == "none"
    parish = places.loc["parrocchia:s-ugo"]
    assert (parish["position"], parish["quartiere_stated"]) == ("exact", "sud")
    garden = places.loc["spazio:orti-di-via-neri"]
    assert (garden["stage"], garden["stage_year"], garden["holder"]) == (
        "agreement",
        2017,
        "Delta APS",
    )
    assert len(garden["sources"]) == 2
    dogs = places.loc["spazio:area-cani-parco-verde"]
    assert (dogs.geometry.x, dogs["position"]) == (9.606, "street")
    assert places.loc["osm:way/3", "area_m2"] == pytest.approx(5000 * 0.4877, rel=1e-3)


def test_ties_say_what_they_are(sources: Path, out: Path) -> None:
    build(sources, out, quiet, "bergamo")
    data = Dataset.read(out)
    ties = {
        (row["place"], row["network"], row["evidence"], row["common_good"])
        for _, row in data.memberships.fillna("").iterrows()
    }
    assert ties == {
        ("org:delta-aps", "rete-di-provola-nord", "member", ""),
        ("mim:XXEE00001", "rete-di-provola-nord", "takes part", ""),
        ("org:delta-aps", "", "agreement", "spazio:orti-di-via-neri"),
    }


def test_residents_are_the_newest_exact_figure_or_a_marked_estimate(
    sources: Path, out: Path
) -> None:
    build(sources, out, quiet, "bergamo")
    quartieri = Dataset.read(out).quartieri
    assert quartieri.loc[
        "nord", ["residents", "residents_year", "residents_estimated"]
    ].tolist() == [
        1000,
        2020,
        False,
    ]
    assert quartieri.loc["sud", "residents_estimated"]


def test_building_twice_gives_the_same_bytes(sources: Path, out: Path) -> None:
    build(sources, out, quiet, "bergamo")
    first = contents(out)
    build(sources, out, quiet, "bergamo")
    assert contents(out) == first


def test_the_report_tells_what_was_dropped_merged_and_not_found(sources: Path, out: Path) -> None:
    report = build(sources, out, quiet, "bergamo")
    assert "XXEE00001, VIA ROSSI 1: outside the comune" in report
    assert "Via Perduta 9: its street isn't among the street points" in report
    assert "chiesa di Sant'Ugo" in report or "Chiesa di Sant'Ugo" in report
    assert "Area cani Parco Verde (spazio:area-cani-parco-verde): Parco Verde" in report


def test_files_are_readable_line_by_line(sources: Path, out: Path) -> None:
    build(sources, out, quiet, "bergamo")
    lines = (out / "places.geojson").read_text(encoding="utf-8").splitlines()
    places = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
    ids = [place["properties"]["id"] for place in places]
    assert ids == sorted(ids)
    assert "crs" not in json.loads("\n".join(lines))


def test_a_broken_source_leaves_the_old_data_alone(sources: Path, out: Path) -> None:
    build(sources, out, quiet, "bergamo")
    before = contents(out)
    (sources / "parishes.csv").unlink()
    with pytest.raises(DataError, match=r"parishes\.csv: the source is missing"):
        build(sources, out, quiet, "bergamo")
    assert contents(out) == before


def test_an_invalid_result_is_never_put_in_place(sources: Path, out: Path) -> None:
    build(sources, out, quiet, "bergamo")
    before = contents(out)
    with pytest.raises(DataError, match="places"):
        replace_folder(out, {"places.geojson": "{}"}, "break it")
    assert contents(out) == before
    assert sorted(path.name for path in out.parent.iterdir()) == ["data", "sources"]


def test_every_key_stands_on_every_feature_and_coordinates_have_six_decimals() -> None:
    import shapely  # noqa: PLC0415 - only here

    rows: list[tuple[dict[str, Any], Any]] = [({"a": None}, shapely.Point(9.12345678, 45))]
    written = json.loads(features(rows))
    assert written["features"][0]["geometry"]["coordinates"] == [9.123457, 45.0]
    assert written["features"][0]["properties"] == {"a": None}
