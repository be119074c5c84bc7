"""Coverage of a country's tables as a command: what it writes, and what it refuses."""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner, Result
from shapely import Point

import geo.large
from geo.base.errors import DataError
from geo.cli import main
from geo.large import single
from tests.helpers.cities import country_tables
from tests.helpers.cities.country_tables import LIBRARY, PEOPLE, PLACES, SQUARES, by_parts, opened


def changed(frame: gpd.GeoDataFrame, **columns: object) -> gpd.GeoDataFrame:
    return frame.assign(**columns)


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("areas", SQUARES.to_crs(4326), "areas: it is in WGS 84"),
        ("areas", changed(SQUARES, id=["a", "a"]), "id is missing or not unique. Give each"),
        ("areas", changed(SQUARES, id=["a", None]), "id is missing or not unique"),
        ("areas", SQUARES.rename(columns={"id": "code"}), "no column 'id'. It has code"),
        ("areas", SQUARES.set_geometry(SQUARES.centroid), "areas: 2 rows have no polygon"),
        ("demand", PEOPLE.to_crs(32633), "demand: it is in WGS 84 / UTM zone 33N, and areas in"),
        ("demand", changed(PEOPLE, residents=-1), "residents is negative or infinite"),
        ("demand", PEOPLE.set_geometry([None, *PEOPLE.geometry[1:]]), "1 rows have no point"),
        ("demand", changed(PEOPLE, residents="many"), "'residents' holds (large_)?string. Make it"),
        ("places", changed(PLACES, kind=7), "'kind' holds int64. Make it string"),
        ("places", PLACES.drop(columns="kind"), "places: there is no column 'kind'"),
        ("places", PLACES.set_geometry(PLACES.buffer(1)), "some rows are lines or areas. Make"),
        ("places", PLACES.set_geometry([Point(np.inf, 0)] * 6), "coordinates are infinite"),
    ],
)
@pytest.mark.parametrize("engine", ["single", "parts"])
def test_what_cannot_be_used_is_refused(
    tmp_path: Path, name: str, wrong: gpd.GeoDataFrame, message: str, engine: str
) -> None:
    given_ = {"areas": SQUARES, "demand": PEOPLE, "places": PLACES, name: wrong}

    def answered() -> gpd.GeoDataFrame:
        tables = opened(tmp_path, *given_.values())
        return (
            single.coverage(tables, LIBRARY) if engine == "single" else by_parts(tables, LIBRARY, 2)
        )

    with pytest.raises(DataError, match=message):
        answered()


# The command


def run(folder: Path, *arguments: object) -> Result:
    named = {
        f"--{name}": country_tables.write(frame, folder / name)
        for name, frame in (("areas", SQUARES), ("demand", PEOPLE), ("places", PLACES))
    }
    given_ = [text for pair in named.items() for text in pair]
    asked = ["coverage", "--kind", "biblioteca", *given_, *arguments]
    return CliRunner().invoke(main, [str(argument) for argument in asked])


def test_the_command_writes_a_csv(tmp_path: Path) -> None:
    result = run(tmp_path, "--out", tmp_path / "answer.csv")
    assert result.exit_code == 0, result.output
    assert "5 places: 1 in no area, 1 without a point" in result.stdout
    assert "207 people: 77.3% have one near, 47 don't" in result.stdout
    lines = (tmp_path / "answer.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,population,share,uncovered,count,per_1000,count_biblioteca"
    assert lines[1] == "a000,160.0,1.0,0.0,2,12.5,2"
    assert lines[4] == "(unplaced),,,,1,,1"


def test_the_command_writes_geoparquet_with_the_areas(tmp_path: Path) -> None:
    result = run(tmp_path, "--out", tmp_path / "answer.parquet")
    assert result.exit_code == 0, result.output
    found = gpd.read_parquet(tmp_path / "answer.parquet")
    assert found.crs == SQUARES.crs
    assert shapely.equals(found.geometry[:2].to_numpy(), SQUARES.geometry.to_numpy()).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--out: it is missing. Give --areas, --demand, --places and --out"),
        (["--out", "answer.txt"], "answer.txt doesn't end in .parquet or .csv"),
        (["--out", "a.csv", "--workers", "2"], "only Dask has a scheduler, workers and parts"),
        (
            ["--out", "a.csv", "--engine", "dask", "--workers", "2", "--scheduler", "tcp://x:1"],
            "the scheduler has workers of its own",
        ),
        (["--out", "a.csv", "--kind", "disco"], "no place is of the kind 'disco'"),
        (["--out", "none/a.csv"], "the folder is missing"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    result = run(tmp_path, *arguments)
    assert result.exit_code == 1
    assert message in result.output


def test_a_missing_dask_is_reported_with_the_name_of_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dask_coverage", "dask_workers"):
        monkeypatch.delitem(sys.modules, f"geo.large.{name}")
        monkeypatch.delattr(geo.large, name)
    monkeypatch.setitem(sys.modules, "dask", None)
    result = run(tmp_path, "--out", tmp_path / "a.csv", "--engine", "dask")
    assert result.exit_code == 1
    assert "The extra 'cluster' is not installed: dask is missing" in result.output
