"""What must hold between the rows of the tables, beyond each row by itself."""

from collections.abc import Iterable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.base.errors import Problem, Problems
from geo.model.city import City
from geo.model.kinds import Kinds
from geo.model.rows import CheckedRow, Rows
from geo.model.schema import DemandRow, QuartiereRow
from geo.model.tables import (
    DEMAND,
    FORMER_IDS,
    MEMBERSHIPS,
    NETWORKS,
    PLACES,
    QUARTIERI,
    SOURCES,
    Table,
)

# Two areas may share this much by the rounding of their coordinates.
OVERLAP_TOLERANCE_M2 = 25.0
# How many pairs of boxes are looked at in one go, and in all for each shape: borders make a
# few neighbours, a heap of the same shape makes as many as there are shapes.
_PAIRS_AT_ONCE = 20_000
_NEIGHBOURS = 30


class TangledError(ValueError):
    """Too many shapes overlap one another to compare all pairs."""


def check(rows: Rows, city: City) -> None:
    """Add to `rows.problems` what doesn't hold between the rows of a city."""
    for table in rows.tables:
        if table.index is not None:
            _check_unique(rows, table, table.index)
    _check_quartieri(rows, city.metric_crs)
    _check_places(rows, city.kinds)
    _check_demand(rows)
    if not _is_any_unread(rows):
        rows.problems.extend(_unknown_references(rows))
        if FORMER_IDS in rows.tables:
            rows.problems.extend(_former_id_faults(rows))


def overlaps(areas: Iterable[BaseGeometry], metric_crs: str) -> list[tuple[int, int, float]]:
    """Return the pairs of WGS84 areas that overlap by more than the tolerance, with the m²."""
    shapes = gpd.GeoSeries(list(areas), crs="EPSG:4326").to_crs(metric_crs)
    return overlapping(np.asarray(shapes))


def overlapping(shapes: NDArray[np.object_]) -> list[tuple[int, int, float]]:
    """Return the pairs of shapes (metres) that share more than the tolerance, with the m².

    TangledError when so many overlap one another that to compare all pairs would take days.
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
        large = np.flatnonzero(shared > OVERLAP_TOLERANCE_M2)
        found += [(int(first[i]), int(second[i]), float(shared[i])) for i in large]
    return found


def _check_unique(rows: Rows, table: Table[Any], column: str) -> None:
    """No two rows have the same value in the column that identifies them."""
    first: dict[str, str] = {}
    for row in rows[table]:
        value = getattr(row.values, column)
        if value in first:
            what = f"{column} {value!r} stands at {first[value]} too"
            rows.problems.add(table.file, row.label, what, "Keep one")
        first.setdefault(value, row.label)


def _check_quartieri(rows: Rows, metric_crs: str) -> None:
    """There is one; names are unique; areas are polygons and don't overlap."""
    file, problems = QUARTIERI.file, rows.problems
    if not rows[QUARTIERI] and not problems.of(file):
        problems.add(file, "", "there is no quartiere", "Add at least one")
    _check_unique(rows, QUARTIERI, "name")
    areas = [
        (row, row.geometry)
        for row in rows[QUARTIERI]
        if _is_area(row, problems) and row.geometry is not None
    ]
    try:
        shared_areas = overlaps((shape for _, shape in areas), metric_crs)
    except TangledError:
        problems.add(file, "", "its areas lie upon each other", "Draw each one once")
        return
    for first, second, shared in shared_areas:
        what = f"overlaps {areas[second][0].values.slug!r} by {shared:,.0f} m²"
        problems.add(file, areas[first][0].label, what, "Draw the shared border once, for both")


def _is_area(row: CheckedRow[QuartiereRow], problems: Problems) -> bool:
    file = QUARTIERI.file
    if row.geometry is None:
        if not problems.has(file, row.label):
            problems.add(file, row.label, "no geometry", "Give it a polygon")
        return False
    if row.geometry.geom_type not in ("Polygon", "MultiPolygon"):
        what = f"a {row.geometry.geom_type}, not a polygon"
        problems.add(file, row.label, what, "Give it a polygon")
        return False
    return True


def _check_places(rows: Rows, kinds: Kinds) -> None:
    """The kind is known; a place has a point exactly if its position isn't `none`."""
    file, problems = PLACES.file, rows.problems
    for row in rows[PLACES]:
        if row.values.kind not in kinds:
            fix = "Correct kind, or add it in kinds.toml in the data folder"
            problems.add(file, row.label, f"unknown kind {row.values.kind!r}", fix)
        point = row.geometry
        if point is not None and point.geom_type != "Point":
            what = f"a {point.geom_type}, not a point"
            problems.add(file, row.label, what, "Give one representative point")
        elif (point is None) != (row.values.position == "none") and not problems.has(
            file, row.label
        ):
            has = "no point" if point is None else "a point"
            what = f"position is {row.values.position!r} but it has {has}"
            problems.add(file, row.label, what, "Make the two agree")


def _check_demand(rows: Rows) -> None:
    """There is a point; residents, and each age, are counted at every point or at none."""
    file, problems, points = DEMAND.file, rows.problems, rows[DEMAND]
    if not points and not problems.of(file):
        problems.add(file, "", "there is no demand point", "Add at least one")
    for column in ("residents", "aged_65", "aged_0_14"):
        is_counted = [getattr(row.values, column) is not None for row in points]
        if any(is_counted) and not all(is_counted):
            row = points[is_counted.index(False)]
            fix = "Count them at every point, or leave the column empty"
            problems.add(file, row.label, f"{column} is missing", fix)
    for row in points:
        _check_ages(row, problems)


def _check_ages(row: CheckedRow[DemandRow], problems: Problems) -> None:
    residents = row.values.residents or 0
    ages = (row.values.aged_65 or 0) + (row.values.aged_0_14 or 0)
    if ages > residents:
        what = f"{ages} people of an age, but {residents} residents"
        problems.add(DEMAND.file, row.label, what, "Correct one of the numbers")


def _is_any_unread(rows: Rows) -> bool:
    """Tell whether nothing of a file could be read: each reference to it would be a problem."""
    referred: tuple[Table[Any], ...] = (QUARTIERI, PLACES, NETWORKS, SOURCES)
    return any(rows.problems.of(table.file) and not rows[table] for table in referred)


def _unknown_references(rows: Rows) -> Iterator[Problem]:
    """Yield a problem for each reference (to a quartiere, network, place, source) to nothing."""
    known = {
        "quartiere": {row.values.slug for row in rows[QUARTIERI]},
        "place": {row.values.id for row in rows[PLACES]},
        "network": {row.values.slug for row in rows[NETWORKS]},
        "source": {row.values.id for row in rows[SOURCES]},
    }
    known["common_good"] = known["place"]
    for file, label, what, value in _references(rows):
        if value is not None and value not in known[what]:
            fix = f"Add that {what} or correct the name"
            yield Problem(file, label, f"unknown {what} {value!r}", fix)
    for tie in rows[MEMBERSHIPS]:
        if tie.values.network is None and tie.values.common_good is None:
            fix = "Name a network or a common_good"
            yield Problem(MEMBERSHIPS.file, tie.label, "a tie to nothing", fix)


def _former_id_faults(rows: Rows) -> Iterator[Problem]:
    """Yield a problem for each former id that is a place's, or leads to none.

    A former id never leads to another one: so there is no circle either.
    """
    file = FORMER_IDS.file
    places = {row.values.id for row in rows[PLACES]}
    former = {row.values.former_id for row in rows[FORMER_IDS]}
    for row in rows[FORMER_IDS]:
        old, new = row.values.former_id, row.values.id
        if old in places:
            what = f"former id {old!r} is the id of a place"
            yield Problem(file, row.label, what, "Remove the line, or give the place another id")
        if new in former:
            what = f"{old!r} leads to {new!r}, a former id too"
            yield Problem(file, row.label, what, "Name the id that the place has today")
        elif new not in places:
            what = f"{old!r} leads to {new!r}, which is no place"
            yield Problem(file, row.label, what, "Name a place, or remove the line")


def _references(rows: Rows) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield each reference: file and row that make it, what it refers to, and which one."""
    for place in rows[PLACES]:
        yield PLACES.file, place.label, "quartiere", place.values.quartiere
        for ref in place.values.sources:
            yield PLACES.file, place.label, "source", ref.source
    for point in rows[DEMAND]:
        yield DEMAND.file, point.label, "source", point.values.source
    for network in rows[NETWORKS]:
        for slug in network.values.quartieri:
            yield NETWORKS.file, network.label, "quartiere", slug
    for tie in rows[MEMBERSHIPS]:
        yield MEMBERSHIPS.file, tie.label, "place", tie.values.place
        yield MEMBERSHIPS.file, tie.label, "network", tie.values.network
        yield MEMBERSHIPS.file, tie.label, "common_good", tie.values.common_good
