"""The data as layers to publish: one list for the files, the catalogue and the API."""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from geo.analysis.counts import counts
from geo.analysis.coverage_details import cell_squares
from geo.analysis.indicators import DEFINITIONS, indicators
from geo.analysis.population import demand
from geo.analysis.themes import network_summary
from geo.model.cache import memoized
from geo.model.dataset import WGS84, Dataset
from geo.model.kinds import GROUPS
from geo.model.queries import networks_of
from geo.model.schema import SourceRef


@dataclass(frozen=True, eq=False)
class OpenLayer:
    """A layer: its rows in WGS84, indexed from 0; plain columns only (text, numbers, truth).

    `key`: the column that names a row for good. `mapped`: whether rows have a geometry at all.
    """

    slug: str
    key: str
    frame: gpd.GeoDataFrame
    mapped: bool = True


@memoized()
def open_layers(dataset: Dataset) -> dict[str, OpenLayer]:
    """Return every layer by its slug, made once for each dataset."""
    return {
        slug: OpenLayer(slug, key, make(dataset).reset_index(drop=True), mapped=slug != "legami")
        for slug, (key, make) in _LAYERS.items()
    }


def column(slug: str) -> str:
    """Return the name of an indicator's column: databases don't take hyphens."""
    return slug.replace("-", "_")


def _quartieri(dataset: Dataset) -> gpd.GeoDataFrame:
    areas, number_of = dataset.quartieri, counts(dataset)
    numbers = {column(group): number_of.loc[areas.index, group].astype("Int64") for group in GROUPS}
    measured = {
        column(slug): indicators(dataset).table[slug].astype(float).round(each.digits + 2)
        for slug, each in DEFINITIONS.items()
        if slug != "residenti"
    }
    reti = {slug: " ".join(networks_of(dataset, slug).index) for slug in areas.index}
    columns = {
        "codice": areas.index,
        "nome": areas["name"],
        "residenti": _whole(areas["residents"]),
        "residenti_anno": _whole(areas["residents_year"]),
        "residenti_stimati": areas["residents_estimated"].astype(bool),
        "residenti_fonte": areas["residents_source"],
        "confini": areas["boundary_status"],
        "confini_fonte": areas["boundary_source"],
        "reti": pd.Series(reti).replace("", None),
    }
    return gpd.GeoDataFrame(columns | numbers | measured, geometry=areas.geometry, crs=WGS84)


def _places(dataset: Dataset) -> gpd.GeoDataFrame:
    places = dataset.places
    columns = {
        "codice": places.index,
        "nome": places["name"],
        "tipo": places["kind"],
        "gruppo": places["kind"].map(dataset.kinds.group_of),
        "indirizzo": places["address"],
        "posizione": places["position"],
        "quartiere": places["quartiere"],
        "stato": places["status"],
        "superficie_m2": pd.to_numeric(places["area_m2"]).astype(float),
        "fase": places["stage"],
        "fase_anno": _whole(places["stage_year"]),
        "gestore": places["holder"],
        "scuola_statale": places["state_school"].astype("boolean"),
        "codici_scuola": places["school_codes"].map(lambda some: " ".join(some) if some else None),
        "sito": places["website"],
        "telefono": places["phone"],
        "email": places["email"],
        "orari": places["opening_hours"],
        "fonti": places["sources"].map(_sources),
        "verificato_il": places["checked_on"],
    }
    return gpd.GeoDataFrame(columns, geometry=places.geometry, crs=WGS84)


def _networks(dataset: Dataset) -> gpd.GeoDataFrame:
    summary = network_summary(dataset).loc[dataset.networks.index]
    areas = dataset.quartieri.geometry
    shapes = [
        shapely.union_all(list(areas.loc[list(some)])) for some in dataset.networks["quartieri"]
    ]
    columns = {
        "codice": dataset.networks.index,
        "nome": dataset.networks["name"],
        "quartieri": dataset.networks["quartieri"].map(" ".join),
        "stato": dataset.networks["status"],
        "membri_noti": summary["member"].astype("Int64"),
        "partecipanti_noti": summary["takes_part"].astype("Int64"),
        "patti_noti": summary["agreement"].astype("Int64"),
        "membri_dichiarati": _whole(dataset.networks["members_claimed"]),
        "membri_dichiarati_anno": _whole(dataset.networks["members_claimed_year"]),
        "fonte": dataset.networks["source_url"],
        "fonte_data": dataset.networks["source_date"],
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, dataset.networks.index, WGS84))


def _ties(dataset: Dataset) -> gpd.GeoDataFrame:
    ties = dataset.memberships
    columns = {
        "luogo": ties["place"],
        "rete": ties["network"],
        "legame": ties["evidence"],
        "bene_comune": ties["common_good"],
        "fonte": ties["source_url"],
        "fonte_data": ties["source_date"],
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(index=ties.index, crs=WGS84))


def _cells(dataset: Dataset) -> gpd.GeoDataFrame:
    points = dataset.demand_points
    people = demand(dataset)
    columns = {
        "codice": [f"cella-{at:05d}" for at in range(1, len(points) + 1)],
        "quartiere": people["quartiere"],
        **{
            name: _whole(people[known] if known in people else points[known])
            for name, known in _PEOPLE.items()
        },
        "stimati": people["estimated"].astype(bool),
        "peso": _whole(points["weight"]),
        "fonte": points["source"],
    }
    squares = gpd.GeoSeries(cell_squares(dataset, people))
    return gpd.GeoDataFrame(columns, geometry=squares, crs=WGS84)


def _streets(dataset: Dataset) -> gpd.GeoDataFrame:
    streets = dataset.streets
    columns = {
        "codice": [f"punto-{at:05d}" for at in range(1, len(streets) + 1)],
        "via": streets["street"],
        "osm": _whole(streets["osm_id"]),
    }
    return gpd.GeoDataFrame(columns, geometry=streets.geometry, crs=WGS84)


def _whole(values: pd.Series) -> pd.Series:
    """Return numbers as whole numbers that may be missing."""
    return pd.to_numeric(values).astype("Int64")


def _sources(refs: tuple[SourceRef, ...]) -> str:
    """Return the sources of a place as text: id, date and address of each."""
    return "; ".join(
        " ".join(part for part in (ref.source, ref.date, ref.ref, ref.url) if part) for ref in refs
    )


_PEOPLE = {"residenti": "residents", "residenti_65": "aged_65", "residenti_0_14": "aged_0_14"}
_LAYERS: dict[str, tuple[str, Callable[[Dataset], gpd.GeoDataFrame]]] = {
    "quartieri": ("codice", _quartieri),
    "luoghi": ("codice", _places),
    "reti": ("codice", _networks),
    "legami": ("luogo", _ties),
    "celle": ("codice", _cells),
    "vie": ("codice", _streets),
}
