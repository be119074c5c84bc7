"""What the pages of coverage show, as files to take to a meeting."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import geopandas as gpd
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from geo import gap_details
from geo.export import About, file_name, to_csv, to_geojson, to_gpkg, to_xlsx
from geo.gaps import Answer, Question, answer
from geo.pictures import Caption, choropleth, plain_labels
from web import words
from web.legend import legend
from web.operators import question_in_words, shown_number, value_classes
from web.question import AskedCoverage, read_coverage, read_question
from web.site import current_language, dataset, number

blueprint = Blueprint("takeaway", __name__, url_prefix="/copertura")

_MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
_WRITE: Mapping[str, Callable[[gpd.GeoDataFrame, About], bytes]] = {
    "csv": lambda layer, about: to_csv(layer.drop(columns="geometry"), about),
    "xlsx": lambda layer, about: to_xlsx(layer.drop(columns="geometry"), about),
    "geojson": to_geojson,
    "gpkg": to_gpkg,
}


@blueprint.get("/<any('tabella', 'celle'):what>.<any('csv', 'xlsx', 'geojson', 'gpkg'):extension>")
def file(what: str, extension: str) -> Response:
    """The table by quartiere, or the uncovered cells, of the question in the address."""
    question = read_question()
    found = answer(dataset(), question)
    layer = table_layer(found) if what == "tabella" else cells_layer(found)
    about = _about(question, found)
    body = _WRITE[extension](layer, about)
    name = file_name(
        dataset().city.slug,
        _("copertura") if what == "tabella" else _("celle scoperte"),
        question_in_words(question),
        _("ipotesi") if question.scenario else "",
        about.date,
        extension=extension,
    )
    response = Response(body, mimetype=_MIMETYPES[extension].split(";", maxsplit=1)[0])
    response.headers["Content-Type"] = _MIMETYPES[extension]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/mappa.<any('png', 'svg'):form>")
def picture(form: Literal["png", "svg"]) -> Response:
    """The map of the question in the address as a picture."""
    asked = read_coverage()
    found = answer(dataset(), asked.question)
    body = _picture(asked, found, form)
    name = file_name(
        dataset().city.slug,
        _("copertura"),
        question_in_words(asked.question),
        asked.measure,
        _today(),
        extension=form,
    )
    mimetype = "image/png" if form == "png" else "image/svg+xml"
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _picture(asked: AskedCoverage, found: Answer, form: Literal["png", "svg"]) -> bytes:
    data = dataset()
    metric = data.city.metric_crs
    values = found.table[asked.column]
    sorted_into = value_classes(asked.measure, values)
    shown = {str(slug): shown_number(asked.measure, value) for slug, value in values.items()}
    entries = {
        entry["name"]: entry["label"]
        for entry in legend(sorted_into, words.GAP_DIGITS.get(asked.measure, 0))
    }
    cells = gap_details.uncovered_cells(data, found)
    credit = "; ".join(data.sources["attribution"].drop_duplicates().head(4))
    city = data.city.names.in_language(current_language())
    return choropleth(
        data.quartieri.to_crs(metric),
        sorted_into,
        labels=plain_labels(data.quartieri["name"], shown),
        legend=entries | {"cells": _("celle scoperte")},
        caption=Caption(
            f"{city}: {question_in_words(asked.question)}",
            str(words.GAP_MEASURE[asked.measure]),
            f"{_today()} · {data.version} · {_('confini indicativi')} · ODbL-1.0 · {credit}",
        ),
        cells=gap_details.cell_squares(data, cells).to_crs(metric),
        form=form,
    )


def table_layer(found: Answer) -> gpd.GeoDataFrame:
    """Return the answer's table with its columns in words, and the areas (WGS84)."""
    table = found.table
    columns = {
        _("codice"): table.index,
        _("Quartiere"): table["name"],
        _("Residenti"): table["population"],
        _("residenti stimati"): table["estimated"],
        _("posto in classifica"): table["rank"],
    }
    measures = {
        str(name): table[words.GAP_COLUMNS[slug]] * (100 if slug == "quota" else 1)
        for slug, name in words.GAP_MEASURE.items()
        if slug != "verde" or found.without_area is not None
    }
    return gpd.GeoDataFrame(
        columns | measures | {_("meno di 5 luoghi"): table["small"]},
        geometry=dataset().quartieri.geometry,
    )


def cells_layer(found: Answer) -> gpd.GeoDataFrame:
    """Return the uncovered cells as squares (WGS84), those with most people first."""
    cells = gap_details.uncovered_cells(dataset(), found)
    columns = {
        _("Quartiere"): cells["quartiere"].map(dataset().quartieri["name"]),
        _("Via più vicina"): cells["street"],
        _("Residenti"): cells["people"],
        _("Metri dal più vicino"): cells["distance_m"],
    }
    return gpd.GeoDataFrame(columns, geometry=gap_details.cell_squares(dataset(), cells))


def _about(question: Question, found: Answer) -> About:
    data = dataset()
    today = _today()
    scenario = question.scenario
    what_if = _(
        "%(added)s luoghi aggiunti, %(closed)s chiusi",
        added=number(len(scenario.added)),
        closed=number(len(scenario.closed)),
    )
    facts = {
        _("domanda"): question_in_words(question),
        _("tipi"): " ".join(question.kinds),
        _("filtri"): request.query_string.decode("ascii", "replace"),
        _("ipotesi"): what_if if scenario else _("nessuna"),
        _("metodo"): _(
            "Distanze in linea d’aria, in metri (%(crs)s), da celle di 100 m su cui i residenti "
            "del quartiere sono ripartiti; confini indicativi dove non ufficiali.",
            crs=data.city.metric_crs,
        ),
        _("luoghi senza posizione"): number(found.without_point),
        _("fonte"): "; ".join(data.sources["attribution"].drop_duplicates()),
        _("data"): today,
        _("versione dei dati"): data.version,
        _("licenza"): "ODbL-1.0",
    }
    return About(question_in_words(question), today, facts, sheet=_("Metodo"))


def _today() -> str:
    return datetime.now(ZoneInfo(dataset().city.time_zone)).date().isoformat()
