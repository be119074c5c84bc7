"""The kinds of place: those of every city, and those that a city adds in its folder."""

from pathlib import Path

import pytest

from geo.base.errors import DataError, Problem
from geo.model.city import read_city
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS, GROUPS, ORGANISATIONS, PARISHES, SCHOOLS, STANDARD
from tests.helpers.cities import small_city

MISSING = Problem("kinds.toml", "", "the file is missing", "Put kinds.toml into the data folder")
MARKET = """
[[kind]]
slug = "mercato"
group = "beni-comuni"
it = "Mercato"
en = "Market"
fr = "Marché"
"""
WORKSHOP = """
[[kind]]
slug = "officina"
group = "organizzazioni"
it = "Officina di quartiere"
en = "Workshop"
fr = "Atelier"
schema_org = "LocalBusiness"
match = "service"
theme = "cultura"
counts_as = ["room", "meeting_place"]
"""


def problems_of(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(DataError) as refused:
        STANDARD.with_added(text.encode())
    assert {problem.file for problem in refused.value.problems} == {"kinds.toml"}
    return [(problem.row, problem.what, problem.fix) for problem in refused.value.problems]


def test_there_are_four_groups_each_with_kinds() -> None:
    assert tuple(GROUPS) == (ORGANISATIONS, SCHOOLS, PARISHES, COMMONS)
    assert [len(STANDARD.expand(group)) for group in GROUPS] == [24, 7, 3, 10]
    assert len(STANDARD) == len(STANDARD.slugs) == 44
    assert STANDARD.choices == (*GROUPS, *STANDARD.slugs)
    assert [kind.slug for kind in STANDARD] == [
        slug for group in GROUPS for slug in STANDARD.expand(group)
    ]


def test_a_kind_says_what_it_is() -> None:
    library = STANDARD["biblioteca"]
    assert library.names.it == "Biblioteca"
    assert library.names.in_language("en") == "Library"
    assert library.names.in_language("fr") == "Bibliothèque"
    assert (library.group, library.schema_org, library.match) == (COMMONS, "Library", "library")
    assert library.theme == "cultura"
    assert library.counts_as == {"room", "meeting_place"}
    assert "biblioteca" in STANDARD
    assert COMMONS not in STANDARD
    with pytest.raises(KeyError):
        STANDARD["disco"]


def test_a_choice_stands_for_one_kind_or_those_of_a_group() -> None:
    assert STANDARD.expand("parco") == ("parco",)
    assert STANDARD.expand(PARISHES) == ("parrocchia", "oratorio", "luogo-di-culto")
    assert STANDARD.names("parco").en == "Park or garden"
    assert STANDARD.names(PARISHES).en == "Parishes and worship"
    assert STANDARD.group_of("scout") == ORGANISATIONS
    for ask in (STANDARD.expand, STANDARD.names, STANDARD.group_of):
        with pytest.raises(KeyError):
            ask("disco")


def test_kinds_by_what_they_count_as_and_by_theme() -> None:
    assert STANDARD.counting_as("green") == ("parco", "orto")
    assert STANDARD.counting_as("park") == ("parco",)
    assert STANDARD.counting_as("room") == (
        "centro-anziani",
        "spazio-di-quartiere",
        "spazio-giovanile",
        "biblioteca",
        "bene-comune",
    )
    assert set(STANDARD.counting_as("meeting_place")) == {*STANDARD.counting_as("room"), "orto"}
    assert STANDARD.of_theme("anziani") == ("centro-anziani", "servizio-anziani")
    assert STANDARD.of_theme("integrazione") == ()
    assert len(STANDARD.themes) == 10
    assert {kind.theme for kind in STANDARD} - {None} <= set(STANDARD.themes)


def test_a_city_without_a_file_of_its_own_has_the_kinds_of_every_city(folder: Path) -> None:
    assert STANDARD.with_added(MISSING) is STANDARD
    assert read_city(folder).kinds is STANDARD
    assert Dataset.read(folder).kinds is STANDARD


def test_added_kinds_come_last_in_their_group_with_its_defaults() -> None:
    kinds = STANDARD.with_added((MARKET + WORKSHOP).encode())
    assert len(kinds) == 46
    assert len(STANDARD) == 44
    assert kinds.expand(COMMONS)[-1] == "mercato"
    assert kinds.slugs[-1] == "mercato"
    assert kinds.expand(ORGANISATIONS)[-1] == "officina"
    market, workshop = kinds["mercato"], kinds["officina"]
    assert (market.schema_org, market.match, market.theme) == ("Place", "space", None)
    assert market.counts_as == frozenset()
    assert (workshop.schema_org, workshop.match) == ("LocalBusiness", "service")
    assert "officina" in kinds.of_theme("cultura")
    assert "officina" in kinds.counting_as("room")


def test_a_folder_may_use_the_kinds_that_it_adds(tmp_path: Path) -> None:
    places = small_city.features()["places.geojson"]
    places[0]["properties"]["kind"] = "mercato"
    folder = small_city.write(tmp_path, places=places)
    with pytest.raises(DataError, match=r"unknown kind 'mercato'\. Correct kind, or add it in"):
        Dataset.read(folder)
    (folder / "kinds.toml").write_text(MARKET)
    data = Dataset.read(folder)
    assert "mercato" in data.kinds
    first = data.version
    (folder / "kinds.toml").write_text(MARKET + WORKSHOP)
    assert Dataset.read(folder).version != first
    city = (folder / "city.toml").read_text().replace('["scuola', '["mercato", "scuola')
    (folder / "city.toml").write_text(city)
    assert "mercato" in read_city(folder).registered_kinds


@pytest.mark.parametrize(
    ("old", "new", "row", "what", "fix"),
    [
        ('"mercato"', '"parco"', "kind 1 (parco)", "'parco' exists already",
         "Choose another slug: kinds can't be redefined"),
        ('"mercato"', '"scuole"', "kind 1 (scuole)", "'scuole' exists already",
         "Choose another slug: kinds can't be redefined"),
        ('"beni-comuni"', '"beni"', "kind 1 (mercato)", "unknown group 'beni'",
         "Choose among beni-comuni, organizzazioni, parrocchie, scuole"),
        ('"Market"', '" "', "kind 1 (mercato)", "en: string should have at least 1 character",
         "Correct en (it says ' ')"),
        ('"Market"', '"a\\u202eb"', "kind 1 (mercato)",
         "en: character 2 is U+202E (RIGHT-TO-LEFT OVERRIDE), which can't stand in a line of text",
         "Correct en (it says 'a\\u202eb')"),
        ('slug = "mercato"', 'slug = "Il Mercato"', "kind 1 (Il Mercato)",
         "slug: string should match pattern '^[a-z0-9]+(-[a-z0-9]+)*$'",
         "Correct slug (it says 'Il Mercato')"),
        ('slug = "mercato"\n', "", "kind 1 (no slug)", "slug: field required", None),
        ('fr = "Marché"', 'fr = "Marché"\ncolour = "red"', "kind 1 (mercato)",
         "colour: extra inputs are not permitted", "Correct colour (it says 'red')"),
        ('fr = "Marché"', 'fr = "Marché"\ntheme = "moda"', "kind 1 (mercato)",
         "unknown theme 'moda'",
         f"Choose among {', '.join(sorted(STANDARD.themes))}"),
        ('fr = "Marché"', 'fr = "Marché"\nmatch = "moda"', "kind 1 (mercato)",
         "unknown match 'moda'", None),
        ('fr = "Marché"', 'fr = "Marché"\ncounts_as = ["blue"]', "kind 1 (mercato)",
         "counts_as.0: input should be 'green', 'park', 'room' or 'meeting_place'",
         "Correct counts_as.0 (it says 'blue')"),
        ('fr = "Marché"', 'fr = "Marché"\nschema_org = "</script>"', "kind 1 (mercato)",
         "schema_org: string should match pattern '^[A-Z][A-Za-z]{1,60}$'",
         "Correct schema_org (it says '</script>')"),
        ("[[kind]]", "[kind]", "", "kind isn't a list of tables, or too long a one",
         "Write one [[kind]] for each, at most 1000"),
        ("[[kind]]", "[[kinds]]", "", "unknown table or setting 'kinds'",
         "Only [[kind]] is read: groups and themes are the same for every city"),
    ],
)  # fmt: skip
def test_what_a_city_may_not_add_is_named_with_its_row(
    old: str, new: str, row: str, what: str, fix: str | None
) -> None:
    assert old in MARKET
    [found] = problems_of(MARKET.replace(old, new))
    assert found[:2] == (row, what)
    assert fix is None or found[2] == fix


def test_a_kind_is_added_once_and_all_problems_are_listed() -> None:
    text = MARKET + WORKSHOP.replace("cultura", "moda") + MARKET
    assert [(row, what) for row, what, _ in problems_of(text)] == [
        ("kind 2 (officina)", "unknown theme 'moda'"),
        ("kind 3 (mercato)", "slug 'mercato' stands at kind 1 (mercato) too"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[kind", "not valid TOML"),
        ("a = " + "[" * 5_000, "not valid TOML"),
        ("a = " + "9" * 5_000, "not valid TOML"),
        ("kind = [1]", "row: input should be"),
        ("[[kind]]\n" * 1_001, "too long a one"),
    ],
)
def test_a_file_that_is_no_table_of_kinds_is_refused(text: str, words: str) -> None:
    assert words in problems_of(text)[0][1]


def test_a_file_that_is_no_toml_says_what_to_correct() -> None:
    ((row, what, fix),) = problems_of("[[kind]")
    assert (row, fix) == ("", "Correct the line that it names")
    assert what.startswith("not valid TOML (")


def test_a_file_nested_too_deep_is_refused_in_words() -> None:
    ((_, what, fix),) = problems_of("kind = " + "[" * 5_000)
    assert what == "not valid TOML (nested too deep)"
    assert fix == "Write one [[kind]] for each kind"


def test_a_thousand_kinds_may_be_added_and_no_more() -> None:
    def added(number: int) -> str:
        return "".join(MARKET.replace('"mercato"', f'"mercato-{at}"') for at in range(number))

    kinds = STANDARD.with_added(added(1_000).encode())
    assert len(list(kinds)) == len(list(STANDARD)) + 1_000
    ((_, what, fix),) = problems_of(added(1_001))
    assert what == "kind isn't a list of tables, or too long a one"
    assert fix == "Write one [[kind]] for each, at most 1000"


def test_groups_have_the_colours_and_shapes_of_their_markers() -> None:
    looks = {slug: (group.colour, group.shape) for slug, group in STANDARD.groups.items()}
    assert looks == {
        ORGANISATIONS: ("#0059b3", "circle"),
        SCHOOLS: ("#a84300", "square"),
        PARISHES: ("#7b2d8e", "diamond"),
        COMMONS: ("#00694a", "hexagon"),
    }


def test_themes_come_in_the_order_of_the_pages() -> None:
    assert STANDARD.themes[0] == "salute"
    assert STANDARD.themes[-1] == "sport"
    assert len(STANDARD.themes) == 10
