"""Problems are collected by file, bounded, and reported together."""

import pytest

from geo.base.errors import SHOWN, DataError, Problem, Problems, printable, short
from geo.base.limits import MAX_PROBLEMS


def test_problems_are_found_by_file_and_row() -> None:
    problems = Problems()
    problems.add("b.csv", "line 2", "odd", "Even it")
    problems.add("a.csv", "", "empty", "Fill it")
    problems.extend([Problem("b.csv", "line 1", "late", "Hurry")])
    assert problems.of("b.csv") == (
        Problem("b.csv", "line 2", "odd", "Even it"),
        Problem("b.csv", "line 1", "late", "Hurry"),
    )
    assert problems.of("c.csv") == ()
    assert problems.has("b.csv", "line 1")
    assert not problems.has("a.csv", "line 1")
    with pytest.raises(DataError) as raised:
        problems.raise_if_any()
    assert [each.file for each in raised.value.problems] == ["a.csv", "b.csv", "b.csv"]
    assert str(raised.value) == (
        "3 problems in the data:\n"
        "  - a.csv: empty. Fill it\n"
        "  - b.csv, line 1: late. Hurry\n"
        "  - b.csv, line 2: odd. Even it"
    )


def test_no_problem_raises_nothing() -> None:
    problems = Problems()
    problems.raise_if_any()
    problems.extend([])
    problems.raise_if_any()
    assert not problems.is_full("a.csv")


def test_a_file_has_at_most_so_many_problems_and_one_that_says_so() -> None:
    problems = Problems()
    for number in range(MAX_PROBLEMS - 1):
        problems.add("a.csv", f"line {number}", "odd", "Even it")
    assert not problems.is_full("a.csv")
    problems.add("a.csv", "line 99", "odd", "Even it")
    assert problems.is_full("a.csv")
    assert len(problems.of("a.csv")) == MAX_PROBLEMS == 100
    for number in range(3):
        problems.add("a.csv", f"line {200 + number}", "odd", "Even it")
    assert len(problems.of("a.csv")) == MAX_PROBLEMS + 1
    assert problems.of("a.csv")[-1] == Problem(
        "a.csv", "", "more problems than these 100", "Correct these first"
    )
    problems.add("b.csv", "", "odd", "Even it")
    assert len(problems.of("b.csv")) == 1


def test_a_reader_that_stops_says_why_in_its_own_words() -> None:
    problems = Problems()
    for number in range(MAX_PROBLEMS):
        problems.add("a.csv", f"line {number}", "odd", "Even it")
    problems.close("a.csv", "line 100", "the rest wasn't read", "Check it")
    problems.close("a.csv", "line 101", "again", "Check it")
    problems.add("a.csv", "line 102", "odd", "Even it")
    assert problems.of("a.csv")[MAX_PROBLEMS:] == (
        Problem("a.csv", "line 100", "the rest wasn't read", "Check it"),
    )


def test_an_error_lists_each_problem_once_in_order_and_counts_the_others() -> None:
    one = Problem("a.csv", "", "odd", "Even it")
    assert str(DataError([one, one])) == "1 problem in the data:\n  - a.csv: odd. Even it"
    many = DataError(Problem("a.csv", f"line {n:03}", "odd", "Even it") for n in range(SHOWN + 1))
    assert str(many).splitlines()[-1] == "  … and 1 more"
    exactly = DataError(Problem("a.csv", f"line {n:03}", "odd", "Even it") for n in range(SHOWN))
    assert len(str(exactly).splitlines()) == SHOWN + 1


def test_values_are_quoted_short_and_in_printable_characters() -> None:
    assert short("abc") == "'abc'"
    assert short("x" * 58) == f"'{'x' * 58}'"
    assert short("x" * 59) == f"'{'x' * 56}..."
    assert short(7) == "7"
    assert printable("a\x1b\nb") == "a��b"
