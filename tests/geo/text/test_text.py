"""Italian names, addresses, websites and telephone numbers, as registers write them."""

import pytest

from geo.text import contacts, italian, italian_addresses
from geo.text.area_names import AreaNames
from geo.text.italian_addresses import Address

NAMES = AreaNames(
    {
        "centro-antico": "Centro Antico",
        "san-rocco": "San Rocco de' Monti",
        "borgo-alto": "Borgo Alto - San Lupo",
        "borgo-basso": "Borgo Basso - Sant'Ugo",
    }
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("S. Ugo", "Sant'Ugo"),
        ("Sant’Ugo", "SANT'UGO"),
        ("Via XXIV Maggio", "via 24 maggio"),
        ("Chiesa della Trinità", "chiesa TRINITA'"),
        ("San Tommaso", "S. Tomaso"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert italian.key(one) == italian.key(other)


@pytest.mark.parametrize(
    ("written", "nice"),
    [
        ("DANTE ALIGHIERI", "Dante Alighieri"),
        ("LEONARDO DA VINCI", "Leonardo da Vinci"),
        ("S. LUCIA", "Santa Lucia"),
        ("S. UGO", "Sant'Ugo"),
        ("S. STEFANO", "Santo Stefano"),
        ("S. ANDREA", "Sant'Andrea"),
        ("S.CROCE", "Santa Croce"),
        ("SS. PIETRO E PAOLO", "Santi Pietro e Paolo"),
        ("CITTA' ALTA", "Città Alta"),
        ("GIOVANNI XXIII", "Giovanni XXIII"),
        ("G.VERDI", "G. Verdi"),
        ("iSchool", "iSchool"),
    ],
)
def test_names_in_capitals_become_readable(written: str, nice: str) -> None:
    assert italian.nice_case(written) == nice


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("VIA VERDI3", Address("via", ("verdi",), "3")),
        ("VIA ROSSIN.11", Address("via", ("rossi",), "11")),
        ("VIA ROSSI N. 8", Address("via", ("rossi",), "8")),
        ("L.GO ALTO 22", Address("largo", ("alto",), "22")),
        ("V.LE ROMA 5/B", Address("viale", ("roma",), "5b")),
        ("Via A. Rossi 21  a", Address("via", ("rossi",), "21a", frozenset({"a"}))),
        ("Via Rossi, 65 - I", Address("via", ("rossi",), "65i")),
        ("VIA XXIV MAGGIO N. 32", Address("via", ("24", "maggio"), "32")),
        ("Via F.lli Neri 12 e 14", Address("via", ("fratelli", "neri"), "12")),
        ("via Rossi (angolo via Neri)", Address("via", ("rossi",), None)),
        ("Parco Verde", Address("", ("parco", "verde"), None)),
    ],
)
def test_addresses_are_taken_apart(written: str, address: Address) -> None:
    assert italian_addresses.parse(written) == address


def test_an_address_between_streets_names_them_all() -> None:
    found = italian_addresses.streets_in("tra via Rossi, via Neri e largo Alto")
    assert [street.name for street in found] == [("rossi",), ("neri",), ("alto",)]


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("CENTRO (ANTICO)", "centro-antico"),
        ("S. Rocco dei Monti", "san-rocco"),
        ("San Rocco", "san-rocco"),
        ("Borgo Alto - S. Lupo", "borgo-alto"),
        ("Borgo", None),
        ("Altrove", None),
        ("", None),
    ],
)
def test_a_quartiere_is_found_in_any_spelling_but_never_guessed(
    written: str, slug: str | None
) -> None:
    assert NAMES.find(written) == slug


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("www.scuola.example", "https://www.scuola.example"),
        ("https//www.scuola.example/", "https://www.scuola.example/"),
        ("HTTP://WWW.SCUOLA.EXAMPLE/Info", "http://www.scuola.example/Info"),
        ("javascript:alert(1)", None),
        ("Non Disponibile", None),
        ("info@scuola.example", None),
    ],
)
def test_websites_are_corrected_or_dropped(written: str, site: str | None) -> None:
    assert contacts.website(written) == site


@pytest.mark.parametrize(
    ("written", "number"),
    [("+39035123456", "+39 035 123456"), ("035/123456", "+39 035 123456"), ("12", None)],
)
def test_telephone_numbers_are_written_alike(written: str, number: str | None) -> None:
    assert contacts.phone(written) == number
