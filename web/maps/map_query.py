"""The parameters of pages with a map: what colours the quartieri, which places and layers show."""

from typing import Any, NamedTuple

import geopandas as gpd
from flask_babel import gettext as _

from geo.model.kinds import GROUPS
from geo.model.queries import counts_by_kind, counts_by_quartiere
from web.maps import map_parts
from web.maps.measures import COUNT, COUNT_MEASURES, Measure
from web.site import labels, parameters
from web.site.app_state import dataset
from web.site.kind_labels import check_kind, kind_words

# The value of `strati` when every layer is off.
NO_LAYER = "nessuno"
# What the home page colours the quartieri by when the address doesn't say.
DEFAULT_KIND = "beni-comuni"


class Filter(NamedTuple):
    """The kind or group and the quartiere that places must have; None means any."""

    kind: str | None
    quartiere: str | None


class LayerChoice(NamedTuple):
    """A map's layers, each with its name, colour, shape, number of places, and whether it is on.

    `query`: the value of `strati` in the address, None for none; `none`: its value when every
    layer is off.
    """

    layers: list[dict[str, Any]]
    query: str | None
    none: str = NO_LAYER


class OptionCounts(NamedTuple):
    """The numbers of places beside the options of a filter, by slug, and for all of them."""

    kinds: dict[str, int]
    all_kinds: int
    quartieri: dict[str, int]
    all_quartieri: int


def read_filter(kind_parameter: str = "tipo") -> Filter:
    """Return the filter of places that the address has; 400 for an unknown value."""
    kind = parameters.value(kind_parameter)
    if kind:
        check_kind(kind)
    return Filter(kind or None, parameters.quartiere())


def read_coloured_by() -> tuple[str, Measure]:
    """Return the kind or group and the measure that colour the quartieri; 400 for unknown ones."""
    kind = parameters.value("tipo", DEFAULT_KIND)
    check_kind(kind)
    refusal = _("La misura “%(name)s” non esiste.")
    measure = parameters.one_of("misura", COUNT_MEASURES, refusal, COUNT.slug)
    return kind, COUNT_MEASURES[measure]


def read_stage() -> str | None:
    """Return the stage of commons that the address names, as the data do; 400 if unknown."""
    slug = parameters.one_of("fase", labels.STAGE_SLUGS, _("La fase “%(name)s” non esiste."))
    return labels.STAGE_SLUGS.get(slug)


def layer_choice(scope: str, key: str = "") -> LayerChoice:
    """Return a map's layers, with their numbers of places there and which of them are on."""
    on = _layers_on()
    number = counts_by_kind(map_parts.drawn_places(scope, key), dataset().kinds)
    layers = [
        {**layer, "count": number[layer["slug"]], "on": layer["slug"] in on}
        for layer in kind_words()["layers"]
    ]
    return LayerChoice(layers, parameters.value("strati") or None)


def option_counts(
    of_kinds: gpd.GeoDataFrame, of_quartieri: gpd.GeoDataFrame | None = None
) -> OptionCounts:
    """Return the numbers of places beside the options of the kinds and of the quartieri.

    `of_quartieri`: the places that the second are of, where they aren't the same.
    """
    in_quartieri = of_kinds if of_quartieri is None else of_quartieri
    return OptionCounts(
        counts_by_kind(of_kinds, dataset().kinds),
        len(of_kinds),
        counts_by_quartiere(dataset(), in_quartieri),
        len(in_quartieri),
    )


def _layers_on() -> set[str]:
    text = parameters.value("strati")
    if not text:
        return set(GROUPS)
    if text == NO_LAYER:
        return set()
    slugs = text.split(",")
    for slug in slugs:
        if slug not in GROUPS:
            parameters.refuse(_("Lo strato “%(name)s” non esiste."), slug)
    return set(slugs)
