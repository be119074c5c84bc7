"""The open data: files that others' tools read, a catalogue that a harvester takes, a feed."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from flask.testing import FlaskClient
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

from app import create_app
from geo.model.dataset import Dataset
from geo.publish.open_layers import open_layers
from tests.helpers.paths import ROOT
from web.open_data import dictionary

SHAPES = ROOT / "tests/helpers/dcat_ap_it.ttl"
MAPPED = ("quartieri", "luoghi", "reti", "celle", "vie")
ORIGIN = "https://quartieri.example.org"


@pytest.fixture(scope="module")
def real() -> FlaskClient:
    return create_app({"TILE_UPSTREAM": "", "PUBLIC_URL": ORIGIN}).test_client()


@pytest.mark.parametrize("name", MAPPED)
def test_each_layer_is_the_same_in_every_format(
    real: FlaskClient, bergamo: Dataset, tmp_path: Path, name: str
) -> None:
    layer = open_layers(bergamo)[name]
    frame = layer.frame
    for form in ("geojson", "gpkg", "parquet"):
        path = tmp_path / f"{name}.{form}"
        path.write_bytes(real.get(f"/dati/{name}.{form}").data)
        read = gpd.read_parquet(path) if form == "parquet" else gpd.read_file(path)
        assert len(read) == len(frame)
        assert read.crs.to_epsg() == 4326
        assert read[layer.key].tolist() == frame[layer.key].tolist()
        assert list(read.columns) == list(frame.columns)
        both = read.geometry.to_crs(32632).distance(frame.geometry.to_crs(32632))
        # GeoJSON has six decimals: a tenth of a metre.
        assert (both.dropna() < 0.2).all()
    text = real.get(f"/dati/{name}.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row[layer.key] for row in rows] == frame[layer.key].tolist()
    assert {row["licenza"] for row in rows} == {"ODbL-1.0"}


def test_ties_have_no_place_on_a_map(real: FlaskClient, bergamo: Dataset) -> None:
    assert real.get("/dati/legami.gpkg").status_code == 404
    assert real.get("/dati/atlantide.csv").status_code == 404
    table = pd.read_parquet(io.BytesIO(real.get("/dati/legami.parquet").data))
    assert len(table) == len(bergamo.memberships)


def test_files_carry_licence_version_and_sources(real: FlaskClient, tmp_path: Path) -> None:
    version = Dataset.read(ROOT / "data").version
    document = json.loads(real.get("/dati/luoghi.geojson").data)
    assert document["metadata"]["versione_dati"] == version
    path = tmp_path / "luoghi.gpkg"
    path.write_bytes(real.get("/dati/luoghi.gpkg").data)
    assert pyogrio.read_info(path)["layer_metadata"]["licenza"] == "ODbL-1.0"
    schema = pq.read_schema(io.BytesIO(real.get("/dati/luoghi.parquet").data))
    assert schema.metadata[b"versione_dati"].decode() == version
    assert b"OpenStreetMap" in schema.metadata[b"attribuzione"]


def test_no_visitor_can_put_a_host_into_a_file_for_others(client: FlaskClient) -> None:
    first = client.get("/dati/reti.geojson", headers={"Host": "evil.example"})
    assert "evil.example" not in first.text
    assert client.get("/dati/reti.geojson").data == first.data


def test_a_file_that_is_known_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/dati/reti.csv")
    again = client.get("/dati/reti.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_missing_is_empty_and_never_zero(client: FlaskClient) -> None:
    areas = json.loads(client.get("/dati/quartieri.geojson").data)["features"]
    south = next(each["properties"] for each in areas if each["properties"]["codice"] == "sud")
    assert south["residenti"] is None
    assert south["scuole_per_1000"] is None
    assert south["scuole"] == 0


@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_the_dictionary_explains_every_column(
    client: FlaskClient, bergamo: Dataset, prefix: str
) -> None:
    page = client.get(f"{prefix}/dati/").text
    used: set[str] = set()
    for layer in open_layers(bergamo).values():
        used |= set(layer.frame.columns) - {"geometry"}
        for column in layer.frame.columns:
            assert f"<code>{column}</code>" in page or not layer.mapped
    assert used == set(dictionary.COLUMN)


def shapes_conform(graph: Graph) -> tuple[bool, str]:
    shapes = Graph().parse(SHAPES, format="turtle")
    conforms, _report, text = validate(graph, shacl_graph=shapes)
    return bool(conforms), str(text)


# The parser of JSON-LD in rdflib 7 uses what rdflib 8 will drop.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(("form", "syntax"), [("ttl", "turtle"), ("jsonld", "json-ld")])
def test_the_catalogue_has_what_the_italian_profile_asks_for(
    real: FlaskClient, form: str, syntax: str
) -> None:
    graph = Graph().parse(data=real.get(f"/dati/catalogo.{form}").data, format=syntax)
    conforms, text = shapes_conform(graph)
    assert conforms, text
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 6
    for address in graph.objects(None, DCAT.downloadURL):
        assert str(address).startswith(ORIGIN)
        assert real.get(str(address).removeprefix(ORIGIN)).status_code == 200


@pytest.mark.parametrize(
    "lost", [DCTERMS.rightsHolder, DCTERMS.accrualPeriodicity, DCAT.accessURL, DCTERMS.identifier]
)
def test_an_incomplete_catalogue_does_not_pass(real: FlaskClient, lost: URIRef) -> None:
    graph = Graph().parse(data=real.get("/dati/catalogo.ttl").data, format="turtle")
    graph.remove((None, lost, None))
    assert not shapes_conform(graph)[0]


def test_the_feed_tells_each_change_the_newest_first(real: FlaskClient, bergamo: Dataset) -> None:
    answer = real.get("/dati/aggiornamenti.atom")
    assert answer.mimetype == "application/atom+xml"
    names = {"a": "http://www.w3.org/2005/Atom"}
    root = ElementTree.fromstring(answer.data)  # noqa: S314 - ours
    titles = [each.text for each in root.findall("a:entry/a:title", names)]
    assert titles == bergamo.changes["text"].tolist()[::-1]
    updated = [str(each.text) for each in root.findall("a:entry/a:updated", names)]
    assert updated == sorted(updated, reverse=True)
    assert root.findtext("a:updated", namespaces=names) == updated[0]


def test_the_last_change_is_of_the_data_that_are_here(bergamo: Dataset) -> None:
    assert bergamo.changes["version"].iloc[-1] == bergamo.version


def test_who_publishes_is_a_setting() -> None:
    named = {"PUBLISHER_NAME": "Comune di Provola", "PUBLISHER_CODE": "c_a000"}
    text = create_app({"TILE_UPSTREAM": "", **named}).test_client().get("/dati/catalogo.ttl").text
    assert '"Comune di Provola"@it' in text
    assert re.search(r'dcterms:identifier "c_a000"', text)
