"""What each map looks at: the areas and places it shows, and the box around them."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.coverage import existing
from geo.dataset import Dataset
from geo.maps import Bounds

# A single point is shown with this much around it, in degrees: about 400 m.
_MARGIN = 0.004


@dataclass(frozen=True, eq=False)
class View:
    """The areas and the places that a map shows (WGS84)."""

    areas: gpd.GeoDataFrame
    places: gpd.GeoDataFrame

    @property
    def bounds(self) -> Bounds:
        """The box around what is shown: (south, west), (north, east) in degrees."""
        shown = self.places if self.areas.empty else self.areas
        west, south, east, north = shown.total_bounds
        if self.areas.empty:
            west, south = west - _MARGIN, south - _MARGIN
            east, north = east + _MARGIN, north + _MARGIN
        return (float(south), float(west)), (float(north), float(east))


def city_view(dataset: Dataset) -> View:
    """Show every quartiere and every place that is there."""
    places = dataset.places
    return View(dataset.quartieri, places[existing(places)])


def quartiere_view(dataset: Dataset, slug: str) -> View:
    """Show one quartiere and the places in it; KeyError for an unknown one."""
    places = dataset.places
    inside = places[existing(places) & (places["quartiere"] == slug)]
    return View(dataset.quartieri.loc[[slug]], inside)


def place_view(dataset: Dataset, ident: str) -> View:
    """Show one place that has a point, closely; KeyError for an unknown one."""
    return View(dataset.quartieri.iloc[:0], dataset.places.loc[[ident]])


def network_view(dataset: Dataset, slug: str) -> View:
    """Show a network's quartieri, and the places tied to it; KeyError for an unknown one."""
    quartieri = list(dataset.networks["quartieri"].loc[slug])
    ties = dataset.memberships.query("network == @slug")
    tied = pd.concat([ties["place"], ties["common_good"].dropna()]).unique()
    return View(dataset.quartieri.loc[quartieri], dataset.places.loc[tied])
