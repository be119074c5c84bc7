"""Nothing but the readers and the recipe of a city names the city or its quartieri."""

import re
import subprocess

import pytest

from geo.model.dataset import Dataset
from tests.helpers.paths import ROOT

FOLDERS = ("app.py", "geo", "web", "templates", "frontend", "translations", "tools")
OWN = ("geo/sources/bergamo/", "geo/recipes/bergamo")
# In three languages, and the people and things of the city.
CITY = r"bergam(?:o|e|asc\w+|asque\w*)"


def found(text: str, names: list[str]) -> list[str]:
    """Return the names in a text: whole words, in capitals or small letters."""
    pattern = "|".join([CITY, *(re.escape(name) for name in names)])
    return re.findall(rf"(?<![\w-])(?:{pattern})(?![\w-])", text, flags=re.IGNORECASE)


@pytest.fixture(scope="module")
def names(bergamo: Dataset) -> list[str]:
    """Names and slugs of the quartieri.

    None of them needs an exception, not even those that are words of Italian ("Colli") or
    saints' names, common in other cities: nothing in the code uses them.
    """
    quartieri = bergamo.quartieri
    assert len(quartieri) == 25
    return [*quartieri["name"], *quartieri.index]


def test_only_bergamos_own_readers_and_recipe_name_it(names: list[str]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *FOLDERS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [name for name in listed.stdout.split("\0") if name and not name.startswith(OWN)]
    assert len(files) > 200
    named = {}
    for file in files:
        text = (ROOT / file).read_bytes().decode("utf-8", errors="ignore")
        if hits := found(text, names):
            named[file] = hits
    assert named == {}


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("the city of Bergamo", ["Bergamo"]),
        ('{"slug": "citta-alta"}', ["citta-alta"]),
        ("VILLAGGIO DEGLI SPOSI", ["VILLAGGIO DEGLI SPOSI"]),
        ("protocolli, collina, bergamotto", []),
    ],
)
def test_names_are_found_as_whole_words(text: str, hits: list[str], names: list[str]) -> None:
    assert found(text, names) == hits
