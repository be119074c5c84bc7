"""One example with the city's own figures, for the page that explains the indicators."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.model.dataset import Dataset
from geo.model.queries import record

# What nearly every quartiere of any city has, so that there is something to reckon with.
QUERY = CoverageQuery(kinds=("parco",), metres=300)


@dataclass(frozen=True, eq=False)
class WorkedExample:
    """A quartiere's result of QUERY: `row` as in `CoverageResult.table`, the city's, and the Gini.

    `covered`: how many residents have a place within the distance. `area_m2`: the known
    areas together.
    """

    slug: str
    row: dict[str, Any]
    covered: float
    area_m2: float
    city: pd.Series
    gini: float


def worked_example(dataset: Dataset) -> WorkedExample | None:
    """Return the example of the quartiere with most counted residents that has a place; or None.

    Estimated residents only where there are no others.
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
