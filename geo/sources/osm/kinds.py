"""The kinds of OpenStreetMap features, and a name for those without one."""

from collections.abc import Callable, Iterable

from geo.sources.osm.exports_2014 import BASE, GENERIC_NAMES, NO_ID, Feature
from geo.sources.record import BuildLog, Record, Reference
from geo.text.italian import expand_saints, fold

SOURCE = "osm-2014"
DATE = "2014-07"
HEADING_AREAS = "Areas on which the exports disagree (the newest is taken)"
HEADING_GONE = "OpenStreetMap features left out"

# leisure=…: the kind, and the name of one that has none
_LEISURE = {
    "park": ("parco", "Area verde"),
    "garden": ("parco", "Giardino"),
    "playground": ("area-gioco", "Area gioco"),
    "pitch": ("impianto-sportivo", "Campo sportivo"),
    "sports_centre": ("impianto-sportivo", "Centro sportivo"),
    "stadium": ("impianto-sportivo", "Stadio"),
    "track": ("impianto-sportivo", "Pista"),
    "golf_course": ("impianto-sportivo", "Campo da golf"),
    "recreation_ground": ("impianto-sportivo", "Area ricreativa"),
}
_AMENITY = {
    "drinking_water": ("acqua", "Fontanella"),
    "place_of_worship": ("luogo-di-culto", "Luogo di culto"),
    "library": ("biblioteca", "Biblioteca"),
    "swimming_pool": ("impianto-sportivo", "Piscina"),
}
_SPORTS = {
    "soccer": "Campo da calcio",
    "tennis": "Campo da tennis",
    "basketball": "Campo da basket",
    "multi": "Campo polivalente",
    "volleyball": "Campo da pallavolo",
    "rugby_union": "Campo da rugby",
    "baseball": "Campo da baseball",
    "skating": "Pista di pattinaggio",
    "skateboard": "Pista da skateboard",
    "swimming": "Piscina",
    "athletics": "Centro di atletica",
}

# Kinds that are grounds: of others, the area is only a building's.
_GROUNDS = frozenset({"parco", "area-gioco", "impianto-sportivo"})
ANY_LEVEL = "istituto-comprensivo"
_LEVELS = (
    (("scuola materna", "scuola infanzia", "asilo"), "scuola-infanzia"),
    (("scuola primaria", "scuola elementare"), "scuola-primaria"),
    (("scuola media", "scuola secondaria"), "scuola-secondaria-1"),
    (("liceo", "istituto superiore", "istituto tecnico"), "scuola-secondaria-2"),
    (("istituto magistrale", "istituto statale", "istituto d'istr"), "scuola-secondaria-2"),
)
# What a place without a name is called after: the nearest street, or None if none is near.
StreetNear = Callable[[float, float], str | None]


def osm_records(
    features: Iterable[Feature], street_near: StreetNear, log: BuildLog
) -> tuple[list[Record], list[Record]]:
    """Return the places, and apart from them the schools (which only confirm the registers)."""
    places, schools = [], []
    for feature in features:
        found = _kind(feature)
        if feature.topic == "school" and found is None:
            schools.append(_record(feature, (_level(feature), "Scuola"), street_near))
        elif found and not _left_out(feature, log):
            _log_areas(feature, log)
            places.append(_record(feature, found, street_near))
    return places, schools


def _kind(feature: Feature) -> tuple[str, str] | None:
    """Return the kind and the generic name, or None for features that aren't listed."""
    name = fold(feature.name or "")
    if feature.topic == "school":
        return ("nido", "Asilo nido") if name.startswith("asilo nido") else None
    if name.startswith("oratorio") and feature.topic == "place_of_worship":
        return "oratorio", "Oratorio"
    if name.startswith("centro anziani"):
        return "centro-anziani", "Centro anziani"
    if name.startswith("centro sportivo"):  # mapped as a park, named and used as a sports centre
        return "impianto-sportivo", "Centro sportivo"
    found = _LEISURE.get(feature.tags.get("leisure", "")) or _AMENITY.get(
        feature.tags.get("amenity", "")
    )
    if found is None or found[0] != "impianto-sportivo":
        return _church(feature, found)
    if feature.tags.get("amenity") == "swimming_pool" and feature.tags.get("sport") != "swimming":
        return None  # somebody's own pool
    return found[0], _SPORTS.get(feature.tags.get("sport", ""), found[1])


def _level(feature: Feature) -> str:
    """Return the level in a school's name; `istituto-comprensivo` if it can be any."""
    name = fold(feature.name or "")
    if feature.tags.get("amenity") == "kindergarten":
        return "scuola-infanzia"
    return next((kind for words, kind in _LEVELS if name.startswith(words)), ANY_LEVEL)


def _church(feature: Feature, found: tuple[str, str] | None) -> tuple[str, str] | None:
    catholic = feature.tags.get("denomination") == "catholic"
    church = feature.topic == "place_of_worship" and (catholic or "building" in feature.tags)
    return ("luogo-di-culto", "Chiesa") if church else found


def _left_out(feature: Feature, log: BuildLog) -> bool:
    name = feature.name or ""
    if fold(name).startswith("ex "):
        log.add(HEADING_GONE, f"{feature.id} {name}: no longer a church")
        return True
    if feature.tags.get("leisure") == "park" and feature.exports == (BASE,):
        area = f"{feature.area_m2:,.0f} m²" if feature.area_m2 else "a point"
        log.add(
            HEADING_GONE, f"{feature.id} {name or 'park'}, {area}: not in the newer park export"
        )
        return True
    return False


def _log_areas(feature: Feature, log: BuildLog) -> None:
    areas = feature.areas
    if areas and max(areas) > 1.02 * min(areas):
        distinct = ", ".join(f"{area:,.0f}" for area in dict.fromkeys(areas))
        log.add(HEADING_AREAS, f"{feature.id} {feature.name or 'unnamed'}: {distinct} m²")


def _record(feature: Feature, kind: tuple[str, str], street_near: StreetNear) -> Record:
    own = expand_saints(" ".join((feature.name or "").replace('"', " ").split()))
    generic = not own or fold(own) in GENERIC_NAMES
    street = street_near(feature.lon, feature.lat) if generic else None
    name = own or kind[1]
    named = f"{name} in {street[0].lower()}{street[1:]}" if street else name
    reference = Reference(SOURCE, feature.id.removeprefix("osm:"), _url(feature.id), DATE)
    return Record(
        id=feature.id,
        name=named,
        kind=kind[0],
        reference=reference,
        lon=feature.lon,
        lat=feature.lat,
        position="exact",
        area_m2=feature.area_m2 if kind[0] in _GROUNDS else None,
        also=tuple(n for n in dict.fromkeys(feature.names) if n != own),
        generic=generic,
    )


def _url(id_: str) -> str | None:
    if id_.startswith(NO_ID):
        return None
    return f"https://www.openstreetmap.org/{id_.removeprefix('osm:')}"
