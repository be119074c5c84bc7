"""The base map of a build: outline, areas, streets, and the projection that measures them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.ingest.address_book import AddressBook, Point, Streets
from geo.model.city import City
from geo.sources.osm.streets import StreetPoint
from geo.sources.record import Area, Record
from geo.text.area_names import AreaNames
from geo.text.italian_addresses import STREET_BEGINNINGS

# A thing without a name is called after a street at most so far away.
STREET_NEAR_M = 150.0


@dataclass(frozen=True)
class BaseMap:
    """What places are located on: WGS84 shapes and points, and a projection into metres."""

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
        """Return whether a point lies in the comune."""
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
        named = [p for p in self.street_points if p.street.startswith(STREET_BEGINNINGS)]
        points = self.project(np.array([(p.lon, p.lat) for p in named]).reshape(-1, 2))
        tree = shapely.STRtree([shapely.Point(point) for point in points])

        def near(lon: float, lat: float) -> str | None:
            spot = shapely.Point(self.project(np.array([(lon, lat)]))[0])
            found = tree.query_nearest(spot, max_distance=STREET_NEAR_M)
            return min(named[int(at)].street for at in found) if len(found) else None

        return near


def base_map_of(
    city: City, comune: BaseGeometry, areas: Iterable[Area], points: Iterable[StreetPoint]
) -> BaseMap:
    """Return the base map of a city: its outline, areas and street points, WGS84."""
    transformer = Transformer.from_crs("EPSG:4326", city.metric_crs, always_xy=True)

    def project(points: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    areas, points = tuple(areas), tuple(points)
    return BaseMap(
        city=city,
        comune=comune,
        areas=areas,
        names=AreaNames({area.slug: area.name for area in areas}),
        street_points=points,
        streets=Streets(points, project),
        project=project,
    )
