"""A place keeps its id from build to build, whatever is corrected in the sources."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.model.queries import current_id
from geo.recipes.run import build
from tests.helpers.cities import source_folder

MEMBERS = "facts_members.csv"
SPACES = "facts_spaces.csv"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return prepared(tmp_path)


def prepared(work: Path) -> Path:
    """Sources with three organisations in `work`/sources, a city built of them in `work`/data."""
    source_folder.write(work / "sources")
    (work / "data").mkdir(exist_ok=True)
    (work / "data" / "city.toml").write_text(source_folder.CITY, encoding="utf-8")
    change(
        work,
        MEMBERS,
        "Scuola Rossi,",
        "Circolo Omega,associazione,Provola Nord,,partner,https://a.example/6\n"
        "Gruppo Sigma,gruppo,Provola Sud,,partner,https://a.example/7\n"
        "Scuola Rossi,",
    )
    rebuild(work)
    return work


def rebuild(work: Path) -> str:
    return build(work / "sources", work / "data", lambda step: None, "bergamo")


def change(work: Path, name: str, old: str, new: str) -> None:
    path = work / "sources" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def data(work: Path) -> Dataset:
    return Dataset.read(work / "data")


def names(work: Path) -> dict[str, str]:
    return {str(id_): str(name) for id_, name in data(work).places["name"].items()}


def contents(work: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (work / "data").iterdir()}


def test_a_corrected_name_keeps_the_id_and_what_refers_to_it(work: Path) -> None:
    before = names(work)
    change(work, MEMBERS, "Circolo Omega,", "Società Omicron,")
    change(work, SPACES, "Area cani Parco Verde,", "Area cani Giardino Verde,")
    change(work, "parishes.csv", "S. Ugo,", "S. Ugo Vescovo,")
    report = rebuild(work)
    after = names(work)
    assert set(after) == set(before)
    assert after["org:circolo-omega"] == "Società Omicron"
    assert after["spazio:area-cani-parco-verde"] == "Area cani Giardino Verde"
    assert after["parrocchia:s-ugo"] == "Parrocchia di Sant'Ugo Vescovo"
    assert "org:circolo-omega" in set(data(work).memberships["place"])
    assert "New ids" not in report
    assert "Ids without a place" not in report


def test_two_swapped_names_do_not_swap_the_ids(work: Path) -> None:
    change(work, MEMBERS, "Circolo Omega,", "@,")
    change(work, MEMBERS, "Gruppo Sigma,", "Circolo Omega,")
    change(work, MEMBERS, "@,", "Gruppo Sigma,")
    rebuild(work)
    places = data(work).places
    assert places.loc["org:circolo-omega", ["name", "quartiere"]].tolist() == [
        "Gruppo Sigma",
        "nord",
    ]
    assert places.loc["org:gruppo-sigma", ["name", "quartiere"]].tolist() == [
        "Circolo Omega",
        "sud",
    ]


def test_builds_of_the_same_sources_are_the_same_bytes(work: Path) -> None:
    first = contents(work)
    rebuild(work)
    assert contents(work) == first
    change(work, MEMBERS, "Circolo Omega,", "Società Omicron,")
    change(work, SPACES, "Area cani Parco Verde,area cani (", "Parco Nuovo,parco (")
    rebuild(work)
    changed = contents(work)
    assert changed != first
    rebuild(work)
    assert contents(work) == changed


def shuffled(path: Path, rng: random.Random) -> None:
    """Put the rows or features of a source into another order."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        head, *rows = text.splitlines(keepends=True)
        rng.shuffle(rows)
        path.write_text(head + "".join(rows), encoding="utf-8")
    elif "features" in (document := json.loads(text)):
        rng.shuffle(document["features"])
        path.write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("built"))


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_order_of_rows_gives_every_place_its_id(built: Path, rng: random.Random) -> None:
    before = names(built)
    for path in sorted((built / "sources").rglob("*.csv")) + sorted(
        (built / "sources").rglob("*.geojson")
    ):
        shuffled(path, rng)
    rebuild(built)
    assert set(names(built)) == set(before)
    assert names(built) == before


def test_a_lost_id_and_a_new_one_are_listed_with_the_line_that_joins_them(work: Path) -> None:
    change(work, MEMBERS, "Circolo Omega,associazione,", "Tutt'altro,società sportiva,")
    report = rebuild(work)
    assert "org:circolo-omega: none of its records is in the sources" in report
    line = "org:circolo-omega,org:tutt-altro,"
    assert f"- org:tutt-altro: Tutt'altro. Line: `{line}`" in report
    assert "org:tutt-altro" in names(work)
    with (work / "data" / "place_ids.csv").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    again = rebuild(work)
    assert names(work)["org:circolo-omega"] == "Tutt'altro"
    assert "org:tutt-altro" not in names(work)
    assert current_id(data(work), "org:tutt-altro") == "org:circolo-omega"
    assert "Ids without a place" not in again
    first = contents(work)
    rebuild(work)
    assert contents(work) == first


def test_the_id_of_a_place_that_is_gone_is_not_given_to_another_one(work: Path) -> None:
    row = "Gruppo Sigma,gruppo,Provola Sud,,partner,https://a.example/7\n"
    change(work, MEMBERS, row, "")
    rebuild(work)
    assert "org:gruppo-sigma" not in names(work)
    change(work, MEMBERS, "Circolo Omega,", "Gruppo Sigma,")
    rebuild(work)
    assert names(work)["org:circolo-omega"] == "Gruppo Sigma"
    assert "org:gruppo-sigma" not in names(work)


def test_the_id_of_a_place_that_became_part_of_another_leads_to_it(work: Path) -> None:
    change(work, MEMBERS, "Gruppo Sigma,", "Circolo Omega,")
    rebuild(work)
    assert "org:gruppo-sigma" not in names(work)
    assert current_id(data(work), "org:gruppo-sigma") == "org:circolo-omega"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("place_ids.csv", "id,key,row\norg:a,org:a,xyz\n", "place_ids.csv, line 2: row: "),
        ("place_ids.csv", "id,key,row\nnothing,org:a,\n", "place_ids.csv, line 2: id: "),
        ("former_ids.csv", "former_id,id\norg:a,\n", "former_ids.csv, line 2: id: "),
    ],
)
def test_a_table_of_ids_that_can_not_be_used_is_named_with_its_line(
    work: Path, name: str, text: str, words: str
) -> None:
    before = contents(work)
    (work / "data" / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        rebuild(work)
    assert contents(work) == before | {name: text.encode()}
