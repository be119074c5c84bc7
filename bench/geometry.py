"""Points in areas, the nearest place, what is near: against GeoPandas and plain NumPy."""

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from bench.timing import Row, compare
from geo.coverage import nearest
from geo.dataset import Dataset
from geo.quartieri import locate_xy

CRS = "EPSG:32632"


def squares(side: int, size: float) -> np.ndarray:
    """Return side × side square areas that fill a square of `size` metres."""
    edges = np.linspace(0, size, side + 1)
    west, south = np.meshgrid(edges[:-1], edges[:-1])
    step = edges[1]
    return shapely.box(west, south, west + step, south + step).ravel()


def assignment(data: Dataset, points: int, runs: int) -> list[Row]:
    """Assign points to the city's quartieri, and to 8,000 areas."""
    metric = data.quartieri.geometry.to_crs(data.city.metric_crs)
    quartieri = np.asarray(metric.reset_index(drop=True))
    rows = []
    for name, areas, target in (
        (f"{len(quartieri)} quartieri", quartieri, 12),
        ("8,100 areas", squares(90, 100_000), 6),
    ):
        west, south, east, north = shapely.total_bounds(areas)
        rng = np.random.default_rng(1)
        x, y = rng.uniform(west, east, points), rng.uniform(south, north, points)
        frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=CRS)
        polygons = gpd.GeoDataFrame({"area": range(len(areas))}, geometry=areas, crs=CRS)

        def ours(x=x, y=y, areas=areas):
            found = locate_xy(x, y, areas)
            return np.bincount(found[found >= 0], minlength=len(areas))

        def joined(frame=frame, polygons=polygons):
            return frame.sjoin(polygons, predicate="within").groupby("area").size()

        def once(x=x, y=y, side=90):
            column = np.minimum((x - x.min()) / np.ptp(x) * side, side - 1).astype(np.intp)
            row = np.minimum((y - y.min()) / np.ptp(y) * side, side - 1).astype(np.intp)
            return np.bincount(row * side + column)

        what = f"{points:,} points to {name}"
        rows.append(compare(what, ours, "sjoin(within) + groupby", joined, f"≥ {target}", runs))
        rows.append(compare(what, ours, "reading once (bincount)", once, "limit", runs))
    return rows


def nearest_places(demand: int, places: int, runs: int) -> Row:
    """Find each demand point's nearest place."""
    rng = np.random.default_rng(2)
    frames = [
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(*rng.uniform(0, 1e5, (2, n))), crs=CRS)
        for n in (demand, places)
    ]
    what = f"nearest of {places:,} places to {demand:,} demand points"
    return compare(
        what,
        lambda: nearest(*frames),
        "sjoin_nearest",
        lambda: frames[0].sjoin_nearest(frames[1], distance_col="metres"),
        "≥ 4",
        runs,
    )


def near_me(runs: int) -> list[Row]:
    """Find the 50 nearest of 1e4 and 1e6 places, 200 times."""
    rows = []
    for number in (10_000, 1_000_000):
        rng = np.random.default_rng(3)
        xy = rng.uniform(0, 1e5, (number, 2))
        asked = rng.uniform(0, 1e5, (200, 2))
        tree = cKDTree(xy)

        def ours(tree=tree, asked=asked):
            return [tree.query(point, k=50) for point in asked]

        def scan(xy=xy, asked=asked):
            return [
                np.argpartition(((xy - point) ** 2).sum(axis=1), 50)[:50] for point in asked[:20]
            ]

        what = f"50 nearest of {number:,} (cKDTree, as near me)"
        row = compare(what, ours, "scan of all", scan, "-", runs)
        # Per question: 200 of ours, 20 scans.
        rows.append(Row(row.what, row.baseline, row.ours / 200, row.theirs / 20, row.target))
    return rows
