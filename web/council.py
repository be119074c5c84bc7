"""The pages that the council works with: commons, a sheet for each quartiere, resources."""

from typing import Any

import geopandas as gpd
from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from geo import answers, commons, counts, resources
from geo import networks as of_networks
from geo.answers import record, records
from geo.coverage import existing
from geo.indicators import DEFINITIONS, indicators
from geo.kinds import COMMONS, GROUPS, KINDS, kinds_of
from geo.layers import drawn
from geo.outline import drawing
from web import maps
from web.filters import read_filter, read_stage
from web.kinds import kind_words
from web.sharing import absolute
from web.sheet_files import document_url
from web.site import dataset, sources_in_words, today, url

blueprint = Blueprint("council", __name__)

MOST_COMPARED = 4
# What fits on one sheet of paper; the rest is on the quartiere's page, as the sheet says.
MOST_ON_SHEET = 8


@blueprint.get("/beni-comuni/")
def commons_page() -> str:
    """The common goods: map by stage of life, table by quartiere, green, rooms, agreements."""
    data, stage = dataset(), read_stage()
    body, script = maps.map_for_page(maps.COMMONS, stage or maps.ANY_STAGE)
    shown = maps.drawn_places(maps.COMMONS, stage or maps.ANY_STAGE)
    found = commons.commons(data)
    staged = commons.staged(data, today())
    return render_template(
        "commons.html",
        stage=stage,
        found=found,
        table=found.table.loc[data.quartieri.index],
        nowhere=found.table.drop(data.quartieri.index).sum(numeric_only=True),
        totals=found.table.sum(numeric_only=True),
        most_green=found.table["green_each"].max(),
        standard=commons.STANDARD_M2,
        green_sources=sources_in_words(found.green_sources[:1]),
        staged={name: records(goods) for name, goods in staged.items()},
        without_stage=len(commons.in_stage(data)) - sum(map(len, staged.values())),
        by_kind=answers.counts_by_kind(commons.in_stage(data, stage)),
        total=len(commons.in_stage(data, stage)),
        drawn=len(shown),
        rooms=_rooms(),
        network_names=data.networks["name"],
        city=data.city,
        chosen=read_filter("solo"),
        commons_kinds=kinds_of(COMMONS),
        kind_counts=answers.counts_by_kind(shown),
        all_kinds_count=len(shown),
        quartieri=data.quartieri,
        map_body=body,
        map_script=script,
        **kind_words(),
    )


@blueprint.get("/quartieri/<slug>/scheda/")
def sheet(slug: str) -> str:
    """One quartiere on a sheet of paper: indicators with rank, map, networks, what is missing."""
    if slug not in dataset().quartieri.index:
        abort(404)
    return render_template("sheet.html", sheets=[_sheet(slug)], **_shared(), **kind_words())


@blueprint.get("/quartieri/schede/")
def sheets() -> str:
    """The sheets of all the quartieri, one after the other, to print as one document."""
    every = [_sheet(str(slug)) for slug in dataset().quartieri.index]
    return render_template(
        "sheets.html", sheets=every, document=document_url(), **_shared(), **kind_words()
    )


@blueprint.get("/quartieri/confronto/")
def compare() -> str:
    """Up to four quartieri side by side, with their indicators."""
    data, chosen = dataset(), _chosen()
    found = indicators(data)
    return render_template(
        "quartieri_compare.html",
        chosen=chosen,
        slots=MOST_COMPARED,
        found=found,
        networks={slug: records(answers.networks_of(data, slug)) for slug in chosen},
        most=found.table.max(),
        **_shared(),
    )


@blueprint.get("/risorse/")
def resources_page() -> str:
    """Who is where: by kind, by theme of action, network by network."""
    data = dataset()
    themes = resources.themes(data)
    places = data.places[existing(data.places)]
    return render_template(
        "resources.html",
        themes=themes,
        theme_kinds=resources.THEMES,
        by_kind=answers.counts_by_kind(places),
        gini=indicators(data).gini,
        number_of=counts.counts(data),
        city_of={slug: counts.city_coverage(data, slug) for slug in (*GROUPS, *KINDS)},
        networks=records(resources.networks(data)),
        network_quartieri=data.networks["quartieri"],
        registered=data.city.registered_kinds,
        **_shared(),
        **kind_words(),
    )


def _chosen() -> list[str]:
    """Return the quartieri that the address compares, each once, in the order asked."""
    asked = list(dict.fromkeys(slug for slug in request.args.getlist("quartiere") if slug))
    for slug in asked:
        if slug not in dataset().quartieri.index:
            abort(400, _("Il quartiere “%(name)s” non esiste.", name=slug[:40]))
    if len(asked) > MOST_COMPARED:
        abort(400, _("Si confrontano al massimo %(most)s quartieri.", most=MOST_COMPARED))
    return asked


def _shared() -> dict[str, Any]:
    """Return what every page with indicators needs."""
    data = dataset()
    return {
        "definitions": DEFINITIONS,
        "quartieri": data.quartieri,
        "city": data.city,
        "day": today().isoformat(),
        "method_address": absolute(url("method")),
    }


def _sheet(slug: str) -> dict[str, Any]:
    """Return what the sheet of a quartiere says."""
    data = dataset()
    found = indicators(data)
    networks = answers.networks_of(data, slug)
    here = data.places[existing(data.places) & (data.places["quartiere"] == slug)]
    staged = commons.in_stage(data)
    rooms = commons.rooms(data)
    return {
        "slug": slug,
        "quartiere": record(data.quartieri, slug),
        "values": found.table.loc[slug],
        "ranks": found.ranks.loc[slug],
        "small": found.small.loc[slug],
        "known_of": found.table.notna().sum(),
        "city_values": found.city,
        "most": found.table.max(),
        "networks": [
            (name, row, {str(each): len(some) for each, some in _ties(name).items()})
            for name, row in records(networks)
        ],
        "rooms": records(rooms[rooms["quartiere"] == slug]),
        "agreements": records(
            staged[(staged["quartiere"] == slug) & (staged["stage"] == "agreement")]
        ),
        "absent": list(counts.absent(data, slug).index),
        "counted": len(here),
        "most_listed": MOST_ON_SHEET,
        **_drawings(slug),
    }


def _ties(network: str) -> dict[Any, list[answers.Tie]]:
    return dict(answers.ties(dataset(), network=network))


def _drawings(slug: str) -> dict[str, Any]:
    """Return the drawing of a quartiere with its places by layer, and where it lies."""
    data = dataset()
    metric = data.quartieri.to_crs(data.city.metric_crs)
    places = data.places
    here = drawn(places[existing(places) & (places["quartiere"] == slug)])
    points = gpd.GeoSeries(here.geometry.to_crs(data.city.metric_crs))
    close = drawing(metric.loc[[slug]], points, focus=slug)
    layers = here["kind"].map(lambda kind: KINDS[kind].group)
    return {
        "close": close,
        "marks": list(zip(layers, close.points, strict=True)),
        "around": drawing(metric, gpd.GeoSeries([]), width=160),
    }


def _rooms() -> list[tuple[Any, answers.Record]]:
    """Return the rooms, each with the networks that sources tie to it."""
    data = dataset()
    tied: dict[str, list[str]] = {}
    for network in data.networks.index:
        for ident in of_networks.commons_of(data, network).index:
            tied.setdefault(str(ident), []).append(str(network))
    return [
        (ident, room | {"networks": tied.get(ident, [])})
        for ident, room in records(commons.rooms(data))
    ]
