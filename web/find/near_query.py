"""The query of /vicino: a typed address or a point, and what to show around it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from web.site import parameters
from web.site.parameters import Point

RADII = (300, 500, 1000)
LONGEST_ADDRESS = 200
# More than the kinds and groups that there are.
_MOST_KINDS = 60


@dataclass(frozen=True)
class NearQuery:
    """A typed address or a point, or neither; and what to show.

    `name`: what the point is called; `metres`: the radius, None for any.
    """

    text: str
    point: Point | None
    name: str
    metres: int | None
    kinds: tuple[str, ...]

    @property
    def is_search(self) -> bool:
        """Whether the typed address must be looked up: it isn't just the point's own name."""
        return bool(self.text) and (self.point is None or self.text != self.name)

    @property
    def filters(self) -> dict[str, Any]:
        """The parameters that stay when the point changes."""
        return {"raggio": self.metres, "tipo": list(self.kinds)}


def read_near_query() -> NearQuery:
    """Return the query of the request; 400 for a wrong value."""
    text = address_text("q", LONGEST_ADDRESS)
    point = parameters.point()
    refusal = _("Il raggio “%(name)s” non c’è: scegli 300, 500 o 1000 metri.")
    radius = parameters.one_of("raggio", [str(each) for each in RADII], refusal)
    return NearQuery(
        text=text,
        point=point,
        name=address_text("nome", LONGEST_ADDRESS) if point else "",
        metres=int(radius) if radius else None,
        kinds=parameters.kinds("tipo", _MOST_KINDS),
    )


def address_text(name: str, longest: int) -> str:
    """Return an address that a person typed; 400 for one that is too long or not readable."""
    too_long = _("Il testo è troppo lungo: bastano una via e un numero.")
    return parameters.text(name, longest, too_long)
