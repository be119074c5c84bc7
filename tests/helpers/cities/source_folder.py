"""A folder of sources for a made-up city, in the foreign formats: tiny, but complete."""

import json
from pathlib import Path
from typing import Any

import shapely

from geo.sources.osm import exports_2014

CITY = """
slug = "provola"
metric_crs = "EPSG:32632"
time_zone = "Europe/Rome"
registered_kinds = ["scuola-primaria"]
[names]
it = "Provola"
en = "Provola"
fr = "Provola"
[residents]
count = 3000
year = 2024
source = "https://example.org/residents"
"""
NORD, SUD = shapely.box(9.60, 45.70, 9.62, 45.71), shapely.box(9.60, 45.69, 9.62, 45.70)
COMUNE = shapely.box(9.60, 45.69, 9.62, 45.71)

_SCHOOLS = (
    "CODICESCUOLA,DENOMINAZIONESCUOLA,INDIRIZZOSCUOLA,"
    "DESCRIZIONETIPOLOGIAGRADOISTRUZIONESCUOLA,INDIRIZZOEMAILSCUOLA,SITOWEBSCUOLA"
)
_COMMONS = "layer,rete_or_quartiere,name,place_or_address_as_written,source_url,source_date,note"

TABLES = {
    "schools_statali_bergamo_202526.csv": (
        f"{_SCHOOLS},CODICEISTITUTORIFERIMENTO,DESCRIZIONECARATTERISTICASCUOLA\n"
        'XXEE00001,"PROVOLA ""ALFA"" - ROSSI",VIA ROSSI1,SCUOLA PRIMARIA,,,XXIC00001,NORMALE\n'
        "XXIC00001,PROVOLA ALFA,VIA ROSSI 1,ISTITUTO COMPRENSIVO,,,XXIC00001,NORMALE\n"
    ),
    "schools_paritarie_bergamo_202324.csv": (
        f'{_SCHOOLS}\nXX1A00001,"SCUOLA MATERNA ""BETA""",VIA PERDUTA 9,SCUOLA INFANZIA,,\n'
    ),
    "schools_regione_lombardia_anagrafe2.csv": (
        'Codice,Indirizzo,Civico,coorY,coorX\nXXEE00001,Via Rossi,1,"45,705","9,605"\n'
    ),
    "schools_regione_lombardia_coordinates.csv": (
        "COD_MECCANOGRAFICO_SEDE,INDIRIZZO_SEDE,CIVICO_SEDE,coorY,coorX\n"
        'XXEE00001,VIA ROSSI,1,"45,805","9,605"\n'
    ),
    "libraries_iccu_2020.csv": (
        "codice-isil,denominazione,indirizzo,latitudine,longitudine,telefono,email,url\n"
        'IT-XX0001,BIBLIOTECA CIVICA GAMMA,"via NERI, 2","45,695","9,615",,,\n'
    ),
    "parishes.csv": 'Chiesa,Comune,Frazione,Indirizzo\nS. Ugo,Provola,,"Via Neri, 5"\n',
    "facts_parishes.csv": (
        "name,address,quartiere,note,source\nSant'Ugo,,Provola Sud,,https://a.example/\n"
    ),
    "facts_schools.csv": (
        "name,level,istituto_comprensivo,address,quartiere,source\n"
        "Scuola primaria Rossi,primaria,Alfa,,Provola Nord,https://a.example/\n"
    ),
    "facts_population.csv": (
        "quartiere,year,residents,note,source\n"
        "Provola Nord,2015,900,,https://a.example/\n"
        "Provola Nord,2020,1000,,https://a.example/\n"
        "Provola Nord,2021,2000,cifra arrotondata,https://a.example/\n"
    ),
    "facts_reti.csv": (
        "rete,quartiere,source,note\nRete di Provola Nord,Provola Nord,https://a.example/rete,\n"
    ),
    "facts_members.csv": (
        "name,type,rete/quartiere,address,relation,source\n"
        "Delta APS,associazione,Provola Nord,,membro della rete (2020),https://a.example/1\n"
        "Scuola Rossi,scuola,Provola Nord,,adesione open day,https://a.example/2\n"
        "Delta APS,associazione,Provola Nord,Via Neri (orti),patto,https://a.example/3\n"
    ),
    "facts_spaces.csv": (
        "name,kind,address,quartiere,source\n"
        "Orti Via Neri (Delta),patto di collaborazione (1 maggio 2017),Via Neri,,"
        "https://a.example/3\n"
        "Area cani Parco Verde,area cani (bene comune 2016),Parco Verde,,https://a.example/4\n"
    ),
    "facts_reti_and_commons_2.csv": (
        f"{_COMMONS}\n"
        "common_good,,Orti via Neri,via Neri,https://a.example/5,2016,community garden\n"
        "organisation,Provola Nord,Delta,,https://a.example/1,2020-05,member\n"
    ),
}


def write(folder: Path) -> Path:
    """Write all sources into `folder` and return it."""
    for name, text in TABLES.items():
        _write(folder / name, text)
    areas = [_area("nord", "Provola Nord", NORD), _area("sud", "Provola Sud", SUD)]
    _write(folder / "quartieri_indicative.geojson", _collection(areas))
    _write(folder / "comune_bergamo.geojson", json.dumps(_feature({}, COMUNE)))
    _write(folder / "osm_squares_and_citta_alta.geojson", _collection([]))
    _write(folder / "monuments_wikidata.json", json.dumps([_church()]))
    segments = [
        _point({"name": "Via Rossi", "osm_id": 1}, 9.605, 45.7051),
        _point({"name": "Via Neri", "osm_id": 2}, 9.615, 45.6951),
    ]
    _write(folder / "osm_2014/streets_segments_bergamo.geojson", _collection(segments))
    for name in (exports_2014.BASE, *exports_2014.LATER):
        _write(folder / f"osm_2014/{name}.geojson", _collection(_EXPORTS.get(name, [])))
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _feature(properties: dict[str, Any], shape: shapely.Geometry) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _point(properties: dict[str, Any], lon: float, lat: float) -> dict[str, Any]:
    return _feature(properties, shapely.Point(lon, lat))


def _collection(features: list[dict[str, Any]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def _area(slug: str, name: str, shape: shapely.Geometry) -> dict[str, Any]:
    told = {"residents": 1000, "residents_year": 2020, "residents_estimated": slug == "sud"}
    return _feature({"slug": slug, "name": name, "residents_source": "x", **told}, shape)


def _church() -> dict[str, Any]:
    position = {"type": "Point", "coordinates": [9.6151, 45.6952]}
    label, kind = "chiesa di Sant'Ugo", "Edifici religiosi"
    told = {"q_number": "Q1", "label": label, "app_category": kind, "address": "Via Neri"}
    return {**told, "position": position}


_PARK = {"leisure": "park", "name": "Parco Verde", "osm_id": 3, "way_area": 5000.0}
_NEWER = {**_PARK, "osm_id": "3", "osm_type": "way", "display_name": "Parco Verde, Via Rossi"}
_EXPORTS = {
    "generic": [_point(_PARK, 9.606, 45.706)],
    "park": [_point(_NEWER, 9.606, 45.706)],
}
