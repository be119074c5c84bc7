"""Rates per resident, and how evenly they are distributed over areas.

Rates are missing (NaN), never 0, where residents are unknown or nobody lives.
"""

import numpy as np
import pandas as pd


def count_in(quartiere: pd.Series, areas: pd.Index) -> pd.Series:
    """Count the places in each area.

    Parameters
    ----------
    quartiere : Series
        For each place the label of its area, missing where it is in none.
    areas : Index
        The labels of the areas.

    Returns
    -------
    Series of int
        The number of places, aligned to `areas`; 0 where there is none.

    Examples
    --------
    >>> count_in(pd.Series(["nord", "nord", None]), pd.Index(["est", "nord"])).tolist()
    [0, 2]
    """
    return quartiere.value_counts().reindex(areas, fill_value=0)


def per_1000(count: pd.Series, residents: pd.Series) -> pd.Series:
    """Return places per 1,000 residents: 1000 × count / residents.

    Parameters
    ----------
    count : Series
        The number of places, by area.
    residents : Series
        The number of residents, by area; missing where unknown.

    Returns
    -------
    Series of float
        Places per 1,000 residents, aligned to `count`.

    Examples
    --------
    >>> per_1000(pd.Series([330]), pd.Series([121_952])).round(2).tolist()
    [2.71]
    """
    return 1000 * count / positive(residents.reindex(count.index))


def area_per_resident(area_m2: pd.Series, residents: pd.Series) -> pd.Series:
    """Return the area for each resident: area / residents.

    Parameters
    ----------
    area_m2 : Series
        Square metres, by area of the city.
    residents : Series
        The number of residents, by area; missing where unknown.

    Returns
    -------
    Series of float
        Square metres per resident, aligned to `area_m2`.

    References
    ----------
    DM 1444/1968, art. 3, requires 9 m² of public green, play and sport for each inhabitant.

    Examples
    --------
    >>> area_per_resident(pd.Series([2_665_000]), pd.Series([121_952])).round(2).tolist()
    [21.85]
    """
    return area_m2 / positive(residents.reindex(area_m2.index))


def gini(values: pd.Series, weights: pd.Series) -> float:
    """Return the population-weighted Gini coefficient, by the Lorenz curve.

    Σᵢⱼ wᵢ wⱼ |xᵢ − xⱼ| / (2 x̄ (Σ w)²)

    Parameters
    ----------
    values : Series
        A value per head for each area, 0 or more. Missing and infinite ones are left out.
    weights : Series
        The population of each area. Areas without a positive weight are left out.

    Returns
    -------
    float
        0 where all have the same, towards 1 where few have all; NaN where no area is left or
        all values are 0.

    References
    ----------
    Gini, C. (1912). Variabilità e mutabilità. Cuppini, Bologna.

    Examples
    --------
    >>> one = pd.Series([1, 1, 1, 1])
    >>> float(gini(pd.Series([0, 0, 0, 1]), one)), float(gini(pd.Series([1, 2, 3, 4]), one))
    (0.75, 0.25)
    """
    table = pd.DataFrame({"x": values, "w": weights}).astype(float)
    table = table.replace([np.inf, -np.inf], np.nan).dropna()
    table = table[table["w"] > 0].sort_values("x")
    total = (table["x"] * table["w"]).sum()
    if not total > 0:
        return float("nan")
    people = np.r_[0.0, table["w"].cumsum() / table["w"].sum()]
    lorenz = np.r_[0.0, (table["x"] * table["w"]).cumsum() / total]
    return float(1 - (np.diff(people) * (lorenz[1:] + lorenz[:-1])).sum())


def positive(people: pd.Series) -> pd.Series:
    """Return the numbers as floats, missing where they aren't above 0: a safe denominator."""
    number = people.astype(float)
    return number.where(number > 0)
