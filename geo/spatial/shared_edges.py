"""Areas that share their edges exactly, also after rounding."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

# Six decimals of a degree: the grid on which the files' coordinates lie.
GRID = 1e-6


def coverage_on_grid(areas: Sequence[BaseGeometry], grid: float = GRID) -> list[BaseGeometry]:
    """Return areas whose vertices lie on a grid, without overlaps.

    The edges of all areas are noded together on the grid, so that neighbours get the same
    vertices; each face between them goes to the area that covers most of it, if that is at
    least half. Rounding each area alone would let corners on a neighbour's edge cross it.

    Parameters
    ----------
    areas : sequence of polygons
        In one CRS.
    grid : float
        The size of the grid, in the CRS's unit.

    Returns
    -------
    list of polygons
        One for each area, in their order, with normalised rings; empty where nothing is left.
    """
    shapes = np.array(areas)
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    face_at, area_at = shapely.STRtree(shapes).query(faces, predicate="intersects")
    shared = shapely.area(shapely.intersection(faces[face_at], shapes[area_at]))
    owners = _owners(face_at, area_at, shared, shapely.area(faces))
    return [
        shapely.normalize(shapely.union_all(faces[owners == at], grid_size=grid))
        for at in range(len(shapes))
    ]


def _owners(
    face_at: np.ndarray, area_at: np.ndarray, shared: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """Return for each face the area that covers most of it, or -1 where less than half is."""
    owners = np.full(len(sizes), -1)
    # The last one written stays: the largest, of equal ones the first area.
    order = np.lexsort((-area_at, shared))
    owners[face_at[order]] = area_at[order]
    most = np.zeros(len(sizes))
    np.maximum.at(most, face_at, shared)
    owners[most < sizes / 2] = -1
    return owners
