"""Rows of a layer: in a box, with given values, a page at a time."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely

Box = tuple[float, float, float, float]


def select(
    frame: gpd.GeoDataFrame, *, box: Box | None = None, equal: Sequence[tuple[str, str]] = ()
) -> gpd.GeoDataFrame:
    """Return the rows that meet a box (west, south, east, north in the frame's CRS) and values.

    A box that crosses the 180th meridian (west > east) is two boxes. `equal`: column and
    value as text; truth is true or false. In the frame's own order. ValueError for a text
    that is no value of its column, KeyError for an unknown column.
    """
    found = pd.Series(data=True, index=frame.index)
    for name, text in equal:
        found &= _equals(frame[name], text)
    chosen = frame[found]
    return chosen if box is None else chosen[_meets(chosen.geometry, box)]


def _equals(values: pd.Series, text: str) -> pd.Series:
    if pd.api.types.is_bool_dtype(values):
        if text not in {"true", "false"}:
            raise ValueError(f"{values.name}={text}: true or false")
        return (values == (text == "true")).fillna(value=False).astype(bool)
    if pd.api.types.is_numeric_dtype(values):
        return (values == float(text)).fillna(value=False).astype(bool)
    return (values == text).fillna(value=False).astype(bool)


def _meets(shapes: gpd.GeoSeries, box: Box) -> pd.Series:
    west, south, east, north = box
    halves = [box] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]
    met = [shapely.intersects(shapes.to_numpy(), shapely.box(*half)) for half in halves]
    return pd.Series(met[0] if len(met) == 1 else met[0] | met[1], index=shapes.index)
