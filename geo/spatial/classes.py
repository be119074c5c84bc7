"""The classes of a choropleth: zero, and natural breaks."""

from dataclasses import dataclass

import jenkspy
import numpy as np
import pandas as pd

# One class for zero and four for the rest: a map can't show more shades distinctly.
POSITIVE_CLASSES = 4


@dataclass(frozen=True)
class Classes:
    """The classes of a series of values.

    Attributes
    ----------
    of : Series of Int64
        The class of each value, aligned to the values; missing where the value is. Class 0
        is for zero only.
    ranges : dict
        The lowest and the highest value of each class that is used.
    """

    of: pd.Series
    ranges: dict[int, tuple[float, float]]


def classify(values: pd.Series) -> Classes:
    """Sort values into zero and up to four classes of natural breaks.

    Parameters
    ----------
    values : Series
        Numbers, 0 or more; missing ones get no class.

    Returns
    -------
    Classes
        As many positive classes as there are different positive values, at most four.

    References
    ----------
    Fisher, W. (1958). On grouping for maximum homogeneity. JASA 53. Jenks, G. (1977). Optimal
    data classification for choropleth maps. Computed by jenkspy.

    Examples
    --------
    >>> classify(pd.Series([0, 1, 2, 2, 90])).of.tolist()
    [0, 1, 2, 2, 3]
    """
    numbers = values.astype(float)
    positive = numbers[numbers > 0]
    of = pd.Series(np.nan, index=values.index).mask(numbers == 0, 0.0)
    if len(positive):
        classes = min(POSITIVE_CLASSES, positive.nunique())
        of[positive.index] = _natural_breaks(positive.to_numpy(), classes) + 1.0
    used = sorted(of.dropna().unique())
    ranges = {
        int(number): (float(numbers[of == number].min()), float(numbers[of == number].max()))
        for number in used
    }
    return Classes(of.astype("Int64"), ranges)


def classify_together(first: pd.Series, second: pd.Series) -> tuple[Classes, Classes]:
    """Sort two series into the same classes, so that their maps can be compared.

    Parameters
    ----------
    first, second : Series
        Numbers in one unit, 0 or more.

    Returns
    -------
    tuple of Classes
        One for each series; the ranges of both are those of all values together.
    """
    both = classify(pd.concat([first, second], keys=[0, 1]))
    return Classes(both.of.xs(0), both.ranges), Classes(both.of.xs(1), both.ranges)


def _natural_breaks(values: np.ndarray, number: int) -> np.ndarray:
    """Return the class of each value, from 0, of `number` classes."""
    if number == 1:
        return np.zeros(len(values))
    breaks = jenkspy.jenks_breaks(values, n_classes=number)
    # Each class includes its upper break.
    return np.searchsorted(breaks[1:-1], values, side="left").astype(float)
