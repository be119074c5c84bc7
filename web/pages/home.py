"""The home page: the map of the city, and how many places each quartiere has."""

from flask import Blueprint, render_template

from geo.analysis import counts
from geo.model import queries
from geo.model.kinds import GROUPS
from web.maps import embed_code, map_parts
from web.maps.map_query import layer_choice, option_counts, read_coloured_by, read_filter
from web.maps.measures import COUNT_MEASURES
from web.site.app_state import dataset
from web.site.kind_labels import kind_words

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> str:
    """The map of the city with its layers, and the count of each quartiere as a table."""
    data = dataset()
    kind, measure = read_coloured_by()
    table = counts.counts_by_quartiere(data, kind)
    values = table[measure.column]
    classes = measure.classify(values)
    return render_template(
        "pages/home.html",
        kind=kind,
        measure=measure,
        table=table,
        values=values,
        measures=COUNT_MEASURES,
        classes=classes,
        legend_classes=measure.legend(classes),
        counts=counts.counts(data),
        city=counts.city_counts(data, kind),
        complete=counts.is_complete(data, kind),
        listed=len(queries.select_places(data, kind)),
        totals={group: counts.city_counts(data, group) for group in GROUPS},
        city_residents=data.city.residents,
        embed_code=embed_code.city_code(),
        quartieri=data.quartieri,
        map=map_parts.map_for_page(map_parts.CITY),
        layer_choice=layer_choice(map_parts.CITY),
        chosen=read_filter("solo"),
        option_counts=option_counts(map_parts.drawn_places(map_parts.CITY)),
        **kind_words(),
    )
