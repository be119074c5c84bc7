"""What the values of the data are called on the pages, in the reader's language."""

from flask_babel import lazy_gettext as _

# The formats of files to download, by the ending that their addresses and names have.
LAYER_FORMATS = {"csv": "CSV", "xlsx": "Excel", "geojson": "GeoJSON", "gpkg": "GeoPackage"}
PICTURE_FORMATS = {"png": "PNG", "svg": "SVG"}
# Of a table without positions, and so without a place in a layer of a map.
TABLE_FORMATS = {name: LAYER_FORMATS[name] for name in ("csv", "xlsx")}
EVIDENCE = {
    "member": _("Membro della rete"),
    "takes part": _("Partecipa a iniziative della rete"),
    "agreement": _("Ha un patto o gestisce un bene comune"),
}
EVIDENCE_EXPLAINED = {
    "member": _("Una fonte dice che fa parte della rete, o che l’ha promossa."),
    "takes part": _(
        "Vista a una festa o a un’iniziativa della rete: non vuol dire che ne sia membro."
    ),
    "agreement": _("Ha firmato un patto, o gestisce uno spazio, per un bene comune."),
}
POSITION = {
    "exact": _("Posizione esatta"),
    "street": _("Posizione approssimativa: si conosce la via o il parco"),
    "none": _("Posizione non nota: nessun punto sulla mappa"),
}
POSITION_SHORT = {
    "exact": _("esatta"),
    "street": _("approssimativa"),
    "none": _("non nota"),
}
STATUS = {
    "open": _("Aperto"),
    "closed": _("Chiuso o sciolto"),
    "planned": _("Previsto"),
    "unknown": _("Non verificato"),
}
STAGE = {
    "offered": _("Offerto dal Comune"),
    "proposal": _("Proposta presentata"),
    "agreement": _("Patto di collaborazione"),
    "ended": _("Patto concluso"),
}
# How addresses name the stages.
STAGE_SLUGS = {
    "offerto": "offered",
    "proposta": "proposal",
    "patto": "agreement",
    "concluso": "ended",
}
COUNT = _("Numero di luoghi")
PER_1000 = _("Luoghi ogni 1.000 residenti")
SHARE = _("Residenti entro la distanza (%)")
UNCOVERED = _("Residenti scoperti")
DISTANCE = _("Distanza media dal più vicino (m)")
CATCHMENT = _("Luoghi raggiungibili ogni 1.000 residenti")
AREA = _("Superficie per residente (m²)")
FORMER_NETWORK = _("Non più attiva")
SEARCH_TYPE = {
    "quartiere": _("Quartiere"),
    "network": _("Rete di quartiere"),
    "street": _("Via o piazza"),
    "place": _("Luogo"),
}
SEARCH_TYPES = {
    "quartiere": _("Quartieri"),
    "network": _("Reti"),
    "street": _("Vie e piazze"),
    "place": _("Luoghi"),
}
# The sections of the page that explains the figures, by their anchors. Measures are anchors.
METHOD = {
    "conteggio": COUNT,
    "per-1000": PER_1000,
    "densita": _("Densità"),
    "membri": _("Membri noti di reti"),
    "residenti-e-punti": _("Dove abitano i residenti"),
    "quota": _("Residenti entro una distanza"),
    "scoperti": UNCOVERED,
    "distanza": _("Distanza media dal più vicino"),
    "piu-tipi": _("Più tipi insieme"),
    "accessibilita": CATCHMENT,
    "verde": AREA,
    "disuguaglianza": _("Disuguaglianza (Gini)"),
    "siti": _("Dove un luogo in più servirebbe di più"),
    "ipotesi": _("E se…"),
    "classi": _("Classi di colore"),
    "scuole": _("Scuole"),
    "limiti": _("Limiti di queste misure"),
}
# How several kinds count together.
HOW = {
    "uno": _("Basta uno qualunque dei tipi scelti"),
    "tutti": _("Servono tutti: conta il più lontano"),
}
POPULATION = {
    "residenti": _("Tutti i residenti"),
    "anziani": _("Chi ha 65 anni o più"),
    "bambini": _("Chi ha meno di 15 anni"),
}
PROBLEM = {
    "disagreement": _("Quartiere dichiarato e posizione in disaccordo"),
    "duplicate": _("Forse un doppione"),
    "no_position": _("Senza posizione"),
    "street_position": _("Posizione approssimativa"),
    "old": _("Non verificato da almeno 5 anni"),
    "only_events": _("Visto solo a feste o iniziative di una rete"),
    "no_members": _("Rete senza membri noti"),
    "no_network": _("Quartiere senza rete"),
}
# The indicators of geo.analysis.indicators, and their units.
INDICATOR = {
    "residenti": _("Residenti"),
    "densita": _("Densità"),
    "organizzazioni-per-1000": _("Organizzazioni"),
    "scuole-per-1000": _("Scuole"),
    "parrocchie-per-1000": _("Parrocchie e luoghi di culto"),
    "beni-comuni-per-1000": _("Beni comuni"),
    "membri": _("Membri noti di reti"),
    "verde": _("Parchi, giardini e orti"),
    "parco-entro-300": _("Con un parco entro 300 m"),
    "spazio-di-quartiere-entro-500": _("Con uno spazio di quartiere entro 500 m"),
    "biblioteca-entro-500": _("Con una biblioteca entro 500 m"),
    "scuola-primaria-entro-500": _("Con una scuola primaria entro 500 m"),
}
UNIT = {
    "people": _("persone"),
    "people/km²": _("residenti per km²"),
    "places/1000": _("ogni 1.000 residenti"),
    "m²/person": _("m² per residente"),
    "%": _("percentuale dei residenti"),
    "bodies": _("organizzazioni"),
}
# The themes of geo.analysis.themes.
THEME = {
    "salute": _("Salute"),
    "famiglia": _("Famiglia"),
    "infanzia": _("Infanzia"),
    "giovani": _("Giovani"),
    "anziani": _("Anziani"),
    "educazione-adulti": _("Educazione degli adulti"),
    "integrazione": _("Integrazione"),
    "spazio-urbano": _("Spazio urbano"),
    "cultura": _("Cultura"),
    "sport": _("Sport"),
}
