"""Official perimeters replace the indicative areas: read, checked as a whole, written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.base.errors import Problems, printable
from geo.imports.layer_file import layer_of, read_layer, refusal
from geo.model.checks import TangledError, overlaps
from geo.model.dataset import WGS84, Dataset
from geo.model.tables import QUARTIERI
from geo.model.writing import features, replace_folder
from geo.spatial.point_in_area import locate
from geo.spatial.shared_edges import coverage_on_grid
from geo.storage.snapshot import read_files, text_of
from geo.text.area_names import AreaNames

COMUNE = "comune.geojson"
DEFAULT_TOLERANCE_M2 = 50.0
# The outline of the comune isn't official either: only what lies farther off counts as
# outside, and only what lies deeper inside counts as missing.
OUTLINE_M = 200.0
# A longer text is the name of no quartiere.
_LONGEST_NAME = 200


@dataclass(frozen=True)
class _Layer:
    """The areas of a file by slug (metric CRS), and the problems of the file."""

    file: str
    areas: dict[str, BaseGeometry]
    problems: Problems


def import_boundaries(
    file: Path,
    data: Path,
    *,
    name_column: str | None = None,
    tolerance_m2: float = DEFAULT_TOLERANCE_M2,
) -> str:
    """Put the perimeters in `file` (any format of `geo.imports.layer_file`) into the data folder.

    Returns a report of the places that change quartiere. DataError with every problem
    when the perimeters can't be used; then nothing is changed.
    """
    before = Dataset.read(data)
    metric, name = before.city.metric_crs, printable(file.name)
    layer = _matched(read_layer(file, "areas", metric), before, name, name_column)
    _check(layer, before, data, tolerance_m2)
    layer.problems.raise_if_any()
    slugs = sorted(layer.areas)
    shapes = gpd.GeoSeries([layer.areas[slug] for slug in slugs], crs=metric).to_crs(WGS84)
    written = dict(zip(slugs, coverage_on_grid(list(shapes)), strict=True))
    change = f"Confini ufficiali importati da {name}"
    replace_folder(data, {QUARTIERI.file: _text(before, written, name)}, change, before.version)
    return _report(before, Dataset.read(data), name)


def _matched(
    table: gpd.GeoDataFrame, before: Dataset, file: str, name_column: str | None
) -> _Layer:
    """Find each area's quartiere by its name; what has no match, or two, is a problem."""
    names = AreaNames({str(slug): name for slug, name in before.quartieri["name"].items()})
    column = name_column or _name_column(table, names, file)
    if column not in table.columns:
        known = ", ".join(_columns(table))
        raise refusal(file, f"no column {column!r}", f"Name one of: {known}")
    layer = _Layer(file, {}, Problems())
    for number, (text, shape) in enumerate(
        zip(table[column], table.geometry, strict=True), start=1
    ):
        name = str(text)[:_LONGEST_NAME]
        _take(layer, f"feature {number} ({name})", names.find(name), shape)
        if layer.problems.is_full(file):
            break
    for slug, name in before.quartieri["name"].items():
        is_known = any(f"{slug!r}" in problem.what for problem in layer.problems.of(file))
        if slug not in layer.areas and not is_known:
            fix = "Add its area, or correct its name"
            layer.problems.add(file, "", f"{name!r} is missing", fix)
    return layer


def _take(layer: _Layer, row: str, slug: str | None, shape: BaseGeometry | None) -> None:
    problem = _fault(layer, slug, shape)
    if problem:
        layer.problems.add(layer.file, row, *problem)
    elif slug is not None and shape is not None:
        layer.areas[slug] = shapely.force_2d(shape)


def _fault(layer: _Layer, slug: str | None, shape: BaseGeometry | None) -> tuple[str, str] | None:
    if slug is None:
        return "no quartiere of that name", "Write its name as the data folder does"
    if slug in layer.areas:
        return f"{slug!r} stands here twice", "Join its parts into one area"
    if shape is None or shape.is_empty:
        return f"{slug!r} has no geometry", "Give it a polygon"
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return f"{slug!r} is a {shape.geom_type}", "Give it a polygon"
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        return f"{slug!r} is invalid ({reason})", "Correct it, for instance with make_valid"
    return None


def _name_column(table: gpd.GeoDataFrame, names: AreaNames, file: str) -> str:
    """The column whose texts name the most quartieri."""
    counted = [
        (
            len({names.find(str(value)[:_LONGEST_NAME]) for value in table[column]} - {None}),
            str(column),
        )
        for column in _columns(table)
    ]
    best = max(counted, default=(0, ""))
    if best[0] == 0:
        raise refusal(file, "no column holds names of quartieri", "Name it with --name-column")
    return best[1]


def _columns(table: gpd.GeoDataFrame) -> list[str]:
    return [str(column) for column in table.columns if column != "geometry"]


def _check(layer: _Layer, before: Dataset, data: Path, tolerance_m2: float) -> None:
    """Add a problem for each overlap, gap or part outside the comune above the tolerance (m²)."""
    if not layer.areas:
        return
    metric = before.city.metric_crs
    slugs, shapes = list(layer.areas), list(layer.areas.values())
    wgs84 = gpd.GeoSeries(shapes, crs=metric).to_crs(WGS84)
    try:
        pairs = overlaps(wgs84, metric)
    except TangledError:
        raise refusal(layer.file, "its areas lie upon each other", "Draw each one once") from None
    for first, second, shared in pairs:
        if shared > tolerance_m2:
            what = f"{slugs[first]!r} and {slugs[second]!r} overlap by {shared:,.0f} m²"
            layer.problems.add(layer.file, "", what, "Draw their shared border once, for both")
    comune = _outline(data, metric)
    _check_outside(layer, comune.buffer(OUTLINE_M), tolerance_m2)
    if not layer.problems.of(layer.file):  # a missing area would be one huge gap
        _check_gaps(layer, shapes, comune.buffer(-OUTLINE_M), tolerance_m2)


def _outline(data: Path, metric_crs: str) -> BaseGeometry:
    """Return the outline of the whole city, metric; DataError when the folder has no usable one."""
    text = text_of(COMUNE, read_files(data, (COMUNE,))[COMUNE])
    parts = layer_of(COMUNE, text).geometry
    if (
        parts.empty
        or not (parts.geom_type.isin(("Polygon", "MultiPolygon")) & parts.is_valid).all()
    ):
        raise refusal(COMUNE, "it isn't an outline", "Put that of the whole city there: polygons")
    return parts.to_crs(metric_crs).union_all()


def _check_outside(layer: _Layer, comune: BaseGeometry, tolerance_m2: float) -> None:
    for slug, shape in layer.areas.items():
        outside = shape.difference(comune).area
        if outside > tolerance_m2:
            what = f"{slug!r} lies outside the comune with {outside:,.0f} m²"
            layer.problems.add(layer.file, "", what, "Check its shape and the CRS")


def _check_gaps(
    layer: _Layer, shapes: Sequence[BaseGeometry], inner: BaseGeometry, tolerance_m2: float
) -> None:
    """Check holes between the areas, and what they leave uncovered well inside the comune."""
    union = shapely.union_all(np.asarray(shapes))
    holes = [shapely.Polygon(r) for part in shapely.get_parts(union) for r in part.interiors]
    uncovered = shapely.get_parts(inner.difference(union))
    for gap in shapely.get_parts(shapely.union_all(np.array([*holes, *uncovered]))):
        if gap.area > tolerance_m2:
            at = gap.representative_point()
            what = f"a gap of {gap.area:,.0f} m² near x {at.x:.0f}, y {at.y:.0f} (metres)"
            layer.problems.add(layer.file, "", what, "Close it")


def _text(before: Dataset, written: dict[str, BaseGeometry], file: str) -> str:
    rows = before.quartieri.drop(columns="geometry").assign(
        boundary_status="official", boundary_source=f"Perimetri ufficiali, importati da {file}"
    )
    if before.demand_points["residents"].notna().any():
        # They were counted where they live: each goes to the area that now holds it.
        rows["residents"] = _residents_in(before, written)
    return features(
        ({"slug": slug, **_plain(row)}, written[str(slug)]) for slug, row in rows.iterrows()
    )


def _residents_in(before: Dataset, areas: dict[str, BaseGeometry]) -> pd.Series:
    points = before.demand_points
    where = locate(points.geometry, gpd.GeoSeries(dict(sorted(areas.items())), crs=WGS84))
    people = points["residents"].astype(int).groupby(where.to_numpy()).sum()
    found = people.reindex(before.quartieri.index)
    return found.astype("Int64").astype(object).where(found > 0, None)


def _plain(row: pd.Series) -> dict[str, object]:
    return {str(key): None if pd.isna(value) else value for key, value in row.items()}


def _report(before: Dataset, after: Dataset, file: str) -> str:
    old = before.places["quartiere"].fillna("none")
    new = after.places["quartiere"].fillna("none")
    moved = new.index[old != new]
    lines = [f"{len(after.quartieri)} official perimeters taken from {file}."]
    lines.append(f"{len(moved)} of {len(new)} places change quartiere:")
    for id_ in moved:
        name = after.places.loc[id_, "name"]
        lines.append(f"  {name} ({id_}): {old[id_]} -> {new[id_]}")
    if before.demand_points["residents"].notna().any():
        lines.append("Counted residents went with their points: import their sections again.")
    return "\n".join(lines)
