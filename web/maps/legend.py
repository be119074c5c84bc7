"""The legend of a map's colours, as text."""

from flask_babel import gettext as _

from geo.spatial.classes import Classes
from web.site.formatting import number


def legend(found: Classes, digits: int) -> list[dict[str, str]]:
    """Return the entries of a legend: the name of each class that is used, and its range."""
    entries = [
        {"name": str(name), "label": _range(low, high, digits)}
        for name, (low, high) in found.ranges.items()
    ]
    if found.of.isna().any():
        entries.append({"name": "none", "label": _("dato non disponibile")})
    return entries


def _range(low: float, high: float, digits: int) -> str:
    return number(low, digits) if low == high else f"{number(low, digits)}–{number(high, digits)}"
