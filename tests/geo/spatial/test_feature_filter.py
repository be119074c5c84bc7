"""Rows are chosen by a box and by values, in the frame's own order."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from geo.spatial.feature_filter import select

LAYER = gpd.GeoDataFrame(
    {
        "name": ["one", "two", "three", None],
        "year": [2020, 2021, 2020, np.nan],
        "open": pd.array([True, False, None, True], dtype="boolean"),
        "state": [True, False, True, False],
    },
    geometry=[Point(9, 45), Point(10, 46), Point(179, 0), Point(-179, 0)],
    index=["a", "b", "c", "d"],
    crs=4326,
)


def labels(**chosen: object) -> list[str]:
    return select(LAYER, **chosen).index.tolist()  # type: ignore[arg-type]


def test_without_a_choice_every_row_is_there() -> None:
    assert labels() == ["a", "b", "c", "d"]


def test_text_numbers_and_booleans_are_compared_as_what_they_are() -> None:
    assert labels(equal=[("name", "two")]) == ["b"]
    assert labels(equal=[("year", "2020")]) == ["a", "c"]
    assert labels(equal=[("year", "2020.0")]) == ["a", "c"]
    assert labels(equal=[("open", "true")]) == ["a", "d"]
    assert labels(equal=[("open", "false")]) == ["b"]
    assert labels(equal=[("state", "false")]) == ["b", "d"]
    assert labels(equal=[("name", "None")]) == []


def test_all_values_must_be_equal() -> None:
    assert labels(equal=[("year", "2020"), ("state", "true")]) == ["a", "c"]
    assert labels(equal=[("name", "one"), ("year", "2021")]) == []


def test_a_text_that_is_no_value_of_the_column_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^open=yes: true or false$"):
        labels(equal=[("open", "yes")])
    with pytest.raises(ValueError, match="could not convert"):
        labels(equal=[("year", "last")])
    with pytest.raises(KeyError):
        labels(equal=[("colour", "red")])


def test_a_box_includes_its_edges() -> None:
    assert labels(box=(9, 45, 10, 46)) == ["a", "b"]
    assert labels(box=(9.1, 45, 10, 46)) == ["b"]
    assert labels(box=(9, -90, 9, 90)) == ["a"]
    assert labels(box=(-180, -90, 180, 90)) == ["a", "b", "c", "d"]


def test_a_box_across_the_180th_meridian_is_two() -> None:
    assert labels(box=(170, -1, -170, 1)) == ["c", "d"]
    assert labels(box=(179.5, -1, -170, 1)) == ["d"]
    assert labels(box=(170, -1, -179.5, 1)) == ["c"]
    assert labels(box=(170, 1, -170, 2)) == []
    edge = gpd.GeoDataFrame(geometry=[Point(180, 0), Point(-180, 0)], crs=4326)
    assert len(select(edge, box=(179, -1, -179, 1))) == 2


def test_box_and_values_both_hold() -> None:
    assert labels(box=(9, 45, 10, 46), equal=[("year", "2020")]) == ["a"]
