"""The layers of the maps, as the bytes that a browser fetches.

They carry names as plain JSON text: who shows them must set them as text, never as HTML.
"""

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely

from geo.model.kinds import GROUPS, Kinds
from geo.model.queries import records

# Places are drawn to 1/100,000 of a degree: a metre, a tenth of their marker at the closest zoom.
PLACES_UNIT = 100_000


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
    places: gpd.GeoDataFrame,
    quartieri: gpd.GeoDataFrame,
    kinds: Kinds,
    language: str,
    page_url: str,
) -> bytes:
    """Return the places that have a point as JSON columns: fewer bytes than GeoJSON.

    groups, kinds and quartieri are lists that the columns kind and quartiere index
    (-1: in no quartiere); approximate is 1 where only the street is known. lon_steps and
    lat_steps are the differences of each place from the one before it (the first: from 0), in
    degrees / `unit` (WGS84): each is drawn within 0.6 m of its point. The order, by kind,
    position, quartiere and latitude, puts like beside like, which packs well. A place's
    page is `place_url` + id + "/".
    """
    shown = drawn(places)
    quartiere = pd.Index(quartieri.index).get_indexer(pd.Index(shown["quartiere"]))
    kind = pd.Index(kinds.slugs).get_indexer(pd.Index(shown["kind"]))
    approximate = (shown["position"] != "exact").to_numpy(dtype=int)
    lon, lat = np.rint(shown.geometry.get_coordinates().to_numpy().T * PLACES_UNIT).astype(int)
    order = np.lexsort((lon, lat, quartiere, approximate, kind))
    return orjson.dumps(
        {
            **_legend(kinds, language),
            "quartieri": [{"slug": slug, "name": name} for slug, name in quartieri["name"].items()],
            "place_url": page_url,
            "unit": PLACES_UNIT,
            "id": shown.index[order].tolist(),
            "name": shown["name"].to_numpy()[order].tolist(),
            "kind": kind[order].tolist(),
            "lon_steps": np.diff(lon[order], prepend=0).tolist(),
            "lat_steps": np.diff(lat[order], prepend=0).tolist(),
            "approximate": approximate[order].tolist(),
            "quartiere": quartiere[order].tolist(),
        }
    )


def _legend(kinds: Kinds, language: str) -> dict[str, list[dict[str, str | int]]]:
    """Return the groups and kinds that places have, as the map shows them."""
    return {
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
            for kind in kinds
        ],
    }
