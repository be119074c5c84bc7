"""The same questions put to PostGIS: it must give the same answers, to the last resident."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.analysis.counts import OUTSIDE, UNPLACED, counts
from geo.analysis.population import demand
from geo.model.dataset import Dataset
from geo.spatial.access import existing, nearest, share_within, uncovered, within

Ask = Callable[[str], pd.DataFrame]
KIND = "parco"


@pytest.fixture(scope="module")
def ask(bergamo: Dataset) -> Iterator[Ask]:
    """A PostGIS of our own that holds the real city, reached by a socket only."""
    programs = Path(os.environ.get("POSTGIS") or "/nonexistent")
    if not (programs / "initdb").is_file():
        pytest.skip("POSTGIS names no folder with PostgreSQL and PostGIS: tools/ensure-postgis")
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    is_root = os.geteuid() == 0
    # PostgreSQL refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if is_root else []
    if is_root:
        shutil.chown(home, "postgres")

    def run(program: str, *arguments: str, text: str | None = None) -> str:
        command = [*as_user, str(programs / program), *arguments]
        return subprocess.run(
            command, cwd=home, check=True, capture_output=True, text=True, input=text
        ).stdout

    def psql(statements: str) -> str:
        options = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(home), "-d", "postgres")
        return run("psql", *options, text=statements)

    def answer(query: str) -> pd.DataFrame:
        return pd.read_csv(StringIO(psql(f"COPY ({query}) TO STDOUT WITH CSV HEADER;")))

    run("initdb", "-D", str(home / "data"), "-A", "trust", "-N")
    options = f"-c listen_addresses='' -k {home} -c fsync=off"
    log = ("-l", str(home / "log"))
    run("pg_ctl", "-D", str(home / "data"), "-w", *log, "-o", options, "start")
    try:
        psql(_tables(bergamo))
        yield answer
    finally:
        run("pg_ctl", "-D", str(home / "data"), "-m", "immediate", "stop")
        shutil.rmtree(home)


def _tables(data: Dataset) -> str:
    places = data.places[existing(data.places) & data.places.geometry.notna()]
    metric = data.city.metric_crs
    return "".join(
        [
            "CREATE EXTENSION postgis;\n",
            _table("area", data.quartieri, ["slug"]),
            _table("place", places, ["id", "kind"]),
            _table("park", places[places["kind"] == KIND].to_crs(metric), ["id"]),
            _table("demand", demand(data).rename_axis("at"), ["at", "quartiere", "residents"]),
        ]
    )


def _table(name: str, frame: gpd.GeoDataFrame, columns: list[str]) -> str:
    rows = pd.DataFrame(frame.reset_index()[columns]).assign(
        geom=frame.geometry.to_wkb(hex=True).to_numpy()
    )
    kinds = {"at": "integer", "residents": "double precision"}
    header = ", ".join(f"{column} {kinds.get(column, 'text')}" for column in columns)
    body = rows.to_csv(index=False, header=False)
    srid = frame.crs.to_epsg()
    return (
        f"CREATE TABLE {name} ({header}, geom geometry);\n"
        f"COPY {name} FROM STDIN WITH CSV;\n{body}\\.\n"
        f"UPDATE {name} SET geom = ST_SetSRID(geom, {srid});\n"
        f"CREATE INDEX ON {name} USING gist (geom);\n"
    )


def test_counts_are_those_of_postgis(bergamo: Dataset, ask: Ask) -> None:
    # A point on a border counts in the first area by slug; one in none is outside.
    theirs = ask(
        "SELECT kind, coalesce((SELECT min(slug) FROM area WHERE ST_Covers(area.geom, place.geom)),"
        f" '{OUTSIDE}') AS slug, count(*) AS number FROM place GROUP BY 1, 2"
    ).set_index(["kind", "slug"])["number"]
    places = bergamo.places
    points = places[existing(places) & places.geometry.notna()]
    stated = places[existing(places) & places.geometry.isna() & places["quartiere"].notna()]
    table = counts(bergamo).drop(index=UNPLACED)[sorted(points["kind"].unique())]
    for slug, kind, number in table.melt(ignore_index=False).itertuples():
        unlocated = ((stated["kind"] == kind) & (stated["quartiere"] == slug)).sum()
        assert number == theirs.get((kind, slug), 0) + unlocated, (slug, kind)
    assert theirs.sum() == len(points)


def test_nearest_distances_are_those_of_postgis(bergamo: Dataset, ask: Ask) -> None:
    theirs = ask(
        "SELECT at, (SELECT min(ST_Distance(park.geom, demand.geom)) FROM park) AS metres"
        " FROM demand ORDER BY at"
    )
    ours = nearest(demand(bergamo), _parks(bergamo))["distance_m"]
    assert ours.to_numpy() == pytest.approx(theirs["metres"].to_numpy(), abs=1e-6)


@pytest.mark.parametrize("metres", [300, 500])
def test_shares_are_those_of_postgis_to_the_last_resident(
    bergamo: Dataset, ask: Ask, metres: int
) -> None:
    theirs = ask(
        "SELECT quartiere, sum(residents) AS people, coalesce(sum(residents) FILTER (WHERE EXISTS"
        f" (SELECT FROM park WHERE ST_DWithin(park.geom, demand.geom, {metres}))), 0) AS reached"
        " FROM demand GROUP BY quartiere"
    ).set_index("quartiere")
    people = demand(bergamo)
    covered = within(nearest(people, _parks(bergamo))["distance_m"], metres)
    left = uncovered(people, covered)
    assert left.to_dict() == (theirs["people"] - theirs["reached"]).to_dict()
    share = (theirs["reached"] / theirs["people"]).reindex(left.index)
    assert share_within(people, covered).to_numpy() == pytest.approx(share.to_numpy(), abs=1e-12)


def _parks(data: Dataset) -> gpd.GeoDataFrame:
    places = data.places
    parks = places[existing(places) & places.geometry.notna() & (places["kind"] == KIND)]
    return parks.to_crs(data.city.metric_crs)
