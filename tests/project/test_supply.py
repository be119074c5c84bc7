"""What the project is made of: licences that go together, and a bill that says it all."""

import copy
import json
import re
import subprocess
import tomllib
from dataclasses import replace
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.helpers.paths import ROOT
from tools.licences import (
    FOR_TOOLS,
    FOR_USE,
    LOCKS,
    PAGE,
    RULES,
    Package,
    is_allowed,
    npm_packages,
    page,
    pins,
    python_packages,
    refused,
)
from tools.sbom import bill as python_bill

SOME = Package("some", "1.0", "MIT", "https://example.org/", "Python", "run")


@pytest.fixture(scope="module")
def packages() -> list[Package]:
    return [*python_packages(), *npm_packages()]


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return python_bill()


@pytest.fixture(scope="module")
def npm_bill() -> dict[str, Any]:
    command = ["tools/with-node", "npm", "sbom", "--sbom-format", "cyclonedx"]
    done = subprocess.run(
        [*command, "--package-lock-only"], cwd=ROOT, capture_output=True, check=True
    )
    return json.loads(done.stdout)


# Licences


def test_the_list_of_licences_is_up_to_date(packages: list[Package]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(packages), "run make licences"


def test_every_licence_goes_with_how_the_package_is_used(packages: list[Package]) -> None:
    assert refused(packages) == []


def test_every_locked_package_is_listed(packages: list[Package]) -> None:
    listed = {(each.name, each.version) for each in packages}
    for lock in LOCKS:
        assert {(name, version) for name, (version, _) in pins(lock).items()} <= listed
    npm = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    asked = npm["dependencies"].keys() | npm["devDependencies"].keys()
    assert asked <= {each.name for each in packages}


def test_what_the_pages_import_is_apart_from_what_makes_them(packages: list[Package]) -> None:
    use = {each.name: each.use for each in packages}
    assert {use[name] for name in ("leaflet", "leaflet.markercluster", "bootstrap-italia")} == {
        "page"
    }
    assert {use[name] for name in ("esbuild", "sass", "axe-core", "pytest")} == {"tool"}
    assert (use["flask"], use["matplotlib"]) == ("run", "extra")
    imported = {
        match.split("/")[0]
        for path in [*ROOT.glob("frontend/**/*.js"), *ROOT.glob("frontend/**/*.scss")]
        if path.parent != ROOT / "frontend"
        for match in re.findall(
            r"""(?:from|import|@use|@import|@forward) ['"]~?([a-z][\w./-]*)['"]""",
            path.read_text(encoding="utf-8"),
        )
    }
    packaged = imported & {each.name for each in packages if each.registry == "npm"}
    assert {"leaflet", "bootstrap-italia"} <= packaged
    assert {use[name] for name in packaged} == {"page"}


@pytest.mark.parametrize(
    ("licence", "for_use", "for_tools"),
    [
        ("MIT", True, True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True, True),
        ("MIT OR SSPL-1.0", True, True),
        ("MIT AND SSPL-1.0", False, False),
        ("LGPL-2.1-or-later", True, True),
        ("GPL-3.0-or-later", False, True),
        ("GPL-3.0-or-later OR MIT", True, True),
        ("AGPL-3.0-only", False, True),
        ("SSPL-1.0", False, False),
        ("BSD License", False, False),
        ("UNKNOWN", False, False),
        ("", False, False),
    ],
)
def test_a_licence_is_weighed_as_a_whole(licence: str, for_use: bool, for_tools: bool) -> None:
    assert is_allowed(licence, FOR_USE) is for_use
    assert is_allowed(licence, FOR_TOOLS) is for_tools


def test_a_refusal_names_the_package_its_licence_and_what_to_do() -> None:
    packages = [SOME, replace(SOME, licence="GPL-3.0-only"), replace(SOME, licence="", use="tool")]
    first, second = refused(packages)
    assert "some 1.0: 'GPL-3.0-only' isn't among those that may be used to run" in first
    assert "'no licence' isn't among those that may be used to build and test" in second
    assert "tools/licences.toml" in second


def test_nothing_is_stated_by_hand_that_is_not_locked(packages: list[Package]) -> None:
    names = {each.name for each in packages}
    assert RULES["stated"].keys() | RULES["elsewhere"].keys() <= names
    assert {name for each in RULES["inside"] for name in each["packages"]} <= names
    for_some = {name for lock in LOCKS for name, (_, some) in pins(lock).items() if some}
    assert for_some <= RULES["elsewhere"].keys()


# The bill of materials


def test_the_bill_is_valid_cyclonedx(bill: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    # Each address takes it a tenth of a second: those of the first packages will do.
    checked = copy.deepcopy(bill)
    for each in checked["components"][10:]:
        each.pop("externalReferences", None)
    assert validator.validate_str(json.dumps(checked)) is None
    checked["components"][0]["type"] = "lybrary"
    assert validator.validate_str(json.dumps(checked)) is not None


def test_the_bill_holds_what_runs_and_nothing_that_only_tests_need(bill: dict[str, Any]) -> None:
    purls = {each["purl"] for each in bill["components"]}
    for name, (version, for_some) in pins("locks/run.lock").items():
        assert for_some or f"pkg:pypi/{name}@{version}" in purls
    assert not [purl for purl in purls if re.match(r"pkg:pypi/(pytest|ruff|pip|redis)@", purl)]


def test_the_bill_of_npm_holds_what_is_locked(npm_bill: dict[str, Any]) -> None:
    assert npm_bill["bomFormat"] == "CycloneDX"
    purls = {each["purl"] for each in npm_bill["components"]}
    npm = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert f"pkg:npm/leaflet@{npm['node_modules/leaflet']['version']}" in purls


def test_the_bill_says_what_needs_what(bill: dict[str, Any]) -> None:
    ours = bill["metadata"]["component"]
    assert (ours["name"], ours["version"]) == ("quartieri", version())
    depends = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    refs = {each["bom-ref"]: each for each in bill["components"]}
    assert {name for each in depends.values() for name in each} <= refs.keys()
    direct = {refs[ref]["name"].lower() for ref in depends[ours["bom-ref"]]}
    assert {"flask", "geopandas", "matplotlib"} <= direct
    (flask,) = (ref for ref, each in refs.items() if each["name"].lower() == "flask")
    assert "werkzeug" in {refs[ref]["name"].lower() for ref in depends[flask]}


def test_the_same_lock_gives_the_same_bill(bill: dict[str, Any]) -> None:
    assert python_bill() == bill
    assert not {"serialNumber", "timestamp"} & (bill.keys() | bill["metadata"].keys())


def test_every_file_that_names_our_version_names_the_same() -> None:
    for name in ("package.json", "package-lock.json"):
        assert json.loads((ROOT / name).read_text(encoding="utf-8"))["version"] == version()


def version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["version"]
