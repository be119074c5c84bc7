"""Areas and points as numbers for a small drawing: SVG paths and positions of marks."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from geo.spatial.crs import check_metric

# A drawing of a few centimetres shows nothing finer than this, in units of its width.
_TOLERANCE = 1.5
# The margin around the areas, as a part of the longer side.
_MARGIN = 0.04


@dataclass(frozen=True)
class Drawing:
    """A drawing of `width` × `height` units, y downwards.

    Attributes
    ----------
    width, height : int
    paths : dict
        The outline of each area as an SVG path, by slug.
    points : list of (float, float)
        x and y of each point, in their order.
    """

    width: int
    height: int
    paths: dict[str, str]
    points: list[tuple[float, float]]


def drawing(
    areas: gpd.GeoDataFrame,
    points: gpd.GeoSeries | None = None,
    *,
    focus: str | None = None,
    width: int = 320,
) -> Drawing:
    """Fit areas and points into a drawing, at the same scale in both directions.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons by slug, in a metric CRS.
    points : GeoSeries, optional
        Points, in the same CRS; none by default.
    focus : str, optional
        The slug of the area to fit; all areas by default.
    width : int
        The width of the drawing, with margins, in units of the drawing.

    Returns
    -------
    Drawing
        Coordinates with one decimal; outlines are simplified to what can be seen.

    Raises
    ------
    ValueError
        If the frames aren't in one metric CRS.
    KeyError
        For an unknown `focus`.
    """
    if points is None:
        points = gpd.GeoSeries([], crs=areas.crs)
    check_metric(areas=areas, points=points)
    west, south, east, north = (areas.loc[[focus]] if focus else areas).total_bounds
    margin = _MARGIN * max(east - west, north - south)
    scale = width / (east - west + 2 * margin)
    height = round((north - south + 2 * margin) * scale)

    def fit(xy: np.ndarray) -> np.ndarray:
        return (xy - [west - margin, north + margin]) * [scale, -scale]

    fitted = shapely.transform(areas.geometry.simplify(_TOLERANCE / scale).to_numpy(), fit)
    paths = {slug: _path(shape) for slug, shape in zip(areas.index, fitted, strict=True)}
    xy = fit(shapely.get_coordinates(points.to_numpy())).round(1)
    return Drawing(width, height, paths, [(x, y) for x, y in xy.tolist()])


def _path(shape: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    texts = (
        " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1])
        for ring in rings
    )
    return "".join(f"M{text}Z" for text in texts)
