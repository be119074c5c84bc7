"""No text of the data reaches Folium: it would run as JavaScript, or as a template here."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

import folium
import geopandas as gpd
import pytest
import shapely
from branca.element import Element
from folium.utilities import JsCode

from app import create_app
from tests.helpers.cities import hostile_city
from web.maps import map_parts

FOLIUM = re.compile(r"(folium|branca|xyzservices)\b")
# What Folium calls: Jinja where it gets a template's source or values, and the templates (which
# have no name), but not where it takes them apart letter by letter.
CALLED = re.compile(r"(jinja2\.(environment|runtime|loaders|utils|filters))?$")
_PLAIN = (str, bytes, int, float, bool, type(None), type, ModuleType, FunctionType)
_DEEPEST = 12
MARK = re.compile(r"kz\d{3}z")


def texts(value: object, depth: int = 0, seen: set[int] | None = None) -> Iterator[str]:
    """Yield every text in a value: in lists and the like, in tables, in objects' attributes."""
    seen = set() if seen is None else seen
    if isinstance(value, str):
        yield value
        return
    if isinstance(value, _PLAIN) or depth > _DEEPEST or id(value) in seen:
        return
    seen.add(id(value))
    for each in _inside(value):
        yield from texts(each, depth + 1, seen)


def _inside(value: Any) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif isinstance(value, gpd.GeoDataFrame):
        yield from (value[name].tolist() for name in value.columns)
    elif not type(value).__module__.startswith("jinja2"):
        yield from getattr(value, "__dict__", {}).values()


@contextmanager
def watched() -> Iterator[list[str]]:
    """Note each planted text that a function of Folium's gets, makes, or hands to another."""
    found: list[str] = []
    inside = 0

    def look(frame: FrameType, event: str, made: object) -> None:
        nonlocal inside
        if event not in ("call", "return"):
            return
        module = str(frame.f_globals.get("__name__", ""))
        ours = bool(FOLIUM.match(module))
        if event == "call" and ours:
            inside += 1
        if ours or (inside and CALLED.match(module)):
            values = list(frame.f_locals.values()) if event == "call" else made
            where = f"{module}.{frame.f_code.co_name}"
            found.extend(f"{where}: {text[:99]}" for text in texts(values) if MARK.search(text))
        if event == "return" and ours:
            inside -= 1

    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)


def test_no_text_of_the_data_reaches_folium_for_any_map(tmp_path: Path) -> None:
    words = hostile_city.write(tmp_path / "data")
    app = create_app({"QUARTIERI_DATA": str(tmp_path / "data"), "TILE_UPSTREAM": ""})
    client, scopes = app.test_client(), []
    places = [f"/luoghi/osm:node/{at}/" for at in range(5)]
    pages = [
        "/", "/quartieri/nord/", "/en/quartieri/sud/", "/reti/rete-0/", "/fr/reti/rete-1/",
        f"/vicino?lon=9.605&lat=45.705&nome={words.of['kz001z'][:60]}",
        "/copertura/?tipo=parco&chiudi=osm:node/0", "/copertura/nord/", "/beni-comuni/",
        "/beni-comuni/?fase=patto", "/embed/", "/embed/quartieri/nord/", *places,
    ]  # fmt: skip
    render = map_parts.folium_map.render

    def noted(spec: Any) -> Any:
        scopes.append(spec.areas_url)
        return render(spec)

    # As the first to ask for each map: what was rendered before is kept.
    map_parts.rendered_map.cache_clear()
    with pytest.MonkeyPatch.context() as patched, watched() as found:
        patched.setattr(map_parts.folium_map, "render", noted)
        for page in pages:
            assert client.get(page).status_code == 200, page
    map_parts.rendered_map.cache_clear()
    assert found == []
    assert len(scopes) > 12


PLANTED = "<b>kz001z</b>"
AREA = gpd.GeoDataFrame({"name": [PLANTED]}, geometry=[shapely.Point(9, 45).buffer(1)], crs=4326)


class Careless(Element):
    """Holds a text where only its attributes' attributes show it."""

    def __init__(self) -> None:
        super().__init__("{{ this.told.what }}")
        self.told = type("Told", (), {})()
        self.told.what = [{"name": (PLANTED,)}]


def render(element: Any) -> str:
    figure = folium.Map((45, 9), tiles=None)
    figure.add_child(element)
    return figure.get_root().render()


@pytest.mark.parametrize(
    "careless",
    [
        lambda: folium.Popup(PLANTED),
        lambda: render(folium.Marker((45, 9), tooltip=PLANTED)),
        lambda: render(folium.Marker((45, 9), icon=folium.DivIcon(html=PLANTED))),
        lambda: render(folium.GeoJson(AREA)),
        lambda: folium.GeoJson(AREA, tooltip=folium.GeoJsonTooltip(["name"])),
        lambda: folium.FeatureGroup(name=PLANTED),
        lambda: folium.Map((45, 9), tiles=None, told={"a": [{"b": {PLANTED}}]}),
        lambda: JsCode(f"var x = '{PLANTED}'"),
        lambda: render(Careless()),
        lambda: Element("{{ x }}").render(x=PLANTED),
    ],
    ids=["popup", "tooltip", "icon", "features", "fields", "group", "nested", "script", "attribute",
         "template"],
)  # fmt: skip
def test_a_text_that_does_reach_folium_is_noticed(careless: Any) -> None:
    with watched() as found:
        careless()
    assert found
