"""The habits of the project: what its own files promise holds."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.helpers.paths import ROOT
from web.site.settings import Settings

LOCKS = sorted(f"locks/{path.name}" for path in ROOT.glob("locks/*.lock"))
OUR_PYTHON = [*ROOT.glob("app.py"), *ROOT.glob("geo/**/*.py"), *ROOT.glob("web/**/*.py")]
SETTINGS = set(Settings.model_fields)
# What is declared but perhaps not imported, and what it's there for.
NOT_IMPORTED = {
    "dask-geopandas": "dask finds it by itself, for frames with a geometry",
    "distributed": "dask asks it when the scheduler is on another machine",
    "flask-limiter": "counts requests",
    "redis": "flask-limiter loads it where a setting names a Redis server",
}
THIRD_PARTY_ASSET = re.compile(
    r"""
      <(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc\s*=\s*["']?(?:https?:)?//
    | <link\b(?![^>]*\brel\s*=\s*["']?(?:canonical|alternate|license))[^>]*
      \bhref\s*=\s*["']?(?:https?:)?//
    | \burl\(\s*["']?(?:https?:)?//
    | \bimport\b[^;\n]*["']https?://
    | \b(?:cdn\.jsdelivr\.net|cdnjs\.cloudflare\.com|unpkg\.com|code\.jquery\.com
      |(?:fonts|ajax)\.googleapis\.com|fonts\.gstatic\.com|netdna\.bootstrapcdn\.com)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_files(*suffixes: str) -> list[Path]:
    """Return the files that belong to the project, also those not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name.endswith(suffixes))
    return [path for path in paths if path.is_file()]


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_bytes(), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def distribution_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# Dependencies


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


# The documents


def test_each_test_that_the_threat_model_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", text_of("docs/threat-model.md")))
    there = {
        name
        for path in ROOT.glob("tests/**/test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 30
    assert named <= there, f"docs/threat-model.md names what isn't there: {named - there}"


# The code


def test_the_geography_knows_nothing_of_flask() -> None:
    web_framework = re.compile(r"(?:flask|flask_\w+|werkzeug|web|app)(?:\.|$)")
    guilty = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in ROOT.glob("geo/**/*.py")
        for name in imports(path)
        if web_framework.match(name)
    }
    assert not guilty


@pytest.mark.parametrize(
    "text",
    [
        '<script defer src="https://example.org/a.js"></script>',
        "<img alt='' src=//example.org/a.png>",
        '<link rel="stylesheet" href="https://example.org/a.css">',
        "@import url(https://example.org/a.css);",
        'import L from "https://example.org/leaflet.js";',
        "https://cdn.jsdelivr.net/npm/leaflet",
    ],
)
def test_third_party_asset_is_recognised(text: str) -> None:
    assert THIRD_PARTY_ASSET.search(text)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="/static/dist/app.js"></script>',
        '<a href="https://example.org/">a link is no asset</a>',
        '<link rel="canonical" href="https://example.org/">',
        'import L from "leaflet";',
        "background: url(img/marker.png)",
    ],
)
def test_own_asset_and_plain_link_are_not_third_party_assets(text: str) -> None:
    assert not THIRD_PARTY_ASSET.search(text)


def test_no_page_style_or_script_loads_anything_from_a_third_party() -> None:
    files = tracked_files(".html", ".j2", ".js", ".mjs", ".ts", ".css", ".scss", ".svg")
    found = {
        (path.relative_to(ROOT).as_posix(), match.group())
        for path in files
        for match in [THIRD_PARTY_ASSET.search(path.read_text(encoding="utf-8"))]
        if match
    }
    assert not found


# What is said about the project


def test_publiccode_is_what_the_standard_asks_for() -> None:
    publiccode = yaml.safe_load(text_of("publiccode.yml"))
    schema = json.loads(text_of("tests/helpers/publiccode.schema.json"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(publiccode)] == []
    assert validator.is_valid({**publiccode, "name": ""}) is False
    assert validator.is_valid({**publiccode, "maintenance": {"type": "community"}}) is False
    assert publiccode["localisation"]["localisationReady"] is True
    assert set(publiccode["description"]) == set(publiccode["localisation"]["availableLanguages"])


def test_publiccode_invents_nothing_that_only_publication_can_tell() -> None:
    # On the day of publication these get their values, and this test goes.
    publiccode = yaml.safe_load(text_of("publiccode.yml"))
    assert publiccode["url"].startswith("https://example.org/")
    assert not {"releaseDate", "softwareVersion"} & set(publiccode)
    assert publiccode["maintenance"] == {"type": "none"}


def test_every_file_names_the_same_licence() -> None:
    assert text_of("LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert tomllib.loads(text_of("pyproject.toml"))["project"]["license"] == "EUPL-1.2"
    assert json.loads(text_of("package.json"))["license"] == "EUPL-1.2"
    assert yaml.safe_load(text_of("publiccode.yml"))["legal"]["license"] == "EUPL-1.2"
    assert "Open Database License" in text_of("data/LICENSE")


def test_readme_names_the_two_commands_and_every_setting() -> None:
    readme = text_of("README.md")
    assert "\nmake run\n" in readme
    assert "\nmake test\n" in readme
    assert set(re.findall(r"(?m)^\| `([A-Z_]+)` \|", readme)) == SETTINGS


def test_every_environment_variable_that_is_read_is_a_setting() -> None:
    pattern = re.compile(r"""(?:os\.environ(?:\.get\(|\[)|getenv\()\s*["'](\w+)["']""")
    read = {
        name for path in OUR_PYTHON for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    # systemd's own says where it listens.
    assert read <= SETTINGS | {"NOTIFY_SOCKET"}


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/licences.md"]
)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text_of(name))
    assert not [target for target in targets if not ((ROOT / name).parent / target).exists()]


# The commands


def test_make_help_shows_every_command() -> None:
    makefile = text_of("Makefile")
    described = set(re.findall(r"(?m)^([a-z-]+):.*## ", makefile))
    commands = set(re.findall(r"(?m)^\.PHONY: (.+)$", makefile))
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert described == commands
    assert {line.split()[0] for line in shown.splitlines()} == commands


def command(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def run_script(name: str, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / name)],
        env={"PATH": str(path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_on_the_path_but_does_not_run_is_passed_over(tmp_path: Path) -> None:
    command(tmp_path, "python3.13", 'echo "not installed" >&2; exit 127')
    command(tmp_path, "python3", f'exec "{sys.executable}" "$@"')
    found = run_script("find-python", tmp_path)
    assert (found.returncode, found.stdout) == (0, "python3\n")


def test_a_python_without_the_venv_module_is_named(tmp_path: Path) -> None:
    command(tmp_path, "python3.12", 'case "$2" in *ensurepip*) exit 1;; esac')
    found = run_script("find-python", tmp_path)
    assert found.returncode == 1
    assert "python3.12 runs, but its venv module is missing" in found.stderr


def test_no_python_says_what_is_needed(tmp_path: Path) -> None:
    found = run_script("find-python", tmp_path)
    assert found.returncode == 1
    assert "Python 3.11 or newer" in found.stderr


def test_a_browser_that_is_named_is_used(tmp_path: Path) -> None:
    command(tmp_path, "my-browser", "echo 1")
    found = run_script("ensure-chromium", tmp_path, CHROMIUM="my-browser")
    assert (found.returncode, found.stdout) == (0, f"{tmp_path / 'my-browser'}\n")


def test_a_named_browser_that_does_not_run_is_refused(tmp_path: Path) -> None:
    found = run_script("ensure-chromium", tmp_path, CHROMIUM="my-browser")
    assert (found.returncode, found.stdout) == (1, "")
    assert "CHROMIUM=my-browser does not run" in found.stderr


@pytest.mark.skipif(
    any(Path("/Applications").glob("*Chrom*")), reason="this machine's browser has a fixed place"
)
def test_no_browser_and_no_way_to_install_one_says_what_to_do(tmp_path: Path) -> None:
    found = run_script("ensure-chromium", tmp_path)
    assert (found.returncode, found.stdout) == (1, "")
    assert "apt install chromium" in found.stderr
