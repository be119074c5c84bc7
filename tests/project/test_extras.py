"""The app serves every page with the minimal set of libraries, and offers only what it can."""

import json
import re
import subprocess
import sys
import tomllib
from typing import Any

import pytest

from geo.base.optional import MissingExtraError, extra, has
from tests.helpers.cities import small_city
from tests.helpers.commands import minimal_install
from tests.helpers.pages.page import Page
from tests.helpers.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# What needs an extra, asked for by its address: pages don't link it.
REFUSED = {
    "/dati/luoghi.parquet": "files",
    "/dati/catalogo.ttl": "api",
    "/api/": "api",
    "/api/collections/luoghi/items": "api",
    **{
        f"{prefix}{address}": "files"
        for prefix in ("", "/en", "/fr")
        for address in ("/quartieri/tabella.xlsx", "/copertura/mappa.png?tipo=biblioteca")
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_city.write(tmp_path_factory.mktemp("minimal")))


@pytest.fixture(scope="module")
def told(folder: str) -> dict[str, Any]:
    """What the app answers with the minimal set."""
    command = [sys.executable, "-m", "tests.helpers.commands.minimal_install", folder, *REFUSED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_is_hidden_is_what_the_extras_add(told: dict[str, Any]) -> None:
    assert {"matplotlib", "pyarrow", "xlsxwriter", "pygeoapi", "rdflib"} <= set(told["hidden"])
    assert {"flask", "geopandas", "folium", "scipy"}.isdisjoint(told["hidden"])
    assert told["imported"] == []


def test_every_page_and_layer_is_there_without_the_extras(told: dict[str, Any]) -> None:
    assert len(told["pages"]) > 100
    assert {page for page, (status, _) in told["pages"].items() if status != 200} == set()


def test_everything_that_a_page_offers_is_there(told: dict[str, Any]) -> None:
    assert any(address.endswith(".gpkg") for address in told["links"])
    assert {address for address, status in told["links"].items() if status != 200} == set()


def test_pages_and_layers_say_the_same_with_and_without_the_extras(
    told: dict[str, Any], folder: str
) -> None:
    offers = ("/dati/", "/qualita/", "/copertura/confronto/")
    # Each app was started at a moment of its own.
    moment = re.compile(r'"read_at":"[^"]*"')
    for address, (_, text) in minimal_install.answers(minimal_install.client_of(folder)).items():
        if not any(part in address for part in offers):
            both = (moment.sub("", each) for each in (told["pages"][address][1], text))
            without, whole = (without_files(each) for each in both)
            assert without == whole, address


def without_files(text: str) -> str:
    """Return a page without the section that offers files; any other text as it is."""
    return Page(text).without("section#file") if text.startswith("<!doctype html>") else text


@pytest.mark.parametrize("address", REFUSED)
def test_what_needs_an_extra_is_refused_in_words(told: dict[str, Any], address: str) -> None:
    status, text = told["refused"][address]
    language = address[1:3] if address.startswith(("/en/", "/fr/")) else "it"
    title = {"it": "Qui non è offerto", "en": "Not offered here", "fr": "Non proposé ici"}
    assert status == 501
    page = Page(text)
    assert page.language == language
    assert title[language] in page.text()
    assert re.search(f"[«“]\\W*{REFUSED[address]}\\W*[»”]", page.text())


def test_a_missing_library_is_reported_with_its_extra() -> None:
    assert not has("no_such_library")
    with (
        pytest.raises(MissingExtraError, match="extra 'files' is not installed: no_such_library"),
        extra("files"),
    ):
        import no_such_library  # noqa: F401, PLC0415


def test_the_extras_that_the_code_names_are_declared() -> None:
    named = {
        name
        for path in [*ROOT.glob("geo/**/*.py"), *ROOT.glob("web/**/*.py")]
        for name in re.findall(r'with extra\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    assert {"api", "files"} <= named <= PROJECT["optional-dependencies"].keys() - {"dev"}


def test_heavy_libraries_are_loaded_on_demand_only(folder: str) -> None:
    # pandas itself loads pyarrow where it finds it.
    heavy = {"matplotlib", "xlsxwriter", "pygeoapi", "rdflib", "pyogrio"}
    code = (
        "import sys; from app import create_app\n"
        f"app = create_app({{'QUARTIERI_DATA': {folder!r}, 'TILE_UPSTREAM': ''}})\n"
        "assert app.test_client().get('/').status_code == 200\n"
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert heavy.isdisjoint(loaded.split())
    assert "folium" in loaded.split()
