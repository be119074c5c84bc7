"""OpenStreetMap exports of 2014: points of all features, several times over.

One export ("generic") has real ids. The others came through reverse geocoding, so the id of
an unnamed feature is that of some neighbour: it counts only if the geocoder's answer begins
with the feature's own name. So each of their features is first looked for in "generic".
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import shapely
from rapidfuzz import fuzz
from shapely.geometry.base import BaseGeometry

from geo.sources.reading import each, lonlat, read_features
from geo.text.italian import fold, key

BASE = "generic"
# Oldest first: a later export's name, place and area replace an earlier one's.
LATER = (
    *("leisure", "sport", "water_point", "religion", "education"),
    *("park", "park_named", "sport_leisure", "leisure_last"),
)
# The same outline again: so near, and of so nearly the same area (share).
SAME_M = 12.0
SAME_AREA = 0.15
# The same named thing again: so near, and named so much alike (0–100).
SAME_NAMED_M = 150.0
SAME_NAME = 85.0
# What the id begins with of a thing whose real id isn't known.
NO_ID = "osm:at/"
# Names that only say the kind.
GENERIC_NAMES = frozenset({"chiesa", "asilo nido", "biblioteca"})
_TOPICS = {"garden": "park", "kindergarten": "school", "college": "school"}


@dataclass(frozen=True)
class Feature:
    """A feature of the exports: WGS84 degrees, true area in m² (None for a point), its tags.

    `id` is `osm:way/…` and so on, or `osm:at/lon,lat` where no real id is known.
    `exports` are those that hold it; `areas` and `names` what each of them said.
    """

    id: str
    lon: float
    lat: float
    area_m2: float | None
    tags: dict[str, str]
    exports: tuple[str, ...]
    areas: tuple[float, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str | None:
        """The feature's own name, if any."""
        return self.tags.get("name")

    @property
    def topic(self) -> str:
        """What it is, broadly: parks and gardens are one topic, schools of all kinds another."""
        value = self.tags.get("leisure") or self.tags.get("amenity") or ""
        return _TOPICS.get(value, value)


@dataclass
class _Pool:
    features: list[Feature] = field(default_factory=list)

    def find(self, new: Feature) -> int | None:
        """Return the index in the pool of the feature that `new` is, or None."""
        near = [
            (metres(old, new), at)
            for at, old in enumerate(self.features)
            if old.topic == new.topic and abs(old.lat - new.lat) < 0.002
        ]
        same = [(d, at) for d, at in near if _same(self.features[at], new, d)]
        return min(same)[1] if same else None

    def add(self, new: Feature) -> None:
        """Add a feature, or update the one that it is."""
        at = self.find(new)
        if at is None:
            taken = any(old.id == new.id for old in self.features)
            self.features.append(replace(new, id=_coordinate_id(new)) if taken else new)
        else:
            self.features[at] = _updated(self.features[at], new)


def read_osm(folder: Path, comune: BaseGeometry) -> list[Feature]:
    """Return the leisure and amenity features inside the comune, each once, sorted by id."""
    pool = _Pool()
    seen: set[str] = set()
    for feature in _features(folder, BASE, comune):
        if feature.id not in seen:
            seen.add(feature.id)
            pool.features.append(feature)
    for export in LATER:
        for feature in _features(folder, export, comune):
            pool.add(feature)
    return sorted(pool.features, key=lambda feature: feature.id)


def metres(one: Feature, other: Feature) -> float:
    """Return the metres between two features of one city (flat-earth, good to a per mille)."""
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat)) * 111_320
    return math.hypot(east, (one.lat - other.lat) * 111_195)


def _features(folder: Path, export: str, comune: BaseGeometry) -> Iterable[Feature]:
    path = folder / "osm_2014" / f"{export}.geojson"

    def made(raw: dict[str, Any]) -> Feature | None:
        properties = raw["properties"]
        if not (properties.get("leisure") or properties.get("amenity")) or not raw["geometry"]:
            return None
        lon, lat = lonlat(raw["geometry"])
        inside = comune.covers(shapely.Point(lon, lat))
        return _feature(export, properties, lon, lat) if inside else None

    return filter(None, each(path.name, read_features(path), made))


def _feature(export: str, properties: dict[str, Any], lon: float, lat: float) -> Feature:
    area = properties.get("way_area")
    # The exports' areas are in Web Mercator, which stretches by 1 / cos² of the latitude.
    true = round(area * math.cos(math.radians(lat)) ** 2, 1) if area else None
    tags = {name: value for name, value in properties.items() if isinstance(value, str)}
    new = Feature("", lon, lat, true, tags, (export,), (true,) if true else ())
    new = replace(new, names=(tags["name"],) if "name" in tags else ())
    id_ = _base_id(properties) if export == BASE else _trusted_id(properties)
    return replace(new, id=id_ or _coordinate_id(new))


def _base_id(properties: dict[str, Any]) -> str:
    """osm2pgsql's habit: negative is a relation; with an area it's a way, without a node."""
    number = int(properties["osm_id"])
    if number < 0:
        return f"osm:relation/{-number}"
    return f"osm:way/{number}" if properties.get("way_area") else f"osm:node/{number}"


def _trusted_id(properties: dict[str, Any]) -> str | None:
    name = properties.get("name")
    answer = " ".join(fold(properties["display_name"]).split())
    plain = " ".join(fold(name or "").replace('"', " ").split())
    if not plain or not answer.startswith(plain):
        return None
    return f"osm:{properties['osm_type']}/{properties['osm_id']}"


def _coordinate_id(feature: Feature) -> str:
    return f"{NO_ID}{feature.lon:.5f},{feature.lat:.5f}"


def _same(old: Feature, new: Feature, distance: float) -> bool:
    if old.tags.get("leisure") != new.tags.get("leisure") and old.topic != "park":
        return False
    if old.id == new.id and not new.id.startswith(NO_ID):
        return True
    if old.name and new.name and distance <= SAME_NAMED_M and _areas_alike(old, new, 0.5):
        return fuzz.token_set_ratio(key(old.name), key(new.name)) >= SAME_NAME
    return distance <= SAME_M and _areas_alike(old, new, SAME_AREA)


def _areas_alike(old: Feature, new: Feature, share: float) -> bool:
    if old.area_m2 is None or new.area_m2 is None:
        return old.area_m2 is new.area_m2
    return abs(old.area_m2 - new.area_m2) <= share * max(old.area_m2, new.area_m2)


def _updated(old: Feature, new: Feature) -> Feature:
    tags = old.tags | new.tags
    if old.name and fold(new.name or "") in GENERIC_NAMES:
        tags["name"] = old.name
    return replace(
        old,
        lon=new.lon,
        lat=new.lat,
        area_m2=new.area_m2 or old.area_m2,
        tags=tags,
        exports=(*old.exports, *new.exports),
        areas=(*old.areas, *new.areas),
        names=(*old.names, *new.names),
    )
