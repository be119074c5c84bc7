"""The commands, as a person types them."""

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner, Result

from geo.cli import main
from tests.helpers.cities import small_city, source_folder
from tests.helpers.paths import DATA


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_build_prints_its_report_and_shows_its_progress(tmp_path: Path) -> None:
    sources, out = source_folder.write(tmp_path / "sources"), tmp_path / "out"
    out.mkdir()
    (out / "city.toml").write_text(source_folder.CITY, encoding="utf-8")
    result = run("build", sources, "--out", out, "--recipe", "bergamo")
    assert result.exit_code == 0
    assert result.stdout.startswith("# Report of the build")
    assert "writing" in result.stderr
    assert (out / "places.geojson").exists()


def test_build_names_the_recipes_where_the_city_has_none(tmp_path: Path) -> None:
    sources, out = source_folder.write(tmp_path / "sources"), tmp_path / "out"
    out.mkdir()
    (out / "city.toml").write_text(source_folder.CITY, encoding="utf-8")
    result = run("build", sources, "--out", out)
    assert result.exit_code == 1
    assert "there is no recipe 'provola', only bergamo" in result.output


def test_build_without_a_city_says_what_is_missing(tmp_path: Path) -> None:
    result = run("build", source_folder.write(tmp_path / "sources"), "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "city.toml: the file is missing" in result.output


def test_check_tells_counts_positions_disagreements_and_residents(folder: Path) -> None:
    result = run("check", "--data", folder)
    assert result.exit_code == 0
    assert "scuola-primaria" in result.output
    assert "published" in result.output
    assert "boundaries: indicative" in result.output


def test_check_of_a_broken_folder_fails_with_every_problem(folder: Path) -> None:
    (folder / "streets.csv").unlink()
    (folder / "networks.csv").write_text("slug\n", encoding="utf-8")
    result = run("check", "--data", folder)
    assert result.exit_code == 1
    assert "streets.csv: the file is missing" in result.output
    assert "networks.csv, line 1" in result.output


def test_import_boundaries_takes_official_perimeters_in(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "official.gpkg"
    gpd.read_file(folder / "quartieri.geojson")[["name", "geometry"]].to_file(file)
    result = run("import", "boundaries", file, "--data", folder)
    assert result.exit_code == 0
    assert "0 of" in result.output
    assert "boundaries: official" in run("check", "--data", folder).output


def test_import_boundaries_refuses_with_exit_code_1(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "official.gpkg"
    gpd.read_file(folder / "quartieri.geojson").head(24)[["name", "geometry"]].to_file(file)
    result = run("import", "boundaries", file, "--data", folder)
    assert result.exit_code == 1
    assert "is missing" in result.output


def test_coverage_prints_the_ranking(tmp_path: Path) -> None:
    folder = small_city.write(tmp_path / "village")
    asked = ["coverage", "--kind", "biblioteca", "--within", "400", "--data", str(folder)]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.output.splitlines()]
    assert [line[0] for line in lines[2:]] == ["est", "nord", "sud", "(city)"]
    assert lines[3][1:4] == ["1000", "75.0%", "250"]
    assert lines[4][1:4] == ["n/a", "n/a", "n/a"]
    as_csv = CliRunner().invoke(main, [*asked, "--format", "csv"]).output
    assert as_csv.startswith("quartiere,name,population,")
    as_json = json.loads(CliRunner().invoke(main, [*asked, "--format", "json"]).output)
    assert as_json["nord"]["uncovered"] == 250
    assert as_json["sud"]["share"] is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["--kind", "disco"], "no kind 'disco'. Choose among organizzazioni"),
        (["--kind", "parco", "--population", "aged_65"], "'aged_65' live. Choose among residents"),
    ],
)
def test_coverage_refuses_what_is_not_known(folder: Path, wrong: list[str], message: str) -> None:
    result = CliRunner().invoke(main, ["coverage", *wrong, "--data", str(folder)])
    assert result.exit_code == 1
    assert message in result.output
