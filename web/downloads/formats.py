"""Tables and layers as files: formats, names, and what each file says of itself."""

from collections.abc import Callable, Collection, Mapping
from typing import Literal

import geopandas as gpd
import pandas as pd
from flask import Flask, Response, request
from flask_babel import gettext as _

from geo.base.optional import has
from geo.publish.dcat import ODBL
from geo.publish.table_files import About, file_name, to_csv, to_geojson, to_gpkg, to_xlsx
from web.site.app_state import any_indicative, dataset, today
from web.site.i18n import current_language
from web.site.labels import LAYER_FORMATS, PICTURE_FORMATS, TABLE_FORMATS

LICENCE = "ODbL-1.0"
LICENCE_URL = ODBL
# As rules of addresses take them.
LAYER = f"any({', '.join(map(repr, LAYER_FORMATS))})"
TABLE = f"any({', '.join(map(repr, TABLE_FORMATS))})"
PICTURE = f"any({', '.join(map(repr, PICTURE_FORMATS))})"
PictureForm = Literal["png", "svg"]

_MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
}
# The formats that not every installation can write, and the library that each needs.
_NEEDS = {"xlsx": "xlsxwriter", "parquet": "pyarrow", "png": "matplotlib", "svg": "matplotlib"}
_WRITE_TABLE: Mapping[str, Callable[[pd.DataFrame, About], bytes]] = {
    "csv": to_csv,
    "xlsx": to_xlsx,
}


def layer_file(layer: gpd.GeoDataFrame, about: About, extension: str, *name: str) -> Response:
    """Return a layer as a file in one of LAYER_FORMATS; `name`: what is in it."""
    if extension not in _WRITE_TABLE:
        geojson = extension == "geojson"
        body = to_geojson(layer, about) if geojson else to_gpkg(layer, about, name[0])
        return attached(body, extension, *name)
    return table_file(layer.drop(columns="geometry"), about, extension, *name)


def table_file(table: pd.DataFrame, about: About, extension: str, *name: str) -> Response:
    """Return a table as a file in one of TABLE_FORMATS."""
    return attached(_WRITE_TABLE[extension](table, about), extension, *name)


def attached(body: bytes, extension: str, *name: str) -> Response:
    """Return a file whose name says the city, what is in it, and the day."""
    response = Response(body, content_type=_MIMETYPES[extension])
    full = file_name(dataset().city.slug, *name, today().isoformat(), extension=extension)
    response.headers["Content-Disposition"] = f'attachment; filename="{full}"'
    return response


def about_file(
    title: str, method: str, sources: Collection[str] | None = None, **more: str
) -> About:
    """Return what a file says of itself: its filters, method, sources, date and version.

    `sources`: the ids of those that it rests on, None for all.
    """
    data = dataset()
    facts = {
        _("filtri"): request.query_string.decode("ascii", "replace") or _("nessuno"),
        **more,
        _("metodo"): method,
        _("fonte"): "; ".join(_credits(sources)),
        _("data"): today().isoformat(),
        _("versione dei dati"): data.version,
        _("licenza"): LICENCE,
    }
    return About(title, today().isoformat(), facts, sheet=_("Metodo"))


def about_counts(title: str) -> About:
    """Return what a file of counts says of itself."""
    method = _(
        "Ogni luogo conta in un solo quartiere: quello del suo punto o, se non ha un punto, "
        "quello che la fonte dichiara. I luoghi chiusi o solo previsti non contano. Dove manca "
        "un registro completo, zero vuol dire che le fonti non ne nominano."
    )
    return about_file(title, method)


def credits_line(sources: Collection[str] | None = None) -> str:
    """Return what a picture says of when it was made, from what, and whose data those are."""
    data = dataset()
    credit = "; ".join(_credits(sources))
    borders = _("confini indicativi") if any_indicative() else ""
    parts = [today().isoformat(), data.version, borders, LICENCE, credit]
    return " · ".join(part for part in parts if part)


def _credits(sources: Collection[str] | None) -> list[str]:
    """Return whose data those of some sources are, or of all."""
    table = dataset().sources
    return list(table.loc[sorted(sources) if sources else table.index, "attribution"].unique())


def picture_title(text: str) -> str:
    """Return a picture's title: the city, and what the picture shows."""
    return f"{dataset().city.names.in_language(current_language())}: {text}"


def offered(formats: Mapping[str, str]) -> dict[str, str]:
    """Return those of some formats, by their endings, that this installation can write."""
    return {form: name for form, name in formats.items() if form not in _NEEDS or has(_NEEDS[form])}


def init_app(app: Flask) -> None:
    """Let templates link each file in all the formats that can be written here."""
    formats = {"layer": LAYER_FORMATS, "table": TABLE_FORMATS, "picture": PICTURE_FORMATS}
    app.jinja_env.globals["file_formats"] = {sort: offered(each) for sort, each in formats.items()}
