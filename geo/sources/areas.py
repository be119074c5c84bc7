"""The quartieri with their residents, and the outline of the comune."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.errors import DataError, Problem
from geo.sources.names import AreaNames
from geo.sources.records import Notes
from geo.sources.tables import read_csv, read_json

QUARTIERI = "quartieri_indicative.geojson"
COMUNE = "comune_bergamo.geojson"
POPULATION = "facts_population.csv"
# The perimeters are those of 2018; figures by them go back to 2017.
FIRST_YEAR = 2017
BOUNDARY_SOURCE = (
    "Derived from labelled points, streets and OpenStreetMap (ODbL 1.0) for this project; "
    "not the official perimeters"
)
NOTE = "Residents: the two sources compared"


@dataclass(frozen=True)
class Area:
    """A quartiere as its source draws it, WGS84, with its residents."""

    slug: str
    name: str
    shape: BaseGeometry
    residents: int | None
    residents_year: int | None
    residents_estimated: bool
    residents_source: str | None


@dataclass(frozen=True)
class Figure:
    """Residents in one year, and the page that says so."""

    year: int
    residents: int
    url: str


def read_areas(folder: Path, notes: Notes) -> list[Area]:
    """Return the quartieri sorted by slug, with the newest usable figure or a flagged estimate."""
    features = read_json(folder / QUARTIERI)["features"]
    names = AreaNames({f["properties"]["slug"]: f["properties"]["name"] for f in features})
    figures = _figures(folder, names)
    areas = [_area(feature, figures, notes) for feature in features]
    return sorted(areas, key=lambda area: area.slug)


def read_comune(folder: Path) -> BaseGeometry:
    """Return the outline of the comune, WGS84."""
    document = read_json(folder / COMUNE)
    feature = document["features"][0] if "features" in document else document
    outline = shape(feature["geometry"])
    if not outline.is_valid:
        raise DataError([Problem(COMUNE, "", "an invalid outline", "Get the file again")])
    return outline


def _figures(folder: Path, names: AreaNames) -> dict[str, Figure]:
    """The newest figure of each quartiere that is exact and within the present perimeters."""
    newest: dict[str, Figure] = {}
    for row in read_csv(folder / POPULATION, ("quartiere", "year", "residents", "note", "source")):
        slug = names.find(row["quartiere"])
        if slug is None or not row["residents"] or re.search("arrotondata|vecchi", row["note"]):
            continue
        figure = Figure(int(row["year"]), int(row["residents"]), row["source"])
        if figure.year >= FIRST_YEAR and figure.year > getattr(newest.get(slug), "year", 0):
            newest[slug] = figure
    return newest


def _area(feature: dict[str, dict[str, Any]], figures: dict[str, Figure], notes: Notes) -> Area:
    told = feature["properties"]
    slug, other = told["slug"], (told["residents"], told["residents_year"])
    figure = figures.get(slug)
    if figure and other != (figure.residents, figure.year):
        notes.add(NOTE, f"{slug}: {figure.residents} ({figure.year}) here, {other} with the areas")
    if not figure and not told["residents_estimated"]:
        notes.add(NOTE, f"{slug}: no figure found, {other} with the areas is taken as an estimate")
    return Area(
        slug=slug,
        name=told["name"],
        shape=shape(feature["geometry"]),
        residents=figure.residents if figure else other[0],
        residents_year=figure.year if figure else other[1],
        residents_estimated=figure is None,
        residents_source=figure.url if figure else _ESTIMATES.get(slug, _OTHER_ESTIMATE),
    )


_OTHER_ESTIMATE = "Estimated for this project; no published figure was found"
_SHARED_REST = (
    "Estimate: the residents of the city (120,960 at the end of 2020) that no other quartiere "
    "accounts for, shared out by the size of the parishes"
)
_ESTIMATES = {
    "centro-pignolo": "Estimate: the three central quartieri together (17,082 in 2017) less the "
    "other two in 2020",
    "colli": "Estimate: the published density (269 per km², 2017) times the indicative area",
    "loreto": "Estimate: 7,229 in 2015 within the former perimeter, grown as the city has since",
    "san-tomaso-de-calvi": _SHARED_REST,
    "santa-caterina": _SHARED_REST,
    "valtesse-san-colombano": _SHARED_REST,
}
