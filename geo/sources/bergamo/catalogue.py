"""The sources that the readers know: who publishes them, how old they are, under what licence.

Their words are shown to people, so they are in the city's language.
"""

from geo.model.schema import SourceRow

OSM_LICENCE = "ODbL-1.0"
OSM_CREDIT = "© OpenStreetMap contributors"

_ROWS = (
    (
        "mim-statali",
        "Anagrafica delle scuole statali, anno scolastico 2025/26",
        "Ministero dell’Istruzione e del Merito",
        "https://dati.istruzione.it/opendata/",
        "2025",
        "IODL-2.0 (da confermare)",
        "Ministero dell’Istruzione e del Merito, open data",
    ),
    (
        "mim-paritarie",
        "Anagrafica delle scuole paritarie, anno scolastico 2023/24",
        "Ministero dell’Istruzione e del Merito",
        "https://dati.istruzione.it/opendata/",
        "2023",
        "CC-BY-4.0 (versione da confermare)",
        "Ministero dell’Istruzione e del Merito, open data",
    ),
    (
        "regione-scuole",
        "Anagrafe delle scuole con coordinate",
        "Regione Lombardia",
        "https://www.dati.lombardia.it/",
        None,
        "IODL-2.0 (da confermare)",
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
        "solo fatti (nessuna licenza dichiarata)",
        "italia.indettaglio.it",
    ),
    (
        "osm-2014",
        "Estratto di OpenStreetMap, maggio–luglio 2014",
        "Contributori di OpenStreetMap",
        "https://www.openstreetmap.org/copyright",
        "2014-07",
        OSM_LICENCE,
        OSM_CREDIT,
    ),
    (
        "osm-piazze",
        "Piazze e contorno di Città Alta in OpenStreetMap",
        "Contributori di OpenStreetMap",
        "https://www.openstreetmap.org/copyright",
        None,
        OSM_LICENCE,
        OSM_CREDIT,
    ),
    (
        "wikidata",
        "Monumenti con coordinate (Wiki Loves Monuments)",
        "Contributori di Wikidata",
        "https://www.wikidata.org/",
        "2023",
        "CC0-1.0",
        "Wikidata",
    ),
    (
        "stampa",
        "Notizie e pagine comunali e di associazioni, ciascuna citata dove serve",
        "vari",
        None,
        None,
        "solo fatti",
        "la pagina citata con ogni fatto",
    ),
    (
        "quartieri-indicativi",
        "Aree indicative dei quartieri, da punti e strade di quartiere noto e OpenStreetMap",
        "questo progetto",
        None,
        "2026-11-23",
        OSM_LICENCE,
        f"{OSM_CREDIT}; contorno: Who’s On First (Quattroshapes, CC-BY)",
    ),
    (
        "whosonfirst",
        "Contorno del comune (Who’s On First 404468655)",
        "Who’s On First",
        "https://whosonfirst.org/docs/licenses/",
        None,
        "CC-BY-4.0 e licenze delle sue fonti",
        "Who’s On First; geometria da Quattroshapes (CC-BY)",
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
