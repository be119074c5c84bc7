"""Details of a coverage: uncovered cells, places beyond a border, the next best sites."""

import geopandas as gpd
import pandas as pd
import shapely

from geo.analysis.coverage import CoverageResult
from geo.analysis.population import CELL_M, cell_corners
from geo.model.dataset import WGS84, Dataset
from geo.spatial import access
from geo.spatial.siting import next_best_sites

MOST_SITES = 5


def uncovered_cells(
    dataset: Dataset, result: CoverageResult, quartiere: str | None = None
) -> gpd.GeoDataFrame:
    """Return the demand points out of reach, most people first, each with a street.

    Parameters
    ----------
    dataset : Dataset
    result : CoverageResult
    quartiere : str, optional
        The slug of the quartiere; all by default.

    Returns
    -------
    GeoDataFrame
        Points in the metric CRS. Columns: quartiere, distance_m (metres to the nearest place),
        people (missing where unknown), street (the nearest; missing without known streets).
    """
    people = result.demand[~result.demand["covered"] & result.demand["quartiere"].notna()]
    if quartiere is not None:
        people = people[people["quartiere"] == quartiere]
    found = people[["quartiere", "distance_m", "geometry"]].assign(
        people=people[result.query.population], street=nearest_street(dataset, people)
    )
    return found.sort_values(["people", "distance_m"], ascending=False, kind="stable")


def nearest_street(dataset: Dataset, points: gpd.GeoDataFrame) -> pd.Series:
    """Return the name of the street nearest to each point (metric CRS); missing without any."""
    streets = dataset.streets.to_crs(dataset.city.metric_crs)
    if streets.empty:
        return pd.Series(None, index=points.index, dtype=object)
    at = access.nearest(points, streets)["place"]
    return streets["street"].reindex(at).set_axis(points.index)


def cell_squares(dataset: Dataset, points: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the cell of 100 m that contains each point (metric CRS), as polygons in WGS84."""
    west, south = cell_corners(*shapely.get_coordinates(points.geometry.to_numpy()).T)
    squares = shapely.box(west, south, west + CELL_M, south + CELL_M)
    return gpd.GeoSeries(squares, index=points.index, crs=dataset.city.metric_crs).to_crs(WGS84)


def places_beyond(
    dataset: Dataset, result: CoverageResult, quartiere: str, number: int = 5
) -> gpd.GeoDataFrame:
    """Return the places of the query that are nearest to a quartiere from outside.

    Parameters
    ----------
    dataset : Dataset
    result : CoverageResult
    quartiere : str
        The slug of the quartiere.
    number : int
        How many places at most.

    Returns
    -------
    GeoDataFrame
        Rows of `Dataset.places` (WGS84) with border_m (metres from the quartiere's area), the
        nearest first.

    Raises
    ------
    KeyError
        For an unknown quartiere.
    """
    metric = dataset.city.metric_crs
    area = dataset.quartieri.geometry.to_crs(metric).loc[quartiere]
    beyond = result.places[result.places["quartiere"] != quartiere]
    beyond = beyond.assign(border_m=beyond.geometry.to_crs(metric).distance(area))
    return beyond.sort_values("border_m", kind="stable").head(number)


def sites(
    dataset: Dataset, result: CoverageResult, number: int, quartiere: str | None = None
) -> gpd.GeoDataFrame:
    """Return the sites where one more place would reach most uncovered people, best first.

    Parameters
    ----------
    dataset : Dataset
    result : CoverageResult
    number : int
        How many sites at most.
    quartiere : str, optional
        The slug of the quartiere in which sites may be; all by default.

    Returns
    -------
    GeoDataFrame
        Demand points (WGS84) with rank, newly_reached, reached_total (people in any quartiere,
        as in `geo.spatial.siting.next_best_sites`), reached_here (those of newly_reached who
        live in `quartiere`; all by default), quartiere, street (the nearest).
    """
    people = result.demand
    candidates = people if quartiere is None else people[people["quartiere"] == quartiere]
    found = next_best_sites(
        people,
        people["covered"],
        result.query.metres,
        number,
        population=result.query.population,
        candidates=candidates[candidates["quartiere"].notna()],
    )
    here = _reached_here(people, found, result, quartiere)
    return found.assign(reached_here=here, street=nearest_street(dataset, found)).to_crs(WGS84)


def _reached_here(
    people: gpd.GeoDataFrame, found: gpd.GeoDataFrame, result: CoverageResult, quartiere: str | None
) -> list[float]:
    """Return the people of a quartiere whom each site reaches and no better site does."""
    unreached = ~people["covered"]
    if quartiere is not None:
        unreached &= people["quartiere"] == quartiere
    number = people[result.query.population].fillna(0.0)
    here = []
    for site in found.geometry:
        reached = unreached & access.within(people.geometry.distance(site), result.query.metres)
        here.append(float(number[reached].sum()))
        unreached &= ~reached
    return here


def by_street(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Group uncovered cells by their nearest street, most people first.

    Parameters
    ----------
    cells : GeoDataFrame
        As returned by `uncovered_cells`.

    Returns
    -------
    DataFrame
        Index: names of streets. Columns: cells (their number), people (missing where unknown),
        nearest_m and farthest_m (the lowest and highest distance to a place, metres).
    """
    grouped = cells.assign(street=cells["street"].fillna("")).groupby("street")
    table = pd.DataFrame(
        {
            "cells": grouped.size(),
            "people": grouped["people"].sum(min_count=1),
            "nearest_m": grouped["distance_m"].min(),
            "farthest_m": grouped["distance_m"].max(),
        }
    )
    return table.sort_values("people", ascending=False, kind="stable")
