"""What is true of one city alone stands in a table, with a reason for each row."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from geo.base.errors import DataError
from geo.recipes import bergamo
from geo.sources.facts import HEADING, Mentioned, read_facts
from tests.helpers.paths import DATA

LEAST = """
[[authorities]]
source = "register"
reason = "the only register there is"
[years]
offers = { year = 2016, reason = "published in that year" }
proposals = { year = 2017, reason = "published in that year" }
residents = { year = 2017, reason = "the perimeters of that year" }
"""
NOTHING = Mentioned(*[frozenset[str]()] * 7)


def written(folder: Path, text: str) -> Path:
    path = folder / "facts.toml"
    path.write_text(LEAST + text, encoding="utf-8")
    return path


def test_every_fact_about_bergamo_has_a_reason() -> None:
    rows = list(bergamo.facts().rows())
    assert len(rows) > 50
    for table, row in rows:
        assert len(row.reason.split()) >= 3, (table, row)


def test_every_fact_about_bergamo_refers_to_something_in_the_sources() -> None:
    """The build reports those that don't, under a heading of their own."""
    assert HEADING not in (DATA / "BUILD_REPORT.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            '[[identities]]\none = "osm:way/1"\nother = "osm:way/2"\n',
            "facts.toml, identities 1 reason: Field required",
        ),
        (
            '[[names]]\nid = "osm:way/1"\nvalue = "A"\nreason = "so"\n',
            "facts.toml, names 1 reason: String should have at least 10 characters",
        ),
        ('[[nothing]]\nreason = "a table that nobody reads"\n', "facts.toml, nothing"),
        ("[[names]\n", "facts.toml: broken TOML"),
    ],
)
def test_a_row_without_a_reason_or_of_no_known_table_is_refused(
    tmp_path: Path, row: str, words: str
) -> None:
    with pytest.raises(DataError, match=re.escape(words)):
        read_facts(written(tmp_path, row))


@pytest.mark.parametrize(
    ("table", "row", "missing"),
    [
        ("identities", 'one = "osm:way/1"\nother = "osm:way/2"', "osm:way/1, osm:way/2"),
        ("suspected", 'one = "osm:way/1"\nother = "osm:way/2"', "osm:way/1, osm:way/2"),
        ("names", 'id = "osm:way/1"\nvalue = "Parco"', "osm:way/1"),
        ("other_names", 'id = "osm:way/1"\nvalue = "Parco"', "osm:way/1"),
        ("holders", 'id = "osm:way/1"\nvalue = "Alfa"', "osm:way/1"),
        ("parishes", 'name = "Borgo"\nid = "parrocchia:x"', "Borgo, parrocchia:x"),
        ("unsure_addresses", 'address = "Via Rossi 1"', "Via Rossi 1"),
        ("wrong_coordinates", 'address = "Via Rossi 1"', "Via Rossi 1"),
        ("common_words", 'family = "park"\nwords = ["alfa", "beta"]', "alfa, beta"),
        ("school_names", 'written = "ALF"\nwhole = "ALFA"', "ALF"),
        ("institutes", 'name = "ALFA"', "ALFA"),
        ("streets_without_homes", 'street = "Tangenziale"', "Tangenziale"),
        ("estimates", 'quartiere = "nord"\ntext = "Stima"', "nord"),
    ],
)
def test_a_fact_that_refers_to_nothing_is_reported(
    tmp_path: Path, table: str, row: str, missing: str
) -> None:
    facts = read_facts(written(tmp_path, f'[[{table}]]\n{row}\nreason = "seen with own eyes"\n'))
    assert facts.unknown(NOTHING) == [
        "authorities: register (the only register there is)",
        f"{table}: {missing} (seen with own eyes)",
    ]


def test_a_fact_that_the_sources_name_is_not_reported(tmp_path: Path) -> None:
    rows = """
[[names]]
id = "osm:way/1"
value = "Parco"
reason = "seen with own eyes"
[[streets_without_homes]]
street = "Tangenziale"
reason = "seen with own eyes"
[[institutes]]
name = "ALFA"
reason = "seen with own eyes"
"""
    mentioned = Mentioned(
        ids=frozenset({"osm:way/1"}),
        names=frozenset({"ALFA ROSSI"}),
        words=frozenset(),
        addresses=frozenset(),
        streets=frozenset({"Tangenziale Sud"}),
        sources=frozenset({"register"}),
        areas=frozenset(),
    )
    assert read_facts(written(tmp_path, rows)).unknown(mentioned) == []


def test_facts_can_not_be_changed(tmp_path: Path) -> None:
    facts = read_facts(written(tmp_path, ""))
    with pytest.raises(ValidationError, match="frozen"):
        facts.names = ()
    assert isinstance(facts.names, tuple)
