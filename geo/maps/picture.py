"""Draws maps as pictures, for slides and minutes: the colours of the page, values as text."""

import io
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import geopandas as gpd
import matplotlib as mpl
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from geo.maps.picture_parts import Caption, Layer, Marks
from geo.spatial.classes import Classes

# As frontend/scss/_classes.scss has them: ColorBrewer's YlGnBu.
COLOURS = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
NO_VALUE, INK, GAP = "#f2f2f2", "#17324d", "#c00000"
# Inches and dots: 1920 × 1200.
_SIZE, _DPI = (12.8, 8.0), 150
# Text in an SVG stays text, and the same picture gives the same bytes.
_SVG: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "quartieri"}
_LONGEST = 110
_POINT: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 6,
    "color": "white",
    "markeredgecolor": INK,
    "markeredgewidth": 1.5,
}
_MARKERS = {"circle": "o", "square": "s", "diamond": "D", "hexagon": "h"}


def choropleth(
    areas: gpd.GeoDataFrame,
    classes: Classes,
    *,
    labels: Mapping[str, str],
    legend: Mapping[str, str],
    caption: Caption,
    marks: Marks | None = None,
    form: Literal["png", "svg"] = "png",
) -> bytes:
    """Return a map of areas coloured by class, each with its label, as PNG or SVG.

    `areas`: in a metric CRS. `labels`: the text on each area. `marks`: what to draw on them.
    `legend`: the label of each class, "none" for areas without a value (hatched).
    Text is drawn as it is: nothing in it is markup.
    """
    figure, axes = _sheet(caption)
    _draw_areas(axes, areas, classes)
    if marks is not None:
        _draw_marks(axes, marks)
    _draw_labels(axes, areas, labels, halo=form == "png")
    _draw_legend(figure, [_entry(name, text) for name, text in legend.items()])
    return _saved(figure, form)


def places_map(
    areas: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    *,
    labels: Mapping[str, str],
    layers: Mapping[str, Layer],
    caption: Caption,
    form: Literal["png", "svg"] = "png",
) -> bytes:
    """Return a map of places by layer over areas, as PNG or SVG.

    `areas`, `places` (points, with a column `layer`): in a metric CRS. `labels`: the text
    on each area. Each layer that has a place is in the legend, by colour and shape.
    """
    figure, axes = _sheet(caption)
    areas.plot(ax=axes, facecolor=NO_VALUE, edgecolor=INK, linewidth=0.8)
    handles = []
    for slug, layer in layers.items():
        shown = places[places["layer"] == slug].geometry
        look: dict[str, Any] = {
            "marker": _MARKERS[layer.shape],
            "color": layer.colour,
            "markeredgecolor": "white",
        }
        if len(shown):
            axes.plot(shown.x, shown.y, linestyle="none", markersize=7, **look)
            handles.append(Line2D([], [], linestyle="none", markersize=9, label=layer.name, **look))
    _draw_labels(axes, areas, labels, halo=form == "png")
    _draw_legend(figure, handles)
    return _saved(figure, form)


def _sheet(caption: Caption) -> tuple[Figure, Axes]:
    """Return a figure with its texts, and the axes for the map (equal scales, no frame)."""
    figure = Figure(figsize=_SIZE, dpi=_DPI, layout=None)
    axes = figure.add_axes((0.02, 0.07, 0.72, 0.8))
    axes.set_axis_off()
    _text(figure, 0.03, 0.98, caption.title, 20)
    _text(figure, 0.03, 0.93, caption.subtitle, 12)
    _text(figure, 0.03, 0.04, caption.credits, 8)
    return figure, axes


def _saved(figure: Figure, form: Literal["png", "svg"]) -> bytes:
    buffer = io.BytesIO()
    # A picture is made whole within the context: it's this thread's own figure.
    with mpl.rc_context(_SVG), warnings.catch_warnings():
        # A letter that the font hasn't is a box in a PNG, and itself in an SVG.
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(buffer, format=form, metadata=metadata)
    return buffer.getvalue()


def _draw_areas(axes: Axes, areas: gpd.GeoDataFrame, classes: Classes) -> None:
    of = classes.of.reindex(areas.index)
    known = areas[of.notna()]
    fill = [COLOURS[int(number)] for number in of[of.notna()]]
    if len(known):
        known.plot(ax=axes, color=fill, edgecolor=INK, linewidth=0.8, alpha=0.85)
    if of.isna().any():
        unknown = areas[of.isna()]
        unknown.plot(ax=axes, facecolor=NO_VALUE, edgecolor=INK, linewidth=0.8, hatch="////")


def _draw_marks(axes: Axes, marks: Marks) -> None:
    if len(marks.cells):
        marks.cells.plot(ax=axes, facecolor=GAP, edgecolor="none", alpha=0.45)
    if len(marks.points):
        axes.plot(marks.points.x, marks.points.y, **_POINT)


def _draw_labels(
    axes: Axes, areas: gpd.GeoDataFrame, labels: Mapping[str, str], *, halo: bool
) -> None:
    middle = shapely.get_point(shapely.maximum_inscribed_circle(areas.geometry.to_numpy()), 0)
    # A halo turns text into outlines: in an SVG, where it's to stay text, a pale ground instead.
    ground: dict[str, Any] = (
        {"path_effects": [withStroke(linewidth=2.5, foreground="white")]}
        if halo
        else {"bbox": {"facecolor": "white", "alpha": 0.6, "linewidth": 0, "pad": 1}}
    )
    for slug, point in zip(areas.index, middle, strict=True):
        axes.text(
            point.x, point.y, labels.get(slug, ""), fontsize=6, color=INK, ha="center",
            va="center", parse_math=False, **ground,
        )  # fmt: skip


def _entry(name: str, text: str) -> Artist:
    """Return the legend's entry of a class, of areas without a value, of cells, of points."""
    if name == "points":
        return Line2D([], [], label=text, **_POINT)
    if name == "none":
        return Patch(facecolor=NO_VALUE, edgecolor=INK, hatch="////", label=text)
    colour = GAP if name == "cells" else COLOURS[int(name)]
    return Patch(facecolor=colour, edgecolor=INK, label=text)


def _draw_legend(figure: Figure, handles: Sequence[Artist]) -> None:
    box = figure.legend(handles=handles, loc="center right", fontsize=11, frameon=False)
    for text in box.get_texts():
        text.set_parse_math(False)


def _text(figure: Figure, x: float, y: float, text: str, size: int) -> None:
    shown = text if len(text) <= _LONGEST * 2 else f"{text[: _LONGEST * 2]}…"
    figure.text(x, y, shown, fontsize=size, color=INK, va="top", parse_math=False)
