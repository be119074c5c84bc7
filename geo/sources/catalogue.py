"""The sources that the readers know: who publishes them, how old they are, under what licence."""

from geo.rows import SourceRow

OSM_LICENCE = "ODbL-1.0"
OSM_CREDIT = "© OpenStreetMap contributors"

_ROWS = (
    (
        "mim-statali",
        "Anagrafica delle scuole statali, anno scolastico 2025/26",
        "Ministero dell’Istruzione e del Merito",
        "https://dati.istruzione.it/opendata/",
        "2025",
        "IODL-2.0 (to be confirmed)",
        "Ministero dell’Istruzione e del Merito, open data",
    ),
    (
        "mim-paritarie",
        "Anagrafica delle scuole paritarie, anno scolastico 2023/24",
        "Ministero dell’Istruzione e del Merito",
        "https://dati.istruzione.it/opendata/",
        "2023",
        "CC-BY-4.0 (version to be confirmed)",
        "Ministero dell’Istruzione e del Merito, open data",
    ),
    (
        "regione-scuole",
        "Anagrafe delle scuole con coordinate",
        "Regione Lombardia",
        "https://www.dati.lombardia.it/",
        None,
        "IODL-2.0 (to be confirmed)",
        "Regione Lombardia, open data",
    ),
    (
        "iccu",
        "Anagrafe delle biblioteche italiane",
        "Istituto centrale per il catalogo unico (ICCU)",
        "https://anagrafe.iccu.sbn.it/",
        "2020-07",
        "CC0-1.0",
        "ICCU, Anagrafe delle biblioteche italiane",
    ),
    (
        "parrocchie",
        "Elenco delle parrocchie con indirizzo",
        "italia.indettaglio.it",
        "https://italia.indettaglio.it/",
        None,
        "facts only (no licence stated)",
        "italia.indettaglio.it",
    ),
    (
        "osm-2014",
        "OpenStreetMap export, May–July 2014",
        "OpenStreetMap contributors",
        "https://www.openstreetmap.org/copyright",
        "2014-07",
        OSM_LICENCE,
        OSM_CREDIT,
    ),
    (
        "osm-piazze",
        "OpenStreetMap squares and the outline of Città Alta",
        "OpenStreetMap contributors",
        "https://www.openstreetmap.org/copyright",
        None,
        OSM_LICENCE,
        OSM_CREDIT,
    ),
    (
        "wikidata",
        "Monuments with coordinates (Wiki Loves Monuments)",
        "Wikidata contributors",
        "https://www.wikidata.org/",
        "2023",
        "CC0-1.0",
        "Wikidata",
    ),
    (
        "stampa",
        "News, municipal and associations’ pages, each named where it is used",
        "various",
        None,
        None,
        "facts only",
        "the page named with each fact",
    ),
    (
        "quartieri-indicativi",
        "Indicative areas of the quartieri, from labelled points, streets and OpenStreetMap",
        "this project",
        None,
        "2026-11-23",
        OSM_LICENCE,
        f"{OSM_CREDIT}; outline: Who’s On First (Quattroshapes, CC-BY)",
    ),
    (
        "whosonfirst",
        "Outline of the comune (Who’s On First 404468655)",
        "Who’s On First",
        "https://whosonfirst.org/docs/licenses/",
        None,
        "CC-BY-4.0 and the licences of its sources",
        "Who’s On First; geometry from Quattroshapes (CC-BY)",
    ),
)

SOURCES: dict[str, SourceRow] = {
    row[0]: SourceRow(
        id=row[0],
        title=row[1],
        publisher=row[2],
        url=row[3],
        date=row[4],
        licence=row[5],
        attribution=row[6],
    )
    for row in _ROWS
}
