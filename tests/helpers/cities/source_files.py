"""Files of sources, written for one test."""

import json
from pathlib import Path
from typing import Any


def write(folder: Path, name: str, content: str) -> None:
    """Write a file of a folder of sources."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def points(*features: tuple[dict[str, Any], float, float]) -> str:
    """Return GeoJSON of points: properties, longitude, latitude of each."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": "Point", "coordinates": [lon, lat]},
                }
                for properties, lon, lat in features
            ],
        }
    )
