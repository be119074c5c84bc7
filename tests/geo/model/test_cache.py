"""What is computed of a dataset is computed once, and goes with it."""

import gc
import weakref
from pathlib import Path

from geo.model.cache import memoized
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city


class Result:
    """Something that can be watched."""


def test_each_argument_is_computed_once_for_each_dataset(tmp_path: Path) -> None:
    calls: list[tuple[Dataset, int, int]] = []

    @memoized()
    def product(dataset: Dataset, one: int, other: int = 2) -> int:
        """Multiply."""
        calls.append((dataset, one, other))
        return one * other

    first = Dataset.read(small_city.write(tmp_path / "first"))
    second = Dataset.read(small_city.write(tmp_path / "second"))
    assert [product(first, 3), product(first, 3), product(first, 3, other=5)] == [6, 6, 15]
    assert [product(second, 3), product(first, 3)] == [6, 6]
    assert [(one, other) for _, one, other in calls] == [(3, 2), (3, 5), (3, 2)]
    assert calls[2][0] is second
    assert (product.__name__, product.__doc__) == ("product", "Multiply.")


def test_functions_of_one_dataset_have_results_of_their_own(small: Dataset) -> None:
    calls: list[str] = []

    @memoized()
    def one(dataset: Dataset) -> str:
        calls.append("one")
        return "one"

    @memoized()
    def other(dataset: Dataset) -> str:
        calls.append("other")
        return "other"

    assert [one(small), other(small), one(small), other(small)] == ["one", "other"] * 2
    assert calls == ["one", "other"]


def test_only_the_last_used_results_are_held(small: Dataset) -> None:
    calls: list[int] = []

    @memoized(2)
    def square(dataset: Dataset, number: int) -> int:
        calls.append(number)
        return number**2

    assert [square(small, number) for number in (1, 2, 3, 3, 2, 1)] == [1, 4, 9, 9, 4, 1]
    assert calls == [1, 2, 3, 1]


def test_results_go_with_their_dataset(tmp_path: Path) -> None:
    @memoized()
    def result(dataset: Dataset) -> Result:
        return Result()

    data = Dataset.read(small_city.write(tmp_path))
    watched = weakref.ref(result(data))
    gc.collect()
    assert watched() is result(data)
    del data
    gc.collect()
    assert watched() is None
