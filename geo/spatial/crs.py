"""The coordinate reference systems in which distances and areas may be measured."""

import geopandas as gpd


def check_metric(**frames: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    """Raise a ValueError unless all frames are in one projected CRS whose unit is the metre.

    The names of the arguments are those that the error message uses.
    """
    for name, frame in frames.items():
        crs = frame.crs
        if crs is None or not crs.is_projected or crs.axis_info[0].unit_name != "metre":
            raise ValueError(f"{name} is in {crs}: bring it into a CRS in metres")
    first, *others = frames
    for name in others:
        if frames[name].crs != frames[first].crs:
            where = f"{first} is in {frames[first].crs}, {name} in {frames[name].crs}"
            raise ValueError(f"{where}: use one CRS")
