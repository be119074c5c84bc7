"""What the committed data promises. It needs nothing but the data folder itself."""

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from geo.analysis.quality import disagreements
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS, ORGANISATIONS, PARISHES, SCHOOLS, STANDARD
from tests.helpers.paths import DATA

STATE_SCHOOLS, OTHER_SCHOOLS = 99, 72


@pytest.fixture(scope="module")
def places(bergamo: Dataset) -> gpd.GeoDataFrame:
    return bergamo.places


@pytest.fixture(scope="module")
def comune() -> shapely.Geometry:
    return gpd.read_file(DATA / "comune.geojson").geometry.iloc[0]


def of_group(places: gpd.GeoDataFrame, slug: str) -> gpd.GeoDataFrame:
    return places[places["kind"].isin(STANDARD.expand(slug))]


def count(places: gpd.GeoDataFrame, kind: str) -> int:
    return int((places["kind"] == kind).sum())


def test_every_register_code_is_at_some_school(places: gpd.GeoDataFrame) -> None:
    codes = [code for told in places["school_codes"] if told is not None for code in told]
    assert len(codes) == len(set(codes)) == STATE_SCHOOLS + OTHER_SCHOOLS


def test_no_email_address_is_a_persons(places: gpd.GeoDataFrame) -> None:
    offices = {"ass", "biblioteca", "ci", "elementare", "media", "segreteria"}
    for address in places["email"].dropna():
        first, dot, _ = address.partition("@")[0].partition(".")
        assert not dot or first in offices, address


def test_who_holds_an_agreement_is_tied_to_it(bergamo: Dataset) -> None:
    places, ties = bergamo.places, bergamo.memberships
    names = set(places["name"])
    held = places[(places["stage"] == "agreement") & places["holder"].isin(names)]
    assert len(held) > 3
    assert set(held.index) <= set(ties["common_good"])


def test_nine_register_schools_in_ten_have_a_position(places: gpd.GeoDataFrame) -> None:
    register = places[places["school_codes"].notna()]
    assert (register["position"] != "none").mean() >= 0.9


def test_all_parishes_are_there_and_nearly_all_have_a_position(places: gpd.GeoDataFrame) -> None:
    parishes = places[places["kind"] == "parrocchia"]
    assert len(parishes) == 30
    assert (parishes["position"] != "none").mean() >= 0.95


def test_every_position_lies_in_the_comune_and_nearly_all_in_a_quartiere(
    places: gpd.GeoDataFrame, comune: shapely.Geometry
) -> None:
    placed = places[places.geometry.notna()]
    assert placed.geometry.covered_by(comune).all()
    assert placed["quartiere"].notna().mean() > 0.99


def test_every_kind_of_common_good_that_the_sources_name_is_there(places: gpd.GeoDataFrame) -> None:
    least = {
        "parco": 90,
        "orto": 18,
        "spazio-di-quartiere": 12,
        "spazio-giovanile": 6,
        "biblioteca": 8,
        "biblioteca-specializzata": 25,
        "bene-comune": 10,
        "area-gioco": 16,
        "area-cani": 17,
        "acqua": 50,
        "centro-anziani": 8,
    }
    assert {kind: count(places, kind) for kind in least if count(places, kind) < least[kind]} == {}


def test_parks_have_true_square_metres(places: gpd.GeoDataFrame) -> None:
    parks = places[places["kind"] == "parco"]
    assert parks["area_m2"].notna().mean() > 0.9
    assert places.loc["osm:relation/2427720", "name"] == "Parco della Trucca"
    # 376,232 m² in Web Mercator
    assert places.loc["osm:relation/2427720", "area_m2"] == pytest.approx(183_600, rel=0.005)


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        (r"Quintino", "orto"),
        (r"Rosa Agrestis|spogliatoi", "bene-comune"),
        (r"Polaresco", "spazio-giovanile"),
        (r"Olmi|Malpensata$", "parco"),
        (r"Turani|Redona$", "parco"),
        (r"Caversazzi", "biblioteca"),
        (r"Donizetti$", "biblioteca-specializzata"),
        (r"Lazza|Lazzaretto", "spazio-di-quartiere"),
        (r"Al Civico 7", "spazio-di-quartiere"),
        (r"Boccaleone", "spazio-giovanile"),
    ],
)
def test_what_several_sources_name_stands_once(
    places: gpd.GeoDataFrame, pattern: str, kind: str
) -> None:
    found = places[(places["kind"] == kind) & places["name"].str.contains(pattern, regex=True)]
    musical = found[~found["name"].str.contains("Teatro")]
    assert len(musical) == 1, found["name"].tolist()


def test_one_organisation_in_several_networks_is_one_place(bergamo: Dataset) -> None:
    ties = bergamo.memberships
    for place, least in (
        ("org:propolis-aps", 2),
        ("org:circolo-dei-narratori", 3),
        ("org:the-hazzard-country-dance", 2),
    ):
        assert len(ties[ties["place"] == place]) >= least
    names = bergamo.places["name"]
    for name in ("Propolis", "Narratori", "Hazzard"):
        assert names.str.contains(name, regex=False).sum() == 1


def test_the_networks_are_all_there_with_their_quartieri(bergamo: Dataset) -> None:
    networks = bergamo.networks
    assert len(networks) == 22
    assert (networks["status"] == "former").sum() == 1
    assert networks.loc["rete-sociale-malpensata-campagnola", "quartieri"] == (
        "campagnola",
        "malpensata",
    )
    covered = {slug for slugs in networks["quartieri"] for slug in slugs}
    assert set(bergamo.quartieri.index) - covered == {
        "borgo-palazzo-alle-valli",
        "centro-sant-alessandro",
        "colli",
        "redona",
        "santa-lucia",
    }


def test_kinds_of_evidence_are_distinguished(bergamo: Dataset) -> None:
    evidence = bergamo.memberships["evidence"].value_counts()
    assert set(evidence.index) == {"member", "takes part", "agreement"}
    agreements = bergamo.memberships[bergamo.memberships["evidence"] == "agreement"]
    assert agreements["common_good"].notna().all()
    stages = bergamo.places.loc[list(agreements["common_good"]), "stage"]
    assert set(stages) == {"agreement"}


def test_closed_places_are_marked(places: gpd.GeoDataFrame) -> None:
    closed = places[places["status"] == "closed"]["name"]
    assert {"Edoné", "Spazio Polaresco"} <= set(closed)
    assert closed.str.contains("Città Alta e").any()


def test_an_agreement_follows_its_offer(places: gpd.GeoDataFrame) -> None:
    hut = places.loc["spazio:ex-spogliatoi-di-via-fara"]
    assert (hut["stage"], hut["stage_year"]) == ("agreement", 2017)
    assert "Rosa Agrestis" in hut["holder"]
    assert places.loc["spazio:padiglione-parco-goisis", "stage"] == "offered"


def test_stated_and_computed_quartiere_agree_but_for_a_few(places: gpd.GeoDataFrame) -> None:
    stated = places[places["quartiere_stated"].notna() & places.geometry.notna()]
    assert len(stated) > 80
    assert len(disagreements(places)) <= 0.05 * len(stated)


def test_quartieri_share_their_edges_and_fill_the_comune(
    bergamo: Dataset, comune: shapely.Geometry
) -> None:
    shapes = np.asarray(bergamo.quartieri.geometry)
    assert len(shapes) == 25
    assert shapely.coverage_is_valid(shapes)
    apart = gpd.GeoSeries([shapely.union_all(shapes).symmetric_difference(comune)], crs="EPSG:4326")
    assert apart.to_crs("EPSG:32632").area.iloc[0] < 1000


def test_residents_add_up_to_the_city_within_a_few_percent(bergamo: Dataset) -> None:
    residents = bergamo.quartieri["residents"]
    assert residents.notna().all()
    assert residents.sum() == pytest.approx(bergamo.city.residents.count, rel=0.03)


def test_every_place_names_its_sources_and_every_source_is_used(bergamo: Dataset) -> None:
    cited = {reference.source for told in bergamo.places["sources"] for reference in told}
    ground = {"osm-piazze", "quartieri-indicativi", "whosonfirst"}
    assert set(bergamo.sources.index) == cited | ground
    text = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert "ODbL" in text
    assert all(title in text for title in bergamo.sources["title"])


def test_street_points_are_there_for_search(bergamo: Dataset, comune: shapely.Geometry) -> None:
    streets = bergamo.streets
    assert streets["street"].nunique() > 900
    assert streets.geometry.covered_by(comune).all()
    assert {"Piazza Vecchia", "Via Borgo Palazzo"} <= set(streets["street"])


def test_files_are_sorted_one_feature_to_a_line_with_six_decimals() -> None:
    for name in ("quartieri.geojson", "places.geojson", "comune.geojson"):
        content = (DATA / name).read_bytes()
        assert b"\r" not in content
        assert b'"crs"' not in content
        assert not re.search(rb"\d\.\d{7,}", content)
        table = gpd.read_file(DATA / name)
        key = "id" if name == "places.geojson" else "slug"
        assert content.count(b"\n") == len(table) + 2
        assert_geodataframe_equal(table, table.sort_values(key), check_crs=False)


def test_the_data_names_no_machine_paths_and_no_project_internals() -> None:
    for path in DATA.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/home/|/tmp/", text), path.name


def test_organisations_schools_parishes_and_commons_are_all_filled(
    places: gpd.GeoDataFrame,
) -> None:
    sizes = {
        group: len(of_group(places, group)) for group in (ORGANISATIONS, SCHOOLS, PARISHES, COMMONS)
    }
    assert min(sizes.values()) > 90, sizes
    assert pd.Series(sizes).sum() == len(places)
