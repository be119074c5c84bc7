"""An example with the city's own figures, for the page that explains the indicators."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.model.dataset import Dataset
from geo.model.queries import record

# Nearly every quartiere of any city has a park.
QUERY = CoverageQuery(kinds=("parco",), metres=300)


@dataclass(frozen=True, eq=False)
class WorkedExample:
    """The coverage of one quartiere for QUERY, step by step.

    Attributes
    ----------
    slug : str
        The quartiere.
    row : dict
        Its row of `CoverageResult.table`.
    covered : float
        Residents with a place within the distance.
    area_m2 : float
        The sum of the known areas of its places, m².
    city : Series
        The measures of the city, as in `CoverageResult.city`.
    gini : float
        The Gini coefficient of the area per resident.
    """

    slug: str
    row: dict[str, Any]
    covered: float
    area_m2: float
    city: pd.Series
    gini: float


def worked_example(dataset: Dataset) -> WorkedExample | None:
    """Return the example of the quartiere with most counted residents that has a place.

    Quartieri with estimated residents come after all others; None where no quartiere has
    known residents and a place.
    """
    found = compute_coverage(dataset, QUERY)
    table = found.table[found.table["population"].notna() & (found.table["count"] > 0)]
    if table.empty:
        return None
    order = table.sort_values(["estimated", "population"], ascending=[True, False], kind="stable")
    slug = str(order.index[0])
    row = record(found.table, slug)
    return WorkedExample(
        slug=slug,
        row=row,
        covered=row["population"] - row["uncovered"],
        area_m2=row["area_per_resident"] * row["population"],
        city=found.city,
        gini=found.gini["area_per_resident"],
    )
