"""The layers of the open data for pygeoapi: its configuration, and where it reads from."""

import logging
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely
from flask import current_app
from pygeoapi.provider.base import (
    BaseProvider,
    ProviderInvalidQueryError,
    ProviderItemNotFoundError,
)
from pygeoapi.util import CrsTransformSpec
from pyproj import CRS, Transformer

from geo.model.dataset import Dataset
from geo.publish.open_layers import open_layers
from geo.spatial.feature_filter import select
from web.downloads.formats import LICENCE, LICENCE_URL
from web.open_data import dictionary
from web.open_data.publisher import publisher
from web.site.app_state import asset, dataset
from web.site.i18n import LANGUAGES, in_each_language

# It would log every wrong request with its own words, line breaks and all.
logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MOST_ITEMS, FIRST_ITEMS = 2000, 100
_TYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}


class LayerProvider(BaseProvider):  # type: ignore[misc] # pygeoapi has no types
    """Features of a layer of the running app's dataset; `data` is the layer's slug. Read only."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        layer = open_layers(dataset())[self.data]
        self._frame, self._key = layer.frame, layer.key
        self._fields = fields(layer.frame)

    def get_fields(self) -> dict[str, dict[str, str]]:
        """Return the columns with their types in JSON."""
        return self._fields

    def query(  # noqa: PLR0913 - pygeoapi names what it passes
        self,
        *,
        offset: int = 0,
        limit: int = FIRST_ITEMS,
        resulttype: str = "results",
        bbox: Sequence[float] = (),
        properties: Sequence[tuple[str, str]] = (),
        sortby: Sequence[dict[str, str]] = (),
        select_properties: Sequence[str] = (),
        skip_geometry: bool = False,
        filterq: object = None,
        crs_transform_spec: CrsTransformSpec | None = None,
        **_unused: object,
    ) -> dict[str, Any]:
        """Return a page of the features that the request selects, and how many there are."""
        if filterq is not None:
            raise ProviderInvalidQueryError(user_msg="filter: use the properties and bbox")
        try:
            selected = select(self._frame, box=_flat(bbox), equal=properties)
        except ValueError as error:
            raise ProviderInvalidQueryError(user_msg=str(error)) from None
        for each in reversed(sortby):
            selected = selected.sort_values(
                each["property"], ascending=each["order"] == "+", kind="stable"
            )
        page = (
            selected.iloc[0:0] if resulttype == "hits" else selected.iloc[offset : offset + limit]
        )
        page = _in_crs(page, crs_transform_spec)
        features = _features(page, self._key, select_properties, geometry=not skip_geometry)
        return {
            "type": "FeatureCollection",
            "features": features,
            "numberMatched": len(selected),
            "numberReturned": len(features),
        }

    def get(
        self,
        identifier: str,
        *,
        crs_transform_spec: CrsTransformSpec | None = None,
        **_unused: object,
    ) -> dict[str, Any]:
        """Return one feature by its key."""
        rows = self._frame[self._frame[self._key] == identifier]
        if rows.empty:
            raise ProviderItemNotFoundError(user_msg=f"item {identifier} not found")
        return _features(_in_crs(rows.iloc[:1], crs_transform_spec), self._key)[0]


def fields(frame: gpd.GeoDataFrame) -> dict[str, dict[str, str]]:
    """Return a layer's columns with their types and titles."""
    return {
        str(name): {
            "type": _TYPES.get(getattr(dtype, "kind", "O"), "string"),
            "title": str(dictionary.COLUMN[str(name)]),
        }
        for name, dtype in frame.drop(columns="geometry").dtypes.items()
    }


def _flat(bbox: Sequence[float]) -> tuple[float, float, float, float] | None:
    """Return a box without its heights, or None for no box."""
    if not bbox:
        return None
    half = len(bbox) // 2
    return bbox[0], bbox[1], bbox[half], bbox[half + 1]


def _in_crs(page: gpd.GeoDataFrame, crs: CrsTransformSpec | None) -> gpd.GeoDataFrame:
    """Return rows with their coordinates as a CRS orders them: EPSG:4326 has latitude first."""
    if crs is None:
        return page
    to = Transformer.from_crs(crs.source_crs_wkt, crs.target_crs_wkt)
    shapes = shapely.transform(
        page.geometry.to_numpy(), lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1]))
    )
    return page.set_geometry(gpd.GeoSeries(shapes, page.index))


def _features(
    page: gpd.GeoDataFrame, key: str, chosen: Sequence[str] = (), *, geometry: bool = True
) -> list[dict[str, Any]]:
    columns = [name for name in page.columns if name != "geometry"]
    names = [name for name in columns if not chosen or name in chosen]
    table = page[names].astype(object).where(page[names].notna(), None)
    shapes = [
        orjson.loads(text) if geometry and text else None
        for text in shapely.to_geojson(page.geometry.to_numpy())
    ]
    return [
        {"type": "Feature", "id": ident, "properties": properties, "geometry": shape}
        for ident, properties, shape in zip(
            page[key], table.to_dict("records"), shapes, strict=True
        )
    ]


def configuration(data: Dataset, address: str) -> dict[str, Any]:
    """Return pygeoapi's configuration for a dataset served under `address` (…/api)."""
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": address,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": list(LANGUAGES),
            "pretty_print": False,
            "limits": {
                "default_items": FIRST_ITEMS,
                "max_items": MOST_ITEMS,
                "on_exceed": "throttle",
            },
            "map": {"url": "", "attribution": ""},
            "templates": {"path": f"{current_app.root_path}/templates/api", "static": ""},
            "style": asset("site.css"),
            "icon": asset("favicon.svg"),
            "words": {name: in_each_language(text) for name, text in dictionary.API.items()},
        },
        "logging": {"level": "CRITICAL"},
        "metadata": _metadata(data, address),
        "resources": {
            slug: _resource(data, slug, layer.key)
            for slug, layer in open_layers(data).items()
            if layer.mapped
        },
    }


def _metadata(data: Dataset, address: str) -> dict[str, Any]:
    home = address.removesuffix("/api")
    who = publisher()
    return {
        "identification": {
            "title": {
                code: f"Quartieri – {data.city.names.in_language(code)}" for code in LANGUAGES
            },
            "description": in_each_language(dictionary.CATALOGUE[1]),
            "keywords": {code: ["Quartieri"] for code in LANGUAGES},
            "keywords_type": "theme",
            "terms_of_service": LICENCE_URL,
            "url": home,
        },
        "license": {"name": LICENCE, "url": LICENCE_URL},
        "provider": {"name": who.name, "url": home},
        "contact": {
            "name": who.name,
            "email": who.email,
            "url": home,
        },
    }


def _resource(data: Dataset, slug: str, key: str) -> dict[str, Any]:
    title, description = dictionary.LAYER[slug]
    bounds = [round(float(edge), 6) for edge in open_layers(data)[slug].frame.total_bounds]
    authority, code = CRS.from_user_input(data.city.metric_crs).to_authority()
    metric = f"http://www.opengis.net/def/crs/{authority}/0/{code}"
    return {
        "type": "collection",
        "title": in_each_language(title),
        "description": in_each_language(description),
        "keywords": {language: [slug] for language in LANGUAGES},
        "links": [
            {"type": "text/html", "rel": "license", "title": LICENCE, "href": LICENCE_URL},
        ],
        "extents": {"spatial": {"bbox": bounds, "crs": CRS84}},
        "providers": [
            {
                "type": "feature",
                "name": f"{LayerProvider.__module__}.{LayerProvider.__name__}",
                "data": slug,
                "id_field": key,
                "crs": [CRS84, "http://www.opengis.net/def/crs/EPSG/0/4326", metric],
                "storage_crs": CRS84,
            }
        ],
    }
