"""What `city.toml` says of a city is read whole, or refused with the setting and the fix."""

from pathlib import Path

import pytest

from geo.base.errors import DataError, Problem
from geo.model.city import City, read_city
from tests.helpers.cities import small_city

GREEN = """
[green]
area_m2 = 100
per_resident = 2.5
year = 2024
source = "https://a.example/green"
"""


def city(folder: Path, old: str = "", new: str = "", more: str = "") -> City:
    """Read the small city's city.toml with one text replaced, and more at its end."""
    assert old in small_city.CITY
    text = small_city.CITY.replace(old, new) if old else small_city.CITY
    (folder / "city.toml").write_text(text + more, encoding="utf-8")
    return read_city(folder)


def problem(folder: Path, old: str, new: str, more: str = "") -> Problem:
    with pytest.raises(DataError) as refused:
        city(folder, old, new, more)
    (only,) = refused.value.problems
    assert (only.file, only.row) == ("city.toml", "")
    return only


def test_every_setting_is_read(folder: Path) -> None:
    read = city(folder)
    assert (read.slug, read.metric_crs, read.time_zone) == ("provola", "EPSG:32632", "Europe/Rome")
    assert (read.names.it, read.names.en, read.names.fr) == (
        "Provola",
        "Provola-on-Test",
        "Provole",
    )
    residents = read.residents
    assert (residents.count, residents.year) == (3000, 2024)
    assert residents.source == "https://example.org/residents"
    assert read.registered_kinds == {"scuola-primaria", "parrocchia"}
    assert read.green is None


def test_the_green_of_the_city_is_read(folder: Path) -> None:
    green = city(folder, more=GREEN).green
    assert green is not None
    assert (green.area_m2, green.per_resident, green.year) == (100, 2.5, 2024)
    assert green.source == "https://a.example/green"


@pytest.mark.parametrize("value", ["area_m2 = 100", "per_resident = 2.5", "year = 2024"])
def test_green_that_is_no_number_is_refused(folder: Path, value: str) -> None:
    name = value.split(" = ", maxsplit=1)[0]
    with pytest.raises(DataError, match=r"\[green\] contains a non-numeric value"):
        city(folder, more=GREEN.replace(value, f'{name} = "much"'))


def test_green_needs_a_source_that_can_be_followed(folder: Path) -> None:
    with pytest.raises(DataError, match=r"green.source: .*Correct green.source"):
        city(folder, more=GREEN.replace("https://a.example/green", "javascript:x"))


@pytest.mark.parametrize(
    ("old", "new", "what", "fix"),
    [
        ("Europe/Rome", "Europe/Atlantis", "unknown time_zone", "Name one as Europe/Rome"),
        ("EPSG:32632", "EPSG:1", "unknown metric_crs", "Name an EPSG code"),
        (
            "EPSG:32632",
            "EPSG:4326",
            "metric_crs 'EPSG:4326' isn't in metres",
            "Name a projected CRS in metres",
        ),
        # In US survey feet.
        (
            "EPSG:32632",
            "EPSG:2263",
            "metric_crs 'EPSG:2263' isn't in metres",
            "Name a projected CRS in metres",
        ),
        (
            '"parrocchia"',
            '"pagoda"',
            "registered_kinds names unknown kinds ['pagoda']",
            "Correct them, or add them in kinds.toml",
        ),
        ('"provola"', '"Pro vola"', "slug: ", "Correct slug (it says 'Pro vola')"),
        ('it = "Provola"', 'it = ""', "names.it: ", "Correct names.it (it says '')"),
    ],
)
def test_a_wrong_setting_is_named_with_its_fix(
    folder: Path, old: str, new: str, what: str, fix: str
) -> None:
    refused = problem(folder, old, new)
    assert refused.what.startswith(what)
    assert refused.fix == fix


def test_a_file_that_is_no_toml_says_what_to_correct(folder: Path) -> None:
    refused = problem(folder, "[names]", "[names")
    assert refused.what.startswith("not valid TOML (")
    assert refused.fix == "Correct the line that it names"


def test_a_file_nested_too_deep_is_refused_in_words(folder: Path) -> None:
    refused = problem(folder, 'slug = "provola"', "slug = " + "[" * 5_000)
    assert refused.what == "not valid TOML (nested too deep)"


def test_the_source_of_the_residents_must_be_an_address(folder: Path) -> None:
    refused = problem(folder, "https://example.org/residents", "ask the registrar")
    assert refused.what.startswith("residents.source: ")
    assert refused.fix == "Correct residents.source (it says 'ask the registrar')"
