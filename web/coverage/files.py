"""What the pages of coverage show, as files."""

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
from web.coverage.comparison import compare_queries
from web.coverage.measures import MEASURES
from web.coverage.query import read_comparison, read_query, read_view
from web.coverage.texts import demand_text, query_text, scenario_text
from web.downloads.formats import LAYER, PICTURE, PictureForm, about_file, attached, layer_file
from web.downloads.pictures import PictureTexts, area_picture
from web.maps.measures import Measure
from web.site import parameters
from web.site.app_state import dataset
from web.site.formatting import number

blueprint = Blueprint("coverage_files", __name__, url_prefix="/copertura")


@blueprint.get(f"/tabella.<{LAYER}:extension>")
def table(extension: str) -> Response:
    """The table by quartiere of the query in the address."""
    result = compute_coverage(dataset(), read_query())
    name = (_("copertura"), *_name_parts(result.query))
    return layer_file(table_layer(result), _about(result), extension, *name)


@blueprint.get(f"/celle.<{LAYER}:extension>")
def cells(extension: str) -> Response:
    """The uncovered cells of the query in the address, of a quartiere or of all."""
    query, slug = read_query(), parameters.quartiere()
    result = compute_coverage(dataset(), query)
    name = (_("celle scoperte"), slug or "", *_name_parts(query))
    return layer_file(cells_layer(result, slug), _about(result), extension, *name)


@blueprint.get(f"/mappa.<{PICTURE}:extension>")
def picture(extension: PictureForm) -> Response:
    """The map of the query in the address as a picture."""
    view = read_view()
    result, measure = compute_coverage(dataset(), view.query), view.measure
    classes = measure.classify(result.table[measure.column])
    body = _picture(result, measure, classes, extension)
    return attached(body, extension, _("copertura"), *_name_parts(view.query), measure.slug)


@blueprint.get(f"/confronto/tabella.<{LAYER}:extension>")
def comparison(extension: str) -> Response:
    """Two queries beside each other, by quartiere."""
    view = read_comparison()
    compared, measure = compare_queries(view), view.measure
    one, other = compared.titles
    columns = {
        _("codice"): compared.table.index,
        _("Quartiere"): compared.table["name"],
        _("Residenti"): compared.table["population"],
        _("residenti stimati"): compared.table["estimated"],
        f"1: {one}": measure.scaled(compared.table["first"]),
        f"2: {other}": measure.scaled(compared.table["second"]),
        _("Differenza"): measure.scaled(compared.table["difference"]),
    }
    layer = gpd.GeoDataFrame(columns, geometry=dataset().quartieri.geometry)
    label = str(measure.label)
    title = _("%(one)s accanto a %(other)s", one=one, other=other)
    about = about_file(f"{label}: {title}", _method(), **{_("Misura"): label})
    return layer_file(layer, about, extension, _("confronto"), measure.slug, one, other)


@blueprint.get(f"/confronto/<any('1', '2'):which>.<{PICTURE}:extension>")
def compared_picture(which: str, extension: PictureForm) -> Response:
    """One of two maps with the same classes of colour, as a picture."""
    view = read_comparison()
    compared, at = compare_queries(view), int(which) - 1
    body = _picture(compared.results[at], view.measure, compared.classes[at], extension)
    name = (_("confronto"), which, compared.titles[at], view.measure.slug)
    return attached(body, extension, *name)


def table_layer(result: CoverageResult) -> gpd.GeoDataFrame:
    """Return a result's table with its columns in words, and the areas (WGS84)."""
    table = result.table
    columns = {
        _("codice"): table.index,
        _("Quartiere"): table["name"],
        _("Residenti"): table["population"],
        _("residenti stimati"): table["estimated"],
        _("posto in classifica"): table["rank"],
    }
    measured = {
        str(measure.label): measure.scaled(table[measure.column]).round(measure.digits)
        for measure in MEASURES.values()
        if not measure.needs_area or result.without_area is not None
    }
    marks = {_("luoghi senza posizione"): table["unplaced"], _("da 1 a 4 luoghi"): table["small"]}
    geometry = dataset().quartieri.geometry
    return gpd.GeoDataFrame(columns | measured | marks, geometry=geometry)


def cells_layer(result: CoverageResult, slug: str | None = None) -> gpd.GeoDataFrame:
    """Return the uncovered cells as squares (WGS84), those with most people first.

    `slug`: of this quartiere only.
    """
    cells = coverage_details.uncovered_cells(dataset(), result, slug)
    columns = {
        _("Quartiere"): cells["quartiere"].map(dataset().quartieri["name"]),
        _("Via più vicina"): cells["street"],
        _("Residenti"): cells["people"],
        _("Metri dal più vicino"): cells["distance_m"].round(),
    }
    return gpd.GeoDataFrame(columns, geometry=coverage_details.cell_squares(dataset(), cells))


def _picture(
    result: CoverageResult, measure: Measure, classes: Classes, form: PictureForm
) -> bytes:
    data = dataset()
    uncovered = coverage_details.uncovered_cells(data, result)
    squares = coverage_details.cell_squares(data, uncovered)
    return area_picture(
        measure,
        result.table[measure.column],
        classes,
        texts=PictureTexts(query_text(result.query), _subtitle(result, measure), result.sources),
        marks=Marks(squares.to_crs(data.city.metric_crs), _counted_points(result)),
        form=form,
    )


def _subtitle(result: CoverageResult, measure: Measure) -> str:
    """Return a picture's subtitle: measure, city's value, the what-if, places without a point."""
    city_value = measure.text(result.city[measure.column])
    parts = [
        _("%(measure)s; in tutta la città: %(value)s", measure=measure.label, value=city_value)
    ]
    scenario = result.query.scenario
    if scenario:
        parts.append(_("IPOTESI: %(changes)s", changes=scenario_text(scenario)))
    if result.without_point:
        parts.append(
            ngettext(
                "%(num)s luogo senza posizione non copre nessuno",
                "%(num)s luoghi senza posizione non coprono nessuno",
                result.without_point,
            )
        )
    return "\n".join(parts)


def _counted_points(result: CoverageResult) -> gpd.GeoSeries:
    """Return the places that count in a result, those of its what-if too (metric CRS)."""
    data = dataset()
    added = added_points(data, result.query.scenario).geometry
    real = result.places.geometry.to_crs(data.city.metric_crs)
    return gpd.GeoSeries(pd.concat([real, added], ignore_index=True), crs=data.city.metric_crs)


def _name_parts(query: CoverageQuery) -> tuple[str, str]:
    """Return what the name of a file says of its query."""
    return query_text(query), _("ipotesi") if query.scenario else ""


def _about(result: CoverageResult) -> About:
    query, scenario = result.query, result.query.scenario
    facts = {
        _("domanda"): query_text(query),
        _("tipi"): " ".join(query.kinds),
        _("ipotesi"): scenario_text(scenario) if scenario else _("nessuna"),
        _("luoghi senza posizione"): number(result.without_point),
    }
    return about_file(query_text(query), _method(), result.sources, **facts)


def _method() -> str:
    crs = _("Coordinate in metri: %(crs)s.", crs=dataset().city.metric_crs)
    return f"{demand_text()} {crs}"
