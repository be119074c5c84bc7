"""What no page could show as text, or no browser follow safely, the reader refuses in words."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from geo.base.errors import DataError, Problem
from geo.model import schema
from geo.model.dataset import Dataset
from geo.model.writing import replace_folder
from geo.text.safe_text import link
from tests.helpers.cities import small_city

# What breaks XML, a line, a terminal, or the order in which a text is read.
NOT_TEXT = {
    "NUL": "\0",
    "escape": "\x1b[31m",
    "line feed": "\n",
    "carriage return": "\r",
    "tab": "\t",
    "delete": "\x7f",
    "next line": "\x85",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "right-to-left override": "\u202e",
    "right-to-left embedding": "\u202b",
    "first strong isolate": "\u2068",
    "no character": "\uffff",
    "invisible tag": "\U000e0041",
}
NO_LINKS = {
    "javascript": "javascript:alert(1)",
    "JavaScript, hidden": "\x01javascript:alert(1)",
    "javascript, broken": "java\nscript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "file": "file:///etc/passwd",
    "no scheme": "//example.org/",
    "no slashes": "https:example.org",
    "no host": "https:///example.org/",
    "a name before the host": "https://www.comune.example.org@example.net/",
    "a name and a password": "https://user:password@example.org/",
    "a backslash": "https://example.net\\@example.org/",
    "a space": "https://example.org/a b",
    "a line break": "https://example.org/\r\nSet-Cookie: a=b",
    "an override": "https://example.org/\u202egpj.exe",
    "letters that look alike": "https://www.cоmune.example.org/",
    "too long": "https://example.org/" + "a" * 3000,
}
PLACE_TEXTS = ("name", "address", "phone", "email", "opening_hours", "holder")
CELLS = [
    ("networks.csv", "name"),
    ("streets.csv", "street"),
    ("sources.csv", "title"),
    ("sources.csv", "publisher"),
    ("sources.csv", "licence"),
    ("sources.csv", "attribution"),
    ("changes.csv", "text"),
    ("changes.csv", "version"),
]
LINK_CELLS = [
    ("networks.csv", "source_url"),
    ("memberships.csv", "source_url"),
    ("sources.csv", "url"),
]


def told(folder: Path) -> str:
    """Return what the reader says of a folder that it refuses: one line for each problem."""
    with pytest.raises(DataError) as refused:
        Dataset.read(folder)
    text = str(refused.value)
    assert len(text.splitlines()) == 1 + len(refused.value.problems)
    assert all(each.isprintable() for each in text.replace("\n", ""))
    return text


def with_place(folder: Path, **values: Any) -> Path:
    places = small_city.features()["places.geojson"]
    places[0]["properties"].update(values)
    return small_city.write(folder, places=places)


def with_cell(folder: Path, name: str, column: str, value: str) -> Path:
    small_city.write(folder)
    path = folder / name
    if not path.exists():
        path.write_text("date,version,text\n2024-05-01,1,Made\n", encoding="utf-8")
    table = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    table[0][column] = value
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    path.write_bytes(buffer.getvalue().encode())
    return folder


@pytest.mark.parametrize("harm", NOT_TEXT.values(), ids=NOT_TEXT)
def test_what_is_no_text_is_refused_with_its_field_and_its_code(tmp_path: Path, harm: str) -> None:
    text = told(with_place(tmp_path, name=f"Amici{harm}di Nord"))
    assert "places.geojson, feature 1 (osm:node/1): name: character 6 is U+" in text
    assert f"U+{ord(harm[0]):04X}" in text
    assert "Correct name" in text


@pytest.mark.parametrize("field", PLACE_TEXTS)
def test_it_is_refused_in_every_text_of_a_place(tmp_path: Path, field: str) -> None:
    assert f"{field}: character 2 is U+202E" in told(with_place(tmp_path, **{field: "a\u202eb"}))


def test_it_is_refused_in_the_lists_of_a_place(tmp_path: Path) -> None:
    source = {"source": "walk", "ref": "a\x07", "url": None, "date": None}
    text = told(with_place(tmp_path, school_codes=["a\x07"], sources=[source]))
    assert "school_codes.0: character 2 is U+0007" in text
    assert "sources.0.ref: character 2 is U+0007" in text


@pytest.mark.parametrize(("name", "column"), CELLS)
def test_it_is_refused_in_every_text_of_a_table(tmp_path: Path, name: str, column: str) -> None:
    # In a quoted cell a line break is no error of CSV, and a NUL is none of Python's.
    for harm in ("\n", "\0"):
        text = told(with_cell(tmp_path, name, column, f"a{harm}b"))
        assert f"{name}, line " in text
        assert f"{column}: character 2 is U+{ord(harm):04X}" in text


@pytest.mark.parametrize("field", ["name", "residents_source", "boundary_source"])
def test_it_is_refused_in_every_text_of_a_quartiere(tmp_path: Path, field: str) -> None:
    quartieri = small_city.features()["quartieri.geojson"]
    quartieri[0]["properties"][field] = "a\x9bb"
    text = told(small_city.write(tmp_path, quartieri=quartieri))
    assert f"quartieri.geojson, feature 1 (nord): {field}: character 2 is U+009B" in text


@pytest.mark.parametrize("address", NO_LINKS.values(), ids=NO_LINKS)
def test_only_a_plain_http_address_becomes_a_link(tmp_path: Path, address: str) -> None:
    text = told(with_place(tmp_path, website=address))
    assert "places.geojson, feature 1 (osm:node/1): website: " in text
    assert "Correct website" in text


@pytest.mark.parametrize(("name", "column"), LINK_CELLS)
def test_every_address_of_a_table_is_checked(tmp_path: Path, name: str, column: str) -> None:
    assert f"{column}: no http(s) address" in told(
        with_cell(tmp_path, name, column, NO_LINKS["javascript"])
    )


def test_the_source_of_residents_is_text_or_an_address_that_can_be_a_link(tmp_path: Path) -> None:
    quartieri = small_city.features()["quartieri.geojson"]
    quartieri[0]["properties"]["residents_source"] = "HTTPS://a:b@example.org/"
    assert "residents_source: a name or password" in told(
        small_city.write(tmp_path, quartieri=quartieri)
    )


def test_an_honest_address_stays_as_it_is_written() -> None:
    for address in (
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=%20#f",
        "https://example.org/città",
        "https://xn--citt-2na.example.org/",
        "https://[2001:db8::1]/",
    ):
        assert link(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "Società “Dante” – l’Ape & C.",
        "Œuvre à côté",
        "حي السلام",
        "שלום \u200f!",
        "👩\u200d👩\u200d👧",
        "Via\u00a0Roma",
        "<b>",
    ],
)
def test_letters_of_any_script_and_their_marks_are_text(tmp_path: Path, text: str) -> None:
    data = Dataset.read(with_place(tmp_path, name=text, address=text))
    assert data.places.loc["osm:node/1", "name"] == text


@pytest.mark.parametrize("escape", [r"\ud800", r"\udc00\ud800"])
def test_half_a_character_is_broken_json(tmp_path: Path, escape: str) -> None:
    path = small_city.write(tmp_path) / "places.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("Biblioteca Nord", escape))
    assert "places.geojson, line 1: broken JSON" in told(tmp_path)


@pytest.mark.parametrize("ident", ["osm:../../salute", "osm:.", "osm:a/./b", "osm:a//b", "osm:/"])
def test_an_id_that_a_browser_would_resolve_is_refused(tmp_path: Path, ident: str) -> None:
    text = told(with_place(tmp_path, id=ident))
    assert f"feature 1 ({ident}): id: a part between slashes" in text


@pytest.mark.parametrize("day", ["2024-13", "2024-02-30", "٢٠٢٤", "0000"])
def test_a_day_that_no_calendar_has_is_refused(tmp_path: Path, day: str) -> None:
    assert "checked_on: " in told(with_place(tmp_path, checked_on=day))


def test_no_quartiere_is_called_like_a_page_beside_theirs(app: Flask, tmp_path: Path) -> None:
    beside = {
        rule.rule.split("/")[2]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/quartieri/", "/copertura/"))
    }
    plain = {name for name in beside if name.isalpha()}
    assert plain <= schema.RESERVED_SLUGS
    quartieri = small_city.features()["quartieri.geojson"]
    quartieri[0]["properties"]["slug"] = "confronto"
    assert "'confronto' is the address of another page" in told(
        small_city.write(tmp_path, quartieri=quartieri)
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "provola"', 'slug = "../../provola"', "slug: "),
        ('it = "Provola"', r'it = "Pro\u0000vola"', "names.it: "),
        ('en = "Provola-on-Test"', "en = 7", "names.en: "),
        ('fr = "Provole"', r'fr = "Pro\nvole"', "names.fr: "),
        ("https://example.org/residents", "javascript:alert(1)", "residents.source: "),
        ('time_zone = "Europe/Rome"', 'time_zone = "../../etc/passwd"', "unknown time_zone"),
        ('time_zone = "Europe/Rome"', 'time_zone = "Europe/Roma"', "unknown time_zone"),
    ],
)
def test_the_city_is_checked_as_its_rows_are(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "city.toml"
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    text = told(folder)
    assert f"city.toml: {said}" in text
    assert "Correct" in text or "Europe/Rome" in text


def test_the_city_s_green_names_a_link_too(folder: Path) -> None:
    green = '[green]\narea_m2 = 1\nper_resident = 1\nyear = 2024\nsource = "data:,x"\n'
    with (folder / "city.toml").open("a", encoding="utf-8") as file:
        file.write(green)
    assert "city.toml: green.source: " in told(folder)


def test_what_a_file_says_can_not_forge_a_line_of_a_message(tmp_path: Path) -> None:
    evil = "x\n  - places.geojson: all is well\x1b[2J\u202e" + "y" * 9000
    places = small_city.features()["places.geojson"]
    places[0]["properties"].update({"id": evil, evil: evil, "kind": evil, "status": evil})
    folder = small_city.write(tmp_path, places=places)
    (folder / "networks.csv").write_text(f'"{evil}",b\n1,2\n', encoding="utf-8")
    assert "x�  - places.geojson: all is well�[2J�" in told(folder)
    assert "\n" not in str(Problem("a\nb", "c\rd", "e\x1bf", "g\u2028h"))


def test_a_change_that_names_a_strange_file_can_be_read_again(folder: Path) -> None:
    text = (folder / "streets.csv").read_text() + "Via Nuova,9.604,45.704,\n"
    replace_folder(folder, {"streets.csv": text}, "Importati da a\nb\x1b.gpkg")
    assert Dataset.read(folder).changes["text"].tolist() == ["Importati da a�b�.gpkg"]


def test_every_text_of_every_row_goes_through_the_same_check() -> None:
    """A field that is added as a bare `str` would let anything in."""
    models = [each for each in vars(schema).values() if _is_row(each)]
    assert len(models) > 8
    for model in models:
        for name, field in json_strings(model.model_json_schema()):
            limited = {"pattern", "enum", "const", "maxLength", "$ref"} & field.keys()
            assert limited or name.endswith(("url", "website", "kind")), (model.__name__, name)


def _is_row(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, schema.Row) and value is not schema.Row


def json_strings(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the fields of a JSON Schema that hold text, those in lists and choices too."""
    found = []
    for name, field in described["properties"].items():
        for each in (field, *field.get("anyOf", ())):
            inner = each.get("items", each)
            if inner.get("type") == "string":
                found.append((name, inner))
    return found
