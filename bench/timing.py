"""Times in turn, and the ratio of their medians; the memory that a function needs on top."""

import ctypes
import gc
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

RUNS = 5


@dataclass(frozen=True)
class Row:
    """One line of the results: what was measured, its baseline, the medians and their ratio."""

    what: str
    baseline: str
    ours: float
    theirs: float
    target: str
    unit: str = "ms"

    @property
    def cells(self) -> list[str]:
        """The line as text; the ratio is theirs over ours."""
        numbers = (
            f"{value:,.{0 if value >= 100 else 2}f} {self.unit}"
            for value in (self.ours, self.theirs)
        )
        return [self.what, self.baseline, *numbers, f"{self.theirs / self.ours:.2f}", self.target]


def timed(function: Callable[[], object]) -> float:
    """Return how long a call takes, milliseconds."""
    start = time.perf_counter()
    function()
    return 1000 * (time.perf_counter() - start)


def compare(
    what: str,
    ours: Callable[[], object],
    baseline: str,
    theirs: Callable[[], object],
    target: str,
    runs: int = RUNS,
) -> Row:
    """Run both in turn, `runs` times each, and compare the medians (milliseconds)."""
    pairs = [(timed(ours), timed(theirs)) for _ in range(runs)]
    return Row(what, baseline, *map(median, zip(*pairs, strict=True)), target)


def compare_memory(
    what: str, ours: Callable[[], object], baseline: str, theirs: Callable[[], object], target: str
) -> Row:
    """Compare the most memory that each needs beyond what was there before (MB)."""
    return Row(what, baseline, extra_memory(ours), extra_memory(theirs), target, "MB")


def extra_memory(function: Callable[[], object]) -> float:
    """Return by how much a call raises the resident memory of a process at its peak, MB.

    It runs in a fork that has given back what others left free: that would be used unseen.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_measure, args=(function, there))
    child.start()
    raised: float = here.recv()
    child.join()
    return raised


def _measure(function: Callable[[], object], answer: Connection) -> None:
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    # Sets the peak (VmHWM) back to what is resident now.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _status_mb("VmRSS")
    # Held until the peak is read: the result counts.
    result = function()
    answer.send(_status_mb("VmHWM") - before)
    del result


def _status_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(f"{name}:"))
