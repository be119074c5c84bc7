"""OGC API - Features, read back by clients that aren't ours: GDAL and OWSLib."""

import json
import logging
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from flask.testing import FlaskClient
from owslib.ogcapi.features import Features

from app import create_app
from geo.model.dataset import Dataset
from geo.publish.open_layers import open_layers
from geo.spatial.feature_filter import select
from tests.helpers.cities import small_city
from tests.helpers.pages.browser import Open, axe_violations

MAPPED = ("quartieri", "luoghi", "reti", "celle", "vie")
METRIC = "http://www.opengis.net/def/crs/EPSG/0/32632"
ITEMS = "/api/collections/luoghi/items"


@pytest.mark.browser
@pytest.mark.parametrize("name", MAPPED)
def test_gdal_reads_every_row_of_every_layer(city: str, bergamo: Dataset, name: str) -> None:
    assert "OAPIF" in pyogrio.list_drivers()
    read = pyogrio.read_dataframe(f"OAPIF:{city}/api", layer=name)
    frame = open_layers(bergamo)[name].frame
    assert read["codice"].tolist() == frame["codice"].tolist()
    apart = read.geometry.to_crs(32632).distance(frame.geometry.to_crs(32632)).dropna()
    assert (apart < 0.01).all()


@pytest.mark.browser
def test_owslib_finds_layers_and_asks_for_some_rows(city: str, bergamo: Dataset) -> None:
    api = Features(f"{city}/api/")
    assert set(api.feature_collections()) == set(MAPPED)
    assert "Quartieri" in api.api()["info"]["title"]
    box = [9.66, 45.69, 9.67, 45.70]
    found = api.collection_items("luoghi", bbox=box, limit=2000)
    places = bergamo.places
    inside = places[places.geometry.intersects(shapely.box(*box))]
    assert {each["id"] for each in found["features"]} == set(inside.index)
    libraries = api.collection_items("luoghi", tipo="biblioteca")
    assert libraries["numberMatched"] == (places["kind"] == "biblioteca").sum()
    one = api.collection_item("quartieri", "loreto")
    assert one["properties"]["nome"] == "Loreto"


def test_pages_follow_each_other_until_each_row_was_seen_once(client: FlaskClient) -> None:
    address: str | None = f"{ITEMS}?limit=2"
    seen: list[str] = []
    while address:
        page = client.get(address).json
        seen += [each["id"] for each in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        address = following[0].removeprefix("http://localhost") if following else None
    assert sorted(seen) == sorted(each["properties"]["id"] for each in small_city.PLACES)


def test_coordinates_come_in_metres_on_request(client: FlaskClient) -> None:
    address = "/api/collections/quartieri/items/nord"
    degrees, metres = (client.get(f"{address}{query}").json for query in ("", f"?crs={METRIC}"))
    expected = gpd.GeoSeries([shapely.geometry.shape(degrees["geometry"])], crs=4326)
    shape = shapely.geometry.shape(metres["geometry"])
    assert shape.hausdorff_distance(expected.to_crs(32632)[0]) < 0.001


def test_latitude_comes_first_where_the_crs_says_so(client: FlaskClient) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/4326"
    page = client.get(f"{ITEMS}?tipo=biblioteca&crs={crs}").json
    assert page["features"][0]["geometry"]["coordinates"] == [45.705, 9.605]


def test_missing_is_null_and_never_zero(client: FlaskClient) -> None:
    south = client.get("/api/collections/quartieri/items/sud").json["properties"]
    assert south["residenti"] is None
    assert south["scuole_per_1000"] is None


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/collections/atlantide", 404),
        ("/api/collections/legami/items", 404),
        (f"{ITEMS}/osm:node/99", 404),
        (f"{ITEMS}?limit=x", 400),
        (f"{ITEMS}?limit=-1", 400),
        (f"{ITEMS}?offset=-1", 400),
        (f"{ITEMS}?bbox=1,2", 400),
        (f"{ITEMS}?bbox=a,b,c,d", 400),
        (f"{ITEMS}?crs=urn:x", 400),
        (f"{ITEMS}?f=xml", 400),
        (f"{ITEMS}?f=csv", 400),
        (f"{ITEMS}?superficie_m2=much", 400),
        (f"{ITEMS}?sortby=colour", 400),
        (f"{ITEMS}?sortby=", 400),
        (f"{ITEMS}?sortby=nome,,codice", 400),
        (f"{ITEMS}?sortby=&f=html", 400),
        (f"{ITEMS}?filter=nome='x'", 400),
    ],
)
def test_an_invalid_query_is_refused(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "/root" not in answer.text
    assert "site-packages" not in answer.text


def test_every_link_of_the_landing_page_leads_somewhere(client: FlaskClient) -> None:
    links = [link["href"] for link in client.get("/api/?f=json").json["links"]]
    assert len(links) >= 6
    for link in links:
        assert client.get(link, follow_redirects=True).status_code == 200, link


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(client: FlaskClient, method: str) -> None:
    for address in (ITEMS, f"{ITEMS}/osm:node/1"):
        assert getattr(client, method)(address, json={}).status_code == 405


def test_the_limit_has_a_limit(client: FlaskClient) -> None:
    assert client.get(f"{ITEMS}?limit=999999").status_code == 200
    assert "2000" in json.dumps(client.get("/api/openapi").json)


def test_pages_for_people_are_ours_and_show_text_as_text(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>{{7*7}}${1}"
    place = small_city.place("osm:node/7", "parco", (9.605, 45.704), name=name)
    folder = small_city.write(tmp_path, places=[*small_city.PLACES, place])
    client = create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""}).test_client()
    for address in (f"{ITEMS}?f=html&limit=50", f"{ITEMS}/osm:node/7?f=html"):
        page = client.get(address, headers={"Accept-Language": "en"}).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script" not in page
        assert "{{7*7}}" in page
    assert "The layers" in client.get("/api/collections?f=html&lang=en").text


@pytest.mark.browser
@pytest.mark.parametrize("size", [(390, 844), (1280, 900)])
def test_the_pages_for_people_are_accessible(city: str, visit: Open, size: tuple[int, int]) -> None:
    window = visit(city, size)
    for address in ("", "/collections", "/collections/luoghi", "/collections/luoghi/items"):
        page = window.page
        page.goto(f"{city}/api{address}?f=html")
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_rows_are_chosen_as_the_request_says() -> None:
    points = gpd.GeoSeries.from_xy([0, 1, 179.5, -179.5], [0, 1, 0, 0], crs=4326)
    frame = gpd.GeoDataFrame(
        {
            "name": ["a", "b", "c", None],
            "number": pd.array([1, None, 3, 3], dtype="Int64"),
            "true": pd.array([True, False, None, True], dtype="boolean"),
        },
        geometry=points,
    )
    assert select(frame, equal=[("name", "b")]).index.tolist() == [1]
    assert select(frame, equal=[("number", "3")]).index.tolist() == [2, 3]
    assert select(frame, equal=[("true", "true"), ("number", "1")]).index.tolist() == [0]
    assert select(frame, box=(-1, -1, 0.5, 0.5)).index.tolist() == [0]
    # A box across the 180th meridian.
    assert select(frame, box=(179, -1, -179, 1)).index.tolist() == [2, 3]
    with pytest.raises(ValueError, match="true or false"):
        select(frame, equal=[("true", "yes")])
    with pytest.raises(KeyError):
        select(frame, equal=[("colour", "red")])


def test_the_apps_own_errors_are_logged_after_a_request_to_the_api(tmp_path: Path) -> None:
    folder = str(small_city.write(tmp_path))
    app = create_app({"QUARTIERI_DATA": folder, "TILE_UPSTREAM": ""})
    before = logging.getLogger().level, logging.getLogger().handlers[:]
    assert app.test_client().get("/api/?f=json").status_code == 200
    assert (logging.getLogger().level, logging.getLogger().handlers) == before
    assert app.logger.isEnabledFor(logging.ERROR)
