"""What the address says of a map beside its subject: the layers and places that it shows."""

from dataclasses import dataclass
from typing import Any

from flask import abort, request
from flask_babel import gettext as _

from geo.model.kinds import GROUPS
from geo.model.queries import counts_by_kind
from web.maps import map_parts
from web.site import labels
from web.site.app_state import dataset
from web.site.kind_labels import check_kind, kind_words

# In the address when every layer is off.
NO_LAYER = "nessuno"
# What the home page colours the quartieri by when the address doesn't say.
COUNT = "conteggio"
DEFAULT_KIND = "beni-comuni"


@dataclass(frozen=True)
class Filter:
    """The kind or group and the quartiere that places must have; None means any."""

    kind: str | None
    quartiere: str | None


def read_filter(kind_field: str = "tipo") -> Filter:
    """Return what the address asks for; 400 in words for what there isn't."""
    kind = request.args.get(kind_field) or None
    if kind is not None:
        check_kind(kind)
    return Filter(kind, read_quartiere())


def read_choice() -> tuple[str, str]:
    """Return the kind or group and the measure that colour the quartieri; 400 for no such one."""
    kind = request.args.get("tipo") or DEFAULT_KIND
    measure = request.args.get("misura") or COUNT
    check_kind(kind)
    if measure not in labels.MEASURE:
        abort(400, _("La misura “%(name)s” non esiste.", name=measure[:40]))
    return kind, measure


def read_stage() -> str | None:
    """Return the stage that the address asks for, as the data name it; 400 for no such one."""
    asked = request.args.get("fase") or ""
    if asked and asked not in labels.STAGE_SLUGS:
        abort(400, _("La fase “%(name)s” non esiste.", name=asked[:40]))
    return labels.STAGE_SLUGS.get(asked)


def read_quartiere() -> str | None:
    """Return the quartiere that the address asks for; 400 in words for one that there isn't."""
    quartiere = request.args.get("quartiere") or None
    if quartiere is not None and quartiere not in dataset().quartieri.index:
        abort(400, _("Il quartiere “%(name)s” non esiste.", name=quartiere[:40]))
    return quartiere


def layer_switches(scope: str, key: str = "") -> dict[str, Any]:
    """Return a map's layers, each with its number of places there and whether it is on."""
    on = _layers_asked()
    number = counts_by_kind(map_parts.drawn_places(scope, key))
    return {
        "switches": [
            {**layer, "count": number[layer["slug"]], "on": layer["slug"] in on}
            for layer in kind_words()["layers"]
        ],
        "no_layer": NO_LAYER,
        "kept_layers": request.args.get("strati") or None,
    }


def _layers_asked() -> set[str]:
    text = request.args.get("strati") or ""
    if not text:
        return set(GROUPS)
    if text == NO_LAYER:
        return set()
    asked = text.split(",")
    for slug in asked:
        if slug not in GROUPS:
            abort(400, _("Lo strato “%(name)s” non esiste.", name=slug[:40]))
    return set(asked)
