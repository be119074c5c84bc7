"""The quartieri with their residents, and the outline of the comune."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo.base.errors import DataError, Problem
from geo.sources.facts import Facts
from geo.sources.reading import area_shape, each, read_csv, read_features
from geo.sources.record import Area, BuildLog
from geo.text.area_names import AreaNames

QUARTIERI = "quartieri_indicative.geojson"
COMUNE = "comune_bergamo.geojson"
POPULATION = "facts_population.csv"
BOUNDARY_SOURCE = (
    "Ricostruite per questo progetto da punti e strade di quartiere noto e da OpenStreetMap "
    "(ODbL 1.0); non sono i perimetri ufficiali"
)
OTHER_ESTIMATE = "Stima di questo progetto; non si è trovata nessuna cifra pubblicata"
HEADING = "Residents: the two sources compared"


@dataclass(frozen=True)
class Figure:
    """Residents in one year, and the page that says so."""

    year: int
    residents: int
    url: str


def read_areas(folder: Path, facts: Facts, log: BuildLog) -> list[Area]:
    """Return the quartieri sorted by slug, with the newest usable figure or a flagged estimate."""
    features = read_features(folder / QUARTIERI)
    if not features:
        raise DataError([Problem(QUARTIERI, "", "it holds no area", "Get the file again")])
    names = AreaNames(dict(each(QUARTIERI, features, _named)))
    figures = _figures(folder, names, facts.years.residents.year)

    def area(feature: dict[str, dict[str, Any]]) -> Area:
        return _area(feature, figures, facts.estimate_of, log)

    areas = each(QUARTIERI, features, area)
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


def _figures(folder: Path, names: AreaNames, first_year: int) -> dict[str, Figure]:
    """Return the newest exact figure of each quartiere, not older than `first_year`."""
    newest: dict[str, Figure] = {}
    rows = read_csv(folder / POPULATION, ("quartiere", "year", "residents", "note", "source"))
    for slug, figure in each(POPULATION, rows, lambda row: _figure(row, names)):
        if slug is None or figure is None:
            continue
        if figure.year >= first_year and figure.year > getattr(newest.get(slug), "year", 0):
            newest[slug] = figure
    return newest


def _figure(row: dict[str, str], names: AreaNames) -> tuple[str | None, Figure | None]:
    slug = names.find(row["quartiere"])
    if slug is None or not row["residents"] or re.search("arrotondata|vecchi", row["note"]):
        return slug, None
    return slug, Figure(int(row["year"]), int(row["residents"]), row["source"])


def _area(
    feature: dict[str, dict[str, Any]],
    figures: Mapping[str, Figure],
    estimates: Mapping[str, str],
    log: BuildLog,
) -> Area:
    properties = feature["properties"]
    slug, other = properties["slug"], (properties["residents"], properties["residents_year"])
    figure = figures.get(slug)
    if figure and other != (figure.residents, figure.year):
        log.add(HEADING, f"{slug}: {figure.residents} ({figure.year}) here, {other} with the areas")
    if not figure and not properties["residents_estimated"]:
        log.add(HEADING, f"{slug}: no figure found, {other} with the areas is taken as an estimate")
    return Area(
        slug=slug,
        name=properties["name"],
        shape=area_shape(feature["geometry"]),
        boundary_source=BOUNDARY_SOURCE,
        residents=figure.residents if figure else other[0],
        residents_year=figure.year if figure else other[1],
        residents_estimated=figure is None,
        residents_source=figure.url if figure else estimates.get(slug, OTHER_ESTIMATE),
    )
