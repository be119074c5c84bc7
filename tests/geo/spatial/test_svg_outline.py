"""A drawing shows each area's outline and each point, north up, all at one scale."""

import geopandas as gpd
import pytest
from shapely import MultiPolygon, Point, Polygon, box

from geo.model.dataset import Dataset
from geo.spatial.svg_outline import drawing

METRIC = "EPSG:32632"
# Around (7000, 9000), 1000 m wide and 500 m high; the margin is 40 m, so that a width of 540
# units is half a unit for each metre.
AREAS = gpd.GeoDataFrame(
    geometry=[box(7000, 9000, 7400, 9500), box(7400, 9000, 8000, 9500)],
    index=["west", "east"],
    crs=METRIC,
)


def points(*xy: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([Point(at) for at in xy], crs=METRIC)


def test_a_drawing_keeps_shapes_and_puts_points_where_they_are(bergamo: Dataset) -> None:
    metric = bergamo.quartieri.to_crs(bergamo.city.metric_crs)
    middle = metric.representative_point()
    found = drawing(metric, middle, width=200)
    assert list(found.paths) == list(metric.index)
    assert all(path.startswith("M") and path.endswith("Z") for path in found.paths.values())
    for x, y in found.points:
        assert 0 < x < found.width
        assert 0 < y < found.height
    west, east = middle.x.argmin(), middle.x.argmax()
    north, south = middle.y.argmax(), middle.y.argmin()
    assert found.points[west][0] < found.points[east][0]
    # On a screen y grows downwards.
    assert found.points[north][1] < found.points[south][1]


def test_areas_fill_the_width_between_the_margins() -> None:
    found = drawing(AREAS, points((7000, 9000), (8000, 9500), (7333.45, 9000)), width=540)
    assert (found.width, found.height) == (540, 290)
    assert found.paths == {
        "west": "M220.0,270.0 220.0,20.0 20.0,20.0 20.0,270.0Z",
        "east": "M520.0,270.0 520.0,20.0 220.0,20.0 220.0,270.0Z",
    }
    assert found.points == [(20.0, 270.0), (520.0, 20.0), (186.7, 270.0)]
    assert all(isinstance(number, float) for point in found.points for number in point)


def test_a_drawing_is_320_units_wide_by_default() -> None:
    assert drawing(AREAS).width == 320
    assert drawing(AREAS).points == []


def test_the_focus_fills_the_drawing_and_the_rest_lies_outside() -> None:
    # 400 m by 500 m with a margin of 20 m: one unit for each metre.
    found = drawing(AREAS, points((7400, 9500)), focus="west", width=440)
    assert (found.width, found.height) == (440, 540)
    assert found.paths["west"] == "M420.0,520.0 420.0,20.0 20.0,20.0 20.0,520.0Z"
    assert found.paths["east"].startswith("M1020.0,520.0")
    assert found.points == [(420.0, 20.0)]
    with pytest.raises(KeyError):
        drawing(AREAS, points(), focus="south")


def test_each_ring_of_each_part_is_a_closed_path() -> None:
    holed = Polygon(box(0, 0, 400, 400).exterior, [box(100, 100, 200, 200).exterior])
    parts = gpd.GeoDataFrame(
        geometry=[MultiPolygon([holed, box(600, 0, 1000, 400)])], index=["a"], crs=METRIC
    )
    assert drawing(parts, width=1080).paths["a"] == (
        "M440.0,440.0 440.0,40.0 40.0,40.0 40.0,440.0Z"
        "M240.0,340.0 240.0,240.0 140.0,240.0 140.0,340.0Z"
        "M1040.0,440.0 1040.0,40.0 640.0,40.0 640.0,440.0Z"
    )


def test_what_cannot_be_seen_is_left_out() -> None:
    # 1.5 units of the drawing are 3 m: the corner 2 m out of line goes, that of 4 m stays.
    bent = [(0, 0), (500, -2), (1000, 0), (1000, 500), (500, 504), (0, 500)]
    areas = gpd.GeoDataFrame(geometry=[Polygon(bent)], index=["a"], crs=METRIC)
    path = drawing(areas, points(), width=540).paths["a"]
    assert path.count(",") == 5


def test_degrees_and_mixed_projections_are_refused() -> None:
    with pytest.raises(ValueError, match="areas is in EPSG:4326: bring it into a CRS in metres"):
        drawing(AREAS.set_crs(4326, allow_override=True), points())
    with pytest.raises(ValueError, match="areas is in EPSG:32632, points in EPSG:32633"):
        drawing(AREAS, points((1, 1)).set_crs(32633, allow_override=True))
