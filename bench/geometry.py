"""Points in areas, shares within a distance, what is near: against GeoPandas and plain NumPy."""

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bench import country
from bench.timing import Row, compare, compare_memory
from geo.analysis.nearby import near
from geo.model.dataset import Dataset
from geo.spatial.access import nearest_distance, share_within, within
from geo.spatial.point_in_area import locate_xy

CRS = country.CRS
SIDE = 90


def assignment(data: Dataset, number: int, runs: int) -> Iterator[Row]:
    """Assign points to the city's quartieri, and to the areas of a country."""
    quartieri = np.asarray(data.quartieri.geometry.to_crs(CRS))
    west, south, east, north = shapely.total_bounds(quartieri)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(west, east, number), rng.uniform(south, north, number)
    yield from _assign(f"{number:,} points to {len(quartieri)} quartieri", quartieri, x, y, runs)
    areas = country.areas()
    x, y = country.points(number)
    yield from _assign(f"{number:,} points to {len(areas):,} areas", areas, x, y, runs)


def _assign(what: str, areas: np.ndarray, x: np.ndarray, y: np.ndarray, runs: int) -> Iterator[Row]:
    few = len(areas) < 100
    polygons = gpd.GeoDataFrame({"area": range(len(areas))}, geometry=areas, crs=CRS)
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=CRS)

    def ours() -> np.ndarray:
        found = np.add(locate_xy(x, y, areas), 1, dtype=np.intp)
        return np.bincount(found, minlength=len(areas) + 1)[1:]

    def joined() -> pd.Series:
        return frame.sjoin(polygons, predicate="within").groupby("area").size()

    def from_coordinates() -> pd.Series:
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=CRS)
        return points.sjoin(polygons, predicate="within").groupby("area").size()

    baseline = "sjoin(within) + groupby"
    yield compare(
        what, ours, f"{baseline}, of coordinates", from_coordinates, _at_least(12, 6, few), runs
    )
    yield compare(
        "the same", ours, f"{baseline}, its Points made before", joined, _at_least(12, 6, few), runs
    )
    yield compare_memory(
        "the same: extra memory", ours, f"{baseline}, of coordinates", from_coordinates,
        _at_least(4, 3, few),
    )  # fmt: skip
    limit = "≥ 0.25" if few else "≥ 0.17"
    yield compare("the same", ours, "reading once (bincount)", lambda: _once(x, y), limit, runs)


def _at_least(few: int, many: int, is_few: bool) -> str:
    return f"≥ {few if is_few else many}"


def _once(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Count the points of each cell of a plain grid: a lower bound for placing them."""
    column = np.minimum((x - x.min()) * (SIDE / np.ptp(x)), SIDE - 1).astype(np.int32)
    row = np.minimum((y - y.min()) * (SIDE / np.ptp(y)), SIDE - 1).astype(np.int32)
    return np.bincount(row * SIDE + column)


def share(demand: int, places: int, metres: int, runs: int) -> Iterator[Row]:
    """Compute the share of people within a distance of a place, by area."""
    rng = np.random.default_rng(2)
    people, spots = (
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(*rng.uniform(0, 1e5, (2, n))), crs=CRS)
        for n in (demand, places)
    )
    people["quartiere"] = rng.integers(0, 8000, demand)
    people["residents"] = rng.uniform(0, 120, demand)

    def ours() -> pd.Series:
        return share_within(people, within(nearest_distance(people, spots), metres))

    def joined(**options: float) -> pd.Series:
        found = people.sjoin_nearest(spots, distance_col="distance_m", **options)
        found = found[~found.index.duplicated()]
        return share_within(people, within(found["distance_m"].reindex(people.index), metres))

    pd.testing.assert_series_equal(ours(), joined())
    what = f"share within {metres} m: {demand:,} demand points, {places:,} places"
    yield compare(what, ours, "sjoin_nearest", joined, "≥ 4", runs)
    limited = "sjoin_nearest(max_distance)"
    yield compare("the same", ours, limited, lambda: joined(max_distance=metres), "≥ 4", runs)


def near_me(data: Dataset, runs: int) -> Iterator[Row]:
    """Find what is near a point, among 1e4 and 1e6 places."""
    took = []
    for number in (10_000, 1_000_000):
        many = _with_places(data, number)
        xy = shapely.get_coordinates(many.places.geometry.to_crs(data.city.metric_crs).to_numpy())
        sample = np.random.default_rng(3).integers(0, number, 20)
        lonlat = shapely.get_coordinates(many.places.geometry.to_numpy()[sample])
        near(many, *lonlat[0])

        def ours(many: Dataset = many, lonlat: np.ndarray = lonlat) -> None:
            for lon, lat in lonlat:
                near(many, lon, lat)

        def scan(xy: np.ndarray = xy, sample: np.ndarray = sample) -> None:
            for at in sample:
                np.argpartition(np.hypot(*(xy - xy[at]).T), 50)

        row = compare(
            f"near me, of {number:,} places", ours, "scan of all distances", scan, "-", runs
        )
        took.append(row.ours)
        yield replace(row, ours=row.ours / len(sample), theirs=row.theirs / len(sample))
    yield Row("near me: growth from 1e4 to 1e6 places", "1e4 places", *took[::-1], "≥ 0.33")


def _with_places(data: Dataset, number: int) -> Dataset:
    """Return the city with `number` places all over it: real rows, made-up points."""
    places = data.places
    rng = np.random.default_rng(3)
    west, south, east, north = data.quartieri.total_bounds
    points = gpd.points_from_xy(rng.uniform(west, east, number), rng.uniform(south, north, number))
    rows = places.iloc[rng.integers(0, len(places), number)].assign(status="open")
    rows = rows.set_geometry(gpd.GeoSeries(points, index=rows.index, crs=places.crs))
    rows.index = pd.Index([f"made-up:{at:07}" for at in range(number)], name="id")
    return data.with_frames(places=rows)
