"""Street points: an OpenStreetMap export of street pieces, and squares drawn since."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.sources.reading import area_shape, each, lonlat, read_features

# The export also has a "merged" file: it holds nothing that the segments don't.
SEGMENTS = "osm_2014/streets_segments_bergamo.geojson"
SQUARES = "osm_squares_and_citta_alta.geojson"


@dataclass(frozen=True)
class StreetPoint:
    """A point of a street, WGS84 degrees; `osm_id` is None for a square drawn as an area."""

    street: str
    lon: float
    lat: float
    osm_id: int | None


def read_streets(folder: Path, comune: BaseGeometry) -> list[StreetPoint]:
    """Return the street points inside the comune, each once, sorted by street and place."""
    path = folder / SEGMENTS
    segments = each(path.name, read_features(path), _segment)
    named = [
        feature
        for feature in read_features(folder / SQUARES)
        if feature["properties"].get("type") == "square" and feature["properties"].get("name")
    ]
    squares = each(SQUARES, named, _square)
    inside = {p for p in [*segments, *squares] if comune.covers(shapely.Point(p.lon, p.lat))}
    return sorted(inside, key=lambda p: (p.street, p.lon, p.lat, p.osm_id or 0))


def _segment(feature: dict[str, Any]) -> StreetPoint:
    properties = feature["properties"]
    return _point(properties["name"], *lonlat(feature["geometry"]), properties["osm_id"])


def _square(feature: dict[str, Any]) -> StreetPoint:
    """A square stands for itself by a point on its surface."""
    point = area_shape(feature["geometry"]).point_on_surface()
    return _point(feature["properties"]["name"], round(point.x, 6), round(point.y, 6), None)


def _point(street: object, lon: float, lat: float, osm_id: object) -> StreetPoint:
    if not isinstance(street, str) or not isinstance(osm_id, int | None):
        raise TypeError("the name isn't text, or the id isn't a number")
    return StreetPoint(street, lon, lat, osm_id)
