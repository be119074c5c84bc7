"""The ground under a build: outline, areas, streets, and the projection that measures them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.ingest.address_book import AddressBook, Point, Streets
from geo.model.city import City
from geo.sources.bergamo.areas import Area, read_areas, read_comune
from geo.sources.osm.streets import StreetPoint, read_streets
from geo.sources.record import BuildLog, Record
from geo.text.area_names import AreaNames

# A thing without a name is called after a street at most so far away.
STREET_NEAR_M = 150.0
_STREETS = ("Via ", "Viale ", "Piazza", "Largo ", "Vicolo ", "Scaletta ", "Salita ", "Strada ")


@dataclass(frozen=True)
class BaseMap:
    """What everything in a build stands on."""

    city: City
    comune: BaseGeometry
    areas: tuple[Area, ...]
    names: AreaNames
    street_points: tuple[StreetPoint, ...]
    streets: Streets
    project: Callable[[np.ndarray], np.ndarray]

    def address_book(self) -> AddressBook:
        """Return an empty address book over these streets."""
        shapes = {area.slug: area.shape for area in self.areas}
        return AddressBook(
            self.streets, lambda p, slug: bool(shapes[slug].covers(shapely.Point(p)))
        )

    def inside(self, point: Point) -> bool:
        """Tell whether a point lies in the comune."""
        return bool(self.comune.covers(shapely.Point(point)))

    def quartiere(self, point: Point) -> str | None:
        """Return the slug of the first area that holds a point, or None."""
        spot = shapely.Point(point)
        return next((area.slug for area in self.areas if area.shape.covers(spot)), None)

    def metric(self, records: list[Record]) -> np.ndarray:
        """Return the records' points in metres, NaN for those without one."""
        nan = float("nan")
        points = [
            (nan if r.lon is None else r.lon, nan if r.lat is None else r.lat) for r in records
        ]
        metres = self.project(np.array(points).reshape(-1, 2))
        metres[~np.isfinite(metres)] = np.nan
        return metres

    def street_near(self) -> Callable[[float, float], str | None]:
        """Return a function that names the street nearest to a point, if one is near."""
        named = [p for p in self.street_points if p.street.startswith(_STREETS)]
        points = self.project(np.array([(p.lon, p.lat) for p in named]).reshape(-1, 2))
        tree = shapely.STRtree([shapely.Point(point) for point in points])

        def near(lon: float, lat: float) -> str | None:
            spot = shapely.Point(self.project(np.array([(lon, lat)]))[0])
            found = tree.query_nearest(spot, max_distance=STREET_NEAR_M)
            return min(named[int(at)].street for at in found) if len(found) else None

        return near


def read_base_map(folder: Path, city: City, log: BuildLog) -> BaseMap:
    """Read the outline, the areas and the streets of the folder of sources."""
    transformer = Transformer.from_crs("EPSG:4326", city.metric_crs, always_xy=True)

    def project(points: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    comune = read_comune(folder)
    areas = read_areas(folder, log)
    points = read_streets(folder, comune)
    return BaseMap(
        city=city,
        comune=comune,
        areas=tuple(areas),
        names=AreaNames({area.slug: area.name for area in areas}),
        street_points=tuple(points),
        streets=Streets(points, project),
        project=project,
    )
