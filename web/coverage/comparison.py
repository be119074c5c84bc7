"""Two queries of coverage side by side, in the same measure and the same classes of colour."""

from dataclasses import dataclass

import pandas as pd

from geo.analysis.coverage import CoverageResult, compare, compare_city, compute_coverage
from geo.spatial.classes import Classes, classify_together
from web.coverage.query import ComparisonView
from web.coverage.texts import query_text
from web.site.app_state import dataset


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two results, with their queries as text.

    `table` and `city`: the measure by quartiere and for the city: first, second, difference.
    """

    results: tuple[CoverageResult, CoverageResult]
    titles: tuple[str, str]
    table: pd.DataFrame
    city: pd.Series
    classes: tuple[Classes, Classes]


def compare_queries(view: ComparisonView) -> Comparison:
    """Return the results of the two queries of a comparison."""
    first, second = (compute_coverage(dataset(), query) for query in view.queries)
    table = compare(first, second, view.measure.column)
    values = (view.measure.finite(table[name]) for name in ("first", "second"))
    return Comparison(
        (first, second),
        (query_text(first.query), query_text(second.query)),
        table,
        compare_city(first, second, view.measure.column),
        classify_together(*values),
    )
