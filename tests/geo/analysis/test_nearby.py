"""What is near a point: nothing is lost, nothing is nearer than what comes first."""

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.analysis.nearby import NEAREST, near, quartiere_at, walking_minutes, whereabouts
from geo.model.dataset import Dataset
from geo.model.kinds import STANDARD
from geo.spatial.access import existing
from geo.spatial.point_in_area import locate
from tests.helpers.cities import small_city
from tests.helpers.paths import ROOT

SQUARE = (9.605, 45.705)
LON, LAT = st.floats(9.55, 9.80), st.floats(45.62, 45.76)
RADII = st.none() | st.floats(0, 3000)
KIND_SETS = st.none() | st.sets(st.sampled_from(STANDARD.choices), max_size=4)
LIMITS = st.none() | st.integers(0, 80)


def scan(dataset: Dataset, lon: float, lat: float) -> gpd.GeoDataFrame:
    """Measure every place, the slow and simple way."""
    places = dataset.places
    places = places[existing(places) & places.geometry.notna()]
    crs = dataset.city.metric_crs
    point = gpd.GeoSeries.from_xy([lon], [lat], crs="EPSG:4326").to_crs(crs).iloc[0]
    places = places.assign(
        distance_m=places.geometry.to_crs(crs).distance(point), ident=places.index
    )
    return places.sort_values(["distance_m", "ident"])


@given(LON, LAT, RADII, KIND_SETS, LIMITS)
def test_it_is_what_a_scan_of_all_distances_finds(
    bergamo: Dataset, lon: float, lat: float, metres: float | None, kinds, limit: int | None
) -> None:
    found = near(bergamo, lon, lat, metres=metres, kinds=kinds, limit=limit)
    expected = scan(bergamo, lon, lat)
    if kinds is not None:
        wanted = {kind for slug in kinds for kind in STANDARD.expand(slug)}
        expected = expected[expected["kind"].isin(wanted)]
    if metres is not None:
        expected = expected[expected["distance_m"] <= metres]
    expected = expected[:limit]
    assert len(found) == len(expected)
    np.testing.assert_allclose(found["distance_m"], expected["distance_m"], atol=1e-6)
    if limit is None:
        assert set(found.index) == set(expected.index)


@given(LON, LAT, RADII)
def test_the_nearest_come_first_and_none_beyond_the_radius(
    bergamo: Dataset, lon: float, lat: float, metres: float | None
) -> None:
    found = near(bergamo, lon, lat, metres=metres)
    assert found["distance_m"].is_monotonic_increasing
    assert len(found) <= NEAREST
    assert metres is None or (found["distance_m"] <= metres).all()


@given(LON, LAT, st.floats(0, 2000), st.floats(0, 2000))
def test_a_larger_radius_loses_no_place(
    bergamo: Dataset, lon: float, lat: float, one: float, other: float
) -> None:
    few, many = sorted([one, other])
    smaller = near(bergamo, lon, lat, metres=few, limit=None).index.tolist()
    larger = near(bergamo, lon, lat, metres=many, limit=None).index.tolist()
    assert larger[: len(smaller)] == smaller


@given(LON, LAT, st.integers(0, 60), st.integers(0, 60))
def test_a_higher_limit_only_adds_at_the_end(
    bergamo: Dataset, lon: float, lat: float, one: int, other: int
) -> None:
    few, many = sorted([one, other])
    assert near(bergamo, lon, lat, limit=many).index.tolist()[:few] == (
        near(bergamo, lon, lat, limit=few).index.tolist()
    )


@pytest.fixture(scope="module")
def shuffled(bergamo: Dataset) -> list[Dataset]:
    places = bergamo.places
    return [
        bergamo.with_frames(places=places.sample(frac=1, random_state=seed)) for seed in range(3)
    ]


@given(LON, LAT, KIND_SETS, LIMITS)
def test_the_order_of_the_rows_changes_nothing(
    bergamo: Dataset, shuffled: list[Dataset], lon: float, lat: float, kinds, limit
) -> None:
    expected = near(bergamo, lon, lat, kinds=kinds, limit=limit)
    for other in shuffled:
        found = near(other, lon, lat, kinds=kinds, limit=limit)
        assert found.index.tolist() == expected.index.tolist()


def test_places_at_one_address_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    places = [small_city.place(f"osm:node/{n}", "parco", SQUARE) for n in (3, 1, 4, 2, 5)]
    tied = Dataset.read(small_city.write(tmp_path, places=[*small_city.PLACES[5:], *places]))
    found = near(tied, 9.606, 45.705, limit=3)
    assert found.index.tolist() == ["osm:node/1", "osm:node/2", "osm:node/3"]


@given(LON, LAT)
def test_distances_are_within_a_thousandth_of_the_geodesic(
    bergamo: Dataset, lon: float, lat: float
) -> None:
    found = near(bergamo, lon, lat, limit=20)
    n = len(found)
    _, _, geodesic = Geod(ellps="WGS84").inv(
        np.full(n, lon), np.full(n, lat), found.geometry.x, found.geometry.y
    )
    np.testing.assert_allclose(found["distance_m"], geodesic, rtol=0.001, atol=0.001)


def test_only_places_that_are_there_and_have_a_point(small: Dataset) -> None:
    found = near(small, *SQUARE, limit=None)
    assert found.index.tolist() == [
        "osm:node/1", "osm:node/3", "mim:AA1", "osm:node/2", "parrocchia:sud", "osm:node/4"
    ]  # fmt: skip
    assert found["distance_m"].iloc[0] == pytest.approx(0, abs=0.001)
    assert found["distance_m"].iloc[1] == pytest.approx(389.5, abs=0.5)


def test_minutes_are_those_of_the_stated_method(small: Dataset) -> None:
    found = near(small, *SQUARE)
    assert found["minutes"].tolist() == walking_minutes(found["distance_m"].to_numpy()).tolist()
    assert walking_minutes(np.array([0.0, 75.0, 750.0])).tolist() == [0.0, 1.3, 13.0]


def test_where_only_the_street_is_known_is_approximate(tmp_path: Path) -> None:
    files = small_city.features()["places.geojson"]
    files[0]["properties"]["position"] = "street"
    vague = Dataset.read(small_city.write(tmp_path, places=files))
    found = near(vague, *SQUARE)
    assert found["approximate"].to_dict()["osm:node/1"]
    assert found["approximate"].sum() == 1


def test_kinds_and_groups_are_requested_alike(small: Dataset) -> None:
    assert near(small, *SQUARE, kinds=["biblioteca"]).index.tolist() == ["osm:node/1"]
    assert near(small, *SQUARE, kinds=["scuole", "parrocchia"]).index.tolist() == [
        "mim:AA1",
        "parrocchia:sud",
    ]
    assert near(small, *SQUARE, kinds=[]).empty
    assert near(small, *SQUARE, kinds=["scout"]).empty
    with pytest.raises(KeyError):
        near(small, *SQUARE, kinds=["discoteca"])


def test_an_answer_is_a_table_of_its_own(small: Dataset) -> None:
    found = near(small, *SQUARE)
    assert isinstance(found, gpd.GeoDataFrame)
    assert found.crs == "EPSG:4326"
    found["name"] = "changed"
    assert near(small, *SQUARE)["name"].iloc[0] == "Biblioteca Nord"


@pytest.mark.parametrize(
    ("lon", "lat", "options"),
    [
        (float("nan"), 45.7, {}),
        (9.6, float("inf"), {}),
        (200, 45.7, {}),
        (9.6, -91, {}),
        (99, 0, {}),  # a point that the city's plane doesn't have
        (*SQUARE, {"metres": -1}),
        (*SQUARE, {"metres": float("nan")}),
        (*SQUARE, {"limit": -1}),
    ],
)
def test_what_cannot_be_measured_is_refused(small: Dataset, lon, lat, options) -> None:
    with pytest.raises(ValueError, match=r"lon|metres|limit"):
        near(small, lon, lat, **options)


@given(LON, LAT)
def test_the_quartiere_is_the_one_that_the_join_says(bergamo: Dataset, lon, lat) -> None:
    point = gpd.GeoSeries.from_xy([lon], [lat], crs="EPSG:4326")
    assert quartiere_at(bergamo, lon, lat) == locate(point, bergamo.quartieri.geometry).iloc[0]


@pytest.mark.parametrize(
    ("point", "slug"),
    [
        (SQUARE, "nord"),
        ((9.61, 45.705), "est"),  # on the border: the first
        ((9.61, 45.70), "est"),
        ((9.70, 45.70), None),
        ((float("nan"), 45.7), None),
        ((9.19, 45.46), None),
    ],
)
def test_outside_there_is_no_quartiere(small: Dataset, point, slug: str | None) -> None:
    assert quartiere_at(small, *point) == slug


def test_the_border_and_the_next_quartiere_are_as_far_as_they_are(small: Dataset) -> None:
    where = whereabouts(small, 9.6095, 45.705)
    assert where.quartiere == "nord"
    assert where.border_m == pytest.approx(38.9, abs=0.2)
    assert list(where.others) == ["est", "sud"]
    assert where.others["est"] == pytest.approx(where.border_m, abs=0.01)
    outside = whereabouts(small, 9.63, 45.70)
    assert (outside.quartiere, outside.border_m) == (None, None)
    assert next(iter(outside.others)) == "est"


@pytest.mark.slow
def test_threads_may_ask_at_once() -> None:
    """A crash of GEOS would take the whole process along: so this has one of its own."""
    script = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from geo.model.dataset import Dataset
from geo.analysis.nearby import near, whereabouts
data = Dataset.read(Path("data"))
def ask(n):
    lon, lat = 9.62 + n % 40 / 500, 45.67 + n % 37 / 500
    return whereabouts(data, lon, lat).quartiere, near(data, lon, lat).index.tolist()
with ThreadPoolExecutor(8) as threads:
    assert list(threads.map(ask, range(300))) == [ask(n) for n in range(300)]
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=120)


def test_the_places_of_the_town_by_distance(town: Dataset) -> None:
    found = near(town, *SQUARE, metres=700)
    assert found.index.tolist() == [
        "osm:node/1", "org:canto", "osm:node/6", "osm:node/8", "mim:AA2"
    ]  # fmt: skip
    assert found["distance_m"].tolist() == pytest.approx(
        [0, 95.634, 135.661, 271.324, 385.965], abs=0.001
    )
    assert found["minutes"].tolist() == pytest.approx([0, 1.658, 2.351, 4.703, 6.690], abs=0.001)
    assert found.columns.tolist() == [*town.places.columns, "distance_m", "minutes", "approximate"]
    assert near(town, *SQUARE, metres=0).index.tolist() == ["osm:node/1"]
    assert near(town, *SQUARE, kinds=["parrocchie"])["approximate"].tolist() == [True]


def test_the_radius_itself_is_near_and_the_limit_is_a_number_of_places(town: Dataset) -> None:
    metres = float(near(town, *SQUARE, limit=2)["distance_m"].iloc[1])
    assert len(near(town, *SQUARE, metres=metres)) == 2
    assert len(near(town, *SQUARE, metres=np.nextafter(metres, 0))) == 1
    assert near(town, *SQUARE, limit=0).empty
    assert len(near(town, *SQUARE, limit=1)) == 1
    # The limit holds for all kinds together, and ties go by id.
    assert near(town, *SQUARE, kinds=["parco", "orto"], limit=2).index.tolist() == [
        "osm:node/6", "osm:node/3"
    ]  # fmt: skip


def test_fifty_places_unless_told_otherwise(tmp_path: Path) -> None:
    more = [small_city.place(f"osm:node/{n}", "parco", SQUARE) for n in range(100, 160)]
    data = Dataset.read(small_city.write(tmp_path, places=[*small_city.PLACES, *more]))
    assert len(near(data, *SQUARE)) == 50
    assert len(near(data, *SQUARE, limit=None)) == 66


@pytest.mark.parametrize(
    ("point", "options", "message"),
    [
        ((181, 45.7), {}, r"^lon 181, lat 45.7: not degrees of longitude and latitude$"),
        ((9.6, 90.5), {}, r"^lon 9.6, lat 90.5: not degrees of longitude and latitude$"),
        ((-180.5, 45.7), {}, "not degrees"),
        ((9.6, -90.5), {}, "not degrees"),
        ((99, 0), {}, r"^lon 99, lat 0: not in the world of EPSG:32632$"),
        (SQUARE, {"metres": -0.5}, r"^metres -0.5: a distance from 0 up, or None$"),
        (SQUARE, {"limit": -1}, r"^limit -1: a number of places, or None$"),
    ],
)
def test_errors_say_what_is_wrong(town: Dataset, point, options, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        near(town, *point, **options)


def test_the_poles_and_the_180th_meridian_are_on_earth(town: Dataset) -> None:
    for point in ((9.6, 90), (9.6, -90), (180, 45.7), (-180, 45.7)):
        try:
            near(town, *point)
        except ValueError as error:
            assert "not in the world" in str(error)  # noqa: PT017 - only some have no coordinates


def test_the_position_of_a_point_among_the_quartieri(town: Dataset) -> None:
    where = whereabouts(town, 9.6025, 45.705)
    assert where.quartiere == "nord"
    assert where.border_m == pytest.approx(194.612, abs=0.001)
    assert list(where.others) == ["sud", "est"]
    assert where.others == pytest.approx({"sud": 555.511, "est": 583.836}, abs=0.001)
    outside = whereabouts(town, 9.595, 45.705)
    assert (outside.quartiere, outside.border_m) == (None, None)
    assert list(outside.others) == ["nord", "sud", "est"]
    with pytest.raises(ValueError, match="not degrees"):
        whereabouts(town, 181, 45.7)
