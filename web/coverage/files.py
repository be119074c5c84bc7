"""What the pages of coverage show, as files to take to a meeting."""

import geopandas as gpd
import pandas as pd
from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import ngettext

from geo.analysis import coverage_details
from geo.analysis.coverage import CoverageQuery, CoverageResult, added_points, compute_coverage
from geo.maps.picture_parts import Marks
from geo.publish.table_files import About
from geo.spatial.classes import Classes
from web.coverage.demand_text import demand_in_words
from web.coverage.pages import (
    compared,
    question_in_words,
    scenario_in_words,
    shown_number,
    value_classes,
)
from web.coverage.query import read_comparison, read_coverage, read_question
from web.downloads.formats import LAYER, PICTURE, PictureForm, about_file, attached, layer_file
from web.downloads.pictures import Told, area_picture
from web.site import labels, parameters
from web.site.app_state import dataset
from web.site.formatting import number

blueprint = Blueprint("coverage_files", __name__, url_prefix="/copertura")


@blueprint.get(f"/tabella.<{LAYER}:extension>")
def table(extension: str) -> Response:
    """The table by quartiere of the question in the address."""
    question = read_question()
    found = compute_coverage(dataset(), question)
    about = _about(question, found)
    return layer_file(table_layer(found), about, extension, _("copertura"), *_named(question))


@blueprint.get(f"/celle.<{LAYER}:extension>")
def cells(extension: str) -> Response:
    """The uncovered cells of the question in the address, of a quartiere or of all."""
    question, slug = read_question(), parameters.quartiere()
    found = compute_coverage(dataset(), question)
    name = (_("celle scoperte"), slug or "", *_named(question))
    return layer_file(cells_layer(found, slug), _about(question, found), extension, *name)


@blueprint.get(f"/mappa.<{PICTURE}:extension>")
def picture(extension: PictureForm) -> Response:
    """The map of the question in the address as a picture."""
    asked = read_coverage()
    found = compute_coverage(dataset(), asked.question)
    classes = value_classes(asked.measure, found.table[asked.column])
    body = _picture(found, asked.measure, classes, extension)
    return attached(body, extension, _("copertura"), *_named(asked.question), asked.measure)


@blueprint.get(f"/confronto/tabella.<{LAYER}:extension>")
def comparison(extension: str) -> Response:
    """Two questions beside each other, by quartiere."""
    asked = read_comparison()
    told = [question_in_words(question) for question in asked.questions]
    found = compared(asked)
    scale = 100 if asked.measure == "quota" else 1
    columns = {
        _("codice"): found.table.index,
        _("Quartiere"): found.table["name"],
        _("Residenti"): found.table["population"],
        _("residenti stimati"): found.table["estimated"],
        f"1: {told[0]}": found.table["first"] * scale,
        f"2: {told[1]}": found.table["second"] * scale,
        _("Differenza"): found.table["difference"] * scale,
    }
    layer = gpd.GeoDataFrame(columns, geometry=dataset().quartieri.geometry)
    measure = str(labels.GAP_MEASURE[asked.measure])
    title = _("%(one)s accanto a %(other)s", one=told[0], other=told[1])
    about = about_file(f"{measure}: {title}", _method(), **{_("Misura"): measure})
    return layer_file(layer, about, extension, _("confronto"), asked.measure, *told)


@blueprint.get(f"/confronto/<any('1', '2'):which>.<{PICTURE}:extension>")
def compared_picture(which: str, extension: PictureForm) -> Response:
    """One of two maps with the same classes of colour, as a picture."""
    asked = read_comparison()
    found = compared(asked)
    at = int(which) - 1
    body = _picture(found.answers[at], asked.measure, found.classes[at], extension)
    name = question_in_words(asked.questions[at])
    return attached(body, extension, _("confronto"), which, name, asked.measure)


def _picture(found: CoverageResult, measure: str, classes: Classes, form: PictureForm) -> bytes:
    data = dataset()
    values = found.table[labels.GAP_COLUMNS[measure]]
    uncovered = coverage_details.uncovered_cells(data, found)
    squares = coverage_details.cell_squares(data, uncovered)
    return area_picture(
        classes,
        {str(slug): shown_number(measure, value) for slug, value in values.items()},
        digits=labels.GAP_DIGITS.get(measure, 0),
        told=Told(question_in_words(found.query), _subtitle(found, measure), found.sources),
        marks=Marks(squares.to_crs(data.city.metric_crs), _counted_points(found)),
        form=form,
    )


def _subtitle(found: CoverageResult, measure: str) -> str:
    """Return what a picture says under its title: measure, city's value, what isn't today's."""
    name, column = labels.GAP_MEASURE[measure], labels.GAP_COLUMNS[measure]
    parts = [
        _("%(measure)s; in tutta la città: %(value)s", measure=name,
          value=shown_number(measure, found.city[column]))
    ]  # fmt: skip
    scenario = found.query.scenario
    if scenario:
        parts.append(_("IPOTESI: %(changes)s", changes=scenario_in_words(scenario)))
    if found.without_point:
        parts.append(
            ngettext(
                "%(num)s luogo senza posizione non copre nessuno",
                "%(num)s luoghi senza posizione non coprono nessuno",
                found.without_point,
            )
        )
    return "\n".join(parts)


def _counted_points(found: CoverageResult) -> gpd.GeoSeries:
    """Return the places that count in an answer, those of its what-if too (metric CRS)."""
    data = dataset()
    added = added_points(data, found.query.scenario).geometry
    real = found.places.geometry.to_crs(data.city.metric_crs)
    return gpd.GeoSeries(pd.concat([real, added], ignore_index=True), crs=data.city.metric_crs)


def _named(question: CoverageQuery) -> tuple[str, str]:
    return question_in_words(question), _("ipotesi") if question.scenario else ""


def table_layer(found: CoverageResult) -> gpd.GeoDataFrame:
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
        str(name): (table[labels.GAP_COLUMNS[slug]] * (100 if slug == "quota" else 1)).round(
            labels.GAP_DIGITS.get(slug, 0)
        )
        for slug, name in labels.GAP_MEASURE.items()
        if slug != "verde" or found.without_area is not None
    }
    return gpd.GeoDataFrame(
        columns
        | measures
        | {_("luoghi senza posizione"): table["unplaced"], _("da 1 a 4 luoghi"): table["small"]},
        geometry=dataset().quartieri.geometry,
    )


def cells_layer(found: CoverageResult, slug: str | None = None) -> gpd.GeoDataFrame:
    """Return the uncovered cells as squares (WGS84), those with most people first.

    `slug`: of this quartiere only.
    """
    cells = coverage_details.uncovered_cells(dataset(), found, slug)
    columns = {
        _("Quartiere"): cells["quartiere"].map(dataset().quartieri["name"]),
        _("Via più vicina"): cells["street"],
        _("Residenti"): cells["people"],
        _("Metri dal più vicino"): cells["distance_m"].round(),
    }
    return gpd.GeoDataFrame(columns, geometry=coverage_details.cell_squares(dataset(), cells))


def _about(question: CoverageQuery, found: CoverageResult) -> About:
    scenario = question.scenario
    facts = {
        _("domanda"): question_in_words(question),
        _("tipi"): " ".join(question.kinds),
        _("ipotesi"): scenario_in_words(scenario) if scenario else _("nessuna"),
        _("luoghi senza posizione"): number(found.without_point),
    }
    return about_file(question_in_words(question), _method(), found.sources, **facts)


def _method() -> str:
    crs = _("Coordinate in metri: %(crs)s.", crs=dataset().city.metric_crs)
    return f"{demand_in_words()} {crs}"
