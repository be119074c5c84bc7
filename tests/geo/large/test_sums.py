"""Coverage of a country's tables: worked out on paper, and the same by parts as by the whole."""

import doctest
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import dask
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import geo.large.sums
from bench.country import areas as country_areas
from bench.country import demand as country_demand
from bench.country import points as country_points
from geo.analysis.coverage import CoverageQuery
from geo.large import single, sums
from geo.large.area_table import OUTSIDE_ROW, UNPLACED_ROW
from geo.spatial import access, rates
from geo.spatial.point_in_area import locate
from tests.helpers.cities import country_tables
from tests.helpers.cities.country_tables import (
    LIBRARY,
    PEOPLE,
    PLACES,
    SQUARES,
    by_parts,
    opened,
    same,
)
from tests.helpers.effort import short_or_long


@pytest.mark.parametrize("rows", [None, 100, 1])
def test_two_squares_on_paper(tmp_path: Path, rows: int | None) -> None:
    tables = opened(tmp_path, SQUARES, PEOPLE, PLACES)
    found = single.coverage(tables, LIBRARY) if rows is None else by_parts(tables, LIBRARY, rows)
    # On the common edge: people and places belong to the first square. At 500 m: near.
    assert found.index.tolist() == ["a000", "a001", OUTSIDE_ROW, UNPLACED_ROW]
    assert found["count"].tolist() == [2, 1, 1, 1]
    assert found["count_biblioteca"].tolist() == [2, 1, 1, 1]
    assert found["population"].tolist()[:3] == [160, 40, 7]
    assert found["uncovered"].tolist()[:3] == [0, 40, 7]
    assert found["share"].tolist()[:3] == [1, 0, 0]
    assert found["per_1000"].tolist()[:3] == [12.5, 25, 1000 / 7]
    assert found.loc[UNPLACED_ROW, ["population", "share", "uncovered", "per_1000"]].isna().all()


def test_unknown_values_are_missing_and_never_zero(tmp_path: Path) -> None:
    people = country_tables.people([(100, 100), (1500, 100)], [None, 0])
    tables = opened(tmp_path, SQUARES, people, PLACES)
    for found in (single.coverage(tables, LIBRARY), by_parts(tables, LIBRARY, 1)):
        assert found.loc["a000", ["population", "share", "uncovered"]].isna().all()
        assert found.loc["a001", ["population", "uncovered"]].tolist() == [0, 0]
        assert np.isnan(found.loc["a001", "share"])


def test_the_indicators_are_those_of_a_city(tmp_path: Path) -> None:
    x, y, residents = country_demand(3000, country=60)
    people = country_tables.people(list(zip(x, y, strict=True)), residents / 7)
    at = list(zip(*country_points(2000, country=60), strict=True))
    places = country_tables.places(at, ["biblioteca", "parco"] * 1000)
    areas = country_tables.areas(country_areas(60))
    query = CoverageQuery(("biblioteca", "parco"), 900, "each")
    found = by_parts(opened(tmp_path, areas, people, places, query, 3), query, 300)
    inside = found.drop(index=[OUTSIDE_ROW, UNPLACED_ROW])
    # The same from the whole frames, by the functions that a city's page uses.
    named = areas.set_index("id").geometry
    people["quartiere"] = locate(people.geometry, named)
    kinds = {"biblioteca": ["biblioteca"], "parco": ["parco"]}
    metres = access.combine(access.distances(people, places, kinds), "each")
    covered = access.within(metres, 900)
    count = rates.count_in(locate(places.geometry, named), named.index)
    population = people.groupby("quartiere")["residents"].sum()
    assert 0.05 < covered.mean() < 0.95
    assert inside["count"].tolist() == count.tolist()
    for name, expected in {
        "share": access.share_within(people, covered),
        "uncovered": access.uncovered(people, covered),
        "per_1000": rates.per_1000(count, population),
    }.items():
        wanted = expected.reindex(inside.index)
        np.testing.assert_allclose(inside[name], wanted, rtol=1e-9, atol=0)


step = st.integers(-2, 10).map(lambda number: 250.0 * number)
anywhere = st.one_of(st.tuples(step, step), st.tuples(st.floats(-3e6, 3e6), st.floats(-3e6, 3e6)))
some = st.lists(anywhere, max_size=25)


@settings(max_examples=short_or_long(6, 60))
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
    query = CoverageQuery(("biblioteca", "parco"), metres, how)  # type: ignore[arg-type]
    # Squares, and one over all of them that comes later: only the first of two counts.
    areas = country_tables.areas([*country_tables.grid(4, 500), box(-500, 250, 2250, 1750)])
    with TemporaryDirectory() as folder:
        tables = opened(
            Path(folder),
            areas,
            country_tables.people(homes, people),
            country_tables.places(spots, kinds),
            query,
            files,
        )
        whole = single.coverage(tables, query)
        same(by_parts(tables, query, rows), whole)
    assert whole["count"].sum() == sum(kind != "altro" for kind in kinds)
    assert whole["population"].sum() == pytest.approx(sum(filter(None, people)))


@pytest.mark.parametrize("order", [1, -1])
def test_sums_are_rounded_once_however_they_are_parted(tmp_path: Path, order: int) -> None:
    # One after the other, the first 3 would be lost beside so large a number.
    people = country_tables.people([(x, 0) for x in (100, 300, 500, 700)], [3, 1e17, 3, 3][::order])
    tables = opened(tmp_path, SQUARES, people, PLACES.iloc[:0])
    for found in (single.coverage(tables, LIBRARY), by_parts(tables, LIBRARY, 1)):
        assert found.loc["a000", "uncovered"] == 1e17 + 16


def test_the_first_area_is_that_of_the_first_file_by_number(tmp_path: Path) -> None:
    # Twelve areas, one over the other, in files named part-0 to part-11.
    areas = country_tables.areas([box(0, 0, 9, 9)] * 12).iloc[::-1]
    people = country_tables.people([(5, 5)], [1])
    tables = opened(tmp_path, areas, people, country_tables.places([], []), files=12)
    for found in (single.coverage(tables, LIBRARY), by_parts(tables, LIBRARY, 1)):
        assert found["population"].first_valid_index() == "a011"
        assert found.index[0] == "a011"


def test_no_part_needs_all_the_places_or_all_the_areas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = list(zip(*country_points(4000, country=100), strict=True))
    areas = country_tables.areas(country_areas(100))
    people = country_tables.people(at, [1] * 4000)
    tables = opened(tmp_path, areas, people, country_tables.places(at, ["biblioteca"] * 4000))
    seen = []
    count_people = sums.count_people

    def watched(*given: Sequence[object]) -> pd.DataFrame:
        seen.append([len(part) for part in given[:3]])
        return count_people(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sums, "count_people", watched)
    by_parts(tables, LIBRARY, 250)
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
    people = country_tables.people(at.tolist(), [1] * 400)
    tables = opened(tmp_path, SQUARES, people, PLACES, files=4)
    shuffled = []
    set_index = dask.dataframe.DataFrame.set_index
    monkeypatch.setattr(
        dask.dataframe.DataFrame,
        "set_index",
        lambda frame, *rest, **more: shuffled.append(1) or set_index(frame, *rest, **more),
    )
    assert by_parts(tables, LIBRARY, 100)["population"].sum() == 400
    assert bool(shuffled) is not in_order


def test_closed_and_planned_places_do_not_count(tmp_path: Path) -> None:
    places = PLACES.assign(status=["closed", "planned", "open", "open", None, "unknown"])
    tables = opened(tmp_path, SQUARES, PEOPLE, places)
    for found in (single.coverage(tables, LIBRARY), by_parts(tables, LIBRARY, 2)):
        assert found["count"].tolist() == [0, 1, 1, 1]


def test_the_examples_in_the_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(geo.large.sums)
    assert (failed, tried > 0) == (0, True)
