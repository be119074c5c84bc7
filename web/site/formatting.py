"""Values as text in the reader's language: numbers, dates, hosts of links."""

from datetime import date
from typing import cast
from urllib.parse import urlsplit

import pandas as pd
from babel.dates import format_date
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _


def number(value: object, digits: int = 0) -> str:
    """Return a number as text in the reader's language, or "n.d." where it is missing."""
    if value is None or pd.isna(cast("float", value)):
        return str(_("n.d."))
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(value, format=pattern))


def distance(metres: float, *, about: bool = False) -> str:
    """Return a distance as precise as it is known: to 10 m, and to 1 km from 10 km on."""
    if metres < 10:
        return str(_("circa 10 m") if about else _("meno di 10 m"))
    if metres >= 10_000:
        text = _("%(number)s km", number=number(round(metres / 1000)))
    else:
        text = _("%(number)s m", number=number(round(metres / 10) * 10))
    return str(_("circa %(distance)s", distance=text) if about else text)


def partial_date(text: str | None) -> str:
    """Return "2023", "2023-10" or "2023-10-07" as a date in the reader's language."""
    if not text:
        return str(_("n.d."))
    pattern = {4: "y", 7: "MMMM y", 10: "d MMMM y"}[len(text)]
    day = date.fromisoformat(text + "-01-01"[: 10 - len(text)])
    return format_date(day, format=pattern, locale=get_locale())


def host(address: str) -> str:
    """Return the host of an address, for a short link text."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def lower_first(text: object) -> str:
    """Return `text` with a small first letter, to follow a colon."""
    string = str(text)
    return string[:1].lower() + string[1:]
