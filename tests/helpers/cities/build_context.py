"""What the steps of a build share, for tests of single steps: toy metres, Bergamo's facts."""

from geo.ingest.address_book import AddressBook, Streets
from geo.ingest.base_map import base_map_of
from geo.ingest.build import BuildContext
from geo.ingest.italy.common_words import italian_rules
from geo.model.city import city_of
from geo.recipes import bergamo
from geo.sources.osm.streets import StreetPoint
from geo.sources.record import BuildLog
from tests.helpers.cities import source_folder

FACTS = bergamo.facts()
RULES = italian_rules(FACTS)


def address_book() -> AddressBook:
    """One street at 9.0, 45.0; a thousandth of a degree is 100 metres both ways."""
    points = [StreetPoint("Via Rossi", 9.0, 45.0, 1)]
    return AddressBook(Streets(points, lambda p: p * 100_000), lambda point, slug: True)


def build_context(log: BuildLog) -> BuildContext:
    """The context of a build of a city without quartieri."""
    city = city_of(source_folder.CITY.encode())
    base_map = base_map_of(city, source_folder.COMUNE, [], [])
    return BuildContext(base_map, address_book(), FACTS, RULES, log)
