"""Where residents live, as pages tell it: estimated or counted, and by whom."""

from flask import Flask
from flask_babel import gettext as _

from geo.analysis.population import CELL_M, is_estimated
from web.site.app_state import dataset, source_titles


def demand_in_words() -> str:
    """Return a sentence on the points that distances are measured from."""
    source = source_titles(dataset().demand_points["source"].unique())
    if is_estimated(dataset()):
        text = _(
            "Distanze in linea d’aria dai punti in cui abitano i residenti: celle di %(side)s m "
            "con una via o un edificio, su cui i residenti del quartiere sono ripartiti in "
            "proporzione a quanti ne hanno (fonte: %(source)s).",
            side=CELL_M,
            source=source,
        )
    else:
        text = _(
            "Distanze in linea d’aria dai punti in cui i residenti sono contati "
            "(fonte: %(source)s).",
            source=source,
        )
    return str(text)


def init_app(app: Flask) -> None:
    """Let every page say it."""
    app.jinja_env.globals["demand_in_words"] = demand_in_words
