"""Values sorted into the classes of a choropleth."""

from dataclasses import dataclass

import jenkspy
import numpy as np
import pandas as pd

# One class for zero, four for the rest: the eye tells no more shades apart on a map.
POSITIVE_CLASSES = 4


@dataclass(frozen=True)
class Classes:
    """Values sorted into classes for a choropleth.

    `of` is aligned to the values: the class of each, missing where the value is.
    `ranges` gives the smallest and largest value in each class that is used.
    Class 0 is zero and nothing else.
    """

    of: pd.Series
    ranges: dict[int, tuple[float, float]]


def classify(values: pd.Series) -> Classes:
    """Sort values into zero and up to four classes of natural breaks (Fisher, 1958; Jenks, 1977).

    Method: jenkspy on the positive values.
    """
    numbers = values.astype(float)
    positive = numbers[numbers > 0]
    of = pd.Series(np.nan, index=values.index).mask(numbers == 0, 0.0)
    if len(positive):
        wanted = min(POSITIVE_CLASSES, positive.nunique())
        found = _natural_breaks(positive.to_numpy(), wanted)
        of[positive.index] = found + 1.0
    used = sorted(of.dropna().unique())
    ranges = {
        int(number): (float(numbers[of == number].min()), float(numbers[of == number].max()))
        for number in used
    }
    return Classes(of.astype("Int64"), ranges)


def classify_together(first: pd.Series, second: pd.Series) -> tuple[Classes, Classes]:
    """Sort two series into the same classes, so that their maps can be read side by side.

    The ranges of both are those of all the values.
    """
    both = classify(pd.concat([first, second], keys=[0, 1]))
    of_first, of_second = (
        both.of.xs(number).reindex(each.index) for number, each in enumerate((first, second))
    )
    return Classes(of_first, both.ranges), Classes(of_second, both.ranges)


def _natural_breaks(values: np.ndarray, number: int) -> np.ndarray:
    if number == 1:
        return np.zeros(len(values))
    breaks = jenkspy.jenks_breaks(values, n_classes=number)
    # Each class ends with its upper break: a value that is one belongs below it.
    return np.searchsorted(breaks[1:-1], values, side="left").astype(float)
