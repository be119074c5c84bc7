"""The links out of a place's page: directions to the place, and a message with a correction."""

from typing import NamedTuple
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _

from geo.model.queries import Record
from web.site.addresses import absolute
from web.site.app_state import dataset
from web.site.i18n import url

DIRECTIONS = "https://www.openstreetmap.org/directions?to="


class Directions(NamedTuple):
    """The way to a place: an address on OpenStreetMap, and one for the phone's own map app."""

    openstreetmap: str
    phone: str
    approximate: bool


def directions_to(place: Record) -> Directions | None:
    """Return the way to a place, or None for one without a point."""
    if place["position"] == "none":
        return None
    point = place["geometry"]
    position = f"{point.y:.6f},{point.x:.6f}"
    return Directions(DIRECTIONS + quote(position), f"geo:{position}", place["position"] != "exact")


def correction_address(name: str, ident: str) -> str | None:
    """Return a mailto: address about a place, that names it and its page; None without a contact.

    Everything from the data is percent-encoded: it can't add a recipient or a header.
    """
    to = current_app.config["CONTACT_EMAIL"]
    if not to:
        return None
    body = _(
        "Luogo: %(name)s\nCodice: %(ident)s\nPagina: %(page)s\nVersione dei dati: %(version)s\n\n"
        "Che cosa non va, e da dove lo sai:\n",
        name=name,
        ident=ident,
        page=absolute(url("places.place", ident=ident)),
        version=dataset().version,
    ).replace("\n", "\r\n")
    subject = _("Correzione: %(name)s", name=name)
    return f"mailto:{quote(to)}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
