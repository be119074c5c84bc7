"""The joins and indicators: what each quartiere has, and how much of it per resident."""

import warnings
from dataclasses import dataclass
from functools import lru_cache

import mapclassify
import numpy as np
import pandas as pd

from geo.dataset import Dataset
from geo.kinds import GROUPS, KINDS, kinds_of

# Two rows beside the quartieri, so that the column sums are the totals.
OUTSIDE = "(outside)"
UNPLACED = "(unplaced)"
# A rate on fewer places than this says little: pages mark it.
SMALL_COUNT = 5
# One class for zero, four for the rest: the eye tells no more shades apart on a map.
POSITIVE_CLASSES = 4

# Numba would only speed up classifying thousands of areas.
warnings.filterwarnings("ignore", message="Numba not installed")


def existing(places: pd.DataFrame) -> pd.Series:
    """Return True for each place that counts as being there: not closed and not just planned."""
    return places["status"].isin(["open", "unknown"])


def counts(dataset: Dataset) -> pd.DataFrame:
    """Return how many existing places of each kind each quartiere has.

    Rows: the quartieri by slug, then OUTSIDE (has a point, in no quartiere) and
    UNPLACED (no point, and no source states a quartiere). Columns: every kind, then
    every group. Unit: places. Each place is counted in exactly one row, so the sum of
    a column is the number of such places.
    """
    return _counts(dataset).copy(deep=False)


@lru_cache(maxsize=4)
def _counts(dataset: Dataset) -> pd.DataFrame:
    """Count once for each dataset: it never changes."""
    places = dataset.places
    places = places[existing(places)]
    nowhere = np.where(places.geometry.notna(), OUTSIDE, UNPLACED)
    row = places["quartiere"].where(places["quartiere"].notna(), nowhere)
    table = pd.crosstab(row, places["kind"]).reindex(
        index=[*dataset.quartieri.index, OUTSIDE, UNPLACED], columns=list(KINDS), fill_value=0
    )
    groups = {group: table[list(kinds_of(group))].sum(axis=1) for group in GROUPS}
    return table.assign(**groups).rename_axis(index="quartiere", columns=None)


def is_complete(dataset: Dataset, slug: str) -> bool:
    """Return whether every kind that `slug` stands for is listed by a complete register."""
    return dataset.city.registered_kinds.issuperset(kinds_of(slug))


def per_1000(count: pd.Series, residents: pd.Series) -> pd.Series:
    """Return 1000 × count / residents: places per 1,000 residents, aligned to `count`.

    Missing, never 0, where residents are unknown.

    >>> per_1000(pd.Series([330]), pd.Series([121_952])).round(2).tolist()
    [2.71]
    """
    known = residents.reindex(count.index).astype(float)
    return 1000 * count / known


def coverage(dataset: Dataset, slug: str) -> pd.DataFrame:
    """Return the coverage of each quartiere by places of a kind or group.

    Index: slug of the quartiere. Columns: name, residents, residents_year,
    residents_estimated, count (places), per_1000 (places per 1,000 residents; missing
    where residents are unknown), small (a rate that rests on 1 to 4 places).
    KeyError for an unknown kind or group.
    """
    kinds_of(slug)
    table = pd.DataFrame(
        dataset.quartieri[["name", "residents", "residents_year", "residents_estimated"]]
    )
    count = counts(dataset).loc[table.index, slug]
    return table.assign(
        count=count,
        per_1000=per_1000(count, table["residents"]),
        small=count.between(1, SMALL_COUNT - 1),
    )


@dataclass(frozen=True)
class CityCoverage:
    """What the whole city has of a kind: inside its quartieri, outside them, not placeable."""

    inside: int
    outside: int
    unplaced: int
    per_1000: float


def city_coverage(dataset: Dataset, slug: str) -> CityCoverage:
    """Return the city's counts of a kind or group, and those inside per 1,000 of its residents."""
    column = counts(dataset)[slug]
    inside = int(column.drop([OUTSIDE, UNPLACED]).sum())
    rate = 1000 * inside / dataset.city.residents.count
    return CityCoverage(inside, int(column[OUTSIDE]), int(column[UNPLACED]), rate)


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

    Method: mapclassify.FisherJenks on the positive values.
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


def _natural_breaks(values: np.ndarray, number: int) -> np.ndarray:
    if number == 1:
        return np.zeros(len(values))
    return np.asarray(mapclassify.FisherJenks(values, k=number).yb, dtype=float)


def profile(dataset: Dataset, quartiere: str) -> pd.DataFrame:
    """Return what one quartiere has beside the whole city, by kind and group.

    Index: slugs of kinds and groups. Columns: count and per_1000 (of the quartiere;
    the rate is missing where residents are unknown), small (a rate on 1 to 4 places),
    city_count (inside the quartieri) and city_per_1000. KeyError for an unknown one.
    """
    table = counts(dataset)
    here: pd.Series = table.T[quartiere]
    city = table.drop(index=[OUTSIDE, UNPLACED]).sum()
    residents = dataset.quartieri.loc[quartiere, "residents"]
    return pd.DataFrame(
        {
            "count": here,
            "per_1000": per_1000(here, pd.Series(residents, index=here.index)),
            "small": here.between(1, SMALL_COUNT - 1),
            "city_count": city,
            "city_per_1000": 1000 * city / dataset.city.residents.count,
        }
    )


def absent(dataset: Dataset, quartiere: str) -> pd.DataFrame:
    """Return the kinds that the city has and a quartiere hasn't, the most expected first.

    Index: slugs of kinds. Columns: city_count (places inside the quartieri),
    city_per_1000, quartieri_with (how many quartieri have one), expected (places that
    the quartiere would have at the city's rate, city_per_1000 × residents / 1000;
    missing where residents are unknown). KeyError for an unknown quartiere.
    """
    kinds = list(KINDS)
    table = profile(dataset, quartiere).loc[kinds]
    each = counts(dataset).drop(index=[OUTSIDE, UNPLACED])[kinds]
    residents = float(dataset.quartieri["residents"].astype(float).loc[quartiere])
    table = table.assign(
        quartieri_with=(each > 0).sum(), expected=table["city_per_1000"] * residents / 1000
    )
    gone = table[(table["count"] == 0) & (table["city_count"] > 0)]
    columns = ["city_count", "city_per_1000", "quartieri_with", "expected"]
    return gone[columns].sort_values("city_per_1000", ascending=False, kind="stable")
