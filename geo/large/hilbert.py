"""Points brought into the order of a Hilbert curve, so that each part is a piece of the map."""

from dataclasses import dataclass
from math import ceil

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd

from geo.large.dask_workers import Runner
from geo.spatial.access import Floats

# The column with the place on the curve, and how long that is.
CURVE = "curve"
_LENGTH = 2**32
# So many places on the curve are taken from each part, as a sample of it.
_SAMPLE = 256
# Parts whose boxes overlap less than this (area of boxes / area of the map) are compact enough.
_COMPACT = 3.0


@dataclass(frozen=True)
class _Measure:
    """What is to know of a part: rows, box (missing without points), places on the curve."""

    rows: int
    box: Floats
    sample: Floats

    @classmethod
    def of(cls, part: pd.DataFrame) -> "_Measure":
        corners = np.full((2, 2), np.nan)
        if part["x"].notna().any():
            corners = part[["x", "y"]].agg(["min", "max"]).to_numpy()
        ordered = np.sort(part[CURVE].to_numpy())
        picked = np.linspace(0, max(len(ordered) - 1, 0), min(_SAMPLE, len(ordered)))
        return cls(len(part), corners.ravel(), ordered[picked.astype(np.intp)])


def arranged(
    points: dd.DataFrame, rows: int, runner: Runner, name: str
) -> tuple[dd.DataFrame, Floats]:
    """Return points (x, y, CURVE) in parts of about `rows` rows, and the boxes of the parts.

    Both stay on the workers. Points that lie in small pieces already stay as they are. A
    box is west, south, east, north; missing for a part without points.
    """
    points = runner.persisted(f"reading {name}", points)
    measures = _measured(points, runner, name)
    if not _is_compact(measures, rows):
        divisions = _divisions(measures, rows)
        ordered = points.set_index(CURVE, divisions=divisions, shuffle_method="tasks", drop=False)
        points = runner.persisted(f"arranging {name}", ordered)
        measures = _measured(points, runner, name)
    return points, np.array([measure.box for measure in measures])


def _measured(points: dd.DataFrame, runner: Runner, name: str) -> list[_Measure]:
    tasks = [dask.delayed(_Measure.of)(part) for part in points.to_delayed()]
    return runner.results(f"measuring {name}", tasks)


def _is_compact(measures: list[_Measure], rows: int) -> bool:
    """Return whether the parts are neither too large, nor too small, nor spread too wide."""
    number = sum(measure.rows for measure in measures)
    if max(measure.rows for measure in measures) > 2 * rows:
        return False
    if len(measures) > 4 * ceil(number / rows) + 4:
        return False
    boxes = np.array([measure.box for measure in measures if not np.isnan(measure.box).any()])
    if len(boxes) <= 1:
        return True
    size = boxes[:, 2:] - boxes[:, :2]
    whole = boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)
    return bool(size.prod(axis=1).sum() <= _COMPACT * whole.prod())


def _divisions(measures: list[_Measure], rows: int) -> list[int]:
    """Return where to cut the curve, so that about `rows` rows lie between two cuts."""
    sample = np.concatenate([measure.sample for measure in measures])
    each = [measure.rows / max(len(measure.sample), 1) for measure in measures]
    weight = np.repeat(each, [len(measure.sample) for measure in measures])
    order = np.argsort(sample, kind="stable")
    so_far = np.cumsum(weight[order])
    wanted = np.arange(rows, so_far[-1], rows)
    cuts = sample[order][np.searchsorted(so_far, wanted)]
    return [int(cut) for cut in np.unique([0, *cuts, _LENGTH])]
