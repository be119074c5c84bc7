"""GeoJSON from unknown writers: parsed strictly, with errors for people."""

import json
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geo.base.errors import DataError, Problem, short

WGS84_NAMES = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"}


def parse(file: str, text: str) -> Any:
    """Return a JSON document; DataError if it is broken, nested too deep, or repeats a key."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        row, what = f"line {error.lineno}", f"broken JSON ({error.msg})"
        raise DataError([Problem(file, row, what, "Correct that line")]) from None
    key = _repeated_key(text)
    if key is not None:
        what = f"an object has the key {short(key)} twice"
        raise DataError([Problem(file, "", what, "Keep one of them")])
    return document


def feature_list(file: str, text: str) -> tuple[list[Any], str | None]:
    """Return the features of a collection (or the one) and the name of their CRS, None for WGS84's.

    The CRS is what older writers name in the `crs` member, which RFC 7946 doesn't know.
    """
    document = parse(file, text)
    if isinstance(document, dict) and document.get("type") == "Feature":
        document = {**document, "features": [document]}
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        what = "not a GeoJSON FeatureCollection"
        raise DataError([Problem(file, "", what, "Export it as GeoJSON")])
    features: list[Any] = document["features"]
    return features, _crs_name(document.get("crs"))


def geometry(value: object) -> BaseGeometry | str | None:
    """Return the geometry of a feature (2D), None for none, or a text that says what is wrong."""
    if value is None:
        return None
    try:
        # Heights say nothing here, and a shape with some of them can't be projected.
        return shapely.force_2d(shapely.from_geojson(orjson.dumps(value)))
    except orjson.JSONEncodeError:
        return "not a GeoJSON geometry (nested too deep)"
    except shapely.GEOSException as error:
        return f"not a GeoJSON geometry ({short(str(error))})"


def _crs_name(member: object) -> str | None:
    if member is None:
        return None
    try:
        name = member["properties"]["name"]  # type: ignore[index]
    except (KeyError, TypeError, IndexError):
        return "unknown"
    return None if isinstance(name, str) and name in WGS84_NAMES else str(name)


def _repeated_key(text: str) -> str | None:
    """Return a key that an object of the document has twice (orjson keeps the last one)."""
    found: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> None:
        if not found and len(dict(pairs)) < len(pairs):
            keys = [key for key, _ in pairs]
            found.append(next(key for key in keys if keys.count(key) > 1))

    # No deeper than orjson goes (1,024), and numbers aren't made: they may have many digits.
    json.loads(text.removeprefix("\ufeff"), object_pairs_hook=note, parse_int=str, parse_float=str)
    return found[0] if found else None
