"""A made-up country by seed: thousands of areas with wiggly borders, places, and residents.

About as large and as full as Italy, in EPSG:32632, metres. The areas are an exact
coverage: Voronoi cells whose borders are each refined once, and used by both neighbours.
Places and residents gather in towns; some lie just anywhere, a few outside all areas.
The same seed gives the same country.

    python -m bench.country FOLDER --areas 8000 --places 10000000 --demand 1000000
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from geo.model.kinds import STANDARD

CRS = "EPSG:32632"
AREAS = 8_000
_AREA_M2 = 38e6
_CENTRE = np.array([650_000.0, 4_800_000.0])
# Twice as long as wide, and lying aslant.
_ASPECT, _TURN = 2.0, np.radians(-40)
_TOWNS_PER_AREA = 1.5
# Mean distance (metres) between the vertices of a border.
_STEP = 250.0
# A border wanders off by so much of the room that it has, and of its length.
_ROOM, _WANDER = 0.6, 0.15
# Places made at a time, each batch with its own seed.
_CHUNK = 250_000

Floats = NDArray[np.float64]


def areas(number: int = AREAS, seed: int = 1) -> NDArray[np.object_]:
    """Return `number` polygons that touch without gaps or overlaps, some 100 vertices each.

    Neighbours in the list are mostly neighbours on the ground, as in a list by province.
    """
    rng = np.random.default_rng([seed, 0])
    # More than `number`: those on the rim, whose cells are open, are left out.
    seeds = _ellipse(rng, int(number * 1.3) + 60, number * 1.3)
    chosen = seeds[np.argsort(_from_centre(seeds), kind="stable")[:number]]
    cells = Voronoi(seeds)
    polygons = shapely.get_parts(shapely.polygonize(_borders(cells, rng)))
    at, cell = shapely.STRtree(polygons).query(shapely.points(chosen), predicate="within")
    found: NDArray[np.object_] = polygons[cell[np.argsort(at)]]
    return found[np.lexsort(np.round((chosen @ _turned(-_TURN)) / 60_000).astype(int).T)]


def points(number: int, seed: int = 1, country: int = AREAS) -> tuple[Floats, Floats]:
    """Return x and y of `number` places in the country of `country` areas."""
    xy = np.empty((number, 2))
    for start in range(0, number, _CHUNK):
        chunk = xy[start : start + _CHUNK]
        chunk[:] = _places(len(chunk), [seed, 2, start // _CHUNK], seed, country)
    return xy[:, 0].copy(), xy[:, 1].copy()


def demand(number: int, seed: int = 1, country: int = AREAS) -> tuple[Floats, Floats, Floats]:
    """Return x, y and residents of `number` inhabited cells of 100 m, 60 in each on average."""
    cells = np.empty((0, 2))
    for turn in range(1000):
        more = _places(number, [seed, 3, turn], seed, country)
        cells = np.unique(np.concatenate([cells, np.floor(more / 100)]), axis=0)
        if len(cells) >= number:
            break
    rng = np.random.default_rng([seed, 4])
    x, y = 50 + 100 * rng.permutation(cells)[:number].T
    return x, y, np.ceil(rng.lognormal(3.6, 1, number))


def write(folder: Path, number: int, places: int, cells: int, seed: int = 1) -> None:
    """Write areas.parquet, places/ and demand/ (GeoParquet, in runs of 250,000 rows)."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = [f"{at:06}" for at in range(number)]
    gpd.GeoDataFrame({"id": codes}, geometry=areas(number, seed), crs=CRS).to_parquet(
        folder / "areas.parquet", row_group_size=1000, write_covering_bbox=True
    )
    for at, run in enumerate(_runs_of_places(places, seed, number)):
        _write_run(run, folder / "places", at)
    x, y, residents = demand(cells, seed, number)
    for at, start in enumerate(range(0, cells, _CHUNK)):
        run = slice(start, start + _CHUNK)
        points = gpd.points_from_xy(x[run], y[run])
        frame = gpd.GeoDataFrame({"residents": residents[run]}, geometry=points, crs=CRS)
        _write_run(frame, folder / "demand", at)


def _runs_of_places(number: int, seed: int, country: int) -> Iterator[gpd.GeoDataFrame]:
    """Yield the places of `points`, with kinds, a run at a time."""
    share = 1 / np.arange(1, len(STANDARD) + 1)
    for at, start in enumerate(range(0, number, _CHUNK)):
        xy = _places(min(_CHUNK, number - start), [seed, 2, at], seed, country)
        rng = np.random.default_rng([seed, 5, at])
        kind = rng.choice(len(STANDARD), len(xy), p=share / share.sum())
        named = pd.Categorical.from_codes(kind, list(STANDARD.slugs))
        yield gpd.GeoDataFrame({"kind": named}, geometry=gpd.points_from_xy(*xy.T), crs=CRS)


def _write_run(frame: gpd.GeoDataFrame, folder: Path, at: int) -> None:
    folder.mkdir(exist_ok=True)
    frame.to_parquet(folder / f"part-{at:05}.parquet")


def _places(number: int, own_seed: list[int], seed: int, country: int) -> Floats:
    """Return places around towns, and one in five just anywhere."""
    towns, reach, share = _towns(seed, country)
    rng = np.random.default_rng(own_seed)
    town = rng.choice(len(towns), number, p=share)
    # Dense in the middle, thin far out.
    away = rng.standard_exponential(number) * reach[town]
    angle = rng.uniform(0, 2 * np.pi, number)
    xy = towns[town] + (away * np.array([np.cos(angle), np.sin(angle)])).T
    anywhere = np.flatnonzero(rng.random(number) < 0.2)
    xy[anywhere] = _ellipse(rng, len(anywhere), country)
    return xy


def _towns(seed: int, country: int) -> tuple[Floats, Floats, Floats]:
    """Return the towns' centres, their reach in metres, and their shares of the people."""
    rng = np.random.default_rng([seed, 1])
    number = max(1, int(country * _TOWNS_PER_AREA))
    size = rng.pareto(1.1, number) + 1
    return _ellipse(rng, number, country), 300 * size**0.4, size / size.sum()


def _ellipse(rng: np.random.Generator, number: int, country: float) -> Floats:
    """Return points spread evenly over the outline of a country of `number` areas."""
    radius = np.sqrt(rng.random(number) * country * _AREA_M2 / np.pi)
    angle = rng.uniform(0, 2 * np.pi, number)
    stretch = np.sqrt(_ASPECT)
    plain = radius * np.array([np.cos(angle) / stretch, np.sin(angle) * stretch])
    xy: Floats = _CENTRE + plain.T @ _turned(_TURN)
    return xy


def _from_centre(xy: Floats) -> Floats:
    """Return how far out points lie: the same number all along an ellipse."""
    plain = (xy - _CENTRE) @ _turned(-_TURN)
    stretch = np.sqrt(_ASPECT)
    far: Floats = np.hypot(plain[:, 0] * stretch, plain[:, 1] / stretch)
    return far


def _turned(angle: float) -> Floats:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _borders(cells: Voronoi, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return the cells' closed borders as wiggly lines, one for each pair of neighbours."""
    ends = np.array(cells.ridge_vertices)
    closed = (ends >= 0).all(axis=1)
    start, end = cells.vertices[ends[closed].T]
    apex = cells.points[cells.ridge_points[closed, 0]]
    length = np.hypot(*(end - start).T)
    # The rim's cells reach far out; their borders need no detail, nobody keeps them.
    halvings = np.clip(np.round(np.log2(np.maximum(length, 1) / _STEP)), 0, 7).astype(int)
    lines: list[NDArray[np.object_]] = []
    for level in np.unique(halvings):
        some = halvings == level
        xy = _wiggly(start[some], end[some], apex[some], int(level), rng)
        lines.append(shapely.linestrings(xy))
    return np.concatenate(lines)


def _wiggly(
    start: Floats, end: Floats, apex: Floats, halvings: int, rng: np.random.Generator
) -> Floats:
    """Return the borders from `start` to `end` with their midpoints displaced, again and again.

    A border stays inside the triangle that it makes with the centre of its cell, `apex`
    (and with that of its neighbour, which is its mirror image): so no two ever cross.
    """
    number, along = len(start), np.linspace(0, 1, 2**halvings + 1)
    length = np.hypot(*(end - start).T)
    off = np.zeros((number, len(along)))
    for halving in range(halvings):
        step = 2 ** (halvings - halving)
        middle = (off[:, :-1:step] + off[:, step::step]) / 2
        wander = rng.normal(scale=_WANDER * 0.55**halving, size=middle.shape)
        off[:, step // 2 :: step] = middle + wander * length[:, None]
    off *= _narrowing(off, start, end, apex, along)[:, None]
    normal = (end - start)[:, ::-1] * [-1, 1] / length[:, None]
    straight = start[:, None] + along[None, :, None] * (end - start)[:, None]
    xy: Floats = straight + off[:, :, None] * normal[:, None]
    # Rounding must not part a border from its corners.
    xy[:, 0], xy[:, -1] = start, end
    return xy


def _narrowing(off: Floats, start: Floats, end: Floats, apex: Floats, along: Floats) -> Floats:
    """Return by how much each border must be flattened to keep to its room."""
    way, to_apex = end - start, apex - start
    length = np.hypot(*way.T)
    foot = ((way * to_apex).sum(axis=1) / length**2)[:, None]
    across = way[:, 0] * to_apex[:, 1] - way[:, 1] * to_apex[:, 0]
    height = (np.abs(across) / length)[:, None]
    # Under the triangle's sides; one that leans outwards bounds nothing.
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = np.where(foot > 0, along / foot, np.inf)
        falling = np.where(foot < 1, (1 - along) / (1 - foot), np.inf)
    room = _ROOM * height * np.minimum(rising, falling)
    inner = slice(1, -1)
    ratio = np.abs(off[:, inner]) / room[:, inner]
    return 1 / np.maximum(ratio.max(axis=1, initial=1), 1)


def main() -> None:
    """Write a country into a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--areas", type=int, default=AREAS)
    parser.add_argument("--places", type=int, default=10_000_000)
    parser.add_argument("--demand", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.folder, options.areas, options.places, options.demand, options.seed)


if __name__ == "__main__":
    main()
