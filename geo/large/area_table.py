"""The coverage of large tables: one row for each area, its file and its summary."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.analysis.counts import OUTSIDE as OUTSIDE_ROW
from geo.analysis.counts import UNPLACED as UNPLACED_ROW
from geo.analysis.coverage import CoverageQuery
from geo.base.errors import DataError, Problem
from geo.large.sums import UNPLACED
from geo.model.kinds import STANDARD
from geo.spatial.access import share_within, uncovered
from geo.spatial.point_in_area import OUTSIDE
from geo.spatial.rates import per_1000
from geo.storage.atomic import together


def table(
    areas: gpd.GeoDataFrame, places: pd.DataFrame, people: pd.DataFrame, query: CoverageQuery
) -> gpd.GeoDataFrame:
    """Return the indicators of each area, from the sums of `geo.large.sums`.

    Rows: the areas by id in their order, then OUTSIDE_ROW (in no area) and UNPLACED_ROW
    (places without a point), so that the columns' sums are the totals. Columns:
    population, share (of people with a place near), uncovered (people), count (places),
    per_1000 (places for 1,000 people), count_KIND for each kind of the query; geometry.
    Missing where the people aren't known.
    """
    rows = [*range(len(areas)), OUTSIDE, UNPLACED]
    ids = pd.Index([*areas["id"], OUTSIDE_ROW, UNPLACED_ROW], name="id")
    count = places.reindex(rows, fill_value=0)
    known = people.rename(columns={"area": "quartiere"})
    population = known.groupby("quartiere")["people"].sum().reindex(rows)
    coverage = pd.DataFrame(
        {
            "population": population,
            "share": share_within(known, known["covered"], "people").reindex(rows),
            "uncovered": uncovered(known, known["covered"], "people").reindex(rows),
            "count": count["count"],
            "per_1000": per_1000(count["count"], population),
            **{f"count_{choice}": count[choice] for choice in query.kinds},
        }
    )
    shapes = areas.geometry.reset_index(drop=True).reindex(rows)
    return gpd.GeoDataFrame(coverage.set_index(ids), geometry=shapes.set_axis(ids), crs=areas.crs)


def check_kinds(coverage: pd.DataFrame, query: CoverageQuery) -> None:
    """Raise DataError for a word that is neither a kind of the map nor that of any place."""
    for choice in query.kinds:
        if choice not in STANDARD.choices and not coverage[f"count_{choice}"].any():
            what = f"no place is of the kind {choice!r}"
            raise DataError([Problem("--kind", "", what, "Give a value of the column kind")])


def write(coverage: gpd.GeoDataFrame, out: Path) -> None:
    """Write the coverage as GeoParquet or CSV (without geometry), by the file's suffix.

    The file is either there as a whole or not at all. DataError when it can't be written.
    """
    with together(out.resolve().parent) as folder:
        if out.suffix == ".csv":
            coverage.drop(columns="geometry").to_csv(folder / out.name)
        else:
            coverage.to_parquet(folder / out.name)


def report(coverage: pd.DataFrame, query: CoverageQuery) -> str:
    """Return the totals of the coverage, in a line or two of text."""
    areas = coverage.drop(index=[OUTSIDE_ROW, UNPLACED_ROW])
    places = coverage["count"].astype(int).to_dict()
    people, left = coverage["population"].sum(), coverage["uncovered"].sum()
    share = f"{1 - left / people:.1%}" if people else "n/a"
    return (
        f"{' + '.join(query.kinds)} within {query.metres} m; {len(areas):,} areas\n"
        f"{sum(places.values()):,} places: {places[OUTSIDE_ROW]:,} in no area, "
        f"{places[UNPLACED_ROW]:,} without a point\n"
        f"{people:,.0f} people: {share} have one near, {left:,.0f} don't"
    )
