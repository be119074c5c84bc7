"""Places of each kind: how many each quartiere has, and how many per resident."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.model.cache import memoized
from geo.model.dataset import Dataset
from geo.model.kinds import GROUPS
from geo.spatial.access import existing
from geo.spatial.rates import per_1000

# Two rows beside those of the quartieri, so that the column sums are the totals.
OUTSIDE = "(outside)"
UNPLACED = "(unplaced)"
# A rate on fewer places than this says little: pages mark it.
SMALL_COUNT = 5


def counts(dataset: Dataset) -> pd.DataFrame:
    """Count the existing places of each kind in each quartiere.

    Returns
    -------
    DataFrame of int
        Index: slugs of the quartieri, then OUTSIDE (a point in no quartiere) and UNPLACED (no
        point, and no source states a quartiere). Columns: every kind, then every group. Each
        place counts in exactly one row, so that a column's sum is the number of such places.
    """
    return _counts(dataset).copy(deep=False)


@memoized()
def _counts(dataset: Dataset) -> pd.DataFrame:
    return _count_places(dataset)


def _count_places(dataset: Dataset) -> pd.DataFrame:
    places = dataset.places
    places = places[existing(places)]
    table = pd.crosstab(row_of(places), places["kind"]).reindex(
        index=[*dataset.quartieri.index, OUTSIDE, UNPLACED],
        columns=list(dataset.kinds.slugs),
        fill_value=0,
    )
    groups = {group: table[list(dataset.kinds.expand(group))].sum(axis=1) for group in GROUPS}
    return table.assign(**groups).rename_axis(index="quartiere", columns=None)


def row_of(places: gpd.GeoDataFrame) -> pd.Series:
    """Return the row in which each place counts: slug of its quartiere, OUTSIDE or UNPLACED."""
    nowhere = np.where(places.geometry.notna(), OUTSIDE, UNPLACED)
    return places["quartiere"].where(places["quartiere"].notna(), nowhere)


def is_complete(dataset: Dataset, slug: str) -> bool:
    """Return whether complete registers list all places of a kind or group."""
    return dataset.city.registered_kinds.issuperset(dataset.kinds.expand(slug))


def counts_by_quartiere(dataset: Dataset, slug: str) -> pd.DataFrame:
    """Return how many places of a kind or group each quartiere has, and per 1,000 residents.

    Parameters
    ----------
    dataset : Dataset
    slug : str
        A kind or a group of kinds.

    Returns
    -------
    DataFrame
        Index: slugs of the quartieri. Columns: name, residents, residents_year,
        residents_estimated, count (places), per_1000 (places per 1,000 residents; missing where
        residents are unknown), small (a rate based on 1 to 4 places).

    Raises
    ------
    KeyError
        For an unknown kind or group.
    """
    dataset.kinds.expand(slug)
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
class CityCounts:
    """The places of a kind in the whole city.

    Attributes
    ----------
    inside, outside, unplaced : int
        Places in a quartiere, outside all of them, and without a point or stated quartiere.
    per_1000 : float
        Places inside per 1,000 residents of the city.
    quartieri_with : int
        The number of quartieri that have one.
    """

    inside: int
    outside: int
    unplaced: int
    per_1000: float
    quartieri_with: int


def city_counts(dataset: Dataset, slug: str) -> CityCounts:
    """Return the counts of a kind or group for the whole city; KeyError for an unknown one."""
    column = counts(dataset)[slug]
    each = column.drop([OUTSIDE, UNPLACED])
    inside = int(each.sum())
    rate = 1000 * inside / dataset.city.residents.count
    quartieri_with = int((each > 0).sum())
    return CityCounts(inside, int(column[OUTSIDE]), int(column[UNPLACED]), rate, quartieri_with)


def profile(dataset: Dataset, quartiere: str) -> pd.DataFrame:
    """Compare one quartiere with the whole city, by kind and group.

    Returns
    -------
    DataFrame
        Index: slugs of kinds and groups. Columns: count and per_1000 (of the quartiere; the
        rate is missing where residents are unknown), small (a rate based on 1 to 4 places),
        city_count (places inside the quartieri) and city_per_1000.

    Raises
    ------
    KeyError
        For an unknown quartiere.
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


def missing_kinds(dataset: Dataset, quartiere: str) -> pd.DataFrame:
    """Return the kinds that the city has and a quartiere hasn't, the most expected first.

    Returns
    -------
    DataFrame
        Index: slugs of kinds. Columns: city_count (places inside the quartieri), city_per_1000,
        quartieri_with (the number of quartieri that have one), expected (places that the
        quartiere would have at the city's rate: city_per_1000 × residents / 1000; missing where
        residents are unknown).

    Raises
    ------
    KeyError
        For an unknown quartiere.
    """
    kinds = list(dataset.kinds.slugs)
    table = profile(dataset, quartiere).loc[kinds]
    each = counts(dataset).drop(index=[OUTSIDE, UNPLACED])[kinds]
    residents = float(dataset.quartieri["residents"].astype(float).loc[quartiere])
    table = table.assign(
        quartieri_with=(each > 0).sum(), expected=table["city_per_1000"] * residents / 1000
    )
    missing = table[(table["count"] == 0) & (table["city_count"] > 0)]
    columns = ["city_count", "city_per_1000", "quartieri_with", "expected"]
    return missing[columns].sort_values("city_per_1000", ascending=False, kind="stable")
