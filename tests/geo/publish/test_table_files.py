"""Files to take away: what they hold, that nothing in them runs, that they tell how it was made."""

import csv
import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.publish.table_files import About, file_name, to_csv, to_geojson, to_gpkg, to_xlsx

HOSTILE = ["=1+1", "+39 035", "-2", "@x", "\t=1", " =1", "＝1", "a\x00b", "</script>${1}{{7*7}}"]
ABOUT = About("=Titolo", "2026-11-24", {"metodo": "=HYPERLINK(1)", "versione_dati": "abc"})
TABLE = pd.DataFrame(
    {"nome": HOSTILE, "=valore": [-1.5, np.nan, 3, 4, 5, 6, 7, 8, np.inf], "stima": [True] * 9}
)
LAYER = gpd.GeoDataFrame(
    {"nome": HOSTILE, "quota": [0.5, np.nan, np.inf, *range(6)]},
    geometry=[shapely.Point(551000.123456, 5061000)] * 9,
    crs=32632,
)


def test_csv_keeps_numbers_and_disarms_formulas() -> None:
    content = to_csv(TABLE, ABOUT)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert list(rows[0]) == ["nome", "'=valore", "stima", "metodo", "versione_dati"]
    assert [row["nome"] for row in rows[:7]] == [f"'{text}" for text in HOSTILE[:7]]
    assert rows[0]["'=valore"] == "-1.5"
    assert rows[1]["'=valore"] == ""
    assert {row["metodo"] for row in rows} == {"'=HYPERLINK(1)"}


def test_a_spreadsheet_has_text_numbers_and_no_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(TABLE, ABOUT))) as book:
        sheets = "".join(book.read(f"xl/worksheets/sheet{at}.xml").decode() for at in (1, 2))
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheets
    assert "<v>-1.5</v>" in sheets
    assert "=HYPERLINK(1)" in words
    assert "&lt;/script&gt;" in words
    assert "ab" in words


def test_geojson_is_in_degrees_and_tells_how_it_was_made() -> None:
    document = json.loads(to_geojson(LAYER, ABOUT))
    assert document["metadata"] == {"title": "=Titolo", **ABOUT.facts}
    assert "crs" not in document
    lon, lat = document["features"][0]["geometry"]["coordinates"]
    assert (round(lon, 6), round(lat, 6)) == (lon, lat)
    assert 9 < lon < 10
    assert document["features"][1]["properties"]["quota"] is None
    assert document["features"][2]["properties"]["quota"] is None
    assert document["features"][8]["properties"]["nome"] == HOSTILE[8]


def test_gdal_reads_the_geopackage_and_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "out.gpkg"
    path.write_bytes(to_gpkg(LAYER, ABOUT))
    read = gpd.read_file(path)
    assert read.crs == LAYER.crs
    assert read["nome"].tolist()[8] == HOSTILE[8]
    assert read["quota"][:3].isna().tolist() == [False, True, True]
    facts = pyogrio.read_info(path)["layer_metadata"]
    assert facts["versione_dati"] == "abc"
    assert facts["metodo"] == "=HYPERLINK(1)"


@pytest.mark.parametrize("write", [to_csv, to_xlsx])
def test_the_same_table_gives_the_same_bytes(write: object) -> None:
    assert write(TABLE, ABOUT) == write(TABLE, ABOUT)  # type: ignore[operator]


def test_a_name_says_what_is_in_the_file_and_nothing_else() -> None:
    name = file_name("Città", "../../etc/passwd", "à la <carte>", "", extension="xlsx")
    assert name == "citta_etc-passwd_a-la-carte.xlsx"
    assert file_name("…", extension="csv") == "quartieri.csv"
