"""From addresses to points: buildings first, then streets of the same type and name, else none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.address_book import BESIDE, STREET_REACH_M, AddressBook, Streets
from geo.sources.osm.streets import StreetPoint
from geo.text.italian_addresses import parse

# A toy projection: a thousandth of a degree is 100 metres both ways.
NAMES = (
    "Via Giangiuseppe Brembilla",
    "Via Pietro Ruggeri da Stabello",
    "Via Europa",
    "Via Borgo Santa Caterina",
    "Via Antonio Locatelli",
    "Via Battista Locatelli",
    "Via Gabriele Rosa",
    "Via Rosa Agazzi",
    "Via Angelo Maj",
    "Piazzale San Paolo",
    "Largo Guglielmo Roentgen",
    "Viale Monte Verde",
)


def project(points: np.ndarray) -> np.ndarray:
    return points * 100_000


def streets(*more: StreetPoint) -> Streets:
    points = [StreetPoint(name, 9.0 + at / 1000, 45.0, at) for at, name in enumerate(NAMES)]
    return Streets([*points, *more], project)


def address_book(*more: StreetPoint) -> AddressBook:
    return AddressBook(streets(*more), lambda point, slug: point[0] < 9.1)


@pytest.mark.parametrize(
    ("written", "street"),
    [
        ("VIA BREMBILLA 3", "Via Giangiuseppe Brembilla"),
        ("VIA G. BREMBILLA03", "Via Giangiuseppe Brembilla"),
        ("Via P. Ruggeri, 36", "Via Pietro Ruggeri da Stabello"),
        ("VIA RUGGERI DA STABELLO 34", "Via Pietro Ruggeri da Stabello"),
        ("VIA P.RUGGERO DA STABELLON.32", "Via Pietro Ruggeri da Stabello"),
        ("Via A. Locatelli 2", "Via Antonio Locatelli"),
        ("Via Rosa 30", "Via Gabriele Rosa"),
        ("VIA ANGELO MAY1", "Via Angelo Maj"),
        ("Largo Röntgen", "Largo Guglielmo Roentgen"),
        ("MONTE VERDE 4", "Viale Monte Verde"),
        ("viale Europa 1", None),  # another type of street
        ("Via Santa Caterina 1", None),  # the Borgo is another street
        ("Via Locatelli", None),  # either of two
        ("Piazza Santi Pietro e Paolo", None),
        ("Via Mai Vista", None),
    ],
)
def test_a_street_is_matched_with_its_type_or_not_at_all(written: str, street: str | None) -> None:
    address = parse(written)
    wanted = parse(street) if street else None
    assert address is not None
    assert streets().match(address) == (wanted.street if wanted else None)


def test_a_known_building_is_exact_and_its_neighbour_is_near() -> None:
    book = address_book()
    book.learn("Via Europa 15", (9.05, 45.001))
    found, _ = book.find("VIA EUROPA N. 15")
    assert found is not None
    assert (found.lon, found.lat, found.position) == (9.05, 45.001, "exact")
    for number in ("15/b", str(15 + BESIDE)):
        beside, _ = book.find(f"Via Europa {number}")
        assert beside is not None
        assert (beside.lon, beside.position) == (9.05, "street")
    far, _ = book.find(f"Via Europa {16 + BESIDE}")
    assert far is not None
    assert far.lon != 9.05


def test_the_first_coordinates_of_a_building_stay() -> None:
    book = address_book()
    book.learn("Via Europa 15", (9.05, 45.001))
    book.learn("Via Europa 15", (9.06, 45.001))
    found, _ = book.find("Via Europa 15")
    assert found is not None
    assert found.lon == 9.05


def test_a_street_that_is_too_long_gives_no_position_unless_the_quartiere_narrows_it() -> None:
    far = STREET_REACH_M * 3 / 100_000
    ends = [StreetPoint("Via Lunga", lon, 45.0, 1) for lon in (9.09, 9.09 + far)]
    book = address_book(*ends)
    found, why = book.find("Via Lunga 5")
    assert found is None
    assert "too long" in why
    narrowed, _ = book.find("Via Lunga 5", "somewhere")
    assert narrowed is not None
    assert narrowed.lon == 9.09


def test_between_two_streets_is_where_they_come_nearest() -> None:
    one = [StreetPoint("Via Uno", lon, 45.0, 1) for lon in (9.05, 9.052)]
    two = [StreetPoint("Via Due", lon, 45.001, 2) for lon in (9.0521, 9.08)]
    found, _ = address_book(*one, *two).find("tra via Uno e via Due")
    assert found is not None
    assert found.lon == 9.052


def test_coordinates_far_from_their_street_are_implausible() -> None:
    book = address_book()
    assert book.implausible("Via Europa 1", (9.002, 45.0005)) is None
    assert book.implausible("Via Europa 1", (9.5, 45.0)) == pytest.approx(49_800)
    assert book.implausible("Via Mai Vista 1", (9.5, 45.0)) is None


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8, unique=True)
)
def test_a_position_is_always_one_of_the_streets_own_points(cells: list[tuple[int, int]]) -> None:
    own = {(9.05 + x / 1000, 45.0 + y / 1000) for x, y in cells}
    book = address_book(*(StreetPoint("Via Nuova", lon, lat, 1) for lon, lat in own))
    found, _ = book.find("Via Nuova 7")
    assert found is None or (found.lon, found.lat) in own
