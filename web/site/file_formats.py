"""The formats of what can be taken away, by the ending that its address and its file have."""

LAYER_FORMATS = {"csv": "CSV", "xlsx": "Excel", "geojson": "GeoJSON", "gpkg": "GeoPackage"}
PICTURE_FORMATS = {"png": "PNG", "svg": "SVG"}
# What has no position, and so no place in a layer of a map.
TABLE_FORMATS = {name: LAYER_FORMATS[name] for name in ("csv", "xlsx")}
