"""Residential buildings: points of the OpenStreetMap export of 2014."""

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.sources.reading import degrees, each, read_features

FILE = "osm_2014/generic.geojson"
# Values for homes; most have "yes", which says nothing of the use.
_HOMES = frozenset({"yes", "house", "apartments", "residential", "detached", "terrace", "farm"})
# Tags of other uses.
_OTHER_USES = ("amenity", "shop", "tourism", "leisure", "man_made", "power", "historic")


def read_buildings(folder: Path, comune: BaseGeometry) -> np.ndarray:
    """Return the lon and lat (n × 2, WGS84) of the buildings in the comune, each once, in order."""
    path = folder / FILE
    found = each(path.name, read_features(path), _home)
    points = np.array([point for point in found if point]).reshape(-1, 2)
    inside = shapely.intersects_xy(comune, points[:, 0], points[:, 1])
    return np.unique(points[inside].round(6), axis=0)


def _home(feature: dict[str, Any]) -> tuple[float, float] | None:
    return degrees(feature["geometry"]) if _is_home(feature["properties"]) else None


def _is_home(tags: dict[str, object]) -> bool:
    return tags.get("building") in _HOMES and not any(tags.get(use) for use in _OTHER_USES)
