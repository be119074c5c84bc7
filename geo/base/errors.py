"""The errors this package raises, worded for the person who can fix them."""

from collections.abc import Iterable
from dataclasses import dataclass

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


def short(value: object) -> str:
    """Return what a file says as a reader needs it: its beginning, quoted."""
    # A cell may hold megabytes.
    text = repr(value[:100] if isinstance(value, str) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def printable(text: str) -> str:
    """Return `text` on one line, without characters that steer a terminal or can't be written."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
