"""Layout: where things stand, as the folder names say, and what may name what."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.helpers.paths import ROOT
from tests.helpers.project_files import imports

MOST_MODULES = 12
PACKAGES = sorted(
    path.parent.relative_to(ROOT).as_posix()
    for part in ("geo", "web")
    for path in (ROOT / part).rglob("__init__.py")
)
FOLDERS = sorted(
    {
        path.parent.relative_to(ROOT).as_posix()
        for part in ("bench", "geo", "tests", "tools", "web")
        for path in (ROOT / part).rglob("*.py")
    }
)
TEST_FILES = sorted(ROOT.glob("tests/**/*.py"))
# Public in spite of their underscore: of named tuples, and of `os`.
PUBLIC = {"_replace", "_asdict", "_fields", "_make", "_exit"}
# Templates of all packages, and those in which pygeoapi looks for its own names.
SHARED_TEMPLATES = {"parts", "api"}


def folders_of(path: str) -> set[str]:
    """Return the names of the folders in a folder."""
    return {
        each.name for each in (ROOT / path).iterdir() if each.is_dir() and each.name[0] not in "._"
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_in_a_sentence_what_it_is_for(package: str) -> None:
    module = ast.parse((ROOT / package / "__init__.py").read_bytes())
    told = (ast.get_docstring(module) or "").partition("\n")[0]
    assert re.fullmatch(r"[A-Z].{15,}\.", told), f"{package}/__init__.py: {told!r}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_holds_more_modules_than_one_can_overlook(folder: str) -> None:
    modules = [path for path in (ROOT / folder).glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES


@pytest.mark.parametrize("part", ["geo", "web"])
def test_tests_stand_in_folders_named_as_the_packages_they_test(part: str) -> None:
    assert folders_of(f"tests/{part}") <= folders_of(part)


def test_templates_stand_in_folders_named_as_the_packages_that_use_them() -> None:
    assert folders_of("templates") - SHARED_TEMPLATES <= folders_of("web")


def test_the_geography_knows_nothing_of_flask() -> None:
    web_framework = re.compile(r"(?:flask|flask_\w+|werkzeug|web|app)(?:\.|$)")
    guilty = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in ROOT.glob("geo/**/*.py")
        for name in imports(path)
        if web_framework.match(name)
    }
    assert not guilty


def private_names(code: str) -> Iterator[str]:
    """Yield the names with an underscore that code takes from elsewhere."""
    for node in ast.walk(ast.parse(code)):
        found: list[str] = []
        if isinstance(node, ast.ImportFrom):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute) and not is_own(node.value):
            found = [node.attr]
        elif isinstance(node, ast.Constant) and is_dotted_name(node.value):
            found = node.value.split(".")
        yield from (name for name in found if re.match(r"_[^_]", name) and name not in PUBLIC)


def is_own(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in ("self", "cls")


def is_dotted_name(value: object) -> bool:
    """Tell whether a value may be a name of our code for `monkeypatch.setattr`."""
    return isinstance(value, str) and bool(re.fullmatch(r"(geo|web|app)(\.\w+)+", value))


def test_tests_use_public_names() -> None:
    found = {path: list(private_names(path.read_text(encoding="utf-8"))) for path in TEST_FILES}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "code",
    ["from geo.cli import _main", "pages._app", "patch.setattr('web.find.near._find', None)"],
)
def test_a_private_name_is_noticed(code: str) -> None:
    assert list(private_names(code))


def test_no_test_imports_another() -> None:
    found = {path: [name for name in imports(path) if ".test_" in name] for path in TEST_FILES}
    assert {path: names for path, names in found.items() if names} == {}
