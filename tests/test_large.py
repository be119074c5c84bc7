"""Coverage of a country's tables: worked out on paper, and the same by parts as by the whole."""

import doctest
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import dask
import geopandas as gpd
import large_tables
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

import geo.large.sums
from bench.country import areas as country_areas
from bench.country import demand as country_demand
from bench.country import points as country_points
from geo import coverage
from geo.cli import main
from geo.errors import DataError
from geo.gaps import Question
from geo.large import cluster, single, sums
from geo.large.answer import OUTSIDE_ROW, UNPLACED_ROW
from geo.large.tables import Tables
from geo.large.workers import Runner
from geo.quartieri import locate

LIBRARY = Question(("biblioteca",), 500)


def tables(
    folder: Path,
    areas: gpd.GeoDataFrame,
    people: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    question: Question = LIBRARY,
    files: int = 1,
) -> Tables:
    return Tables.open(
        large_tables.write(areas, folder / "areas", min(files, len(areas))),
        large_tables.write(people, folder / "demand", files),
        large_tables.write(places, folder / "places", files),
        question,
    )


def by_parts(
    opened: Tables, question: Question, rows: int, runner: Runner | None = None
) -> gpd.GeoDataFrame:
    with dask.config.set(scheduler="synchronous"):
        return cluster.coverage(opened, question, runner or Runner(), rows=rows)


def same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> None:
    """Check that two answers are the same, to the last bit."""
    bare = (frame.drop(columns="geometry") for frame in (one, other))
    pd.testing.assert_frame_equal(*bare, check_exact=True)
    assert one.geometry.geom_equals_exact(other.geometry, 0).sum() == one.geometry.notna().sum()


# Two squares of 1 km side by side.
SQUARES = large_tables.areas([box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)])
PEOPLE = large_tables.people(
    [(100, 500), (900, 500), (1000, 500), (1900, 500), (1900, 900), (90_000, 0)],
    [100, 50, 10, 40, None, 7],
)
PLACES = large_tables.places(
    [(600, 500), (1000, 0), (1500, 1000), (1500, 1000), (5000, 5000), (np.nan, np.nan)],
    ["biblioteca", "biblioteca", "parco", "biblioteca", "biblioteca", "biblioteca"],
)


@pytest.mark.parametrize("rows", [None, 100, 1])
def test_two_squares_on_paper(tmp_path: Path, rows: int | None) -> None:
    opened = tables(tmp_path, SQUARES, PEOPLE, PLACES)
    found = single.coverage(opened, LIBRARY) if rows is None else by_parts(opened, LIBRARY, rows)
    # On the common edge: people and places belong to the first square. At 500 m: near.
    assert found.index.tolist() == ["a000", "a001", OUTSIDE_ROW, UNPLACED_ROW]
    assert found["count"].tolist() == [2, 1, 1, 1]
    assert found["count_biblioteca"].tolist() == [2, 1, 1, 1]
    assert found["population"].tolist()[:3] == [160, 40, 7]
    assert found["uncovered"].tolist()[:3] == [0, 40, 7]
    assert found["share"].tolist()[:3] == [1, 0, 0]
    assert found["per_1000"].tolist()[:3] == [12.5, 25, 1000 / 7]
    assert found.loc[UNPLACED_ROW, ["population", "share", "uncovered", "per_1000"]].isna().all()


def test_what_nobody_knows_is_missing_and_never_zero(tmp_path: Path) -> None:
    people = large_tables.people([(100, 100), (1500, 100)], [None, 0])
    opened = tables(tmp_path, SQUARES, people, PLACES)
    for found in (single.coverage(opened, LIBRARY), by_parts(opened, LIBRARY, 1)):
        assert found.loc["a000", ["population", "share", "uncovered"]].isna().all()
        assert found.loc["a001", ["population", "uncovered"]].tolist() == [0, 0]
        assert np.isnan(found.loc["a001", "share"])


def test_the_indicators_are_those_of_a_city(tmp_path: Path) -> None:
    x, y, residents = country_demand(3000, country=60)
    people = large_tables.people(list(zip(x, y, strict=True)), residents / 7)
    at = list(zip(*country_points(2000, country=60), strict=True))
    places = large_tables.places(at, ["biblioteca", "parco"] * 1000)
    areas = large_tables.areas(country_areas(60))
    question = Question(("biblioteca", "parco"), 900, "each")
    found = by_parts(tables(tmp_path, areas, people, places, question, 3), question, 300)
    inside = found.drop(index=[OUTSIDE_ROW, UNPLACED_ROW])
    # The same from the whole frames, by the functions that a city's page uses.
    named = areas.set_index("id").geometry
    people["quartiere"] = locate(people.geometry, named)
    kinds = {"biblioteca": ["biblioteca"], "parco": ["parco"]}
    metres = coverage.combined(coverage.distances(people, places, kinds), "each")
    covered = coverage.within(metres, 900)
    count = coverage.count_in(locate(places.geometry, named), named.index)
    population = people.groupby("quartiere")["residents"].sum()
    assert 0.05 < covered.mean() < 0.95
    assert inside["count"].tolist() == count.tolist()
    for name, expected in {
        "share": coverage.share_within(people, covered),
        "uncovered": coverage.uncovered(people, covered),
        "per_1000": coverage.per_1000(count, population),
    }.items():
        wanted = expected.reindex(inside.index)
        np.testing.assert_allclose(inside[name], wanted, rtol=1e-9, atol=0)


step = st.integers(-2, 10).map(lambda number: 250.0 * number)
anywhere = st.one_of(st.tuples(step, step), st.tuples(st.floats(-3e6, 3e6), st.floats(-3e6, 3e6)))
some = st.lists(anywhere, max_size=25)


@settings(max_examples=12)
@given(
    homes=some,
    spots=some,
    rows=st.integers(1, 30),
    files=st.integers(1, 3),
    how=st.sampled_from(["any", "each"]),
    metres=st.sampled_from([250, 354, 5000]),
    data=st.data(),
)
def test_any_points_in_any_parts_give_the_same_answer(
    homes: list[tuple[float, float]],
    spots: list[tuple[float, float]],
    rows: int,
    files: int,
    how: str,
    metres: int,
    data: st.DataObject,
) -> None:
    number = st.one_of(st.none(), st.floats(0, 1e9), st.integers(0, 99))
    people = data.draw(st.lists(number, min_size=len(homes), max_size=len(homes)))
    kind = st.sampled_from(["biblioteca", "parco", "altro"])
    kinds = data.draw(st.lists(kind, min_size=len(spots), max_size=len(spots)))
    question = Question(("biblioteca", "parco"), metres, how)  # type: ignore[arg-type]
    # Squares, and one over all of them that comes later: only the first of two counts.
    areas = large_tables.areas([*large_tables.grid(4, 500), box(-500, 250, 2250, 1750)])
    with TemporaryDirectory() as folder:
        opened = tables(
            Path(folder),
            areas,
            large_tables.people(homes, people),
            large_tables.places(spots, kinds),
            question,
            files,
        )
        whole = single.coverage(opened, question)
        same(by_parts(opened, question, rows), whole)
    assert whole["count"].sum() == sum(kind != "altro" for kind in kinds)
    assert whole["population"].sum() == pytest.approx(sum(filter(None, people)))


def test_the_first_area_is_that_of_the_first_file_by_number(tmp_path: Path) -> None:
    # Twelve areas, one over the other, in files named part-0 to part-11.
    areas = large_tables.areas([box(0, 0, 9, 9)] * 12).iloc[::-1]
    people = large_tables.people([(5, 5)], [1])
    opened = tables(tmp_path, areas, people, large_tables.places([], []), files=12)
    for found in (single.coverage(opened, LIBRARY), by_parts(opened, LIBRARY, 1)):
        assert found["population"].first_valid_index() == "a011"
        assert found.index[0] == "a011"


def test_no_part_needs_all_the_places_or_all_the_areas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = list(zip(*country_points(4000, country=100), strict=True))
    areas = large_tables.areas(country_areas(100))
    people = large_tables.people(at, [1] * 4000)
    opened = tables(tmp_path, areas, people, large_tables.places(at, ["biblioteca"] * 4000))
    seen = []
    count_people = sums.count_people

    def watched(*given: Sequence[object]) -> pd.DataFrame:
        seen.append([len(part) for part in given[:3]])
        return count_people(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sums, "count_people", watched)
    by_parts(opened, LIBRARY, 250)
    people_, places_, areas_ = np.array(seen).T
    assert people_.sum() == 4000
    assert people_.max() < 500
    assert places_.max() < 1500
    assert areas_.max() < 60


@pytest.mark.parametrize("in_order", [True, False])
def test_points_that_lie_in_pieces_already_stay_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_order: bool
) -> None:
    rng = np.random.default_rng(1)
    at = rng.uniform(0, 2000, (400, 2))
    if in_order:
        at = at[np.lexsort((at // 1000).T)]
    people = large_tables.people(at.tolist(), [1] * 400)
    opened = tables(tmp_path, SQUARES, people, PLACES, files=4)
    shuffled = []
    set_index = dask.dataframe.DataFrame.set_index
    monkeypatch.setattr(
        dask.dataframe.DataFrame,
        "set_index",
        lambda frame, *rest, **more: shuffled.append(1) or set_index(frame, *rest, **more),
    )
    assert by_parts(opened, LIBRARY, 100)["population"].sum() == 400
    assert bool(shuffled) is not in_order


def test_closed_and_planned_places_do_not_count(tmp_path: Path) -> None:
    places = PLACES.assign(status=["closed", "planned", "open", "open", None, "unknown"])
    opened = tables(tmp_path, SQUARES, PEOPLE, places)
    for found in (single.coverage(opened, LIBRARY), by_parts(opened, LIBRARY, 2)):
        assert found["count"].tolist() == [0, 1, 1, 1]


def test_the_examples_in_the_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(geo.large.sums)
    assert (failed, tried > 0) == (0, True)


# What can't be used


def changed(frame: gpd.GeoDataFrame, **columns: object) -> gpd.GeoDataFrame:
    return frame.assign(**columns)


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("areas", SQUARES.to_crs(4326), "areas: it is in WGS 84"),
        ("areas", changed(SQUARES, id=["a", "a"]), "id is missing or not unique. Give each"),
        ("areas", changed(SQUARES, id=["a", None]), "id is missing or not unique"),
        ("areas", SQUARES.rename(columns={"id": "code"}), "no column 'id'. It has code"),
        ("areas", SQUARES.set_geometry(SQUARES.centroid), "areas: 2 rows have no polygon"),
        ("demand", PEOPLE.to_crs(32633), "demand: it is in WGS 84 / UTM zone 33N, and areas in"),
        ("demand", changed(PEOPLE, residents=-1), "residents is negative or infinite"),
        ("demand", PEOPLE.set_geometry([None, *PEOPLE.geometry[1:]]), "1 rows have no point"),
        ("demand", changed(PEOPLE, residents="many"), "'residents' holds (large_)?string. Make it"),
        ("places", changed(PLACES, kind=7), "'kind' holds int64. Make it string"),
        ("places", PLACES.drop(columns="kind"), "places: there is no column 'kind'"),
        ("places", PLACES.set_geometry(PLACES.buffer(1)), "some rows are lines or areas. Make"),
        ("places", PLACES.set_geometry([Point(np.inf, 0)] * 6), "coordinates are infinite"),
    ],
)
@pytest.mark.parametrize("engine", ["single", "parts"])
def test_what_cannot_be_used_is_refused(
    tmp_path: Path, name: str, wrong: gpd.GeoDataFrame, message: str, engine: str
) -> None:
    given_ = {"areas": SQUARES, "demand": PEOPLE, "places": PLACES, name: wrong}

    def answered() -> gpd.GeoDataFrame:
        opened = tables(tmp_path, *given_.values())
        return (
            single.coverage(opened, LIBRARY) if engine == "single" else by_parts(opened, LIBRARY, 2)
        )

    with pytest.raises(DataError, match=message):
        answered()


# The command


def run(folder: Path, *arguments: object) -> Result:
    named = {
        f"--{name}": large_tables.write(frame, folder / name)
        for name, frame in (("areas", SQUARES), ("demand", PEOPLE), ("places", PLACES))
    }
    given_ = [text for pair in named.items() for text in pair]
    asked = ["coverage", "--kind", "biblioteca", *given_, *arguments]
    return CliRunner().invoke(main, [str(argument) for argument in asked])


def test_the_command_writes_a_csv(tmp_path: Path) -> None:
    result = run(tmp_path, "--out", tmp_path / "answer.csv")
    assert result.exit_code == 0, result.output
    assert "5 places: 1 in no area, 1 without a point" in result.stdout
    assert "207 people: 77.3% have one near, 47 don't" in result.stdout
    lines = (tmp_path / "answer.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,population,share,uncovered,count,per_1000,count_biblioteca"
    assert lines[1] == "a000,160.0,1.0,0.0,2,12.5,2"
    assert lines[4] == "(unplaced),,,,1,,1"


def test_the_command_writes_geoparquet_with_the_areas(tmp_path: Path) -> None:
    result = run(tmp_path, "--out", tmp_path / "answer.parquet")
    assert result.exit_code == 0, result.output
    found = gpd.read_parquet(tmp_path / "answer.parquet")
    assert found.crs == SQUARES.crs
    assert shapely.equals(found.geometry[:2].to_numpy(), SQUARES.geometry.to_numpy()).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--out: it is missing. Give --areas, --demand, --places and --out"),
        (["--out", "answer.txt"], "answer.txt doesn't end in .parquet or .csv"),
        (["--out", "a.csv", "--workers", "2"], "only Dask has a scheduler, workers and parts"),
        (
            ["--out", "a.csv", "--engine", "dask", "--workers", "2", "--scheduler", "tcp://x:1"],
            "the scheduler has workers of its own",
        ),
        (["--out", "a.csv", "--kind", "disco"], "no place is of the kind 'disco'"),
        (["--out", "none/a.csv"], "the folder is missing"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    result = run(tmp_path, *arguments)
    assert result.exit_code == 1
    assert message in result.output


def test_dask_is_asked_for_by_the_name_of_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cluster", "workers"):
        monkeypatch.delitem(sys.modules, f"geo.large.{name}")
        monkeypatch.delattr(geo.large, name)
    monkeypatch.setitem(sys.modules, "dask", None)
    result = run(tmp_path, "--out", tmp_path / "a.csv", "--engine", "dask")
    assert result.exit_code == 1
    assert "The extra 'cluster' is not installed: dask is missing" in result.output
