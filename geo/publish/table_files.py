"""Tables and layers as files, each with its filters, method, sources and date."""

import io
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd

from geo.base.optional import extra

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# What a spreadsheet takes for the beginning of a formula, also in full width: of a cell, or,
# where cells end at semicolons (as in Italy), of what it makes a cell of.
_FORMULA = re.compile(r"(^|;)(?=\s*[=+\-@\t\r\n＝＋－＠])")
# Characters that XML, and so a spreadsheet, can't hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767


@dataclass(frozen=True)
class About:
    """The description in a file: `facts` by their names, in the reader's language.

    `date` (ISO) is that of the file; the same table and facts give the same bytes.
    `sheet`: the name of the spreadsheet's page that holds the facts.
    """

    title: str
    date: str
    facts: Mapping[str, str]
    sheet: str = "Metodo"


def to_csv(table: pd.DataFrame, about: About) -> bytes:
    """Return a table as CSV: UTF-8 with its mark, commas, an empty cell for what is missing.

    The facts stand in columns at the end, the same in each row, so that any reader of CSV
    can read it. Text that a spreadsheet would run as a formula gets an apostrophe before it, also
    within a cell where it would end at a semicolon.
    """
    text_safe = table.assign(**about.facts).replace([np.inf, -np.inf], np.nan).map(_no_formula)
    text_safe.columns = [_no_formula(str(name)) for name in text_safe.columns]
    text = text_safe.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def to_xlsx(table: pd.DataFrame, about: About) -> bytes:
    """Return a table as a spreadsheet, the facts on a page of their own. No cell is a formula."""
    with extra("files"):
        import xlsxwriter  # noqa: PLC0415
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": about.title, "created": _day(about.date)})
        bold = book.add_format({"bold": True})
        page = book.add_worksheet()
        page.freeze_panes(1, 1)
        page.set_column(0, len(table.columns), 18)
        for column, name in enumerate(table.columns):
            page.write_string(0, column, _cell_text(str(name)), bold)
            for row, value in enumerate(table[name].tolist(), start=1):
                _write(page, row, column, value)
        facts = book.add_worksheet(about.sheet)
        facts.set_column(1, 1, 90)
        for row, (name, text) in enumerate({"": about.title, **about.facts}.items()):
            facts.write_string(row, 0, _cell_text(name), bold)
            facts.write_string(row, 1, _cell_text(text))
    return buffer.getvalue()


def to_geojson(layer: gpd.GeoDataFrame, about: About) -> bytes:
    """Return a layer as GeoJSON (RFC 7946: WGS84), the facts in its member `metadata`."""
    known = layer.replace([np.inf, -np.inf], np.nan).set_geometry(_rounded(layer))
    document = orjson.loads(known.to_json(drop_id=True))
    document.pop("crs", None)
    return orjson.dumps({**document, "metadata": {"title": about.title, **about.facts}})


def to_gpkg(layer: gpd.GeoDataFrame, about: About, name: str = "layer") -> bytes:
    """Return a layer as a GeoPackage (its own CRS), the facts in the layer's metadata.

    `name`: the layer's own in the file.
    """
    # GDAL, which pages don't need, takes 30 MB.
    import pyogrio  # noqa: PLC0415

    known = layer.replace([np.inf, -np.inf], np.nan)
    clean = known.map(lambda value: _cell_text(value) if isinstance(value, str) else value)
    clean = clean.set_geometry(layer.geometry.to_numpy(), crs=layer.crs)
    facts = {name: _cell_text(text) for name, text in about.facts.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.gpkg"
        pyogrio.write_dataframe(
            clean,
            path,
            layer=name,
            layer_options={"IDENTIFIER": _cell_text(about.title)},
            layer_metadata={"TITLE": _cell_text(about.title), **facts},
        )
        return path.read_bytes()


def to_parquet(layer: gpd.GeoDataFrame, about: About, *, mapped: bool = True) -> bytes:
    """Return a layer as GeoParquet 1.1 (its own CRS), the facts in the file's metadata.

    `mapped`: whether it has a geometry; without one it's plain Parquet.
    """
    with extra("files"):
        import pyarrow.parquet as pq  # noqa: PLC0415
    buffer = io.BytesIO()
    if mapped:
        layer.to_parquet(buffer, index=False, schema_version="1.1.0")
    else:
        layer.drop(columns=layer.geometry.name).to_parquet(buffer, index=False)
    buffer.seek(0)
    rows = pq.read_table(buffer)
    facts = {"title": about.title, **about.facts}
    rows = rows.replace_schema_metadata({**(rows.schema.metadata or {}), **facts})
    buffer = io.BytesIO()
    pq.write_table(rows, buffer, compression="zstd")
    return buffer.getvalue()


def file_name(*parts: str, extension: str) -> str:
    """Return a descriptive file name: plain letters, digits and hyphens.

    >>> file_name("Lungomare", "Spazio di quartiere", "500 m", extension="csv")
    'lungomare_spazio-di-quartiere_500-m.csv'
    """
    plain = (
        unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode() for part in parts
    )
    words = (re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-")[:60].strip("-") for part in plain)
    return f"{'_'.join(word for word in words if word) or 'quartieri'}.{extension}"


def _no_formula(value: object) -> object:
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def _cell_text(text: str) -> str:
    return _CONTROL.sub("", text)[:_LONGEST_CELL]


def _write(page: "Worksheet", row: int, column: int, value: object) -> None:
    if isinstance(value, str):
        page.write_string(row, column, _cell_text(value))
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float) and np.isfinite(value):
        page.write_number(row, column, value)


def _day(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=None)


def _rounded(layer: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return layer.geometry.to_crs(4326).set_precision(1e-6)
