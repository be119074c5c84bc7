"""The pages of the networks: their list, and one page for each."""

from flask import Blueprint, render_template

from geo.analysis import networks as network_analysis
from geo.model import queries
from web.maps import map_parts
from web.maps.map_query import layer_choice, option_counts, read_filter
from web.site.app_state import dataset
from web.site.kind_labels import kind_words
from web.site.parameters import check_exists

blueprint = Blueprint("networks", __name__, url_prefix="/reti")


@blueprint.get("/")
def networks() -> str:
    """The list of the networks, with their quartieri and members."""
    data = dataset()
    return render_template(
        "pages/networks.html",
        networks=queries.sort_by_name(data.networks),
        ties={slug: queries.ties(data, network=slug) for slug in data.networks.index},
        quartieri=data.quartieri,
        without=[slug for slug in data.quartieri.index if queries.networks_of(data, slug).empty],
    )


@blueprint.get("/<slug>/")
def network(slug: str) -> str:
    """One network: its quartieri on a map, its members, who takes part, its agreements."""
    data = dataset()
    check_exists(data.networks, slug)
    return render_template(
        "pages/network.html",
        slug=slug,
        network=queries.record(data.networks, slug),
        ties=queries.ties(data, network=slug),
        commons=network_analysis.commons_of(data, slug),
        spaces=network_analysis.spaces_of(data, slug),
        citations=network_analysis.sources_of(data, slug),
        quartieri=data.quartieri,
        map=map_parts.map_for_page(map_parts.NETWORK, slug),
        layer_choice=layer_choice(map_parts.NETWORK, slug),
        chosen=read_filter("solo"),
        option_counts=option_counts(map_parts.drawn_places(map_parts.NETWORK, slug)),
        **kind_words(),
    )
