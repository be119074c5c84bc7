"""A made-up town in which every figure can be computed by hand.

Its three square quartieri are those of the small city. Nord has 1,000 counted residents, sud 500,
est an estimate of 2,000; the register says that all residents of the town are 4,000.
"""

from pathlib import Path
from typing import Any

from tests.helpers.cities import small_city
from tests.helpers.cities.small_city import place

QUARTIERI = [
    *(small_city.QUARTIERI[:1]),
    small_city.quartiere("sud", "sud", 500, small_city.QUARTIERI[1]["geometry"]),
    *(small_city.QUARTIERI[2:]),
]


def source(ident: str, date: str | None = "2020-03") -> dict[str, Any]:
    return {"source": ident, "ref": None, "url": None, "date": date}


PLACES = [
    place("osm:node/1", "biblioteca", (9.605, 45.705), name="Biblioteca Nord", status="open"),
    place("osm:node/2", "parco", (9.605, 45.695), name="Parco Sud", area_m2=1200, stage="ended"),
    place("osm:node/3", "parco", (9.614, 45.705), name="parco Est", sources=[source("map")]),
    place("osm:node/4", "parco", (9.70, 45.70), name="Parco fuori", area_m2=300),
    place("osm:node/5", "parco", (9.606, 45.704), name="Chiuso", status="closed", area_m2=9999),
    place(
        "osm:node/6", "orto", (9.606, 45.706), name="Zolla", area_m2=800, stage="agreement",
        stage_year=2019, holder="Amici", sources=[source("map"), source("walk")],
    ),
    place("osm:node/7", "bene-comune", (9.615, 45.696), name="Cascina", stage="proposal"),
    place("osm:node/8", "centro-anziani", (9.603, 45.703), name="albergo dei nonni", stage="ended"),
    place("osm:node/9", "spazio-di-quartiere", (9.616, 45.697), name="Futuro", status="planned"),
    place("org:amici", "promozione-sociale", None, name="Amici di Nord", quartiere="nord"),
    place("org:verdi", "associazione-ambientale", None, name="Verdi", quartiere="est"),
    place(
        "org:canto", "associazione-culturale", (9.604, 45.7055), name="Canto",
        checked_on="2025-01-31",
    ),
    place("org:chiuso", "associazione-culturale", (9.604, 45.694), name="Spento", status="closed"),
    place("org:ovunque", "comitato", None, name="Comitato di chissà dove"),
    place("mim:AA1", "scuola-primaria", (9.615, 45.70), name="Scuola Est", school_codes=["AA1"]),
    place("mim:AA2", "scuola-primaria", (9.6025, 45.708), name="Scuola Nord", school_codes=["AA2"]),
    place("parrocchia:sud", "parrocchia", (9.602, 45.692), name="San Sud", position="street"),
]  # fmt: skip
TABLES = {
    "networks.csv": "slug,name,quartieri,named,status,members_claimed,members_claimed_year,"
    "source_url,source_date\n"
    "rete-a,rete di Nord e Sud,nord sud,stated,active,12,2022,https://example.org/a,2022\n"
    "rete-b,Alleanza di Est,est,stated,active,,,https://example.org/b,\n"
    "rete-c,Zero,est nord,stated,former,,,https://example.org/c,2001\n",
    "memberships.csv": "place,network,evidence,common_good,source_url,source_date\n"
    "org:amici,rete-a,member,,https://example.org/a,2022\n"
    "org:canto,rete-a,member,,https://example.org/x,2023\n"
    "org:canto,rete-b,member,,https://example.org/b,2021\n"
    "org:verdi,rete-a,member,,https://example.org/x,2023\n"
    "org:verdi,rete-b,agreement,osm:node/7,https://example.org/patto,2021\n"
    "org:chiuso,rete-a,member,,https://example.org/a,2022\n"
    "mim:AA1,rete-a,takes part,,https://example.org/a,2022\n"
    "osm:node/8,rete-a,takes part,,https://example.org/a,2022\n"
    "org:ovunque,,agreement,osm:node/6,https://example.org/patto,2021\n",
    "sources.csv": "id,title,publisher,url,date,licence,attribution\n"
    "walk,A walk,The walkers,https://example.org/walk,2024-05,CC0-1.0,The walkers\n"
    "map,A map,The mappers,https://example.org/map,2014,CC0-1.0,The mappers\n"
    "list,A list,The listers,https://example.org/list,,CC0-1.0,The listers\n"
    "book,A book,The writers,https://example.org/book,2014-12,CC0-1.0,The writers\n",
    "city.toml": small_city.CITY.replace("count = 3000", "count = 4000"),
}


def write(folder: Path, *more: dict[str, Any], **tables: str) -> Path:
    """Write the town's data folder, with more places; `demand="…"` replaces a table's lines."""
    small_city.write(folder, quartieri=QUARTIERI, places=[*PLACES, *more])
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, lines in tables.items():
        path = folder / f"{name}.csv"
        header = path.read_text(encoding="utf-8").splitlines()[0]
        path.write_text(f"{header}\n{lines}", encoding="utf-8")
    return folder
