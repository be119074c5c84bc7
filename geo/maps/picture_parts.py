"""The parts of a picture of a map: texts, layers, marks. `geo.maps.picture` draws them."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True)
class Layer:
    """Places that are drawn alike: the layer's name, colour and shape, as on the pages' maps."""

    name: str
    colour: str
    shape: str


@dataclass(frozen=True, eq=False)
class Marks:
    """What is drawn on areas, in their CRS: `cells` (squares) and `points` (places)."""

    cells: gpd.GeoSeries
    points: gpd.GeoSeries


@dataclass(frozen=True)
class Caption:
    """The texts of a picture: title, subtitle, credits. Each may have several lines."""

    title: str
    subtitle: str
    credits: str


def plain_labels(names: pd.Series, values: Mapping[str, str]) -> dict[str, str]:
    """Return for each area its name and value, a line each, long names broken in two."""
    return {str(slug): f"{_broken(name)}\n{values[str(slug)]}" for slug, name in names.items()}


def _broken(name: str) -> str:
    words = name.split(" ")
    if len(name) < 10 or len(words) == 1:
        return name
    half = min(range(1, len(words)), key=lambda at: abs(len(" ".join(words[:at])) - len(name) / 2))
    return f"{' '.join(words[:half])}\n{' '.join(words[half:])}"
