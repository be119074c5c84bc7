"""Counted residents replace the estimate: census sections or points, apportioned and written."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.analysis.population import POPULATIONS, apportion
from geo.base.errors import Problems, printable
from geo.imports.layer_file import read_layer, refusal
from geo.model.checks import TangledError, overlapping
from geo.model.dataset import WGS84, Dataset
from geo.model.queries import records
from geo.model.schema import MOST_PEOPLE, DemandRow
from geo.model.tables import DEMAND, QUARTIERI
from geo.model.writing import features, replace_folder, table
from geo.spatial.point_in_area import locate

# What the columns are often called, in small letters; P1 is Istat's name for residents.
_GUESSES = {
    "residents": ("residents", "residenti", "popolazione", "population", "pop", "p1", "pop21"),
    "aged_65": ("aged_65", "over_65", "over65", "anziani", "pop_65"),
    "aged_0_14": ("aged_0_14", "under_15", "0_14", "minori", "pop_0_14"),
}


@dataclass(frozen=True)
class Publication:
    """The publication of the numbers: its id in sources.csv, their year, its address or name."""

    source: str
    year: int
    where: str


def import_residents(
    file: Path, data: Path, publication: Publication, columns: dict[str, str | None] | None = None
) -> str:
    """Put the residents in `file` (sections or points) into the data folder.

    A section's people are apportioned by area to the quartieri that it meets and to what is
    outside, and within each part to the demand points there, by weight (or to the part's
    middle); whole people, so that every section's total is kept. The residents of each
    quartiere become the sum of its points. Returns a report; DataError with every problem
    when the file can't be used; then nothing is changed.
    """
    before = Dataset.read(data)
    name = printable(file.name)
    layer = read_layer(file, "residents", before.city.metric_crs)
    named = _columns(layer, columns or {}, name)
    people = _people(layer, named, name)
    points = _as_written(_points(layer, people, before))
    where = locate(points.geometry, before.quartieri.geometry)
    inside = points[where.notna().to_numpy()]
    if inside.empty:
        raise refusal(name, "it lies outside all quartieri", "Check the city and the CRS")
    written = {
        DEMAND.file: _demand_text(inside, publication),
        QUARTIERI.file: _quartieri_text(before, points, where, publication),
    }
    replace_folder(data, written, f"Residenti importati da {name}", before.version)
    return _report(before, people, points, where, name)


def _columns(layer: gpd.GeoDataFrame, names: dict[str, str | None], file: str) -> dict[str, str]:
    """Return the file's column for each population; ages may be missing."""
    lower = {str(name).lower(): str(name) for name in layer.columns}
    named = {}
    for population in POPULATIONS:
        name = names.get(population)
        if name and name not in layer.columns:
            known = ", ".join(str(each) for each in layer.columns if each != "geometry")
            raise refusal(file, f"no column {name!r}", f"Name one of: {known}")
        found = name or next((lower[g] for g in _GUESSES[population] if g in lower), None)
        if found:
            named[population] = found
    if "residents" not in named:
        raise refusal(file, "no column holds residents", "Name it with --residents-column")
    return named


def _people(layer: gpd.GeoDataFrame, named: dict[str, str], file: str) -> pd.DataFrame:
    """Return whole people for each feature; DataError names each that can't be used."""
    people = pd.DataFrame(
        {name: pd.to_numeric(layer[column], errors="coerce") for name, column in named.items()}
    )
    # Not a number, and infinite ones, are neither.
    whole = (people >= 0) & (people <= MOST_PEOPLE) & (people == np.floor(people))
    problems = Problems()
    for row, name in zip(*_false(whole), strict=True):
        what = f"{named[name]} is {str(layer[named[name]].iloc[row])[:60]}"
        fix = "Give a whole number of people from 0 up"
        problems.add(file, f"feature {row + 1}", what, fix)
    ages = people.drop(columns="residents").sum(axis=1)
    for at in np.flatnonzero((ages > people["residents"]).to_numpy() & whole.all(axis=1)):
        what = "more people of an age than residents"
        problems.add(file, f"feature {at + 1}", what, "Correct one")
    _check_shapes(layer, file, problems)
    if not problems.of(file) and people["residents"].sum() == 0:
        problems.add(file, "", "nobody lives in it", "Check the column of residents")
    problems.raise_if_any()
    return people.astype(int)


def _false(table: pd.DataFrame) -> tuple[list[int], list[str]]:
    rows, columns = np.nonzero(~table.to_numpy())
    return rows.tolist(), [str(table.columns[int(at)]) for at in columns]


def _check_shapes(layer: gpd.GeoDataFrame, file: str, problems: Problems) -> None:
    """Either all are valid polygons that don't overlap, or all are points."""
    shapes = layer.geometry
    types = set(shapes.geom_type.dropna().str.replace("Multi", ""))
    if len(types) > 1 or not types <= {"Polygon", "Point"}:
        what = f"it holds {', '.join(sorted(types)) or 'no shapes'}"
        problems.add(file, "", what, "Give it either polygons or points")
        return
    empty = (shapes.isna() | shapes.is_empty).to_numpy()
    invalid = ~empty & ~shapes.is_valid.to_numpy()
    for at in np.flatnonzero(empty):
        problems.add(file, f"feature {at + 1}", "no geometry", "Give it a polygon or a point")
    for at in np.flatnonzero(invalid):
        reason = shapely.is_valid_reason(shapes.iloc[at])
        problems.add(file, f"feature {at + 1}", f"invalid ({reason})", "Correct its shape")
    if not empty.any() and not invalid.any():
        _check_overlaps(shapes, file, problems)


def _check_overlaps(shapes: gpd.GeoSeries, file: str, problems: Problems) -> None:
    """People in two sections at once would count twice."""
    try:
        pairs = overlapping(shapes.to_numpy())
    except TangledError:
        fix = "Draw each section once, and their borders without overlaps"
        problems.add(file, "", "its sections lie upon each other", fix)
        return
    for i, j, area in pairs:
        what = f"overlaps feature {j + 1} by {area:,.0f} m²"
        problems.add(file, f"feature {i + 1}", what, "Draw the shared border once, for both")


def _points(layer: gpd.GeoDataFrame, people: pd.DataFrame, before: Dataset) -> gpd.GeoDataFrame:
    """Return points (metric CRS) with whole people; over a feature they keep its total."""
    if (layer.geom_type == "Point").all():
        shapes = layer.geometry.to_numpy()
        return gpd.GeoDataFrame(people.assign(weight=1), geometry=shapes, crs=layer.crs)
    spots = _spots(layer, before)
    shared = [
        _shared(people.iloc[feature], part["land"].to_numpy(dtype=float)).set_index(part.index)
        for feature, part in ((int(str(at)), part) for at, part in spots.groupby("feature"))
    ]
    table = pd.concat(shared).assign(weight=spots["weight"])
    return gpd.GeoDataFrame(table, geometry=spots.geometry)


def _shared(people: pd.Series, weight: np.ndarray) -> pd.DataFrame:
    """Return a section's people over its points: residents first, ages within them.

    The rest, neither old nor young, is spread by itself, so that ages never exceed residents.
    """
    ages = {str(name): apportion(int(people[name]), weight) for name in people.index[1:]}
    rest = int(people["residents"] - sum(int(people[name]) for name in ages))
    residents = apportion(rest, weight) + sum(ages.values(), np.zeros(len(weight)))
    return pd.DataFrame({"residents": residents, **ages})


def _spots(layer: gpd.GeoDataFrame, before: Dataset) -> gpd.GeoDataFrame:
    """Return the points over which each section is spread.

    Columns: feature, land (the m² that a point stands for), weight (of the demand point).
    """
    areas = before.quartieri.geometry.to_crs(before.city.metric_crs)
    pieces = _pieces(layer.geometry, areas)
    points = before.demand_points.to_crs(before.city.metric_crs)
    at, piece = points.sindex.query(pieces.geometry, predicate="contains")[::-1]
    weight = points["weight"].astype(float).to_numpy()[at]
    share = pd.Series(weight).groupby(piece).transform("sum").to_numpy()
    area = pieces.geometry.area.to_numpy()
    feature, shapes = pieces["feature"].to_numpy(), pieces.geometry.to_numpy()
    empty = np.setdiff1d(np.arange(len(pieces)), piece)
    table = {
        "feature": np.r_[feature[piece], feature[empty]],
        "land": np.r_[weight / share * area[piece], area[empty]],
        "weight": np.r_[weight, np.ones(len(empty))].astype(int),
    }
    middles = shapely.point_on_surface(shapes[empty])
    geometry = np.r_[points.geometry.to_numpy()[at], middles]
    spots = gpd.GeoDataFrame(table, geometry=geometry, crs=pieces.crs)
    return spots.sort_values("feature", kind="stable").reset_index(drop=True)


def _pieces(sections: gpd.GeoSeries, areas: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return each section cut by the quartieri, and what of it lies outside all of them."""
    feature, area = areas.sindex.query(sections, predicate="intersects")
    cut = shapely.intersection(sections.to_numpy()[feature], areas.to_numpy()[area])
    outside = shapely.difference(sections.to_numpy(), shapely.union_all(areas.to_numpy()))
    table = gpd.GeoDataFrame(
        {"feature": np.r_[feature, np.arange(len(sections))]},
        geometry=np.r_[cut, outside],
        crs=sections.crs,
    )
    # A sliver less than a square metre is rounding, not land.
    return table[table.area > 1.0].reset_index(drop=True)


def _as_written(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the points in WGS84 as the file will hold them: rounding may cross a border."""
    lonlat = shapely.get_coordinates(points.geometry.to_crs(WGS84).to_numpy()).round(6)
    return points.set_geometry(shapely.points(lonlat), crs=WGS84)


def _demand_text(points: gpd.GeoDataFrame, publication: Publication) -> str:
    where = {"lon": points.geometry.x, "lat": points.geometry.y}
    counted = pd.DataFrame(points.drop(columns="geometry")).assign(**where)
    counted = counted.groupby(["lon", "lat"], as_index=False).sum()
    rows = [
        DemandRow(
            lon=row["lon"],
            lat=row["lat"],
            weight=int(row["weight"]),
            source=publication.source,
            **{name: int(row[name]) if name in row else None for name in POPULATIONS},
        )
        for row in counted.to_dict("records")
    ]
    return table(rows, DemandRow.model_fields)


def _quartieri_text(
    before: Dataset, points: gpd.GeoDataFrame, where: pd.Series, publication: Publication
) -> str:
    number = points["residents"].groupby(where.to_numpy()).sum()
    rows = []
    for slug, row in records(before.quartieri):
        shape = row.pop("geometry")
        # A quartiere in which nobody was counted isn't known: nothing says that it is empty.
        residents = int(number.get(slug, 0)) or None
        new = {
            "residents": residents,
            "residents_year": publication.year if residents else None,
            "residents_estimated": False,
            "residents_source": publication.where if residents else None,
        }
        rows.append(({"slug": slug, **row, **new}, shape))
    return features(rows)


def _report(
    before: Dataset, people: pd.DataFrame, points: gpd.GeoDataFrame, where: pd.Series, file: str
) -> str:
    number = points["residents"].groupby(where.to_numpy()).sum()
    total, inside = int(people["residents"].sum()), int(number.sum())
    lines = [
        f"{total} residents of {len(people)} features taken from {file}:",
        f"{inside} in the quartieri, {total - inside} outside them (left out).",
    ]
    for slug, old in before.quartieri["residents"].items():
        lines.append(
            f"  {slug}: {'not known' if old is None else old} -> {int(number.get(slug, 0))}"
        )
    return "\n".join(lines)
