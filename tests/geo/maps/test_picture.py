"""Maps as pictures: real text, nothing in it is markup, the same bytes for the same map."""

import re
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from flask.testing import FlaskClient

from geo.maps.picture import COLOURS, choropleth
from geo.maps.picture_parts import Caption, Marks, plain_labels
from geo.spatial.classes import classify
from tests.helpers.paths import ROOT

HOSTILE = r"$\\frac{1}{0}$ <script>x</script> ${7*7} {{1}}"
AREAS = gpd.GeoDataFrame(
    {"name": ["Nord", HOSTILE]},
    index=["nord", "sud"],
    geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    crs=32632,
)


def picture(form: str) -> bytes:
    values = pd.Series({"nord": 3.0, "sud": None})
    labels = plain_labels(AREAS["name"], {"nord": "3", "sud": "n.d."})
    cells = gpd.GeoSeries([shapely.box(100, 100, 200, 200)], crs=32632)
    places = gpd.GeoSeries([shapely.Point(500, 500)], crs=32632)
    caption = Caption(HOSTILE, HOSTILE, HOSTILE)
    legend = {"1": HOSTILE, "none": "n.d.", "cells": "cells", "points": HOSTILE}
    return choropleth(
        AREAS, classify(values), labels=labels, legend=legend, caption=caption,
        marks=Marks(cells, places), form=form,
    )  # fmt: skip


def test_text_is_drawn_as_it_is() -> None:
    drawing = ElementTree.fromstring(picture("svg"))  # noqa: S314
    texts = ["".join(each.itertext()) for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count(HOSTILE) == 5  # title, subtitle, credits, legend twice
    assert "Nord" in texts
    assert not list(drawing.iter("{http://www.w3.org/2000/svg}script"))


@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_map_gives_the_same_bytes(form: str) -> None:
    assert picture(form) == picture(form)


def test_the_colours_are_those_of_the_pages() -> None:
    style = ROOT / "frontend/scss/_classes.scss"
    found = re.search(r"\$classes: ([^;]+);", style.read_text(encoding="utf-8"))
    assert found is not None
    assert tuple(found[1].split(", ")) == COLOURS


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_map_can_be_taken_away(client: FlaskClient, form: str, start: bytes) -> None:
    answer = client.get(f"/copertura/mappa.{form}?tipo=biblioteca&entro=400&misura=scoperti")
    assert answer.status_code == 200
    assert answer.data.startswith(start)
    assert "biblioteca-entro-400-m_scoperti" in answer.headers["Content-Disposition"]
    assert client.get(f"/copertura/mappa.{form}?misura=colore").status_code == 400
