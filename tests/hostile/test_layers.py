"""Whatever file is imported, it is taken in or refused in words; the data stay as they were."""

import json
import os
import socket
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.base.errors import DataError
from geo.imports import layer_file
from geo.imports.boundaries import COMUNE, import_boundaries
from geo.imports.residents import Publication, import_residents
from geo.model.dataset import Dataset
from geo.model.tables import CHANGES
from tests.helpers.cities import hostile_values, small_city
from tests.helpers.effort import short_or_long
from tests.helpers.paths import ROOT

TOLD = Publication("walk", 2021, "https://example.org/census")
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj")


def sections() -> gpd.GeoDataFrame:
    """The small city's areas, as sections with people and as perimeters with names."""
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in small_city.QUARTIERI]
    columns = {"name": ["Nord", "Sud", "Est"], "P1": [300, 200, 100], "over_65": [9, 8, 7]}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def write_city(folder: Path) -> Path:
    city = small_city.write(folder)
    outline = {"type": "Feature", "properties": {}, "geometry": None}
    outline["geometry"] = json.loads(shapely.to_geojson(shapely.box(9.6, 45.69, 9.62, 45.71)))
    (city / COMUNE).write_text(json.dumps(outline))
    return city


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that every import of these tests leaves as it was."""
    return write_city(tmp_path_factory.mktemp("city") / "data")


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sections in every format that is taken."""
    folder = tmp_path_factory.mktemp("layers")
    table = sections()
    table.to_file(folder / "a.geojson")
    for name in ("a.gpkg", "a.fgb", "a.shp"):
        table.to_crs(3003).to_file(folder / name)
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in SHAPEFILE:
            archive.write(folder / f"a{suffix}", f"sections/A{suffix.upper()}")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refusal(city: Path, file: Path) -> str:
    """The words of both imports, which must have changed nothing."""
    before = contents(city)
    said = []
    for take in (import_boundaries, lambda *paths: import_residents(*paths, TOLD)):
        with pytest.raises(DataError) as refused:
            take(file, city)
        said.append(str(refused.value))
    assert contents(city) == before
    for line in "\n".join(said).splitlines():
        assert line.isprintable()
        assert len(line) < 1_000
    return "\n".join(said)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.fgb", "a.shp", "a.zip"])
def test_each_format_is_taken(tmp_path: Path, layers: Path, name: str) -> None:
    city = write_city(tmp_path / "data")
    assert "600 residents of 3 features" in import_residents(layers / name, city, TOLD)
    assert "3 official perimeters" in import_boundaries(layers / name, city)


@settings(max_examples=short_or_long(15, 200), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_geojson_of_odd_values_is_taken_or_refused(
    city: Path, layers: Path, data: st.DataObject
) -> None:
    content = data.draw(hostile_values.odd_json((layers / "a.geojson").read_bytes()))
    taken_or_refused(city, layers / "odd.geojson", content)


@settings(max_examples=short_or_long(15, 200), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_layer_is_taken_or_refused(city: Path, layers: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(path.name for path in layers.glob("a.*"))))
    content = (layers / name).read_bytes()
    for suffix in SHAPEFILE:  # what lies beside a damaged part is whole
        (layers / f"odd{suffix}").write_bytes((layers / f"a{suffix}").read_bytes())
    odd = layers / name.replace("a.", "odd.")
    named = layers / "odd.shp" if odd.suffix in SHAPEFILE else odd
    text = odd.suffix in (".geojson", ".prj", ".cpg")
    taken_or_refused(city, odd, data.draw(hostile_values.damaged(content, text=text)), named)


def taken_or_refused(city: Path, odd: Path, content: bytes, named: Path | None = None) -> None:
    odd.write_bytes(content)
    before = contents(city)
    for take in (import_boundaries, lambda *paths: import_residents(*paths, TOLD)):
        try:
            take(named or odd, city)
        except DataError:
            assert contents(city) == before
        else:
            Dataset.read(city)
            (city / CHANGES.file).unlink(missing_ok=True)
            for name, old in before.items():
                (city / name).write_bytes(old)


VRT = """<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>
</OGRVRTDataSource>"""
GDALG = '{{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read {} ! write a"}}'
WFS = "<OGRWFSDataSource><URL>{}</URL></OGRWFSDataSource>"
GML = '<?xml version="1.0"?><a xmlns:xsi="b" xsi:schemaLocation="c {}"><gml:featureMember/></a>'


@pytest.mark.parametrize("text", [VRT, GDALG, WFS, GML], ids=["vrt", "gdalg", "wfs", "gml"])
@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".shp", ".vrt", ".json", ""])
def test_a_file_cant_name_another_file_or_an_address(
    tmp_path: Path, city: Path, layers: Path, text: str, suffix: str
) -> None:
    """Neither a file nor an address is opened: nobody calls where they could be asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.geojson"
        server.setblocking(False)
        for source in (str(layers / "a.geojson"), f"/vsicurl/{address}", address):
            file = tmp_path / f"sly{suffix}"
            file.write_text(text.format(source))
            assert "sly" in refusal(city, file)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_link_of_a_shapefile_to_something_endless_is_refused(
    tmp_path: Path, city: Path, layers: Path
) -> None:
    for suffix in SHAPEFILE:
        (tmp_path / f"a{suffix}").write_bytes((layers / f"a{suffix}").read_bytes())
    (tmp_path / "a.dbf").unlink()
    (tmp_path / "a.dbf").symlink_to("/dev/zero")
    assert "it isn't a file" in refusal(city, tmp_path / "a.shp")
    (tmp_path / "a.dbf").unlink()
    os.mkfifo(tmp_path / "a.dbf")
    assert "it isn't a file" in refusal(city, tmp_path / "a.shp")


@pytest.mark.parametrize(
    "make", [lambda path: path.mkdir(), os.mkfifo, lambda path: path.symlink_to("/dev/zero")]
)
def test_what_is_no_file_is_refused(
    tmp_path: Path, city: Path, make: Callable[[Path], object]
) -> None:
    make(tmp_path / "a.gpkg")
    assert "a.gpkg: can't be read (it isn't a file)" in refusal(city, tmp_path / "a.gpkg")


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


@pytest.mark.parametrize(
    "change",
    [
        f"ALTER TABLE a RENAME TO b; CREATE VIEW a AS {ENDLESS} SELECT b.* FROM n, b",
        "DROP TABLE a; CREATE VIRTUAL TABLE a USING fts5(x)",
        "ALTER TABLE a ADD COLUMN heavy TEXT GENERATED ALWAYS AS (hex(zeroblob(400000000)))",
        "DELETE FROM gpkg_contents",
        "DROP TABLE gpkg_contents",
        "UPDATE gpkg_contents SET table_name = CAST(x'ff' AS TEXT)",
    ],
)
def test_a_geopackage_that_computes_its_layer_is_refused(
    tmp_path: Path, city: Path, layers: Path, change: str
) -> None:
    file = tmp_path / "a.gpkg"
    file.write_bytes((layers / "a.gpkg").read_bytes())
    with closing(sqlite3.connect(file)) as database:
        for name in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            database.execute(f'DROP TRIGGER "{name[0]}"')
        database.executescript(change)
    assert "a.gpkg" in refusal(city, file)


def zipped(path: Path, *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([], "can't be read"),
        ([("readme.txt", b"hello")], "it holds 0 layers"),
        ([("a.gpkg", b"x"), ("b.gpkg", b"x")], "it holds 2 layers"),
        ([("a.geojson", b"{}")], "not a GeoJSON FeatureCollection"),
        ([("../../a.geojson", b"{}")], "not a GeoJSON FeatureCollection"),
        ([("a.geojson", VRT.format("b.shp").encode())], "no layer in a format"),
        ([("a.vrt", VRT.format("b.shp").encode()), ("b.shp", b"x")], "no layer in a format"),
        ([(f"{n}.txt", b"") for n in range(1_001)], "it holds 1,001 files"),
        ([("a.zip", b"PK\3\4")], "it holds 0 layers"),
    ],
)
def test_a_zip_file_holds_one_layer(
    tmp_path: Path, city: Path, members: list[tuple[str, bytes]], words: str
) -> None:
    assert words in refusal(city, zipped(tmp_path / "a.zip", *members))


def test_a_zip_file_that_needs_a_password_is_refused(
    tmp_path: Path, city: Path, layers: Path
) -> None:
    content = bytearray((layers / "a.zip").read_bytes())
    for head, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := content.find(head, at + 1)) >= 0:
            content[at + flags] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    assert "without a password" in refusal(city, tmp_path / "a.zip")


BOMB = """
import resource, sys
from pathlib import Path
from geo.imports.boundaries import import_boundaries
from geo.base.errors import DataError
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]),) * 2)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    import_boundaries(Path(sys.argv[1]), Path(sys.argv[2]))
except DataError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


@pytest.mark.parametrize("lies", [False, True])
def test_a_zip_bomb_takes_no_more_memory_than_the_limit(
    tmp_path: Path, city: Path, lies: bool
) -> None:
    """Also one that says it holds ten bytes."""
    large = bytes(3 * layer_file.MAX_LAYER_BYTES)
    file = zipped(tmp_path / "bomb.zip", ("a.geojson", large))
    if lies:
        said = struct.pack("<L", len(large))
        file.write_bytes(file.read_bytes().replace(said, struct.pack("<L", 10)))
    run = subprocess.run(
        [sys.executable, "-c", BOMB, file, city, str(3 * 2**30)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "bomb.zip" in run.stdout
    assert int(run.stdout.split()[-1]) < 4 * layer_file.MAX_LAYER_BYTES


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, city: Path) -> None:
    with (tmp_path / "a.gpkg").open("wb") as file:
        file.truncate(10**12)  # of nothing: it takes no place
    assert "it is larger than 100 MB" in refusal(city, tmp_path / "a.gpkg")


def geojson(path: Path, *features: object, crs: object = None) -> Path:
    document = {"type": "FeatureCollection", "features": features, "crs": crs}
    path.write_text(json.dumps(document))
    return path


def feature(geometry: object = None, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_features_with_endless_columns_are_refused(tmp_path: Path, city: Path) -> None:
    wide = [feature(**{f"c{n}": n}) for n in range(layer_file.MAX_COLUMNS + 1)]
    assert "more than 500 columns" in refusal(city, geojson(tmp_path / "a.json", *wide))


@pytest.mark.parametrize(
    "name", ["EPSG:0", "EPSG:x", "+proj=longlat +nadgrids=/etc/passwd", "/etc/passwd", ["a"], 5]
)
def test_a_crs_that_isnt_known_is_refused(tmp_path: Path, city: Path, name: object) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    file = geojson(tmp_path / "a.json", feature(), crs=crs)
    assert "isn't known" in refusal(city, file)


def test_a_crs_that_names_a_file_is_refused(tmp_path: Path, city: Path, layers: Path) -> None:
    for suffix in SHAPEFILE:
        (tmp_path / f"a{suffix}").write_bytes((layers / f"a{suffix}").read_bytes())
    wkt = (
        'GEOGCS["a",DATUM["b",SPHEROID["c",6378137,298.25],'
        'EXTENSION["PROJ4_GRIDS","/etc/passwd"]],PRIMEM["d",0],UNIT["degree",0.0174532925199433]]'
    )
    (tmp_path / "a.prj").write_text(wkt)
    assert "its CRS names another file" in refusal(city, tmp_path / "a.shp")


@pytest.mark.parametrize("number", [1e30, -1e30, float(2**63), 1e308])
def test_numbers_of_people_that_cant_be_are_refused(
    tmp_path: Path, city: Path, number: float
) -> None:
    sections().assign(P1=[number, 1, 1]).to_file(tmp_path / "a.gpkg")
    with pytest.raises(DataError, match="feature 1: P1 is"):
        import_residents(tmp_path / "a.gpkg", city, TOLD)


@pytest.mark.parametrize("at", [(np.nan, 45.7), (np.inf, 45.7), (1e300, 1e300), (1e6, 5e6)])
def test_points_that_are_nowhere_are_refused(
    tmp_path: Path, city: Path, at: tuple[float, float]
) -> None:
    points = gpd.GeoDataFrame({"P1": [3], "name": ["Nord"]}, geometry=[shapely.Point(at)], crs=4326)
    points.to_file(tmp_path / "a.gpkg")
    refusal(city, tmp_path / "a.gpkg")


def test_a_heap_of_the_same_section_is_refused_without_looking_at_all_pairs(
    tmp_path: Path, city: Path
) -> None:
    shapes = [shapely.box(9.6, 45.7, 9.61, 45.71)] * 5_000
    heap = gpd.GeoDataFrame({"P1": 1}, geometry=shapes, crs=4326, index=range(5_000))
    heap.to_file(tmp_path / "a.fgb", SPATIAL_INDEX="NO")
    with pytest.raises(DataError, match="its sections lie upon each other"):
        import_residents(tmp_path / "a.fgb", city, TOLD)


def test_a_name_with_terminal_codes_or_without_text_is_reported_without_harm(
    tmp_path: Path, layers: Path
) -> None:
    city = write_city(tmp_path / "data")
    for name in ("a\x1b[2J\n.gpkg", os.fsdecode(b"a\xff.gpkg")):
        file = tmp_path / name
        file.write_bytes((layers / "a.gpkg").read_bytes())
        assert "600 residents" in import_residents(file, city, TOLD)
        assert "a\N{REPLACEMENT CHARACTER}" in Dataset.read(city).changes["text"].iloc[-1]
