"""What belongs to the project: its own files, their text and their imports."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT

OUR_PYTHON = [*ROOT.glob("app.py"), *ROOT.glob("geo/**/*.py"), *ROOT.glob("web/**/*.py")]


def text_of(name: str) -> str:
    """Return the text of a file by its path from the root."""
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
