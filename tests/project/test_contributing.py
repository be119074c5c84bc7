"""CONTRIBUTING.md: the tree that a newcomer reads, and the order of imports in it."""

import re
import tomllib

import pytest

from tests.helpers.paths import ROOT
from tests.helpers.project_files import text_of, tracked_files

# Each package with its own row; a folder's sub-packages too.
ROW = re.compile(r"(?m)^\| `([a-z_/.]+)` \| (.+) \|$")
PACKAGES = {
    f"{path.parent.relative_to(ROOT).as_posix()}/"
    for part in ("geo", "web")
    for path in (ROOT / part).rglob("__init__.py")
} - {"geo/", "web/"}
# What a checkout gets beside what is tracked; dot files are settings of tools.
MADE = {"static", "node_modules", "instance"}
# Read at the root by the tools, or by people and forges, that they are for.
FILES_AT_THE_ROOT = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "app.py",
    "package-lock.json",
    "package.json",
    "publiccode.yml",
    "pyproject.toml",
}


def tree() -> list[str]:
    """Return what the section on the tree has a row for, in its order."""
    section = text_of("CONTRIBUTING.md").partition("\n## The tree\n")[2].partition("\n## ")[0]
    return [name for name, _ in ROW.findall(section)]


def layers() -> list[list[list[str]]]:
    """Return the layers of `geo` and of `web`, the lowest first, each with its packages."""
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    return [
        [[name.strip() for name in line.split("|")] for line in reversed(contract["layers"])]
        for contract in contracts
        if contract["type"] == "layers"
    ]


def test_the_tree_has_a_row_for_each_package() -> None:
    rows = tree()
    assert {name for name in rows if name.startswith(("geo/", "web/"))} == PACKAGES
    assert len(set(rows)) == len(rows)


def test_the_tree_has_a_row_for_each_folder() -> None:
    folders = {f"{path.name}/" for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}
    assert folders - {f"{name}/" for name in MADE} - {"geo/", "web/"} <= set(tree())


def test_each_package_stands_below_those_that_it_imports() -> None:
    rows = {name.strip("/").replace("/", "."): at for at, name in enumerate(tree())}
    for packages in layers():
        known = [sorted(rows[name] for name in layer if name in rows) for layer in packages]
        order = [at for layer in known for at in layer]
        assert len(order) > 6
        assert order == sorted(order)


def test_only_what_belongs_there_stands_at_the_root() -> None:
    files = {path.name for path in tracked_files("") if path.parent == ROOT}
    assert {name for name in files if name[0] != "."} == FILES_AT_THE_ROOT


@pytest.mark.parametrize("name", re.findall(r"`make ([a-z-]+)", text_of("CONTRIBUTING.md")))
def test_each_command_that_is_named_is_there(name: str) -> None:
    assert re.search(rf"(?m)^{name}:.* ## ", text_of("Makefile"))
