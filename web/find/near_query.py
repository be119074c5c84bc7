"""What the address of /vicino asks for, checked: a 400 in words for what can't be meant."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import abort, request
from flask_babel import gettext as _

from geo.maps.views import city_view
from geo.text.safe_text import line
from web.site.app_state import dataset
from web.site.kind_labels import check_kind

RADII = (300, 500, 1000)
# About a metre: what is finer would only name a person's position better.
DECIMALS = 5
_LONGEST = 200
_MOST_KINDS = 60
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,20})?")
# How far around the city its metric CRS measures well, in degrees.
_AROUND = 0.5


@dataclass(frozen=True)
class Asked:
    """A typed address or a point (lon and lat in degrees, or both None), and what to show.

    `name` is what the point is called; `metres` is the radius, None for any.
    """

    text: str
    lon: float | None
    lat: float | None
    name: str
    metres: int | None
    kinds: tuple[str, ...]

    @property
    def is_search(self) -> bool:
        """Whether a typed address must be looked up: it isn't just the point's own name."""
        return bool(self.text) and (self.lon is None or self.text != self.name)

    @property
    def choices(self) -> dict[str, Any]:
        """Return what stays in an address when the point changes."""
        return {"raggio": self.metres, "tipo": list(self.kinds)}


def read_asked() -> Asked:
    """Return what the request asks for; 400 if it can't be understood."""
    _check_encoding()
    lon, lat = _point()
    return Asked(
        text=read_text("q"),
        lon=lon,
        lat=lat,
        name=read_text("nome") if lon is not None else "",
        metres=_metres(),
        kinds=_kinds(),
    )


def _check_encoding() -> None:
    """Refuse what isn't UTF-8: Flask would hand it on as percent signs and digits."""
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        abort(400, _unreadable())


def _unreadable() -> str:
    return str(_("Il testo contiene caratteri che non si possono leggere."))


def read_text(name: str, longest: int = _LONGEST) -> str:
    """Return a text of the address, tidied; 400 if it can't be meant."""
    text = request.args.get(name, "")
    if len(text) > longest:
        abort(400, _("Il testo è troppo lungo: bastano una via e un numero."))
    text = " ".join(text.split())
    try:
        # As the names of the data: a page links this one with a place's own.
        return line(text)
    except ValueError:
        abort(400, _unreadable())


def _point() -> tuple[float | None, float | None]:
    texts = [request.args.get(name, "").strip() for name in ("lon", "lat")]
    if not any(texts):
        return None, None
    if not all(_NUMBER.fullmatch(text) for text in texts):
        abort(400, _("Le coordinate devono essere due numeri, in gradi: lon (est) e lat (nord)."))
    lon, lat = (round(float(text.replace(",", ".")), DECIMALS) for text in texts)
    if is_near_city(lat, lon) and not is_near_city(lon, lat):
        abort(400, _("Longitudine e latitudine sembrano scambiate: lon è l’est, lat il nord."))
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        abort(
            400,
            _("Queste coordinate non stanno sulla Terra: lon va da -180 a 180, lat da -90 a 90."),
        )
    return lon, lat


def is_near_city(lon: float, lat: float) -> bool:
    """Return whether (lon, lat) is in the city or so near that distances to it can be measured."""
    (south, west), (north, east) = city_view(dataset()).bounds
    return west - _AROUND <= lon <= east + _AROUND and south - _AROUND <= lat <= north + _AROUND


def _metres() -> int | None:
    text = request.args.get("raggio", "")
    if text not in {"", *map(str, RADII)}:
        abort(400, _("Il raggio “%(name)s” non c’è: scegli 300, 500 o 1000 metri.", name=text[:40]))
    return int(text) if text else None


def _kinds() -> tuple[str, ...]:
    """Return the kinds and groups without doubles and empty ones, in a fixed order."""
    asked = request.args.getlist("tipo")
    if len(asked) > _MOST_KINDS:
        abort(400, _("Troppi tipi di luogo in una volta sola."))
    chosen = sorted({slug for slug in asked if slug})
    for slug in chosen:
        check_kind(slug)
    return tuple(chosen)
