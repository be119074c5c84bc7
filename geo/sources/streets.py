"""Street points: an OpenStreetMap export of street pieces, and squares drawn since."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.sources.tables import read_json

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
    segments = [_segment(feature) for feature in read_json(folder / SEGMENTS)["features"]]
    squares = [
        _square(feature)
        for feature in read_json(folder / SQUARES)["features"]
        if feature["properties"].get("type") == "square" and feature["properties"].get("name")
    ]
    inside = {p for p in [*segments, *squares] if comune.covers(shapely.Point(p.lon, p.lat))}
    return sorted(inside, key=lambda p: (p.street, p.lon, p.lat, p.osm_id or 0))


def _segment(feature: dict[str, Any]) -> StreetPoint:
    lon, lat = feature["geometry"]["coordinates"]
    properties = feature["properties"]
    return StreetPoint(properties["name"], round(lon, 6), round(lat, 6), properties["osm_id"])


def _square(feature: dict[str, Any]) -> StreetPoint:
    """A square stands for itself by a point on its surface."""
    point = shape(feature["geometry"]).point_on_surface()
    return StreetPoint(feature["properties"]["name"], round(point.x, 6), round(point.y, 6), None)
