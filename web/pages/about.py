"""The pages about the site: sources and privacy, the method of each figure, accessibility."""

from flask import Blueprint, render_template

from geo.analysis import worked_example
from geo.model.queries import position_quality
from web.site import labels
from web.site.app_state import dataset
from web.site.kind_labels import kind_words

blueprint = Blueprint("about", __name__)


@blueprint.get("/informazioni/")
def about() -> str:
    """How the map is made: method, sources, licences, privacy."""
    data = dataset()
    estimated = data.quartieri["residents_estimated"].astype(bool)
    return render_template(
        "pages/about.html",
        sources=data.sources,
        quality=position_quality(data),
        registered=data.city.registered_kinds,
        known=int((~estimated).sum()),
        estimated=int(estimated.sum()),
        city=data.city,
        **kind_words(),
    )


@blueprint.get("/metodo/")
def method() -> str:
    """What each figure means, how it is computed, an example, and its limits."""
    return render_template(
        "pages/method.html",
        contents=labels.METHOD,
        worked=worked_example.worked_example(dataset()),
        worked_question=worked_example.QUERY,
        city=dataset().city,
        **kind_words(),
    )


@blueprint.get("/accessibilita/")
def accessibility() -> str:
    """How accessible the site is: what was tested, what wasn't, and where to complain."""
    return render_template("pages/accessibility.html")
