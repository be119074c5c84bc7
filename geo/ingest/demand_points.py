"""Where residents live, as long as no census is there: 100 m cells with streets or buildings."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.analysis.population import cell_corners
from geo.ingest.base_map import BaseMap
from geo.model.schema import DemandRow
from geo.sources.osm.streets import StreetPoint
from geo.spatial.point_in_area import locate

SOURCE = "osm-2014"


def demand_rows(
    base_map: BaseMap, buildings: np.ndarray, without_homes: Iterable[str]
) -> list[DemandRow]:
    """Return the demand points of a city, from west to east: one for each cell and quartiere.

    `buildings` is n × 2, lon and lat in WGS84 degrees; streets whose names begin with a text
    of `without_homes` don't count.

    Weight: the number of street and building points in the cell. Both, because the map of
    2014 lacks the buildings of whole quarters, and a long street of houses has few points.
    The point is the one nearest to their mean. A quartiere without any gets a point on its
    surface.
    """
    inhabited = _with_homes(base_map.street_points, tuple(without_homes))
    streets = np.array([(p.lon, p.lat) for p in inhabited]).reshape(-1, 2)
    lonlat = np.concatenate([streets, buildings])
    areas = gpd.GeoSeries({area.slug: area.shape for area in base_map.areas}, crs="EPSG:4326")
    where = locate(gpd.GeoSeries(shapely.points(lonlat), crs="EPSG:4326"), areas)
    xy = base_map.project(lonlat)
    table = pd.DataFrame({"lon": lonlat[:, 0], "lat": lonlat[:, 1], "x": xy[:, 0], "y": xy[:, 1]})
    west, south = cell_corners(xy[:, 0], xy[:, 1])
    table = table.assign(quartiere=where.to_numpy(), west=west, south=south)
    cells = _one_for_each_cell(table[table["quartiere"].notna()])
    empty = areas.drop(index=list(cells["quartiere"].unique())).representative_point()
    alone = pd.DataFrame({"lon": empty.x.round(6), "lat": empty.y.round(6), "weight": 1})
    every = pd.concat([cells[["lon", "lat", "weight"]], alone]).sort_values(["lon", "lat"])
    return [
        DemandRow(
            lon=float(lon),
            lat=float(lat),
            weight=int(weight),
            residents=None,
            aged_65=None,
            aged_0_14=None,
            source=SOURCE,
        )
        for lon, lat, weight in every.itertuples(index=False)
    ]


def _with_homes(points: Iterable[StreetPoint], without: tuple[str, ...]) -> list[StreetPoint]:
    return [point for point in points if not point.street.startswith(without)]


def _one_for_each_cell(points: pd.DataFrame) -> pd.DataFrame:
    """Return of each cell and quartiere the point nearest to the mean, with their number."""
    groups = points.groupby(["west", "south", "quartiere"])
    mean = groups[["x", "y"]].transform("mean")
    away = np.hypot(points["x"] - mean["x"], points["y"] - mean["y"]).round(3)
    points = points.assign(away=away, weight=groups["x"].transform("size"))
    ordered = points.sort_values(["away", "lon", "lat"])
    return ordered.drop_duplicates(["west", "south", "quartiere"])
