"""The errors this package raises, worded for the person who can fix them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.base.limits import MAX_PROBLEMS

# More than anybody reads at once.
SHOWN = 200


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one file: where it is and what to do about it.

    `row` is what a person can look up: a line of a CSV file, a feature's number
    and id in a GeoJSON file, or empty when the whole file is meant.
    """

    file: str
    row: str
    what: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.row}" if self.row else self.file
        return printable(f"{place}: {self.what}. {self.fix}")


class DataError(ValueError):
    """Input data that can't be used. Lists every problem that was found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        heading = f"{count} problem{'' if count == 1 else 's'} in the data:"
        lines = [f"  - {problem}" for problem in self.problems[:SHOWN]]
        more = [f"  … and {count - SHOWN} more"] if count > SHOWN else []
        super().__init__("\n".join([heading, *lines, *more]))

    def __reduce__(self) -> tuple[type["DataError"], tuple[tuple[Problem, ...]]]:
        """Pickle the problems, not the message: an error may come from another process."""
        return type(self), (self.problems,)


class Problems:
    """Collects the problems of several files, so that they are reported together.

    Of each file at most `MAX_PROBLEMS` are held, and one more that says that there are others.
    """

    def __init__(self) -> None:
        self._by_file: dict[str, list[Problem]] = {}
        self._rows: set[tuple[str, str]] = set()

    def add(self, file: str, row: str, what: str, fix: str) -> None:
        """Add a problem, unless the file has too many already."""
        if self.is_full(file):
            what = f"more problems than these {MAX_PROBLEMS}"
            self.close(file, "", what, "Correct these first")
        else:
            self._append(Problem(file, row, what, fix))

    def close(self, file: str, row: str, what: str, fix: str) -> None:
        """Add the last problem of a file that has too many: why no more are looked for."""
        if len(self.of(file)) <= MAX_PROBLEMS:
            self._append(Problem(file, row, what, fix))

    def _append(self, problem: Problem) -> None:
        self._by_file.setdefault(problem.file, []).append(problem)
        self._rows.add((problem.file, problem.row))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems that exist already, such as those of a DataError."""
        for problem in problems:
            self.add(problem.file, problem.row, problem.what, problem.fix)

    def of(self, file: str) -> Sequence[Problem]:
        """Return the problems of a file, in the order in which they were found."""
        return tuple(self._by_file.get(file, ()))

    def has(self, file: str, row: str) -> bool:
        """Tell whether a problem of this row of the file is known."""
        return (file, row) in self._rows

    def is_full(self, file: str) -> bool:
        """Tell whether the file has so many problems that no more are added."""
        return len(self._by_file.get(file, ())) >= MAX_PROBLEMS

    def raise_if_any(self) -> None:
        """Raise a DataError that lists all problems, if there are any."""
        found = [problem for problems in self._by_file.values() for problem in problems]
        if found:
            raise DataError(found)


def short(value: object) -> str:
    """Return what a file says as a reader needs it: its beginning, quoted."""
    # A cell may hold megabytes.
    text = repr(value[:100] if isinstance(value, str) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def printable(text: str) -> str:
    """Return `text` on one line, without characters that steer a terminal or can't be written."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
