"""Areas and points as numbers for a small drawing: what an SVG's paths and marks need."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

# A drawing of a few centimetres shows nothing finer, in metres for each unit of its width.
_FINEST = 1.5


@dataclass(frozen=True)
class Drawing:
    """A drawing `width` × `height` units, y downwards.

    `paths`: by slug, an area's outline as an SVG path. `points`: x and y of each point, in
    the order they were given.
    """

    width: int
    height: int
    paths: dict[str, str]
    points: list[tuple[float, float]]


def drawing(
    areas: gpd.GeoDataFrame, points: gpd.GeoSeries, *, focus: str | None = None, width: int = 320
) -> Drawing:
    """Return areas and points (same metric CRS) fitted into a drawing `width` units wide.

    `focus`: the slug of the area to fit, with a margin, rather than all. Equal scales.
    """
    west, south, east, north = (areas.loc[[focus]] if focus else areas).total_bounds
    margin = 0.04 * max(east - west, north - south)
    scale = width / (east - west + 2 * margin)
    height = round((north - south + 2 * margin) * scale)

    def fit(xy: np.ndarray) -> np.ndarray:
        return (xy - [west - margin, north + margin]) * [scale, -scale]

    fitted = shapely.transform(areas.geometry.simplify(_FINEST / scale).to_numpy(), fit)
    paths = {slug: _path(shape) for slug, shape in zip(areas.index, fitted, strict=True)}
    at = fit(shapely.get_coordinates(points.to_numpy())).round(1)
    return Drawing(width, height, paths, [(float(x), float(y)) for x, y in at])


def _path(shape: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    drawn = (
        " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1])
        for ring in rings
    )
    return "".join(f"M{text}Z" for text in drawn)
