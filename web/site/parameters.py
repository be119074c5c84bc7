"""The parameters of a request's address: each read and checked, with a 400 in words otherwise.

A parameter that is missing or empty has its default. A `refusal` is the text of the 400; it may
contain %(name)s for the value.
"""

import re
from collections.abc import Container
from typing import NoReturn
from urllib.parse import unquote_to_bytes

import pandas as pd
from flask import abort, request
from flask_babel import gettext as _

from geo.maps.views import city_view
from geo.text.safe_text import line
from web.site.app_state import dataset
from web.site.kind_labels import check_kind

# About a metre: what is finer would only name a person's position better.
DECIMALS = 5
# How far around the city its metric CRS measures well, in degrees.
_MARGIN = 0.5
# No value is repeated at full length.
_LONGEST_REPEATED = 40
_LONGEST_WHOLE = 6
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
# Degrees, also with a comma, which many keyboards offer first.
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,20})?")
_POINT = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,20})?),([+-]?\d{1,3}(?:\.\d{1,20})?)")

Point = tuple[float, float]


def value(name: str, default: str = "") -> str:
    """Return a parameter's first value."""
    return request.args.get(name) or default


def values(name: str) -> list[str]:
    """Return all values of a parameter but empty ones."""
    return [each for each in request.args.getlist(name) if each]


def refuse(refusal: str, given: str, longest: int = _LONGEST_REPEATED) -> NoReturn:
    """Answer 400 with a text that repeats the beginning of a value."""
    abort(400, refusal % {"name": given[:longest]})


def one_of(name: str, allowed: Container[str], refusal: str, default: str = "") -> str:
    """Return a parameter's value, which is one of `allowed` or the default."""
    given = value(name, default)
    if given != default and given not in allowed:
        refuse(refusal, given)
    return given


def text(name: str, longest: int, too_long: str) -> str:
    """Return a text that a person typed, with single spaces; `too_long` is the text of its 400."""
    given = value(name)
    if len(given) > longest:
        abort(400, too_long)
    given = " ".join(given.split())
    if not _is_readable(given):
        abort(400, _("Il testo contiene caratteri che non si possono leggere."))
    return given


def _is_readable(given: str) -> bool:
    """Return whether a name of the data might be this text, and the address is UTF-8."""
    try:
        line(given)
        # Werkzeug passes bytes that aren't UTF-8 on as "%FF".
        unquote_to_bytes(request.query_string).decode()
    except ValueError:
        return False
    return _UNREADABLE not in given


def whole(name: str, default: int, low: int, high: int, refusal: str = "") -> int:
    """Return a whole number from `low` to `high`, or the default."""
    given = value(name, str(default))
    is_number = given.isascii() and given.isdigit() and len(given) <= _LONGEST_WHOLE
    if not (is_number and low <= int(given) <= high):
        if refusal:
            refuse(refusal, given)
        message = _(
            "“%(name)s” non va bene: serve un numero intero da %(low)s a %(high)s.",
            name=given[:_LONGEST_REPEATED],
            low=low,
            high=high,
        )
        abort(400, message)
    return int(given)


def kinds(name: str, most: int) -> tuple[str, ...]:
    """Return kinds and groups of place, each once, in alphabetical order."""
    given = values(name)
    if len(given) > most:
        abort(400, _("Troppi tipi di luogo in una volta sola."))
    chosen = sorted(set(given))
    for slug in chosen:
        check_kind(slug)
    return tuple(chosen)


def quartieri(name: str = "quartiere") -> list[str]:
    """Return the quartieri that the address names, each once, in its order."""
    chosen = list(dict.fromkeys(values(name)))
    for slug in chosen:
        if slug not in dataset().quartieri.index:
            refuse(_("Il quartiere “%(name)s” non esiste."), slug)
    return chosen


def quartiere() -> str | None:
    """Return the first quartiere that the address names, or None."""
    slug = value("quartiere")
    if slug and slug not in dataset().quartieri.index:
        refuse(_("Il quartiere “%(name)s” non esiste."), slug)
    return slug or None


def point() -> Point | None:
    """Return the point (lon, lat in degrees) of the parameters lon and lat, or None for none."""
    texts = [value(name).strip() for name in ("lon", "lat")]
    if not any(texts):
        return None
    if not all(_DEGREES.fullmatch(each) for each in texts):
        abort(400, _("Le coordinate devono essere due numeri, in gradi: lon (est) e lat (nord)."))
    lon, lat = (round(float(each.replace(",", ".")), DECIMALS) for each in texts)
    if is_near_city(lat, lon) and not is_near_city(lon, lat):
        abort(400, _("Longitudine e latitudine sembrano scambiate: lon è l’est, lat il nord."))
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        abort(
            400,
            _("Queste coordinate non stanno sulla Terra: lon va da -180 a 180, lat da -90 a 90."),
        )
    return lon, lat


def point_in_city(given: str) -> Point:
    """Return the point (lon, lat in degrees) that "lon,lat" is, in the city or near it."""
    found = _POINT.fullmatch(given)
    lon, lat = (round(float(each), DECIMALS) for each in found.groups()) if found else (0.0, 0.0)
    if not found or not is_near_city(lon, lat):
        refuse(_("Il punto “%(name)s” non è in città: servono lon,lat in gradi."), given)
    return lon, lat


def point_text(lon: float, lat: float) -> str:
    """Return a point as `point_in_city` reads it."""
    return f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}"


def is_near_city(lon: float, lat: float) -> bool:
    """Return whether (lon, lat) is in the city or so near that distances to it can be measured."""
    (south, west), (north, east) = city_view(dataset()).bounds
    return west - _MARGIN <= lon <= east + _MARGIN and south - _MARGIN <= lat <= north + _MARGIN


def check_exists(table: pd.DataFrame, key: str) -> None:
    """Answer 404 where a part of the path names no row of a table."""
    if key not in table.index:
        abort(404)
