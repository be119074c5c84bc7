"""A made-up city that fits on a page: three square quartieri, a handful of places.

       9.60   9.61   9.62
45.71   +------+------+
        | nord | est  |
45.70   +------+      |      est is an L-shape: two squares by one;
        | sud  |      |      sud has no known residents
45.69   +------+------+
"""

import copy
import json
from pathlib import Path
from typing import Any

CITY = """
slug = "provola"
metric_crs = "EPSG:32632"
time_zone = "Europe/Rome"
registered_kinds = ["scuola-primaria", "parrocchia"]
[names]
it = "Provola"
en = "Provola-on-Test"
fr = "Provole"
[residents]
count = 3000
year = 2024
source = "https://example.org/residents"
"""


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def quartiere(slug: str, name: str, residents: int | None, geometry: Any) -> dict[str, Any]:
    """A feature of quartieri.geojson."""
    properties = {
        "slug": slug,
        "name": name,
        "residents": residents,
        "residents_year": 2020 if residents else None,
        "residents_estimated": slug == "est",
        "residents_source": "https://example.org/residents" if residents else None,
        "boundary_status": "indicative",
        "boundary_source": "drawn by hand",
    }
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def place(
    ident: str, kind: str, point: tuple[float, float] | None = None, **values: Any
) -> dict[str, Any]:
    """A feature of places.geojson, with everything unknown that isn't given."""
    properties = {
        "id": ident,
        "name": values.pop("name", ident.split(":")[1].replace("-", " ").capitalize()),
        "kind": kind,
        "address": None,
        "position": "none" if point is None else "exact",
        "quartiere": None,
        "area_m2": None,
        "website": None,
        "phone": None,
        "email": None,
        "opening_hours": None,
        "status": "unknown",
        "school_codes": None,
        "state_school": None,
        "stage": None,
        "stage_year": None,
        "holder": None,
        "sources": [{"source": "walk", "ref": None, "url": None, "date": "2024-05"}],
        "checked_on": None,
    }
    geometry = point and {"type": "Point", "coordinates": list(point)}
    return {"type": "Feature", "properties": properties | values, "geometry": geometry}


QUARTIERI = [
    quartiere("nord", "Nord", 1000, square(9.60, 45.70, 9.61, 45.71)),
    quartiere("sud", "Sud", None, square(9.60, 45.69, 9.61, 45.70)),
    quartiere("est", "Est", 2000, square(9.61, 45.69, 9.62, 45.71)),
]
PLACES = [
    place("osm:node/1", "biblioteca", (9.605, 45.705), name="Biblioteca Nord"),
    place("osm:node/2", "parco", (9.605, 45.695), name="Parco Sud", area_m2=1200),
    place("osm:node/3", "parco", (9.61, 45.705), name="Parco sul confine"),
    place("osm:node/4", "parco", (9.70, 45.70), name="Parco fuori città"),
    place("osm:node/5", "parco", (9.606, 45.704), name="Parco chiuso", status="closed"),
    place("org:amici", "promozione-sociale", None, name="Amici di Nord", quartiere="nord"),
    place("org:ovunque", "comitato", None, name="Comitato di chissà dove"),
    place("mim:AA1", "scuola-primaria", (9.615, 45.70), name="Scuola Est", school_codes=["AA1"]),
    place("parrocchia:sud", "parrocchia", (9.602, 45.692), name="Parrocchia Sud"),
]
TABLES = {
    "networks.csv": "slug,name,quartieri,named,status,members_claimed,members_claimed_year,"
    "source_url,source_date\n"
    "rete-nord-sud,Rete di Nord e Sud,nord sud,stated,active,12,2022,https://example.org/rete,2022\n",
    "memberships.csv": "place,network,evidence,common_good,source_url,source_date\n"
    "org:amici,rete-nord-sud,member,,https://example.org/rete,2022\n"
    "mim:AA1,rete-nord-sud,takes part,,https://example.org/festa,2023-05\n"
    "org:ovunque,,agreement,osm:node/2,https://example.org/patto,2021\n",
    "streets.csv": "street,lon,lat,osm_id\nVia Roma,9.604,45.704,77\nVia Verdi,9.616,45.701,\n",
    "demand.csv": "lon,lat,weight,residents,aged_65,aged_0_14,source\n"
    "9.602,45.702,1,,,,walk\n9.605,45.705,3,,,,walk\n9.605,45.695,1,,,,walk\n"
    "9.615,45.695,1,,,,walk\n9.615,45.705,1,,,,walk\n9.618,45.708,1,,,,walk\n",
    "sources.csv": "id,title,publisher,url,date,licence,attribution\n"
    "walk,A walk in Provola,The walkers,https://example.org/walk,2024-05,CC0-1.0,The walkers\n",
    "city.toml": CITY,
}


def features() -> dict[str, list[dict[str, Any]]]:
    """The two GeoJSON files' features, free to be changed by a test."""
    return copy.deepcopy({"quartieri.geojson": QUARTIERI, "places.geojson": PLACES})


def write(folder: Path, **changed: Any) -> Path:
    """Write the city's data folder; `places=[…]` or `quartieri=[…]` replace those features."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in features().items():
        listed = changed.get(file.split(".")[0], content)
        document = {"type": "FeatureCollection", "features": listed}
        (folder / file).write_text(json.dumps(document), encoding="utf-8")
    for file, text in TABLES.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder
