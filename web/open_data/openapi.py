"""The description of the API, made from pygeoapi's: what is served here, and nothing else.

pygeoapi describes operations that aren't served here, and answers by addresses of other
sites. Here every answer is described in the document itself, so that programs can hold the
API to it.
"""

from typing import Any

from geo.model.dataset import Dataset
from geo.publish.open_layers import open_layers
from web.open_data.provider import fields

_Doc = dict[str, Any]
_UNKNOWN = {"vendorSpecificParameters"}
_TEXT = {"type": "string"}
_LINKS = {
    "type": "array",
    "items": {"type": "object", "required": ["href"], "properties": {"href": _TEXT}},
}
_SCHEMAS: _Doc = {
    "error": {
        "type": "object",
        "required": ["code", "description"],
        "properties": {"code": _TEXT, "description": _TEXT},
    },
    "landingPage": {
        "type": "object",
        "required": ["title", "links"],
        "properties": {"title": _TEXT, "description": _TEXT, "links": _LINKS},
    },
    "conformance": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": _TEXT}},
    },
    "document": {"type": "object", "required": ["openapi", "paths"]},
    "collection": {
        "type": "object",
        "required": ["id", "title", "links"],
        "properties": {"id": _TEXT, "title": _TEXT, "description": _TEXT, "links": _LINKS},
    },
    "collections": {
        "type": "object",
        "required": ["collections", "links"],
        "properties": {
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
            "links": _LINKS,
        },
    },
    "columns": {
        "type": "object",
        "required": ["type", "properties"],
        "properties": {"type": {"enum": ["object"]}, "properties": {"type": "object"}},
    },
    "geometry": {
        "type": "object",
        "nullable": True,
        "required": ["type", "coordinates"],
        "properties": {"type": _TEXT, "coordinates": {"type": "array", "items": {}}},
    },
}
_PARAMETERS: _Doc = {
    "featureId": {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": "The code of a feature",
        "schema": {"type": "string", "minLength": 1},
    },
    "sortby": {
        "name": "sortby",
        "in": "query",
        "description": "Columns to sort by, with commas between; a minus in front turns the order",
        "schema": {"type": "array", "items": _TEXT},
        "style": "form",
        "explode": False,
    },
}
_JSON, _LD, _OF_SCHEMA = "application/json", "application/ld+json", "application/schema+json"
_OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
# What each path answers with, by its last part (or the whole, at the top).
_ANSWERS = {
    "/": ("landingPage", _JSON),
    "/openapi": ("document", _OPENAPI),
    "/conformance": ("conformance", _JSON),
    "/collections": ("collections", _JSON),
    "schema": ("columns", _OF_SCHEMA),
    "queryables": ("columns", _OF_SCHEMA),
}
_ERRORS = {"400": "What is asked for can't be understood", "404": "There is no such thing"}


def described(document: _Doc, data: Dataset) -> _Doc:
    """Return pygeoapi's description of the API, corrected to what is served here."""
    slugs = [slug for slug, layer in open_layers(data).items() if layer.mapped]
    paths = {
        path: {"get": _operation(path, methods["get"])}
        for path, methods in document["paths"].items()
        if not path.startswith("/jobs")
    }
    used = {tag for methods in paths.values() for tag in methods["get"]["tags"]}
    schemas = _SCHEMAS | {
        name: schema for slug in slugs for name, schema in _feature_schemas(data, slug).items()
    }
    parameters = document["components"]["parameters"] | _PARAMETERS
    parameters["bbox"]["schema"]["maxItems"] = 4
    return document | {
        "tags": [tag for tag in document["tags"] if tag["name"] in used],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": {k: v for k, v in parameters.items() if k not in _UNKNOWN},
        },
    }


def _operation(path: str, operation: _Doc) -> _Doc:
    """Return an operation with its parameters and answers described in this document."""
    parameters = [_parameter(each) for each in operation.get("parameters", [])]
    schema, mimetype = _answer(path)
    content = {mimetype: _schema(schema), "text/html": {"schema": _TEXT}}
    # A request for linked data gets JSON where there are none.
    content[_LD] = {"schema": {"type": "object"}}
    error = {_JSON: _schema("error"), "text/html": {"schema": _TEXT}}
    return operation | {
        "parameters": [each for each in parameters if each is not None],
        "responses": {
            "200": {"description": "The answer", "content": content},
            **{code: {"description": text, "content": error} for code, text in _ERRORS.items()},
            "429": {"description": "Too many requests: Retry-After says when to ask again"},
        },
    }


def _parameter(parameter: _Doc) -> _Doc | None:
    """Return a parameter; one that is described elsewhere by ours, None for one without use."""
    name = parameter.get("$ref", "").rpartition("/")[2].removesuffix(".yaml")
    if name in _UNKNOWN:
        return None
    return {"$ref": f"#/components/parameters/{name}"} if name else parameter


def _answer(path: str) -> tuple[str, str]:
    """Return the name of the schema of a path's answer, and its media type."""
    parts = path.split("/")
    if path in _ANSWERS:
        return _ANSWERS[path]
    if parts[-1] in _ANSWERS:
        return _ANSWERS[parts[-1]]
    if len(parts) == 3:
        return "collection", _JSON
    return f"{parts[2]}{'Feature' if parts[-1].startswith('{') else 'Features'}", _JSON


def _feature_schemas(data: Dataset, slug: str) -> _Doc:
    """Return the schemas of a layer's features: columns may be missing, and then are null."""
    columns = {
        name: column | {"nullable": True}
        for name, column in fields(open_layers(data)[slug].frame).items()
    }
    feature = {
        "type": "object",
        "required": ["type", "id", "properties", "geometry"],
        "properties": {
            "type": {"enum": ["Feature"]},
            "id": _TEXT,
            "properties": {
                "type": "object",
                "properties": columns,
                "additionalProperties": False,
            },
            "geometry": {"$ref": "#/components/schemas/geometry"},
        },
    }
    collection = {
        "type": "object",
        "required": ["type", "features", "numberMatched", "numberReturned", "links"],
        "properties": {
            "type": {"enum": ["FeatureCollection"]},
            "features": {
                "type": "array",
                "items": {"$ref": f"#/components/schemas/{slug}Feature"},
            },
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
            "links": _LINKS,
        },
    }
    return {f"{slug}Feature": feature, f"{slug}Features": collection}


def _schema(name: str) -> _Doc:
    return {"schema": {"$ref": f"#/components/schemas/{name}"}}
