"""The pages that everyone reads: the map, the quartieri, the places, the networks."""

from typing import Any

import geopandas as gpd
from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from geo.analysis import counts, worked_example
from geo.analysis import networks as of_networks
from geo.model import queries
from geo.model.kinds import GROUPS
from geo.spatial import classes
from web.find.near import around
from web.maps import map_parts
from web.maps.legend import legend
from web.maps.map_query import COUNT, layer_switches, read_choice, read_filter
from web.pages import embed
from web.pages.place_links import report_address, way_to
from web.pages.schema_org import linked_place
from web.site import labels
from web.site.addresses import canonical
from web.site.app_state import dataset
from web.site.kind_labels import kind_words

blueprint = Blueprint("citizens", __name__)

PAGE_SIZE = 100


@blueprint.get("/")
def home() -> str:
    """The map of the city with its layers, and the coverage of each quartiere as a table."""
    kind, measure = read_choice()
    chosen = read_filter("solo")
    table = counts.counts_by_quartiere(dataset(), kind)
    values = table["count"] if measure == COUNT else table["per_1000"]
    found = classes.classify(values)
    return render_template(
        "pages/home.html",
        kind=kind,
        measure=measure,
        table=table,
        values=values,
        classes=found,
        legend_classes=legend(found, 0 if measure == COUNT else 2),
        counts=counts.counts(dataset()),
        city=counts.city_counts(dataset(), kind),
        complete=counts.is_complete(dataset(), kind),
        listed=len(queries.select_places(dataset(), kind)),
        totals={group: counts.city_counts(dataset(), group) for group in GROUPS},
        city_residents=dataset().city.residents,
        snippet=embed.city_snippet(),
        chosen=chosen,
        quartieri=dataset().quartieri,
        **_option_counts(map_parts.drawn_places(map_parts.CITY)),
        **layer_switches(map_parts.CITY),
        **kind_words(),
        **_map(map_parts.CITY),
    )


@blueprint.get("/quartieri/")
def quartieri() -> str:
    """The list of the quartieri, with residents, networks and what is there."""
    data = dataset()
    return render_template(
        "pages/quartieri.html",
        quartieri=data.quartieri,
        counts=counts.counts(data),
        networks={slug: queries.networks_of(data, slug) for slug in data.quartieri.index},
        **kind_words(),
    )


@blueprint.get("/quartieri/<slug>/")
def quartiere(slug: str) -> str:
    """One quartiere: residents, networks, its places by kind, beside the whole city."""
    data = dataset()
    if slug not in data.quartieri.index:
        abort(404)
    networks = queries.networks_of(data, slug)
    return render_template(
        "pages/quartiere.html",
        slug=slug,
        quartiere=queries.record(data.quartieri, slug),
        networks=networks,
        ties={network: queries.ties(data, network=network) for network in networks.index},
        places=queries.places_by_kind(queries.select_places(data, quartiere=slug)),
        registered=data.city.registered_kinds,
        profile=dict(queries.records(counts.profile(data, slug))),
        absent=counts.missing_kinds(data, slug),
        quartieri_number=len(data.quartieri),
        snippet=embed.quartiere_snippet(slug),
        chosen=read_filter("solo"),
        **_option_counts(map_parts.drawn_places(map_parts.QUARTIERE, slug)),
        **layer_switches(map_parts.QUARTIERE, slug),
        **kind_words(),
        **_map(map_parts.QUARTIERE, slug),
    )


@blueprint.get("/luoghi/")
def places() -> str:
    """The list of all places, by kind and quartiere, a page at a time."""
    data = dataset()
    asked = read_filter()
    kind, slug = asked.kind, asked.quartiere
    found = queries.select_places(data, kind, slug)
    page = _page_number(len(found))
    return render_template(
        "pages/places.html",
        kind=kind,
        slug=slug,
        total=len(found),
        places=found.iloc[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        page=page,
        pages=_pages(len(found)),
        quartieri=data.quartieri,
        **_option_counts(
            queries.select_places(data, quartiere=slug), queries.select_places(data, kind)
        ),
        **kind_words(),
    )


@blueprint.get("/luoghi/<path:ident>/")
def place(ident: str) -> str:
    """One place: all that is known of it, and how well."""
    data = dataset()
    if ident not in data.places.index:
        abort(404)
    found = queries.record(data.places, ident)
    has_point = found["position"] != "none"
    return render_template(
        "pages/place.html",
        ident=ident,
        place=found,
        quartieri=data.quartieri,
        sources=data.sources,
        ties=queries.ties(data, place=ident),
        holders=[tie for found in queries.ties(data, common_good=ident).values() for tie in found],
        around=around(ident, found),
        way=way_to(found),
        linked=linked_place(found, canonical() or "", data.city, _area_name(found)),
        report=report_address(found["name"], ident),
        **kind_words(),
        **(_map(map_parts.PLACE, ident) if has_point else {}),
    )


@blueprint.get("/reti/")
def networks() -> str:
    """The list of the networks, with their quartieri and members."""
    data = dataset()
    return render_template(
        "pages/networks.html",
        networks=data.networks.sort_values("name", key=lambda names: names.str.casefold()),
        ties={slug: queries.ties(data, network=slug) for slug in data.networks.index},
        quartieri=data.quartieri,
        without=[slug for slug in data.quartieri.index if queries.networks_of(data, slug).empty],
    )


@blueprint.get("/reti/<slug>/")
def network(slug: str) -> str:
    """One network: its quartieri on a map, its members, who takes part, its agreements."""
    data = dataset()
    if slug not in data.networks.index:
        abort(404)
    return render_template(
        "pages/network.html",
        slug=slug,
        network=queries.record(data.networks, slug),
        ties=queries.ties(data, network=slug),
        commons=of_networks.commons_of(data, slug),
        spaces=of_networks.spaces_of(data, slug),
        cited_sources=of_networks.sources_of(data, slug),
        quartieri=data.quartieri,
        chosen=read_filter("solo"),
        **_option_counts(map_parts.drawn_places(map_parts.NETWORK, slug)),
        **layer_switches(map_parts.NETWORK, slug),
        **kind_words(),
        **_map(map_parts.NETWORK, slug),
    )


@blueprint.get("/informazioni/")
def about() -> str:
    """How it is made: method, sources, licences, privacy."""
    data = dataset()
    return render_template(
        "pages/about.html",
        sources=data.sources,
        quality=queries.position_quality(data),
        registered=data.city.registered_kinds,
        known=int((~data.quartieri["residents_estimated"].astype(bool)).sum()),
        estimated=int(data.quartieri["residents_estimated"].sum()),
        city=data.city,
        **kind_words(),
    )


@blueprint.get("/metodo/")
def method() -> str:
    """What each figure tells, how it is reckoned, an example, and its limits."""
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


def _area_name(place: queries.Record) -> str | None:
    """Return the name of the quartiere in which a place counts, or None."""
    slug = place["quartiere"]
    return slug and str(dataset().quartieri["name"].loc[slug])


def _option_counts(
    of_kinds: gpd.GeoDataFrame, of_quartieri: gpd.GeoDataFrame | None = None
) -> dict[str, Any]:
    """Return the numbers beside the options of the kinds and of the quartieri."""
    in_quartieri = of_kinds if of_quartieri is None else of_quartieri
    return {
        "kind_counts": queries.counts_by_kind(of_kinds),
        "all_kinds_count": len(of_kinds),
        "quartiere_counts": queries.counts_by_quartiere(dataset(), in_quartieri),
        "all_quartieri_count": len(in_quartieri),
    }


def _map(scope: str, key: str = "") -> dict[str, str]:
    body, script = map_parts.map_for_page(scope, key)
    return {"map_body": body, "map_script": script}


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))


def _page_number(total: int) -> int:
    text = request.args.get("pagina", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _pages(total)):
        abort(400, _("La pagina “%(name)s” non esiste.", name=text[:40]))
    return int(text)
