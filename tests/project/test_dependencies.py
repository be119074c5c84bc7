"""Dependencies: locks that hold what is declared, and declared is what is imported."""

import re
import sys
import tomllib
from importlib import metadata
from typing import Any

import pytest

from tests.helpers.paths import ROOT
from tests.helpers.project_files import OUR_PYTHON, imports, text_of

LOCKS = sorted(f"locks/{path.name}" for path in ROOT.glob("locks/*.lock"))
# What is declared but perhaps not imported, and what it's there for.
NOT_IMPORTED = {
    "dask-geopandas": "dask finds it by itself, for frames with a geometry",
    "distributed": "dask asks it when the scheduler is on another machine",
    "flask-limiter": "counts requests",
    "redis": "flask-limiter loads it where a setting names a Redis server",
}


def distribution_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_server_and_no_path(name: str) -> None:
    assert not re.search(r"://|--(?:extra-)?index|--find-links|file:| @ ", text_of(name))


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_is_pinned_with_hashes(name: str) -> None:
    requirements = re.split(r"\n(?=\S)", re.sub(r"(?m)^ *#.*\n", "", text_of(name)))
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9.-]+==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def locked(name: str) -> dict[str, str]:
    """Return the version of each package in a lock file."""
    return dict(re.findall(r"(?m)^([a-z0-9.-]+)==(\S+)", text_of(name)))


def project() -> dict[str, Any]:
    return tomllib.loads(text_of("pyproject.toml"))["project"]


def names(declared: list[str]) -> set[str]:
    return {distribution_name(re.split(r"[<>=!~\[ ;]", line)[0]) for line in declared}


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        ("locks/minimal.lock", "locks/run.lock"),
        ("locks/run.lock", "locks/all.lock"),
        ("locks/all.lock", "locks/dev.lock"),
    ],
)
def test_a_larger_lock_has_the_same_versions_and_more(smaller: str, larger: str) -> None:
    assert locked(smaller).items() < locked(larger).items()


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("locks/minimal.lock", []),
        ("locks/run.lock", ["api", "files"]),
        ("locks/all.lock", ["api", "cluster", "files", "redis"]),
        ("locks/dev.lock", ["api", "cluster", "files", "redis", "dev"]),
    ],
)
def test_locks_hold_every_dependency_that_is_declared(lock: str, extras: list[str]) -> None:
    of_extras = project()["optional-dependencies"]
    declared = names(project()["dependencies"]).union(*(names(of_extras[name]) for name in extras))
    missing = declared - {"quartieri"} - locked(lock).keys()
    assert not missing, f"run make lock: {missing}"
    for name in of_extras.keys() - set(extras) - {"dev"}:
        assert names(of_extras[name]).isdisjoint(locked(lock)), f"{lock} needn't have {name}"


@pytest.mark.parametrize("folder", ["", "tools/lighthouse/"])
def test_npm_lock_names_no_server_and_runs_no_script(folder: str) -> None:
    lock = text_of(f"{folder}package-lock.json")
    assert '"resolved": "http' not in lock
    assert "ignore-scripts=true" in text_of(f"{folder}.npmrc")


def declared_for_the_app() -> set[str]:
    """Return what the app may import: its dependencies, and those of its extras."""
    extras = project()["optional-dependencies"]
    of_extras = (names(lines) for name, lines in extras.items() if name != "dev")
    return names(project()["dependencies"]).union(*of_extras)


def imported_by_the_app() -> dict[str, set[str]]:
    """Return the distributions that each module which the app imports may come from."""
    found = metadata.packages_distributions()
    modules = {name.partition(".")[0] for path in OUR_PYTHON for name in imports(path)}
    return {
        module: set(map(distribution_name, found.get(module, [module])))
        for module in modules - sys.stdlib_module_names - {"app", "geo", "web"}
    }


def test_every_third_party_import_is_a_declared_dependency() -> None:
    declared = declared_for_the_app()
    assert not [name for name, of in imported_by_the_app().items() if declared.isdisjoint(of)]


def test_every_declared_dependency_is_imported_or_has_another_reason() -> None:
    imported = set().union(*imported_by_the_app().values())
    assert declared_for_the_app() - imported <= NOT_IMPORTED.keys()
