"""The rows of a layer that meet a box and have given values."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely

Box = tuple[float, float, float, float]


def select(
    frame: gpd.GeoDataFrame, *, box: Box | None = None, equal: Sequence[tuple[str, str]] = ()
) -> gpd.GeoDataFrame:
    """Return the rows that meet a box and have given values.

    Parameters
    ----------
    frame : GeoDataFrame
        In WGS84, if a box may cross the 180th meridian.
    box : tuple of float, optional
        West, south, east, north in the frame's CRS. With west > east the box crosses the
        180th meridian.
    equal : sequence of (str, str)
        Columns and the text of the value that they must have; "true" or "false" for booleans.

    Returns
    -------
    GeoDataFrame
        Rows of `frame`, in its order.

    Raises
    ------
    ValueError
        If a text is no value of its column's type.
    KeyError
        For an unknown column.
    """
    chosen = pd.Series(data=True, index=frame.index)
    for name, text in equal:
        chosen &= _equals(frame[name], text)
    rows = frame[chosen]
    return rows if box is None else rows[_meets(rows.geometry, box)]


def _equals(values: pd.Series, text: str) -> pd.Series:
    wanted: bool | float | str = text
    if pd.api.types.is_bool_dtype(values):
        if text not in {"true", "false"}:
            raise ValueError(f"{values.name}={text}: true or false")
        wanted = text == "true"
    elif pd.api.types.is_numeric_dtype(values):
        wanted = float(text)
    return (values == wanted).fillna(value=False)


def _meets(shapes: gpd.GeoSeries, box: Box) -> pd.Series:
    west, south, east, north = box
    halves = [box] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]
    meets = [shapely.intersects(shapes.to_numpy(), shapely.box(*half)) for half in halves]
    return pd.Series(meets[0] | meets[-1], index=shapes.index)
