"""The Folium maps: elements and scripts with the addresses of the data, and none of the data.

Folium compiles what it renders a second time as a Jinja template, and puts
texts into JavaScript template literals. So no text from the data passes through
its objects: a map has two addresses of ours, the browser fetches them, and our
own modules (`frontend/map/`) put names on the page as text. The addresses and the
labels of our catalogues do pass here, encoded so that neither a script nor a
template can read anything but a string in them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode

Bounds = tuple[tuple[float, float], tuple[float, float]]

# The texts of a map's scripts, each in the page's language (frontend/map/parts/labels.js).
# {n} stands for a number.
LABELS = (
    "title",
    "zoom_in",
    "zoom_out",
    "close",
    "open_area",
    "open_place",
    "indicative",
    "approximate",
    "cluster",
    "failed",
    "two_fingers",
    "ctrl_wheel",
    "here",
    "this_point",
    "near_point",
    "to_list",
    "site",
    "added",
)

# Everything but plain characters, whatever could end a script or a string, and
# an opening brace that would begin a Jinja expression, statement or comment.
_UNSAFE = re.compile(r"[^ -~]|[<>&'`]|\{(?=[{%#])")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OWN_ADDRESS = re.compile(r"/(?!/)[^\s\\<>\"'`]*")
_TEMPLATE_MARKS = ("{{", "{%", "{#")


@dataclass(frozen=True)
class MapSpec:
    """One map: its extent, and the addresses of its data.

    `bounds` are (south, west), (north, east) in degrees. The addresses are paths
    on our own server. `tiles_attribution` may hold a link: it's HTML, from the
    settings. `labels` needs every key of `LABELS`. `near`: a map of what is near a
    point; the page itself holds the point and the places, the areas are the background.
    `gaps`: the map of a coverage query; the page holds its result. ValueError for a
    missing or invalid value.
    """

    name: str
    bounds: Bounds
    labels: Mapping[str, str] = field(hash=False)
    areas_url: str | None = None
    places_url: str | None = None
    tiles_url: str | None = None
    tiles_attribution: str = ""
    min_zoom: int = 11
    max_zoom: int = 18
    near: bool = False
    gaps: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"map name {self.name!r}: only a-z, 0-9 and _ , a letter first")
        _check_bounds(self.bounds)
        for url in (self.areas_url, self.places_url, self.tiles_url):
            _check_address(url)
        if self.tiles_url and not self.tiles_attribution:
            raise ValueError("tiles_attribution is empty: tiles are shown with who made them")
        missing = [label for label in LABELS if not self.labels.get(label)]
        if missing:
            raise ValueError(f"labels lack {', '.join(missing)}")


@dataclass(frozen=True)
class RenderedMap:
    """A map in two parts: the element for the page, and the script served beside it."""

    body: str
    script: str


class ScriptCall(MacroElement):
    """A call of a function of `frontend/map/` with the map and plain options."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Quartieri.{{ this.function }}({{ this._parent.get_name() }}, {{ this.options }});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, **options: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = self.function = function
        self.options = to_script(options)


def render(spec: MapSpec) -> RenderedMap:
    """Render the map apart from any page; the same spec always gives the same bytes."""
    figure: Any = build(spec).get_root()
    for child in figure._children.values():  # as Figure.render does, without its page
        child.render()
    return RenderedMap(body=_tidy(figure.html.render()), script=_tidy(figure.script.render()))


def build(spec: MapSpec) -> folium.Map:
    """Build the Folium map: its view, its tiles if any, and our layers."""
    folium_map = _empty_map(spec)
    folium_map.add_child(_view(spec))
    if spec.tiles_url:
        folium_map.add_child(_tiles(spec))
    folium_map.add_child(ScriptCall("frame", labels=dict(sorted(spec.labels.items()))))
    if spec.areas_url:
        folium_map.add_child(ScriptCall("areas", url=spec.areas_url, ground=spec.near))
    if spec.places_url:
        folium_map.add_child(ScriptCall("places", url=spec.places_url))
    if spec.near:
        folium_map.add_child(ScriptCall("near"))
    if spec.gaps:
        folium_map.add_child(ScriptCall("gaps"))
    _name_all(folium_map, spec.name)
    return folium_map


def to_script(value: object) -> str:
    r"""Encode `value` as JSON that is harmless in a script, in HTML and in a Jinja template.

    >>> print(to_script({"title": "{{ 7 * 7 }}</script>"}))
    {"title": "\u007b{ 7 * 7 }}\u003c/script\u003e"}
    """
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value))


def _empty_map(spec: MapSpec) -> folium.Map:
    (south, west), (north, east) = spec.bounds
    folium_map = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=spec.min_zoom,
        tiles=None,
        zoom_control=False,  # "frame" adds one whose titles are translated
    )
    # Folium's own arguments of these names are for the tiles only.
    folium_map.options |= {"min_zoom": spec.min_zoom, "max_zoom": spec.max_zoom}
    # Folium's lists name third-party hosts; the page loads our own files instead.
    folium_map.default_js = []
    folium_map.default_css = []
    return folium_map


def _view(spec: MapSpec) -> folium.FitBounds:
    view = folium.FitBounds([list(corner) for corner in spec.bounds])
    view.options["animate"] = False  # the first view: there's nothing to move from
    return view


def _tiles(spec: MapSpec) -> folium.TileLayer:
    attribution: Any = JsCode(to_script(spec.tiles_attribution))
    return folium.TileLayer(
        tiles=spec.tiles_url,
        attr=attribution,
        min_zoom=spec.min_zoom,
        max_zoom=spec.max_zoom,
        name=spec.name,
    )


def _name_all(element: Any, name: str) -> None:
    """Replace the random ids: a map holds at most one element of each name."""
    element._id = name
    for child in element._children.values():
        _name_all(child, name)


def _tidy(rendered: str) -> str:
    lines = (line.strip() for line in rendered.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _check_bounds(bounds: Bounds) -> None:
    (south, west), (north, east) = bounds
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise ValueError(f"bounds {bounds}: not ((south, west), (north, east)) in degrees")


def _check_address(url: str | None) -> None:
    if url is None:
        return
    if not _OWN_ADDRESS.fullmatch(url) or any(mark in url for mark in _TEMPLATE_MARKS):
        raise ValueError(f"address {url!r}: not a path on our own server, like /areas.json")
