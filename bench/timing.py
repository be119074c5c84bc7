"""Times in turn, and the ratio of their medians."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

RUNS = 5


@dataclass(frozen=True)
class Row:
    """One line of the results: what, against what, the two medians, and their ratio."""

    what: str
    baseline: str
    ours: float
    theirs: float
    target: str
    unit: str = "ms"

    @property
    def cells(self) -> list[str]:
        """The line as text; the ratio says how many times smaller ours is."""
        numbers = (
            f"{value:,.{0 if value >= 100 else 2}f} {self.unit}"
            for value in (self.ours, self.theirs)
        )
        return [self.what, self.baseline, *numbers, f"{self.theirs / self.ours:.2f}", self.target]


def compare(
    what: str,
    ours: Callable[[], object],
    baseline: str,
    theirs: Callable[[], object],
    target: str,
    runs: int = RUNS,
) -> Row:
    """Run both in turn, `runs` times each, and compare the medians (milliseconds)."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for function, taken in zip((ours, theirs), times, strict=True):
            start = time.perf_counter()
            function()
            taken.append(1000 * (time.perf_counter() - start))
    return Row(what, baseline, median(times[0]), median(times[1]), target)
