"""Whatever stands in a data folder, reading it gives a right dataset or says what to mend."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.base.errors import SHOWN, DataError, Problem
from geo.model import rows
from geo.model.dataset import Dataset
from geo.model.tables import REQUIRED_FILES
from geo.publish.report import check_report
from geo.storage import snapshot
from tests.helpers.cities import hostile_values, small_city
from tests.helpers.effort import short_or_long
from tests.helpers.paths import ROOT

ODD = {
    ".geojson": hostile_values.odd_json,
    ".csv": hostile_values.odd_csv,
    ".toml": hostile_values.odd_toml,
}
HEADER = "lon,lat,weight,residents,aged_65,aged_0_14,source\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose files each example breaks and mends."""
    return small_city.write(tmp_path_factory.mktemp("city"))


def told(folder: Path) -> str:
    """What reading the folder says, checked to be of use to whoever can mend it."""
    with pytest.raises(DataError) as refused:
        Dataset.read(folder)
    assert_helps(refused.value)
    return str(refused.value)


def assert_helps(error: DataError) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.file
        assert problem.what
        assert problem.fix
    assert len(str(error)) < 100_000
    for line in str(error).splitlines():
        assert line.isprintable()


@settings(max_examples=short_or_long(40, 1000), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_file_of_odd_values_is_read_right_or_refused(city: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(REQUIRED_FILES))
    broken_or_read(city / name, data.draw(ODD[Path(name).suffix]((city / name).read_bytes())))


@settings(max_examples=short_or_long(40, 1000), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_file_is_read_right_or_refused(city: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(REQUIRED_FILES))
    broken_or_read(city / name, data.draw(hostile_values.damaged((city / name).read_bytes())))


def broken_or_read(path: Path, content: bytes) -> None:
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        data = Dataset.read(path.parent)
    except DataError as error:
        assert_helps(error)
    else:
        assert check_report(data).startswith(data.city.names.it)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("places.geojson", b'{"features": [' + b"[" * 100_000, "broken JSON"),
        ("places.geojson", b'{"features": [1, NaN]}', "line 1: broken JSON"),
        ("places.geojson", b'{"features": [1e999]}', "line 1: broken JSON"),
        ("places.geojson", b'{"features": [], "features": []}', "has the key 'features' twice"),
        ("places.geojson", b'{"features": ["\\ud800"]}', "broken JSON"),
        ("places.geojson", b'{"features": [' + b"1," * 999 + b"1]}", "the rest wasn't read"),
        ("places.geojson", b'{"features": [], "crs": {"properties": {"name": []}}}', "another CRS"),
        ("places.geojson", b'{"type": "Point", "coordinates": [9.6, 45.7]}', "FeatureCollection"),
        ("streets.csv", b"street,lon,lat,osm_id\nA,nan,45.7,\n", "line 2: lon: input should be"),
        ("streets.csv", b"street,lon,lat,osm_id\nA,9.6,1e999,\n", "line 2: lat: input should be"),
        ("streets.csv", b"street,lon,lat,osm_id\nA,545000,5060000,\n", "aren't degrees"),
        ("streets.csv", b"street,lon,lat,osm_id\nA,45.7,9.6,\n", "are swapped"),
        ("streets.csv", b"street,lon,lat,osm_id\nA,9.6,45.7," + b"9" * 5_000, "line 2: osm_id"),
        ("streets.csv", b"street,lon,lat,osm_id\nA,9.6,45.7,9223372036854775808", "osm_id: input"),
        ("streets.csv", b"street,lon,lat,osm_id\n" + b"A" * 10_000_000, "field larger than"),
        ("streets.csv", b"," * 1_000_000, "line 1: the columns are"),
        ("streets.csv", b'"street,lon,lat,osm_id', "line 1: broken CSV"),
        ("streets.csv", b"street,lon,lat,osm_id\n" + b"a,b\n" * 5_000, "the rest wasn't read"),
        ("streets.csv", b"street,lon,lat,osm_id\nA\0B,9.6,45.7,\n", "streets.csv, line 2"),
        ("streets.csv", b"street,lon,lat,osm_id\n\x1b[2J,9.6,45.7,\n", "a control character"),
        ("streets.csv", "street,lon,lat,osm_id\n".encode("utf-16"), "isn't UTF-8"),
        ("demand.csv", f"{HEADER}9.6,45.7,{10**12},,,,walk".encode(), "line 2: weight: input"),
        ("demand.csv", f"{HEADER}9.6,45.7,1,{10**30},,,walk".encode(), "line 2: residents: input"),
        ("city.toml", b"a = " + b"9" * 5_000, "city.toml: not valid TOML ('Exceeds the limit"),
        ("city.toml", b"a = " + b"[" * 5_000, "city.toml: not valid TOML"),
        ("city.toml", small_city.CITY.replace("3000", "inf").encode(), "wrong type"),
        ("city.toml", small_city.CITY.replace("Europe/Rome", "../passwd").encode(), "time_zone"),
        ("city.toml", small_city.CITY.replace("EPSG:32632", "+proj=utm").encode(), "metric_crs"),
        ("city.toml", small_city.CITY.replace('"Provole"', "7").encode(), "valid string"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_words(
    folder: Path, name: str, content: bytes, words: str
) -> None:
    (folder / name).write_bytes(content)
    message = told(folder)
    assert name in message
    assert words in message


def test_geometries_that_cant_be_are_refused_each_by_its_feature(tmp_path: Path) -> None:
    nested: dict[str, object] = {"type": "Point", "coordinates": [9.6, 45.7]}
    for _ in range(300):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    square = small_city.QUARTIERI[0]["geometry"]["coordinates"][0]
    mixed = [[*corner, 100.0] if at == 2 else corner for at, corner in enumerate(square)]
    shapes = [
        nested,
        {"type": "Polygon", "coordinates": [square[:-1]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": [[]]},
        {"type": "Point", "coordinates": [1e308, -1e308]},
        {"type": "Point", "coordinates": [None, 45.7]},
        {"type": "Pyramid", "coordinates": [9.6, 45.7]},
        {"type": "GeometryCollection", "geometries": []},
    ]
    features = [
        small_city.place(f"osm:node/{n}", "parco", (9.6, 45.7)) | {"geometry": shape}
        for n, shape in enumerate(shapes)
    ]
    message = told(small_city.write(tmp_path / "places", places=features))
    for number in range(1, len(shapes) + 1):
        assert f"places.geojson, feature {number} " in message
    # A height at one corner only says nothing of the area, and spoils nothing.
    areas = small_city.features()["quartieri.geojson"]
    areas[0]["geometry"]["coordinates"] = [mixed]
    Dataset.read(small_city.write(tmp_path / "heights", quartieri=areas))


def test_places_of_a_file_are_files(folder: Path, tmp_path: Path) -> None:
    """A folder, a pipe, a device, a socket, a link to nothing: none is waited for."""
    for name, make in {
        "places.geojson": lambda path: path.mkdir(),
        "networks.csv": os.mkfifo,
        "streets.csv": lambda path: path.symlink_to("/dev/zero"),
        "demand.csv": lambda path: path.symlink_to("/dev/tty"),
        "sources.csv": lambda path: path.symlink_to(path.name),
        "memberships.csv": lambda path: path.symlink_to(tmp_path / "nothing"),
    }.items():
        (folder / name).unlink()
        make(folder / name)
    with socket.socket(socket.AF_UNIX) as plug:
        (folder / "quartieri.geojson").unlink()
        plug.bind(os.path.relpath(folder / "quartieri.geojson"))
        message = told(folder)
    for name in set(REQUIRED_FILES) - {"city.toml"}:
        assert name in message


def test_a_file_nobody_may_read_is_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def refuse(path: Path, limit: int = 0) -> bytes:
        if path.name == "streets.csv":
            raise PermissionError(13, "Permission denied")
        return path.read_bytes()

    monkeypatch.setattr(snapshot, "read_file", refuse)
    assert "streets.csv: can't be read (Permission denied)" in told(folder)


def test_rows_and_bytes_have_a_limit_that_is_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MAX_ROWS", 5)
    assert "demand.csv: it has more than 5 rows. Leave out" in told(folder)
    with (folder / "streets.csv").open("r+b") as file:
        file.truncate(snapshot.MAX_BYTES + 1)
    assert f"it is larger than {snapshot.MAX_BYTES // 10**6} MB" in told(folder)


def test_no_message_is_longer_than_a_person_reads() -> None:
    error = DataError(Problem("a.csv", f"line {n}", "x", "y") for n in range(5_000))
    assert len(str(error).splitlines()) == SHOWN + 2
    assert str(error).endswith(f"and {5_000 - SHOWN} more")
    assert "\x1b" not in str(Problem("a\x1b[2J.csv", "", "x\ny", "z"))


LARGE = """
import resource, sys
from pathlib import Path
from geo.model.dataset import Dataset
from geo.base.errors import DataError
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
try:
    Dataset.read(Path(sys.argv[1]))
except DataError as error:
    print(len(error.problems), error)
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""
GIGABYTE = 2**30


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("places.geojson", b'{"features":[' + b"{}," * 10_000_000 + b"{}]}", "not a feature"),
        ("streets.csv", b"street,lon,lat,osm_id\n" + b"A,9.6,45.7,\n" * 2_600_000, "more than"),
    ],
    ids=["objects", "rows"],
)
def test_memory_is_bounded(folder: Path, name: str, content: bytes, words: str) -> None:
    """The largest files that are read at all, of what takes the most memory for its size."""
    assert len(content) <= snapshot.MAX_BYTES
    (folder / name).write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", LARGE, folder, str(4 * GIGABYTE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert words in run.stdout
    assert int(run.stdout.split()[-1]) < 2.5 * GIGABYTE


def test_a_polygon_of_many_corners_is_read(tmp_path: Path) -> None:
    """As in outlines that were traced from pictures."""
    corners = 200_000
    edge = [[9.60 + 0.01 * n / corners, 45.70 + (n % 2) * 1e-6] for n in range(corners)]
    ring = [*edge, [9.61, 45.71], [9.60, 45.71], edge[0]]
    areas = small_city.features()["quartieri.geojson"][:1]
    areas[0]["geometry"]["coordinates"] = [ring]
    folder = small_city.write(tmp_path, quartieri=areas)
    (folder / "networks.csv").write_text((folder / "networks.csv").read_text().replace(" sud", ""))
    assert len(Dataset.read(folder).quartieri) == 1


def test_areas_that_lie_upon_each_other_are_refused_without_looking_at_all_pairs(
    tmp_path: Path,
) -> None:
    area = small_city.QUARTIERI[0]["geometry"]
    heap = [small_city.quartiere(f"q-{n}", f"Q {n}", 5, area) for n in range(800)]
    message = told(small_city.write(tmp_path, quartieri=heap))
    assert "quartieri.geojson: its areas lie upon each other" in message
