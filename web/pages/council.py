"""The pages that the council works with: commons, a sheet for each quartiere, resources."""

from typing import Any

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _

from geo.analysis import commons, counts, themes
from geo.analysis import networks as network_analysis
from geo.analysis.indicators import DEFINITIONS, indicators
from geo.model import queries
from geo.model.kinds import COMMONS
from geo.model.queries import records
from geo.publish.quartiere_sheet import sheet as sheet_of
from geo.spatial.access import existing
from web.downloads.sheets_pdf import document_url
from web.maps import map_parts
from web.maps.map_query import read_filter, read_stage
from web.site import parameters
from web.site.addresses import absolute
from web.site.app_state import dataset, source_titles, today
from web.site.i18n import url
from web.site.kind_labels import kind_words, nowhere_words
from web.site.parameters import check_exists

blueprint = Blueprint("council", __name__)

MOST_COMPARED = 4
# What fits on one sheet of paper; the rest is on the quartiere's page, as the sheet says.
MOST_ON_SHEET = 8


@blueprint.get("/beni-comuni/")
def commons_page() -> str:
    """The common goods: map by stage of life, table by quartiere, green, rooms, agreements."""
    data, stage = dataset(), read_stage()
    of_stage = map_parts.COMMONS, stage or map_parts.ANY_STAGE
    shown = map_parts.drawn_places(*of_stage)
    summary = commons.commons(data)
    staged = commons.by_stage(data, today())
    return render_template(
        "pages/commons.html",
        stage=stage,
        commons=summary,
        table=summary.table.loc[data.quartieri.index],
        most_green=summary.table["green_each"].max(),
        standard=commons.STANDARD_M2,
        green_sources=source_titles(summary.green_sources[:1]),
        staged={name: records(goods) for name, goods in staged.items()},
        without_stage=len(commons.in_stage(data)) - sum(map(len, staged.values())),
        by_kind=queries.counts_by_kind(commons.in_stage(data, stage), data.kinds),
        total=len(commons.in_stage(data, stage)),
        drawn=len(shown),
        rooms=records(network_analysis.rooms_with_networks(data)),
        network_names=data.networks["name"],
        city=data.city,
        chosen=read_filter("solo"),
        commons_kinds=data.kinds.expand(COMMONS),
        kind_counts=queries.counts_by_kind(shown, data.kinds),
        quartieri=data.quartieri,
        map=map_parts.map_for_page(*of_stage),
        **kind_words(),
    )


@blueprint.get("/quartieri/<slug>/scheda/")
def sheet(slug: str) -> str:
    """One quartiere on a sheet of paper: indicators with rank, map, networks, what is missing."""
    check_exists(dataset().quartieri, slug)
    return render_template(
        "pages/sheet.html", sheets=[sheet_of(dataset(), slug)], **_shared(), **kind_words()
    )


@blueprint.get("/quartieri/schede/")
def sheets() -> str:
    """The sheets of all the quartieri, one after the other, to print as one document."""
    every = [sheet_of(dataset(), str(slug)) for slug in dataset().quartieri.index]
    return render_template(
        "pages/sheets.html", sheets=every, document=document_url(), **_shared(), **kind_words()
    )


@blueprint.get("/quartieri/confronto/")
def compare() -> str:
    """Up to four quartieri side by side, with their indicators."""
    data, chosen = dataset(), _compared()
    return render_template(
        "pages/quartieri_compare.html",
        chosen=chosen,
        slots=MOST_COMPARED,
        networks={slug: records(queries.networks_of(data, slug)) for slug in chosen},
        **_shared(),
    )


@blueprint.get("/risorse/")
def resources_page() -> str:
    """Who is where: by kind, by theme of action, network by network."""
    data = dataset()
    places = data.places[existing(data.places)]
    return render_template(
        "pages/resources.html",
        themes=themes.themes(data),
        theme_kinds={theme: data.kinds.of_theme(theme) for theme in data.kinds.themes},
        by_kind=queries.counts_by_kind(places, data.kinds),
        outside=nowhere_words(),
        city_of={slug: counts.city_counts(data, slug) for slug in data.kinds.choices},
        networks=records(themes.network_summary(data)),
        network_quartieri=data.networks["quartieri"],
        registered=data.city.registered_kinds,
        **_shared(),
        **kind_words(),
    )


def _compared() -> list[str]:
    """Return the quartieri that the address compares; 400 for too many."""
    slugs = parameters.quartieri()
    if len(slugs) > MOST_COMPARED:
        abort(400, _("Si confrontano al massimo %(most)s quartieri.", most=MOST_COMPARED))
    return slugs


def _shared() -> dict[str, Any]:
    """Return what every page with indicators needs."""
    data = dataset()
    return {
        "definitions": DEFINITIONS,
        "indicators": indicators(data),
        "most_listed": MOST_ON_SHEET,
        "quartieri": data.quartieri,
        "city": data.city,
        "day": today().isoformat(),
        "method_address": absolute(url("about.method")),
    }
