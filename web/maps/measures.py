"""Measures: the figures by which maps colour the quartieri and tables compare them."""

from dataclasses import dataclass

import pandas as pd
from flask_babel import LazyString
from flask_babel import gettext as _

from geo.spatial.classes import Classes, classify
from web.site import labels
from web.site.formatting import number


@dataclass(frozen=True, eq=False)
class Measure:
    """A figure of each quartiere.

    `slug`: its name in addresses, and the anchor of its method; `column`: its column in the
    table of results; `digits`: how many decimals are shown; `scale`: what the column's values
    are multiplied by to be shown (100 for a share in percent); `needs_area`: whether it is
    known only where places have an area.
    """

    slug: str
    label: LazyString
    column: str
    digits: int = 0
    scale: float = 1
    needs_area: bool = False

    def scaled(self, values: pd.Series) -> pd.Series:
        """Return values of the column in the unit that is shown."""
        return values * self.scale if self.scale != 1 else values

    def finite(self, values: pd.Series) -> pd.Series:
        """Return values of the column as `scaled` does, infinite distances as missing."""
        return pd.to_numeric(self.scaled(values).replace(float("inf"), None))

    def classify(self, values: pd.Series) -> Classes:
        """Return the classes of colour of the column's values."""
        return classify(self.finite(values))

    def text(self, value: object) -> str:
        """Return a value of the column as text: shares in percent, distances in metres."""
        if pd.isna(value):  # type: ignore[call-overload]
            return number(None)
        if value == float("inf"):
            return str(_("nessun luogo"))
        return number(float(value) * self.scale if self.scale != 1 else value, self.digits)  # type: ignore[arg-type]

    def legend(self, classes: Classes) -> list[dict[str, str]]:
        """Return the entries of a legend: the name of each class that is used, and its range."""
        entries = [
            {"name": str(name), "label": self._range(low, high)}
            for name, (low, high) in classes.ranges.items()
        ]
        if classes.of.isna().any():
            entries.append({"name": "none", "label": _("dato non disponibile")})
        return entries

    def _range(self, low: float, high: float) -> str:
        """Return the range of a class, whose ends are already in the unit that is shown."""
        first, last = number(low, self.digits), number(high, self.digits)
        return first if low == high else f"{first}–{last}"


def by_slug(*measures: Measure) -> dict[str, Measure]:
    """Return measures by their names in addresses."""
    return {measure.slug: measure for measure in measures}


# The measures of the home page: of the table that `counts.counts_by_quartiere` returns.
COUNT = Measure("conteggio", labels.COUNT, "count")
PER_1000 = Measure("per-1000", labels.PER_1000, "per_1000", digits=2)
COUNT_MEASURES = by_slug(COUNT, PER_1000)
