"""The layers of the maps: whoever reads the places' steps finds each place where it is."""

import json

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.maps.layers import drawn, places_layer
from geo.model.dataset import Dataset

DEGREES = st.floats(-90, 90, allow_subnormal=False)


def read_back(layer: bytes, quartieri: list[str], kinds: list[str]) -> gpd.GeoDataFrame:
    """The places of a layer, read as the page's script reads them."""
    told = json.loads(layer)
    lon, lat = (np.cumsum(told[name]) / told["unit"] for name in ("lon_steps", "lat_steps"))
    return gpd.GeoDataFrame(
        {
            "name": told["name"],
            "kind": [kinds[row] for row in told["kind"]],
            "quartiere": [quartieri[row] if row >= 0 else None for row in told["quartiere"]],
            "approximate": np.array(told["approximate"], dtype=bool),
        },
        geometry=gpd.points_from_xy(lon, lat, crs=4326),
        index=told["id"],
    )


@pytest.fixture(scope="module")
def kinds(bergamo: Dataset) -> list[str]:
    """The slugs of the layer's kinds, in its order."""
    told = json.loads(places_layer(bergamo.places, bergamo.quartieri, bergamo.kinds, "it", "/"))
    return [kind["slug"] for kind in told["kinds"]]


def test_the_layer_says_of_each_place_what_the_data_say(bergamo: Dataset, kinds: list[str]) -> None:
    layer = places_layer(bergamo.places, bergamo.quartieri, bergamo.kinds, "it", "/luoghi/")
    told = read_back(layer, list(bergamo.quartieri.index), kinds).sort_index()
    true = drawn(bergamo.places).sort_index()
    assert told.index.tolist() == true.index.tolist()
    assert told["name"].tolist() == true["name"].tolist()
    assert told["kind"].tolist() == true["kind"].tolist()
    assert told["quartiere"].fillna("").tolist() == true["quartiere"].fillna("").tolist()
    assert told["approximate"].tolist() == (true["position"] != "exact").tolist()
    metres = told.to_crs(32632).distance(true.to_crs(32632), align=False)
    assert 0 < metres.max() < 0.7


@given(points=st.lists(st.tuples(DEGREES, DEGREES), min_size=1, max_size=20))
def test_no_step_adds_to_the_error_of_another(
    bergamo: Dataset, points: list[tuple[float, float]]
) -> None:
    places = drawn(bergamo.places).iloc[: len(points)]
    there = gpd.points_from_xy(*zip(*points, strict=True), crs=4326)
    moved = places.set_geometry(gpd.GeoSeries(there, index=places.index))
    told = json.loads(places_layer(moved, bergamo.quartieri, bergamo.kinds, "it", "/"))
    for name, true in (("lon_steps", moved.geometry.x), ("lat_steps", moved.geometry.y)):
        found = dict(zip(told["id"], np.cumsum(told[name]) / told["unit"], strict=True))
        assert all(abs(found[place] - degrees) < 0.501e-5 for place, degrees in true.items())
