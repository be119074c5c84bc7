"""Commands: make lists them, and they find Python and a browser or say what to do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT
from tests.helpers.project_files import text_of


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
