"""The tables and maps of the council's pages, as files."""

import geopandas as gpd
from flask import Blueprint, Response
from flask_babel import gettext as _

from geo.analysis import commons, themes
from geo.analysis.indicators import DEFINITIONS, indicators
from geo.maps.views import commons_view
from web.downloads import formats
from web.downloads.pictures import places_picture
from web.maps.map_query import read_stage
from web.site import labels
from web.site.app_state import dataset
from web.site.kind_labels import nowhere_words

blueprint = Blueprint("council_files", __name__)


@blueprint.get(f"/beni-comuni/tabella.<{formats.LAYER}:extension>")
def commons_table(extension: str) -> Response:
    """The common goods of each quartiere: how many, green, rooms, stages."""
    return formats.layer_file(
        commons_layer(), formats.about_counts(_("Beni comuni")), extension, _("beni comuni")
    )


@blueprint.get(f"/beni-comuni/mappa.<{formats.PICTURE}:extension>")
def commons_map(extension: formats.PictureForm) -> Response:
    """The map of the common goods, of a stage or all, as a picture."""
    stage = read_stage()
    title = str(labels.STAGE[stage]) if stage else _("Beni comuni")
    name = (_("beni comuni"), title if stage else "")
    return places_picture(commons_view(dataset(), stage), title, extension, *name)


@blueprint.get(f"/quartieri/indicatori.<{formats.LAYER}:extension>")
def indicators_table(extension: str) -> Response:
    """Every indicator of every quartiere, with the city's values."""
    about = formats.about_counts(_("Indicatori dei quartieri"))
    return formats.layer_file(indicators_layer(), about, extension, _("indicatori"))


@blueprint.get(f"/risorse/temi.<{formats.TABLE}:extension>")
def themes_table(extension: str) -> Response:
    """How many places each quartiere has of each theme of action."""
    data = dataset()
    counts = themes.themes(data).table
    table = counts.rename(columns={slug: str(name) for slug, name in labels.THEME.items()})
    table.insert(0, _("Quartiere"), [*data.quartieri["name"], *nowhere_words().values()])
    return formats.table_file(
        table, formats.about_counts(_("Temi di azione")), extension, _("temi")
    )


def commons_layer() -> gpd.GeoDataFrame:
    """Return the quartieri (WGS84) with their common goods, and what lies in none of them."""
    data = dataset()
    table = commons.commons(data).table
    nowhere = nowhere_words()
    columns = {
        _("codice"): [slug if slug not in nowhere else "" for slug in table.index],
        _("Quartiere"): [*data.quartieri["name"], *nowhere.values()],
        _("Beni comuni"): table["commons"],
        _("Parchi e giardini"): table["parks"],
        _("Verde noto (m²)"): table["green_m2"],
        _("di superficie non nota"): table["unmeasured"],
        _("Verde per residente (m²)"): table["green_each"],
        _("residenti stimati"): table["residents_estimated"],
        _("Spazi da usare"): table["rooms"],
        **{str(text): table[name] for name, text in labels.STAGE.items()},
    }
    geometry = data.quartieri.geometry.reindex(table.index)
    return gpd.GeoDataFrame(columns, index=table.index, geometry=geometry)


def indicators_layer() -> gpd.GeoDataFrame:
    """Return the quartieri (WGS84) with their indicators; the last row is the whole city."""
    data = dataset()
    measured = indicators(data)
    columns = {
        _("codice"): [*data.quartieri.index, ""],
        _("Quartiere"): [*data.quartieri["name"], _("Tutta la città")],
        _("residenti stimati"): [*data.quartieri["residents_estimated"], False],
    }
    values = {
        f"{labels.INDICATOR[slug]} ({labels.UNIT[each.unit]})": [
            *measured.table[slug],
            measured.city[slug],
        ]
        for slug, each in DEFINITIONS.items()
    }
    geometry = gpd.GeoSeries([*data.quartieri.geometry, None], crs=data.quartieri.crs)
    return gpd.GeoDataFrame(columns | values, geometry=geometry)
