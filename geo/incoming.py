"""Layers that people bring: read in any format that GDAL knows, refused in words."""

from pathlib import Path

import geopandas as gpd
from pyogrio.errors import DataSourceError

from geo.errors import DataError, Problem


def read_layer(file: Path, what: str) -> gpd.GeoDataFrame:
    """Return the first layer of a file; DataError if it can't be read, is empty or has no CRS.

    `what` it should hold, for the error's words: "areas".
    """
    try:
        table = gpd.read_file(file)
    except (DataSourceError, ValueError) as error:
        reason = str(error).split(";", maxsplit=1)[0]
        raise refusal(file.name, f"can't be read ({reason})", "Export it anew") from None
    if "geometry" not in table.columns or table.empty:
        raise refusal(file.name, f"it holds no {what}", f"Export the layer with the {what}")
    if table.crs is None:
        fix = "Export it with one (a .prj beside a shapefile)"
        raise refusal(file.name, "it doesn't say its CRS", fix)
    return table


def refusal(file: str, what: str, fix: str) -> DataError:
    """Return the error that a whole file can't be used."""
    return DataError([Problem(file, "", what, fix)])
