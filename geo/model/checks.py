"""What must hold between the rows of a data folder, beyond each row by itself."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.base.errors import Problem
from geo.model.rows import Read, Rows
from geo.model.schema import DemandRow, PlaceRow, QuartiereRow

# Two areas may share this much by the rounding of their coordinates.
OVERLAP_TOLERANCE_M2 = 25.0
# How many pairs of boxes are looked at in one go, and in all for each shape: borders make a
# few neighbours, a heap of the same shape makes as many as there are shapes.
_PAIRS_AT_ONCE = 20_000
_NEIGHBOURS = 30


class TangledError(ValueError):
    """Too many shapes lie upon each other to look at all pairs."""


def check_quartieri(
    file: str, rows: list[Read[QuartiereRow]], metric_crs: str, problems: list[Problem]
) -> None:
    """Areas are polygons, unique by slug and by name, and don't overlap."""
    if not rows and not any(problem.file == file for problem in problems):
        problems.append(Problem(file, "", "there is no quartiere", "Add at least one"))
    _unique(file, "slug", ((row.label, row.values.slug) for row in rows), problems)
    _unique(file, "name", ((row.label, row.values.name) for row in rows), problems)
    areas = [(row, row.geometry) for row in rows if _is_area(row, file, problems) and row.geometry]
    try:
        shared_areas = overlaps((shape for _, shape in areas), metric_crs)
    except TangledError:
        problems.append(Problem(file, "", "its areas lie upon each other", "Draw each one once"))
        return
    for first, second, shared in shared_areas:
        problems.append(
            Problem(
                file,
                areas[first][0].label,
                f"overlaps {areas[second][0].values.slug!r} by {shared:,.0f} m²",
                "Draw the shared border once, for both",
            )
        )


def check_places(file: str, rows: list[Read[PlaceRow]], problems: list[Problem]) -> None:
    """Ids are unique; a place has a point exactly if its position isn't `none`."""
    _unique(file, "id", ((row.label, row.values.id) for row in rows), problems)
    broken = {problem.row for problem in problems if problem.file == file}
    for row in rows:
        point = row.geometry
        if point is not None and point.geom_type != "Point":
            what = f"a {point.geom_type}, not a point"
            problems.append(Problem(file, row.label, what, "Give one representative point"))
        if (point is None) != (row.values.position == "none") and row.label not in broken:
            has = "no point" if point is None else "a point"
            what = f"position is {row.values.position!r} but it has {has}"
            problems.append(Problem(file, row.label, what, "Make the two agree"))


def check_demand(file: str, rows: list[Read[DemandRow]], problems: list[Problem]) -> None:
    """There is a point; residents, and each age, are counted at every point or at none."""
    if not rows and not any(problem.file == file for problem in problems):
        problems.append(Problem(file, "", "there is no demand point", "Add at least one"))
    for column in ("residents", "aged_65", "aged_0_14"):
        counted = [getattr(row.values, column) is not None for row in rows]
        if any(counted) and not all(counted):
            row = rows[counted.index(False)]
            fix = "Count them at every point, or leave the column empty"
            problems.append(Problem(file, row.label, f"{column} is missing", fix))
    for row in rows:
        _check_ages(file, row, problems)


def _check_ages(file: str, row: Read[DemandRow], problems: list[Problem]) -> None:
    ages = (row.values.aged_65 or 0) + (row.values.aged_0_14 or 0)
    if ages > (row.values.residents or 0):
        what = f"{ages} people of an age, but {row.values.residents or 0} residents"
        problems.append(Problem(file, row.label, what, "Correct one of the numbers"))


def overlaps(areas: Iterable[BaseGeometry], metric_crs: str) -> list[tuple[int, int, float]]:
    """Return the pairs of WGS84 areas that overlap by more than the tolerance, with the m²."""
    shapes = gpd.GeoSeries(list(areas), crs="EPSG:4326").to_crs(metric_crs)
    return overlapping(np.asarray(shapes))


def overlapping(shapes: NDArray[np.object_]) -> list[tuple[int, int, float]]:
    """Return the pairs of shapes (metres) that share more than the tolerance, with the m².

    TangledError when so many lie upon each other that to look at all pairs would take days.
    """
    tree, found = shapely.STRtree(shapes), list[tuple[int, int, float]]()
    met, step = 0, max(1, _PAIRS_AT_ONCE // max(1, len(shapes)))
    for start in range(0, len(shapes), step):
        first, second = tree.query(shapes[start : start + step])
        first = first + start
        first, second = first[first < second], second[first < second]
        met += len(first)
        if met > _PAIRS_AT_ONCE + _NEIGHBOURS * len(shapes):
            raise TangledError
        shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
        keep = np.flatnonzero(shared > OVERLAP_TOLERANCE_M2)
        found += [(int(first[i]), int(second[i]), float(shared[i])) for i in keep]
    return found


def check_references(rows: Rows, problems: list[Problem]) -> None:
    """Whatever a row names (quartiere, network, place, source) is there."""
    slugs = {row.values.slug for row in rows.quartieri}
    ids = {row.values.id for row in rows.places}
    networks = {row.values.slug for row in rows.networks}
    sources = {row.values.id for row in rows.sources}
    _unique("networks.csv", "slug", ((r.label, r.values.slug) for r in rows.networks), problems)
    _unique("sources.csv", "id", ((r.label, r.values.id) for r in rows.sources), problems)
    named: list[tuple[str, str, str, str | None, set[str]]] = []
    for place in rows.places:
        at = ("places.geojson", place.label)
        named.append((*at, "quartiere", place.values.quartiere, slugs))
        named.extend((*at, "source", ref.source, sources) for ref in place.values.sources)
    named.extend(
        ("demand.csv", point.label, "source", point.values.source, sources) for point in rows.demand
    )
    for network in rows.networks:
        at = ("networks.csv", network.label)
        named.extend((*at, "quartiere", slug, slugs) for slug in network.values.quartieri)
    for tie in rows.memberships:
        at = ("memberships.csv", tie.label)
        named.append((*at, "place", tie.values.place, ids))
        named.append((*at, "network", tie.values.network, networks))
        named.append((*at, "common_good", tie.values.common_good, ids))
        if tie.values.network is None and tie.values.common_good is None:
            problems.append(Problem(*at, "a tie to nothing", "Name a network or a common_good"))
    problems.extend(
        Problem(file, label, f"unknown {what} {value!r}", f"Add that {what} or correct the name")
        for file, label, what, value, known in named
        if value is not None and value not in known
    )


def _is_area(row: Read[QuartiereRow], file: str, problems: list[Problem]) -> bool:
    if row.geometry is None:
        if not any(p.file == file and p.row == row.label for p in problems):
            problems.append(Problem(file, row.label, "no geometry", "Give it a polygon"))
        return False
    if row.geometry.geom_type not in ("Polygon", "MultiPolygon"):
        what = f"a {row.geometry.geom_type}, not a polygon"
        problems.append(Problem(file, row.label, what, "Give it a polygon"))
        return False
    return True


def _unique(
    file: str, what: str, values: Iterable[tuple[str, str]], problems: list[Problem]
) -> None:
    first: dict[str, str] = {}
    for label, value in values:
        if value in first:
            problems.append(
                Problem(file, label, f"{what} {value!r} stands at {first[value]} too", "Keep one")
            )
        first.setdefault(value, label)
