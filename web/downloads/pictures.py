"""The maps of the pages as pictures, with the words and credits of the reader's language."""

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd
from flask import Response
from flask_babel import gettext as _

from geo.base.optional import extra
from geo.maps.layers import drawn
from geo.maps.picture_parts import Caption, Layer, Marks, plain_labels
from geo.maps.views import View
from geo.model.kinds import GROUPS
from geo.spatial.classes import Classes
from web.downloads.formats import PictureForm, attached, credits_line, picture_title
from web.maps.measures import Measure
from web.site.app_state import dataset
from web.site.i18n import current_language


class PictureTexts(NamedTuple):
    """The title and subtitle of a picture, and the ids of its sources: None for all."""

    title: str
    subtitle: str
    sources: Collection[str] | None = None


def area_picture(
    measure: Measure,
    values: pd.Series,
    classes: Classes,
    *,
    texts: PictureTexts,
    form: PictureForm,
    marks: Marks | None = None,
) -> bytes:
    """Return the quartieri coloured by class, each with its value of a measure as text.

    `marks`: the uncovered cells, and the places that count.
    """
    with extra("files"):
        from geo.maps.picture import choropleth  # noqa: PLC0415
    data = dataset()
    entries = {entry["name"]: entry["label"] for entry in measure.legend(classes)}
    if marks is not None:
        entries |= {"cells": _("celle scoperte"), "points": _("luoghi")}
    value_texts = {str(slug): measure.text(value) for slug, value in values.items()}
    return choropleth(
        data.quartieri.to_crs(data.city.metric_crs),
        classes,
        labels=plain_labels(data.quartieri["name"], value_texts),
        legend=entries,
        caption=Caption(picture_title(texts.title), texts.subtitle, credits_line(texts.sources)),
        marks=marks,
        form=form,
    )


def places_picture(view: View, title: str, form: PictureForm, *name: str) -> Response:
    """Return the areas and the places of a map, by layer, as a file; `name`: what is in it."""
    with extra("files"):
        from geo.maps.picture import places_map  # noqa: PLC0415
    metric = dataset().city.metric_crs
    places = drawn(view.places).to_crs(metric)
    groups = {
        slug: Layer(group.names.in_language(current_language()), group.colour, group.shape)
        for slug, group in GROUPS.items()
    }
    without = len(view.places) - len(places)
    body = places_map(
        view.areas.to_crs(metric),
        places.assign(layer=places["kind"].map(dataset().kinds.group_of)),
        # One area is what the title names.
        labels=dict(view.areas["name"]) if len(view.areas) > 1 else {},
        layers=groups,
        caption=Caption(
            picture_title(title),
            _(
                "%(number)s luoghi; altri %(without)s non hanno una posizione",
                number=len(places),
                without=without,
            ),
            credits_line(),
        ),
        form=form,
    )
    return attached(body, form, *name)
