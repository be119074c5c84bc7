"""Another city is another folder: the whole app serves it, and says nothing of Bergamo."""

import re
import shutil
import tomllib
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from flask.testing import FlaskClient

from app import create_app
from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.cli import main
from geo.model.dataset import Dataset
from geo.spatial import access
from tests.helpers.cities import second_city
from tests.helpers.effort import LONG
from tests.helpers.pages import crawler
from tests.helpers.paths import ROOT

TEMPLATE = ROOT / "docs" / "city-template"
TEXTS = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")


def walk(client: FlaskClient) -> dict[str, str]:
    """Return what each address of the app says, if it's text."""
    answers = crawler.walk(client) if LONG else crawler.walk(client, skip=crawler.is_spare)
    return {
        address: answer_.text if answer_.content_type.startswith(TEXTS) else ""
        for address, answer_ in answers.items()
    }


def client_of(folder: Path) -> FlaskClient:
    app = create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""})
    app.testing = True
    return app.test_client()


@pytest.fixture(scope="module")
def lungomare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return second_city.write(tmp_path_factory.mktemp("lungomare"))


@pytest.mark.long
def test_every_page_of_another_city_is_there_and_names_no_bergamo(
    lungomare: Path, bergamo: Dataset
) -> None:
    said = walk(client_of(lungomare))
    assert len(said) > 300
    for prefix, name in (("/", "Lungomare"), ("/en/", "Seaside"), ("/fr/", "Bordmer")):
        assert name in said[prefix]
    names = [*bergamo.quartieri["name"], *bergamo.networks["name"], "Bergam", "32632"]
    foreign = re.compile("|".join(re.escape(name) for name in names))
    told = {path: found[0] for path, text in said.items() if (found := foreign.search(text))}
    assert told == {}


def test_distances_are_measured_in_the_city_own_metres(lungomare: Path) -> None:
    data = Dataset.read(lungomare)
    found = compute_coverage(data, CoverageQuery(("biblioteca",), 500))
    library = gpd.GeoSeries([shapely.Point(13.505, 43.605)], crs=4326)
    other = gpd.GeoSeries([shapely.Point(13.515, 43.605)], crs=4326)
    # On the ellipsoid: 807.6 m; a projection for another zone would be off by more.
    metres = library.to_crs(second_city.METRIC).distance(other.to_crs(second_city.METRIC))[0]
    assert found.table.loc["mare", "distance_m"] == pytest.approx(metres)
    assert metres == pytest.approx(807.6, rel=0.001)
    assert found.city["share"] == pytest.approx(900 / 2000)
    with pytest.raises(ValueError, match="metre"):
        access.nearest(data.streets, data.streets)


def test_residents_that_were_counted_are_not_called_spread(lungomare: Path) -> None:
    client = client_of(lungomare)
    page = client.get("/copertura/?tipo=biblioteca&chi=anziani").text
    assert "in cui i residenti sono contati (fonte: A census (2021))" in page
    assert "ripartiti in proporzione" not in page
    assert "Chi ha 65 anni o più" in page


def test_commands_work_on_another_city(lungomare: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(lungomare, folder)
    run = CliRunner()
    check = run.invoke(main, ["check", "--data", str(folder)])
    assert check.exit_code == 0, check.output
    assert "Lungomare" in check.output
    asked = ["coverage", "--data", str(folder), "--kind", "biblioteca", "--within", "500"]
    assert "45.0%" in run.invoke(main, asked).output
    areas = gpd.read_file(folder / "quartieri.geojson")[["name", "geometry"]]
    areas.to_crs(second_city.METRIC).to_file(tmp_path / "official.gpkg")
    files = ["import", "boundaries", "--data", str(folder), str(tmp_path / "official.gpkg")]
    outline = folder / "comune.geojson"
    kept = outline.read_bytes()
    outline.unlink()
    assert "comune.geojson: the file is missing" in run.invoke(main, files).output
    outline.write_bytes(kept)
    imported = run.invoke(main, files)
    assert imported.exit_code == 0, imported.output
    data = Dataset.read(folder)
    assert set(data.quartieri["boundary_status"]) == {"official"}
    assert data.changes["text"].iloc[-1] == "Confini ufficiali importati da official.gpkg"
    assert data.changes["version"].iloc[-1] == data.version


@pytest.mark.long
def test_the_empty_template_is_a_city_that_the_app_serves() -> None:
    result = CliRunner().invoke(main, ["check", "--data", str(TEMPLATE)])
    assert result.exit_code == 0, result.output
    said = walk(client_of(TEMPLATE))
    assert "n.d." in said["/"]
    assert "Nessuna fonte nomina luoghi così." in said["/luoghi/"]


def test_the_template_has_every_file_and_every_setting_of_a_city() -> None:
    here = {path.name for path in TEMPLATE.iterdir()}
    ours = {path.name for path in (ROOT / "data").iterdir()}
    made = {"SOURCES.md", "BUILD_REPORT.md", "LICENSE", "place_ids.csv"}
    assert ours - made <= here
    template = tomllib.loads((TEMPLATE / "city.toml").read_text(encoding="utf-8"))
    real = tomllib.loads((ROOT / "data" / "city.toml").read_text(encoding="utf-8"))
    assert set(real) - {"green"} == set(template)
