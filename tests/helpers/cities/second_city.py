"""Another made-up city, east of 12° E: two quartieri, one network, another metric CRS.

        13.50  13.51  13.52
43.61   +------+------+
        | alta | mare |
43.60   +------+------+
"""

import json
from pathlib import Path

from tests.helpers.cities import small_city
from tests.helpers.cities.small_city import place, quartiere, square

METRIC = "EPSG:32633"
CITY = small_city.CITY.replace('"provola"', '"lungomare"').replace("EPSG:32632", METRIC)
for old, new in (("Provola-on-Test", "Seaside"), ("Provole", "Bordmer"), ("Provola", "Lungomare")):
    CITY = CITY.replace(old, new)
CITY = CITY.replace("Europe/Rome", "Europe/Zagreb")

QUARTIERI = [
    quartiere("alta", "Città del Colle", 900, square(13.50, 43.60, 13.51, 43.61)),
    quartiere("mare", "Borgo a Mare", 1100, square(13.51, 43.60, 13.52, 43.61)),
]
PLACES = [
    place("osm:node/1", "biblioteca", (13.505, 43.605), name="Biblioteca del Faro"),
    place("osm:node/2", "parco", (13.515, 43.605), name="Giardino del Molo", area_m2=900),
    place("org:vele", "associazione-culturale", None, name="Vele al Vento", quartiere="mare"),
]
OUTLINE = {
    "type": "Feature",
    "properties": {"slug": "lungomare", "name": "Lungomare", "source": "walk"},
    "geometry": square(13.50, 43.60, 13.52, 43.61),
}
TABLES = {
    "networks.csv": "slug,name,quartieri,named,status,members_claimed,members_claimed_year,"
    "source_url,source_date\n"
    "rete-del-faro,Rete del Faro,alta mare,stated,active,,,https://example.org/faro,2024\n",
    "memberships.csv": "place,network,evidence,common_good,source_url,source_date\n"
    "org:vele,rete-del-faro,member,,https://example.org/faro,2024\n",
    "streets.csv": "street,lon,lat,osm_id\nVia del Faro,13.506,43.604,5\n",
    "demand.csv": "lon,lat,weight,residents,aged_65,aged_0_14,source\n"
    "13.505,43.605,1,900,300,90,census\n13.515,43.605,1,1100,200,200,census\n",
    "sources.csv": "id,title,publisher,url,date,licence,attribution\n"
    "walk,A walk by the sea,The walkers,https://example.org/walk,2024-05,CC0-1.0,The walkers\n"
    "census,A census,The counters,https://example.org/census,2021,CC-BY-4.0,The counters\n",
    "city.toml": CITY,
}


def write(folder: Path) -> Path:
    """Write the city's data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    layers = {
        "quartieri.geojson": QUARTIERI,
        "places.geojson": PLACES,
        "comune.geojson": [OUTLINE],
    }
    for file, features in layers.items():
        document = {"type": "FeatureCollection", "features": features}
        (folder / file).write_text(json.dumps(document), encoding="utf-8")
    for file, text in TABLES.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder
