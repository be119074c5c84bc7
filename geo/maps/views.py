"""The extent and features of each map."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.analysis.commons import in_stage
from geo.maps.folium_map import Bounds
from geo.model.dataset import Dataset
from geo.model.schema import STAGES
from geo.spatial.access import existing

# A single point is shown with this much around it, in degrees: about 400 m.
_MARGIN = 0.004


@dataclass(frozen=True, eq=False)
class View:
    """The areas and the places that a map shows (WGS84), and the box that it opens on.

    `bounds`: (south, west), (north, east) in degrees.
    """

    areas: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    bounds: Bounds


def city_view(dataset: Dataset) -> View:
    """Show every quartiere and every place that is there."""
    places = dataset.places
    return View(dataset.quartieri, places[existing(places)], _around(dataset.quartieri))


def commons_view(dataset: Dataset, stage: str | None) -> View:
    """Show every quartiere and its common goods, all or of a stage; KeyError for no such stage."""
    if stage is not None and stage not in STAGES:
        raise KeyError(stage)
    return View(dataset.quartieri, in_stage(dataset, stage), _around(dataset.quartieri))


def quartiere_view(dataset: Dataset, slug: str) -> View:
    """Show one quartiere and the places in it; KeyError for an unknown one."""
    places = dataset.places
    area = dataset.quartieri.loc[[slug]]
    return View(area, places[existing(places) & (places["quartiere"] == slug)], _around(area))


def place_view(dataset: Dataset, ident: str) -> View:
    """Show one place closely, among the quartieri; KeyError for one unknown or without a point."""
    place = dataset.places.loc[[ident]]
    if place.geometry.isna().all():
        raise KeyError(ident)
    return View(dataset.quartieri, place, _around(place, margin=_MARGIN))


def network_view(dataset: Dataset, slug: str) -> View:
    """Show a network's quartieri, and the places tied to it; KeyError for an unknown one."""
    areas = dataset.quartieri.loc[list(dataset.networks["quartieri"].loc[slug])]
    ties = dataset.memberships.query("network == @slug")
    tied = pd.concat([ties["place"], ties["common_good"].dropna()]).unique()
    return View(areas, dataset.places.loc[tied], _around(areas))


def _around(shown: gpd.GeoDataFrame, margin: float = 0.0) -> Bounds:
    west, south, east, north = (float(edge) for edge in shown.total_bounds)
    return (south - margin, west - margin), (north + margin, east + margin)
