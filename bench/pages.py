"""Maps, layers, pages and search: time to make them, and their bytes."""

import gzip
import time

import brotli
import geopandas as gpd
import numpy as np
import pandas as pd

from app import create_app
from bench.timing import Row, compare
from geo.maps.folium_map import MapSpec, render
from geo.maps.layers import drawn, places_layer
from geo.maps.views import city_view
from geo.model.dataset import Dataset
from geo.search.name_index import NameEntry, NameIndex
from web.maps import map_parts

_PACKED = {
    "gzip 6": lambda body: gzip.compress(body, 6),
    "brotli 11": lambda body: brotli.compress(body, quality=11),
}


def map_page(data: Dataset, runs: int) -> list[Row]:
    """Build the city's map, against geopandas.explore of the same places."""
    places = gpd.GeoDataFrame(city_view(data).places[["name", "kind", "geometry"]]).dropna()
    labels = dict.fromkeys(map_parts.folium_map.LABELS, "x")
    spec = MapSpec("map", city_view(data).bounds, labels, areas_url="/a.json", places_url="/p.json")
    pages: dict[str, str] = {}

    def ours() -> None:
        rendered = render(spec)
        pages["ours"] = rendered.body + rendered.script

    def explored() -> None:
        pages["theirs"] = places.explore().get_root().render()

    time_ = compare(f"map of {len(places)} places: time", ours, "explore", explored, "≥ 20", runs)
    sizes = [len(pages[name].encode()) / 1000 for name in ("ours", "theirs")]
    return [
        time_,
        Row("the same: bytes of the page", "explore", *sizes, "≥ 40", "kB"),
    ]


def layer(data: Dataset, number: int, runs: int) -> list[Row]:
    """Write places for a map, `number` made-up ones and the city's own, against to_json."""
    made_up, own = _made_up(data, number), drawn(city_view(data).places)
    rows = [
        compare(
            f"layer of {number:,} places: time",
            lambda: _ours(data, made_up),
            "to_json",
            lambda: _theirs(made_up),
            "≥ 8",
            runs,
        )
    ]
    for what, places, target in (
        ("the same", made_up, "≥ 2"),
        (f"layer of the city's {len(own)} places", own, "-"),
    ):
        bodies = _ours(data, places), _theirs(places)
        for name, pack in _PACKED.items():
            sizes = [len(pack(body)) / 1000 for body in bodies]
            rows.append(Row(f"{what}: bytes, {name}", f"to_json, {name}", *sizes, target, "kB"))
    return rows


def _ours(data: Dataset, places: gpd.GeoDataFrame) -> bytes:
    return places_layer(places, data.quartieri, data.kinds, "it", "/luoghi/")


def _theirs(places: gpd.GeoDataFrame) -> bytes:
    return places[["name", "kind", "position", "quartiere", "geometry"]].to_json().encode()


def _made_up(data: Dataset, number: int) -> gpd.GeoDataFrame:
    """Return places of the city's kinds, each with a name, an id and a point of its own."""
    known = drawn(city_view(data).places)
    rng = np.random.default_rng(4)
    words = sorted({word for name in known["name"] for word in name.split()})
    west, south, east, north = known.total_bounds
    points = gpd.points_from_xy(rng.uniform(west, east, number), rng.uniform(south, north, number))
    rows = known.iloc[rng.integers(0, len(known), number)]
    names = [" ".join(rng.choice(words, rng.integers(2, 6))) for _ in range(number)]
    places = rows.assign(name=names).set_geometry(gpd.GeoSeries(points, rows.index, known.crs))
    ids = rng.choice(12_000_000_000, number, replace=False)
    places.index = pd.Index([f"osm:node/{ident}" for ident in ids], name="id")
    return places.sort_index()


def search(number: int) -> list[str]:
    """Search beginnings of names among `number` made-up ones: median and 99th percentile."""
    rng = np.random.default_rng(5)
    parts = [a + b for a in "bcdfglmnprstvz" for b in "aeiou"]
    words = ["".join(rng.choice(parts, rng.integers(2, 5))) for _ in range(20_000)]
    names = [" ".join(rng.choice(words, rng.integers(2, 5))) for _ in range(number)]
    index = NameIndex(map(NameEntry, names))
    among = np.ones(number, dtype=bool)
    taken = []
    for name in rng.choice(names, 500):
        text = name[: rng.integers(1, len(name) + 1)]
        start = time.perf_counter()
        index.match(text, among)
        taken.append(1000 * (time.perf_counter() - start))
    half, most = np.quantile(taken, [0.5, 0.99])
    return [
        f"search in {number:,} names",
        "-",
        f"{half:.1f} ms (p99 {most:.1f})",
        "-",
        "-",
        "p99 ≤ 20 ms",
    ]


def cached_pages(runs: int) -> list[Row]:
    """Request pages in process: cached, and with the Folium map built for each request."""
    app = create_app()
    cached, uncached = app.wsgi_app, app.wsgi_app.app
    rows = []
    for page in ("/", "/quartieri/malpensata/", "/vicino?lon=9.67&lat=45.69"):

        def ours(page=page):
            app.wsgi_app = cached
            for _ in range(100):
                assert app.test_client().get(page).status_code == 200

        def theirs(page=page):
            app.wsgi_app = uncached
            map_parts.rendered_map.cache_clear()
            assert app.test_client().get(page).status_code == 200

        ours()
        row = compare(page, ours, "the page rendered each time, with its map", theirs, "-", runs)
        rows.append(Row(row.what, row.baseline, row.ours / 100, row.theirs, row.target))
    return rows
