"""The quartieri with their residents, and the outline of the comune."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo.base.errors import DataError, Problem
from geo.sources.reading import area_shape, each, read_csv, read_features
from geo.sources.record import BuildLog
from geo.text.area_names import AreaNames

QUARTIERI = "quartieri_indicative.geojson"
COMUNE = "comune_bergamo.geojson"
POPULATION = "facts_population.csv"
# The perimeters are those of 2018; figures by them go back to 2017.
FIRST_YEAR = 2017
BOUNDARY_SOURCE = (
    "Ricostruite per questo progetto da punti e strade di quartiere noto e da OpenStreetMap "
    "(ODbL 1.0); non sono i perimetri ufficiali"
)
HEADING = "Residents: the two sources compared"


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


def read_areas(folder: Path, log: BuildLog) -> list[Area]:
    """Return the quartieri sorted by slug, with the newest usable figure or a flagged estimate."""
    features = read_features(folder / QUARTIERI)
    if not features:
        raise DataError([Problem(QUARTIERI, "", "it holds no area", "Get the file again")])
    names = AreaNames(dict(each(QUARTIERI, features, _named)))
    figures = _figures(folder, names)
    areas = each(QUARTIERI, features, lambda feature: _area(feature, figures, log))
    return sorted(areas, key=lambda area: area.slug)


def read_comune(folder: Path) -> BaseGeometry:
    """Return the outline of the comune, WGS84."""
    features = read_features(folder / COMUNE)
    if not features:
        raise DataError([Problem(COMUNE, "", "it holds no outline", "Get the file again")])
    return each(COMUNE, features[:1], lambda feature: area_shape(feature["geometry"]))[0]


def _named(feature: dict[str, dict[str, Any]]) -> tuple[str, str]:
    slug, name = (feature["properties"][key] for key in ("slug", "name"))
    if not isinstance(slug, str) or not isinstance(name, str):
        raise TypeError("slug and name aren't text")
    return slug, name


def _figures(folder: Path, names: AreaNames) -> dict[str, Figure]:
    """The newest figure of each quartiere that is exact and within the present perimeters."""
    newest: dict[str, Figure] = {}
    rows = read_csv(folder / POPULATION, ("quartiere", "year", "residents", "note", "source"))
    for slug, figure in each(POPULATION, rows, lambda row: _figure(row, names)):
        if slug is None or figure is None:
            continue
        if figure.year >= FIRST_YEAR and figure.year > getattr(newest.get(slug), "year", 0):
            newest[slug] = figure
    return newest


def _figure(row: dict[str, str], names: AreaNames) -> tuple[str | None, Figure | None]:
    slug = names.find(row["quartiere"])
    if slug is None or not row["residents"] or re.search("arrotondata|vecchi", row["note"]):
        return slug, None
    return slug, Figure(int(row["year"]), int(row["residents"]), row["source"])


def _area(feature: dict[str, dict[str, Any]], figures: dict[str, Figure], log: BuildLog) -> Area:
    told = feature["properties"]
    slug, other = told["slug"], (told["residents"], told["residents_year"])
    figure = figures.get(slug)
    if figure and other != (figure.residents, figure.year):
        log.add(HEADING, f"{slug}: {figure.residents} ({figure.year}) here, {other} with the areas")
    if not figure and not told["residents_estimated"]:
        log.add(HEADING, f"{slug}: no figure found, {other} with the areas is taken as an estimate")
    return Area(
        slug=slug,
        name=told["name"],
        shape=area_shape(feature["geometry"]),
        residents=figure.residents if figure else other[0],
        residents_year=figure.year if figure else other[1],
        residents_estimated=figure is None,
        residents_source=figure.url if figure else _ESTIMATES.get(slug, _OTHER_ESTIMATE),
    )


_OTHER_ESTIMATE = "Stima di questo progetto; non si è trovata nessuna cifra pubblicata"
_SHARED_REST = (
    "Stima: i residenti della città (120.960 a fine 2020) che mancano agli altri quartieri, "
    "ripartiti secondo la grandezza delle parrocchie"
)
_ESTIMATES = {
    "centro-pignolo": "Stima: i tre quartieri del centro insieme (17.082 nel 2017) meno gli "
    "altri due nel 2020",
    "colli": "Stima: la densità pubblicata (269 per km², 2017) per la superficie indicativa",
    "loreto": "Stima: 7.229 nel 2015 nel vecchio perimetro, cresciuti come la città da allora",
    "san-tomaso-de-calvi": _SHARED_REST,
    "santa-caterina": _SHARED_REST,
    "valtesse-san-colombano": _SHARED_REST,
}
