"""The pages of the quartieri: their list, and one page for each."""

from flask import Blueprint, render_template

from geo.analysis import counts
from geo.model import queries
from web.maps import embed_code, map_parts
from web.maps.map_query import layer_choice, option_counts, read_filter
from web.site.app_state import dataset
from web.site.kind_labels import kind_words
from web.site.parameters import check_exists

blueprint = Blueprint("quartieri", __name__, url_prefix="/quartieri")


@blueprint.get("/")
def quartieri() -> str:
    """The list of the quartieri, with residents, networks and numbers of places."""
    data = dataset()
    return render_template(
        "pages/quartieri.html",
        quartieri=data.quartieri,
        counts=counts.counts(data),
        networks={slug: queries.networks_of(data, slug) for slug in data.quartieri.index},
        **kind_words(),
    )


@blueprint.get("/<slug>/")
def quartiere(slug: str) -> str:
    """One quartiere: residents, networks, its places by kind, beside the whole city."""
    data = dataset()
    check_exists(data.quartieri, slug)
    networks = queries.networks_of(data, slug)
    return render_template(
        "pages/quartiere.html",
        slug=slug,
        quartiere=queries.record(data.quartieri, slug),
        networks=networks,
        ties={network: queries.ties(data, network=network) for network in networks.index},
        places=queries.places_by_kind(queries.select_places(data, quartiere=slug), data.kinds),
        registered=data.city.registered_kinds,
        profile=dict(queries.records(counts.profile(data, slug))),
        missing_kinds=counts.missing_kinds(data, slug),
        quartieri_number=len(data.quartieri),
        embed_code=embed_code.quartiere_code(slug),
        map=map_parts.map_for_page(map_parts.QUARTIERE, slug),
        layer_choice=layer_choice(map_parts.QUARTIERE, slug),
        chosen=read_filter("solo"),
        option_counts=option_counts(map_parts.drawn_places(map_parts.QUARTIERE, slug)),
        **kind_words(),
    )
