"""The readers of OpenStreetMap and of Italian registers: foreign formats become our records."""

import json
from pathlib import Path

import pytest
import shapely

from geo.base.errors import DataError
from geo.recipes import bergamo
from geo.sources import reading
from geo.sources.italy import libraries, parishes, schools
from geo.sources.italy.school_points import read_school_points
from geo.sources.osm import exports_2014, kinds
from geo.sources.osm.streets import read_streets
from geo.sources.record import BuildLog
from tests.helpers.cities.source_files import points, write

BOX = shapely.box(9.0, 45.0, 9.1, 45.1)


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("https://news.example/2021/06/16/a", "2021-06-16"),
        ("https://news.example/2025-12-12/a/1/", "2025-12-12"),
        ("https://news.example/cronaca/17_marzo_05/a.shtml", "2017-03-05"),
        ("https://news.example/a_1203742_11/", None),
    ],
)
def test_dates_are_read_from_addresses(url: str, date: str | None) -> None:
    assert reading.url_date(url) == date


def test_a_missing_source_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"list\.csv: the source is missing"):
        reading.read_csv(tmp_path / "list.csv", ("name",))
    write(tmp_path, "list.csv", "title\nA\n")
    with pytest.raises(DataError, match=r"list\.csv, line 1: no column name"):
        reading.read_csv(tmp_path / "list.csv", ("name",))


def test_streets_outside_the_comune_are_left_out(tmp_path: Path) -> None:
    inside = ({"name": "Via Rossi", "osm_id": 7}, 9.05, 45.05)
    outside = ({"name": "Via Neri", "osm_id": 8}, 9.5, 45.05)
    write(tmp_path, "osm_2014/streets_segments_bergamo.geojson", points(inside, outside))
    square = {
        "type": "Feature",
        "properties": {"name": "Piazza Nuova", "type": "square"},
        "geometry": json.loads(shapely.to_geojson(shapely.box(9.01, 45.01, 9.02, 45.02))),
    }
    squares = {"type": "FeatureCollection", "features": [square]}
    write(tmp_path, "osm_squares_and_citta_alta.geojson", json.dumps(squares))
    found = read_streets(tmp_path / bergamo.STREETS, tmp_path / bergamo.SQUARES, BOX)
    assert [(point.street, point.osm_id) for point in found] == [
        ("Piazza Nuova", None),
        ("Via Rossi", 7),
    ]


def exports(folder: Path, **contents: str) -> None:
    """Write all OpenStreetMap exports, empty but for the given ones."""
    for name in (exports_2014.BASE, *exports_2014.LATER):
        write(folder, f"osm_2014/{name}.geojson", contents.get(name, points()))


def geocoded(name: str | None, answer: str, number: int, **tags: object) -> dict[str, object]:
    """The properties of a feature in an export that went through reverse geocoding."""
    named = {"name": name} if name else {}
    return {**named, "display_name": answer, "osm_type": "way", "osm_id": str(number), **tags}


def test_osm_ids_follow_osm2pgsql_and_areas_become_true_square_metres(tmp_path: Path) -> None:
    park = {"leisure": "park", "name": "Parco A", "osm_id": -5, "way_area": 1000.0}
    fountain = {"amenity": "drinking_water", "osm_id": 6}
    exports(
        tmp_path, generic=points((park, 9.05, 45.05), (park, 9.05, 45.05), (fountain, 9.06, 45.06))
    )
    features = exports_2014.read_osm(tmp_path, BOX)
    assert [feature.id for feature in features] == ["osm:node/6", "osm:relation/5"]
    assert features[1].area_m2 == pytest.approx(1000 * 0.4992, rel=1e-3)


def test_an_id_of_the_reverse_geocoder_counts_only_if_it_answers_with_the_own_name(
    tmp_path: Path,
) -> None:
    own = geocoded("Parco A", "Parco A, Via Rossi", 11, leisure="park", way_area=900.0)
    neighbour = geocoded(None, "Fermata, Via Neri", 12, leisure="park", way_area=500.0)
    exports(tmp_path, park=points((own, 9.05, 45.05), (neighbour, 9.06, 45.06)))
    assert [feature.id for feature in exports_2014.read_osm(tmp_path, BOX)] == [
        "osm:at/9.06000,45.06000",
        "osm:way/11",
    ]


def test_a_later_export_brings_the_same_park_up_to_date(tmp_path: Path) -> None:
    old = {"leisure": "park", "name": "Parco Vecchio", "osm_id": 5, "way_area": 1000.0}
    new = geocoded("Parco Nuovo", "Parco Nuovo", 5, leisure="park", way_area=1100.0)
    exports(tmp_path, generic=points((old, 9.05, 45.05)), park=points((new, 9.05, 45.05)))
    (park,) = exports_2014.read_osm(tmp_path, BOX)
    assert (park.id, park.name, park.exports) == ("osm:way/5", "Parco Nuovo", ("generic", "park"))
    assert park.names == ("Parco Vecchio", "Parco Nuovo")
    log = BuildLog()
    (record,), _ = kinds.osm_records([park], lambda lon, lat: None, log)
    assert record.also == ("Parco Vecchio",)
    assert log.sections.keys() == {kinds.HEADING_AREAS}


def test_a_park_that_the_newer_export_dropped_is_left_out_and_reported(tmp_path: Path) -> None:
    old = {"leisure": "park", "osm_id": 5, "way_area": 1000.0}
    exports(tmp_path, generic=points((old, 9.05, 45.05)))
    log = BuildLog()
    places, _ = kinds.osm_records(exports_2014.read_osm(tmp_path, BOX), lambda lon, lat: None, log)
    assert places == []
    assert "osm:way/5" in log.sections[kinds.HEADING_GONE][0]


@pytest.mark.parametrize(
    ("tags", "kind", "name"),
    [
        (
            {"leisure": "pitch", "sport": "soccer"},
            "impianto-sportivo",
            "Campo da calcio in via Rossi",
        ),
        ({"leisure": "playground"}, "area-gioco", "Area gioco in via Rossi"),
        ({"leisure": "garden"}, "parco", "Giardino in via Rossi"),
        ({"amenity": "drinking_water"}, "acqua", "Fontanella in via Rossi"),
        (
            {"leisure": "park", "name": "Centro Sportivo B"},
            "impianto-sportivo",
            "Centro Sportivo B",
        ),
        (
            {"amenity": "place_of_worship", "denomination": "catholic"},
            "luogo-di-culto",
            "Chiesa in via Rossi",
        ),
        ({"amenity": "place_of_worship", "name": "Oratorio di B"}, "oratorio", "Oratorio di B"),
        ({"amenity": "kindergarten", "name": "Asilo Nido B"}, "nido", "Asilo Nido B"),
    ],
)
def test_osm_features_get_a_kind_and_a_name(tags: dict[str, str], kind: str, name: str) -> None:
    feature = exports_2014.Feature("osm:way/1", 9.05, 45.05, 10.0, tags, ("generic", "park"))
    (record,), _ = kinds.osm_records([feature], lambda lon, lat: "Via Rossi", BuildLog())
    assert (record.kind, record.name) == (kind, name)


@pytest.mark.parametrize(
    "tags",
    [
        {"amenity": "university"},
        {"amenity": "swimming_pool"},
        {"amenity": "place_of_worship", "name": "Ex Chiesa di B", "building": "church"},
    ],
)
def test_what_has_no_kind_here_is_left_out(tags: dict[str, str]) -> None:
    feature = exports_2014.Feature("osm:way/1", 9.05, 45.05, 10.0, tags, ("generic",))
    assert kinds.osm_records([feature], lambda lon, lat: None, BuildLog()) == ([], [])


def test_libraries_have_decimal_commas_and_websites_that_arent_theirs(tmp_path: Path) -> None:
    header = "codice-isil,denominazione,indirizzo,latitudine,longitudine,telefono,email,url\n"
    public = 'IT-XX1,BIBLIOTECA CIVICA ALFA,"via ROSSI, 1","45,05","9,05",035123456,A@B.IT,\n'
    other = "IT-XX2,Biblioteca della BETA,via Neri 2,,,,,http://www.edilportale.it\n"
    write(tmp_path, libraries.FILE, header + public + other)
    log = BuildLog()
    first, second = libraries.read_libraries(tmp_path, log)
    assert (first.name, first.kind, first.address) == (
        "Biblioteca Civica Alfa",
        "biblioteca",
        "Via Rossi 1",
    )
    assert (first.lon, first.lat, first.email) == (9.05, 45.05, "a@b.it")
    assert (second.name, second.kind) == ("Biblioteca della BETA", "biblioteca-specializzata")
    assert (second.position, second.website) == ("none", None)
    assert "edilportale" in log.sections[libraries.HEADING][0]


def test_parishes_stand_once_with_readable_names(tmp_path: Path) -> None:
    rows = (
        'S. Lucia Vergine Martire,X,,"Via Rossi, 10 - C"\n'
        'S. Lucia Vergine Martire,X,,"Via Rossi, 10 - C"\n'
        'Sacro Cuore,X,Borgo,"Via S. Ugo, 25 - Borgo"\n'
    )
    write(tmp_path, parishes.FILE, "Chiesa,Comune,Frazione,Indirizzo\n" + rows)
    found = {(p.name, p.address, p.also) for p in parishes.read_parishes(tmp_path)}
    assert found == {
        ("Parrocchia di Santa Lucia", "Via Rossi 10/C", ()),
        ("Parrocchia del Sacro Cuore", "Via Sant'Ugo 25", ("Borgo",)),
    }


def test_school_points_are_corrected_and_the_newer_list_goes_first(tmp_path: Path) -> None:
    newer = 'Codice,Indirizzo,Civico,coorY,coorX\nXXEE1-01,Via Rossi,1,"45,05","9,05"\n'
    older = (
        "COD_MECCANOGRAFICO_SEDE,INDIRIZZO_SEDE,CIVICO_SEDE,coorY,coorX\n"
        'XXEE2,VIA CANTÃ¹,2,"45,06","9,06"\nXXEE3,VIA NERI,3,,\n'
    )
    write(tmp_path, "schools_regione_lombardia_anagrafe2.csv", newer)
    write(tmp_path, "schools_regione_lombardia_coordinates.csv", older)
    found = [(p.code, p.address, p.list) for p in read_school_points(tmp_path)]
    assert found == [("XXEE1", "Via Rossi 1", "newer"), ("XXEE2", "VIA CANTù 2", "older")]


def test_registers_tell_levels_evening_courses_and_prisons(tmp_path: Path) -> None:
    columns = (
        "CODICESCUOLA,DENOMINAZIONESCUOLA,INDIRIZZOSCUOLA,"
        "DESCRIZIONETIPOLOGIAGRADOISTRUZIONESCUOLA,INDIRIZZOEMAILSCUOLA,SITOWEBSCUOLA"
    )
    state = (
        f"{columns},CODICEISTITUTORIFERIMENTO,DESCRIZIONECARATTERISTICASCUOLA\n"
        "XXEE1,ALFA,VIA ROSSI 1,SCUOLA PRIMARIA,a@b.it,www.a.it,XXIC1,NORMALE\n"
        "XXTF1,BETA,VIA ROSSI 2,ISTITUTO TECNICO,,,XXTF0,PERCORSO II LIVELLO\n"
        "XXRI1,GAMMA,Non Disponibile,IST PROF,,,XXTF0,SPEC. PER CARCERARI\n"
    )
    write(tmp_path, "state.csv", state)
    write(
        tmp_path,
        "other.csv",
        f"{columns}\nXX1A,DELTA,VIA ROSSI 3,SCUOLA INFANZIA NON STATALE,,\n",
    )
    found = {
        s.code: s for s in schools.read_schools(tmp_path / "state.csv", tmp_path / "other.csv")
    }
    assert found["XXEE1"].kind == "scuola-primaria"
    assert (found["XXTF1"].kind, found["XXTF1"].evening) == ("scuola-secondaria-2", True)
    assert (found["XXRI1"].kind, found["XXRI1"].address) == ("istruzione-adulti", None)
    assert (found["XX1A"].state, found["XX1A"].institute) == (False, None)
