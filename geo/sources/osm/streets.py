"""Street points: an OpenStreetMap export of street pieces, and squares drawn since."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.sources.reading import area_shape, each, lonlat, read_features


@dataclass(frozen=True)
class StreetPoint:
    """A point of a street, WGS84 degrees; `osm_id` is None for a square drawn as an area."""

    street: str
    lon: float
    lat: float
    osm_id: int | None


def read_streets(segments: Path, squares: Path, comune: BaseGeometry) -> list[StreetPoint]:
    """Return the street points inside the comune, each once, sorted by street and place.

    `segments` is an export of points of street pieces, `squares` one of polygons.
    """
    pieces = each(segments.name, read_features(segments), _segment)
    named = [
        feature
        for feature in read_features(squares)
        if feature["properties"].get("type") == "square" and feature["properties"].get("name")
    ]
    drawn = each(squares.name, named, _square)
    inside = {p for p in [*pieces, *drawn] if comune.covers(shapely.Point(p.lon, p.lat))}
    return sorted(inside, key=lambda p: (p.street, p.lon, p.lat, p.osm_id or 0))


def _segment(feature: dict[str, Any]) -> StreetPoint:
    properties = feature["properties"]
    return _point(properties["name"], *lonlat(feature["geometry"]), properties["osm_id"])


def _square(feature: dict[str, Any]) -> StreetPoint:
    """Return a point on the surface of a square."""
    point = area_shape(feature["geometry"]).point_on_surface()
    return _point(feature["properties"]["name"], round(point.x, 6), round(point.y, 6), None)


def _point(street: object, lon: float, lat: float, osm_id: object) -> StreetPoint:
    if not isinstance(street, str) or not isinstance(osm_id, int | None):
        raise TypeError("the name isn't text, or the id isn't a number")
    return StreetPoint(street, lon, lat, osm_id)
