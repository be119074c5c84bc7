"""Official perimeters: taken in from any format, refused as a whole when they can't be right."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.base.errors import DataError
from geo.imports.boundaries import import_boundaries
from geo.model.dataset import Dataset
from geo.spatial.shared_edges import GRID, coverage_on_grid
from tests.helpers.paths import DATA

# Names as another office might write them.
RESPELT = {
    "Centro Pignolo": "CENTRO (PIGNOLO)",
    "Centro Sant'Alessandro": "Centro - S. Alessandro",
    "Città Alta": "Citta' Alta",
    "San Tomaso de' Calvi": "S. TOMASO DEI CALVI",
    "Valverde - Valtesse Sant'Antonio": "Valverde-Valtesse S.Antonio",
    "Grumello al Piano": "Grumello del Piano",
}

Table = gpd.GeoDataFrame
Break = Callable[[Table], Table]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the committed data folder, to change."""
    copy = tmp_path / "data"
    copy.mkdir()
    for path in DATA.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def perimeters(crs: str = "EPSG:32632", column: str = "QUARTIERE") -> Table:
    """Our areas as if the municipality had drawn them: other names, another CRS."""
    table = gpd.read_file(DATA / "quartieri.geojson")
    names = table["name"].map(lambda name: RESPELT.get(name, name.upper()))
    return gpd.GeoDataFrame({"n": range(25), column: names}, geometry=table.geometry).to_crs(crs)


def refusal(folder: Path, file: Path) -> str:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(DataError) as refused:
        import_boundaries(file, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("official.shp", "EPSG:32632"),
        ("official.gpkg", "EPSG:3003"),
        ("official.geojson", "EPSG:4326"),
    ],
)
def test_perimeters_in_any_format_and_crs_replace_the_areas(
    tmp_path: Path, folder: Path, name: str, crs: str
) -> None:
    before = Dataset.read(folder)
    file = tmp_path / name
    perimeters(crs).to_file(file)
    report = import_boundaries(file, folder)
    after = Dataset.read(folder)
    quartieri = after.quartieri
    assert set(quartieri["boundary_status"]) == {"official"}
    assert quartieri["boundary_source"].str.contains(name).all()
    assert quartieri["residents"].tolist() == before.quartieri["residents"].tolist()
    assert quartieri["name"].tolist() == before.quartieri["name"].tolist()
    assert shapely.coverage_is_valid(np.asarray(quartieri.geometry))
    moved = quartieri.geometry.to_crs("EPSG:32632").symmetric_difference(
        before.quartieri.geometry.to_crs("EPSG:32632")
    )
    assert moved.area.max() < 500  # rounding to 0.1 m along the edges
    assert "25 official perimeters taken" in report


def test_the_report_names_the_places_that_change_quartiere(tmp_path: Path, folder: Path) -> None:
    table = perimeters()
    at = {name: row for row, name in enumerate(table["QUARTIERE"])}
    one, other = at["CELADINA"], at["BOCCALEONE"]
    shapes = list(table.geometry)
    shapes[one], shapes[other] = shapes[other], shapes[one]
    file = tmp_path / "swapped.gpkg"
    table.set_geometry(gpd.GeoSeries(shapes, crs=table.crs)).to_file(file)
    report = import_boundaries(file, folder)
    assert "(parrocchia:s-pio-x): celadina -> boccaleone" in report


def test_the_name_column_can_be_named_and_a_wrong_one_is_refused(
    tmp_path: Path, folder: Path
) -> None:
    file = tmp_path / "official.gpkg"
    perimeters(column="denominazione").to_file(file)
    with pytest.raises(DataError, match=r"no column 'nome'.*denominazione"):
        import_boundaries(file, folder, name_column="nome")
    assert import_boundaries(file, folder, name_column="denominazione")


def without_one(table: Table) -> Table:
    return table[table["QUARTIERE"] != "COLLI"]


def twice(table: Table) -> Table:
    return table.assign(QUARTIERE=table["QUARTIERE"].replace("COLLI", "LORETO"))


def unknown_name(table: Table) -> Table:
    return table.assign(QUARTIERE=table["QUARTIERE"].replace("COLLI", "ATLANTIDE"))


def swollen(table: Table) -> Table:
    return changed(table, "LORETO", lambda shape: shape.buffer(20))


def shrunk(table: Table) -> Table:
    return changed(table, "LORETO", lambda shape: shape.buffer(-20))


def far_away(table: Table) -> Table:
    return changed(table, "COLLI", lambda shape: shapely.affinity.translate(shape, 20_000, 0))


def crossed(table: Table) -> Table:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    return changed(table, "COLLI", lambda shape: bow)


def emptied(table: Table) -> Table:
    return changed(table, "COLLI", lambda shape: None)


def changed(table: Table, name: str, change: Callable[[object], object]) -> Table:
    shapes = [
        change(shape) if told == name else shape
        for told, shape in zip(table["QUARTIERE"], table.geometry, strict=True)
    ]
    return table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))


@pytest.mark.parametrize(
    ("breaking", "told"),
    [
        (without_one, ["'Colli' is missing"]),
        (twice, ["'loreto' stands here twice", "'Colli' is missing"]),
        (unknown_name, ["(ATLANTIDE): no quartiere of that name", "'Colli' is missing"]),
        (swollen, ["'loreto' and", "overlap by", "m²"]),
        (shrunk, ["a gap of", "m² near"]),
        (far_away, ["'colli' lies outside the comune with 7,"]),
        (crossed, ["'colli' is invalid"]),
        (emptied, ["'colli' has no geometry"]),
    ],
)
def test_perimeters_that_cant_be_right_are_refused_and_nothing_changes(
    tmp_path: Path, folder: Path, breaking: Break, told: list[str]
) -> None:
    file = tmp_path / "official.gpkg"
    breaking(perimeters()).to_file(file)
    message = refusal(folder, file)
    for words in told:
        assert words in message


def test_every_problem_is_reported_at_once(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "official.gpkg"
    swollen(far_away(without_one(perimeters()))).to_file(file)
    message = refusal(folder, file)
    assert "'Colli' is missing" in message
    assert message.count("overlap by") > 1


def test_small_overlaps_pass_when_the_tolerance_allows_them(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "official.gpkg"
    swollen(perimeters()).to_file(file)
    import_boundaries(file, folder, tolerance_m2=100_000)
    assert shapely.coverage_is_valid(np.asarray(Dataset.read(folder).quartieri.geometry))


def test_a_file_without_a_crs_is_refused(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "official.shp"
    perimeters().to_file(file)
    file.with_suffix(".prj").unlink()
    assert "doesn't say its CRS" in refusal(folder, file)


def test_a_file_that_is_no_map_is_refused(tmp_path: Path, folder: Path) -> None:
    broken, table = tmp_path / "broken.gpkg", tmp_path / "table.csv"
    broken.write_text("not a map", encoding="utf-8")
    table.write_text("QUARTIERE\nLORETO\n", encoding="utf-8")
    assert "can't be read" in refusal(folder, broken)
    assert "no layer in a format that is taken here" in refusal(folder, table)


@given(
    st.lists(st.floats(0.05, 0.95), min_size=2, max_size=6, unique=True),
    st.floats(-0.2, 0.2),
)
def test_rounding_to_the_grid_makes_no_overlap_even_where_a_corner_meets_an_edge(
    cuts: list[float], slant: float
) -> None:
    """One area on top with a straight edge; below it, several whose corners lie on that edge."""

    def edge(x: float) -> tuple[float, float]:
        return 9.6 + x / 100, 45.7 + slant * x / 100

    top = shapely.Polygon([edge(0), edge(1), (9.61, 45.72), (9.6, 45.72)])
    ends = [0.0, *sorted(cuts), 1.0]
    below = [
        shapely.Polygon([edge(a), edge(b), (edge(b)[0], 45.68), (edge(a)[0], 45.68)])
        for a, b in pairwise(ends)
        if (b - a) / 100 > 10 * GRID
    ]
    made = coverage_on_grid([top, *below])
    written = [shapely.from_geojson(json.dumps(_rounded(shape))) for shape in made]
    assert shapely.coverage_is_valid(np.array(written))


def _rounded(shape: shapely.Geometry) -> dict[str, object]:
    told = json.loads(shapely.to_geojson(shape), parse_float=lambda text: round(float(text), 6))
    assert isinstance(told, dict)
    return told
