"""The layers of the maps, as the bytes that a browser fetches.

They carry names as plain JSON text: who shows them must set them as text, never as HTML.
"""

import geopandas as gpd
import orjson
import pandas as pd
import shapely

from geo.answers import records
from geo.kinds import GROUPS, KINDS


def areas_layer(quartieri: gpd.GeoDataFrame, page_url: str) -> bytes:
    """Return quartieri as GeoJSON (WGS84).

    Properties: slug, name, url (`page_url` + slug + "/"), indicative (whether the
    border is not the official one), label (lon, lat of the point farthest from the
    border, where a name fits best).
    """
    labels = shapely.get_point(shapely.maximum_inscribed_circle(quartieri.geometry.to_numpy()), 0)
    features = [
        {
            "type": "Feature",
            "geometry": orjson.Fragment(str(shapely.to_geojson(row["geometry"]))),
            "properties": {
                "slug": slug,
                "name": row["name"],
                "url": f"{page_url}{slug}/",
                "indicative": row["boundary_status"] != "official",
                "label": [round(label.x, 6), round(label.y, 6)],
            },
        }
        for (slug, row), label in zip(records(quartieri), labels, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def drawn(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the places that a map can draw: those with a point."""
    return places[places.geometry.notna()]


def places_layer(
    places: gpd.GeoDataFrame, quartieri: gpd.GeoDataFrame, language: str, page_url: str
) -> bytes:
    """Return the places that have a point as JSON columns: a third of the bytes of GeoJSON.

    groups, kinds and quartieri are lists that the columns kind and quartiere index
    (-1: in no quartiere); lon and lat are WGS84; approximate is 1 where only the street
    is known. A place's page is `place_url` + id + "/".
    """
    shown = drawn(places)
    quartiere = pd.Index(quartieri.index).get_indexer(pd.Index(shown["quartiere"]))
    kind = pd.Index(KINDS).get_indexer(pd.Index(shown["kind"]))
    return orjson.dumps(
        {
            "groups": [
                {
                    "slug": group.slug,
                    "name": group.names.in_language(language),
                    "colour": group.colour,
                    "shape": group.shape,
                }
                for group in GROUPS.values()
            ],
            "kinds": [
                {
                    "slug": kind.slug,
                    "name": kind.names.in_language(language),
                    "group": list(GROUPS).index(kind.group),
                }
                for kind in KINDS.values()
            ],
            "quartieri": [{"slug": slug, "name": name} for slug, name in quartieri["name"].items()],
            "place_url": page_url,
            "id": shown.index.tolist(),
            "name": shown["name"].tolist(),
            "kind": kind.tolist(),
            "lon": shown.geometry.x.round(6).tolist(),
            "lat": shown.geometry.y.round(6).tolist(),
            "approximate": (shown["position"] != "exact").astype(int).tolist(),
            "quartiere": quartiere.tolist(),
        }
    )
