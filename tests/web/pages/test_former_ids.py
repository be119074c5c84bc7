"""An address with a former id of a place leads to the place's own, for good."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from tests.helpers.cities import small_city


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder: Path = small_city.write(tmp_path_factory.mktemp("former"))
    lines = "former_id,id\norg:friends,org:amici\nosm:way/1/a,osm:node/1\n"
    (folder / "former_ids.csv").write_text(lines, encoding="utf-8")
    return create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""}).test_client()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/luoghi/org:friends/", "/luoghi/org:amici/"),
        ("/en/luoghi/org:friends/", "/en/luoghi/org:amici/"),
        ("/fr/luoghi/org:friends/", "/fr/luoghi/org:amici/"),
        ("/luoghi/osm:way/1/a/", "/luoghi/osm:node/1/"),
        ("/api/collections/luoghi/items/org:friends", "/api/collections/luoghi/items/org:amici"),
        (
            "/api/collections/luoghi/items/org:friends?f=json&lang=it",
            "/api/collections/luoghi/items/org:amici?f=json&lang=it",
        ),
    ],
)
def test_the_old_address_of_a_place_leads_to_the_new_one(
    client: FlaskClient, old: str, new: str
) -> None:
    for _ in range(2):  # nor does a cached answer differ
        answer = client.get(old)
        assert answer.status_code == 308
        assert answer.headers["Location"] == new
    assert client.get(new).status_code == 200


def test_a_redirect_of_the_api_may_be_followed_from_other_sites(client: FlaskClient) -> None:
    answer = client.get("/api/collections/luoghi/items/org:friends")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_other_layers_have_no_former_ids_and_unknown_places_no_page(client: FlaskClient) -> None:
    assert client.get("/api/collections/quartieri/items/org:friends").status_code == 404
    assert client.get("/luoghi/org:nobody/").status_code == 404
    assert client.get("/luoghi/org:amici/").status_code == 200


def test_a_shared_what_if_still_closes_a_place_under_its_former_id(client: FlaskClient) -> None:
    answer = client.get("/copertura/?tipo=biblioteca&chiudi=osm:way/1/a")
    assert answer.status_code == 200
    assert "osm:node/1" in answer.text
