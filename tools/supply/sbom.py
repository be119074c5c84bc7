"""The bill of materials (CycloneDX 1.6): the locked Python packages and the npm packages."""

import json
import shutil
import subprocess
import sys
from typing import Any

from tools.supply.packages import ROOT, pins, plain_name

Bom = dict[str, Any]


def bill(lock: str) -> Bom:
    """Return the bill of what a Python lock file and package-lock.json pin, in one document.

    Of Python what is installed here: what other systems need besides isn't in it. The same
    locks and tools give the same bill: it has no date and no number of its own.
    """
    python, npm = _python(), _npm()
    locked = pins(lock).keys()
    ours = python["metadata"]["component"]["bom-ref"]
    kept = [each for each in python["components"] if plain_name(each["name"]) in locked]
    refs = {each["bom-ref"] for each in kept} | {ours}
    depends = {each["ref"]: each.get("dependsOn", []) for each in python["dependencies"]}
    npm_root = npm["metadata"]["component"]["bom-ref"]
    npm_depends = {each["ref"]: each.get("dependsOn", []) for each in npm["dependencies"]}
    direct = [*depends[ours], *npm_depends.pop(npm_root)]
    npm_refs = {each["bom-ref"] for each in npm["components"]}
    graph = {**depends, **npm_depends, ours: direct}
    shown = refs | npm_refs
    return {
        **python,
        "metadata": {**python["metadata"], "tools": _tools(python, npm)},
        "components": sorted([*kept, *npm["components"]], key=lambda each: each["bom-ref"]),
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(set(graph.get(ref, [])) & shown)}
            for ref in sorted(shown)
        ],
    }


def written(bom: Bom) -> str:
    """Return a bill as text."""
    return json.dumps(bom, indent=2, ensure_ascii=False) + "\n"


def _python() -> Bom:
    """Return what cyclonedx-py finds installed here."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", "pyproject.toml"]
    command += ["--output-reproducible", "--short-PURLs", "--spec-version", "1.6"]
    # Whole and merged it's another document: `make test` validates that.
    return _run([*command, "--no-validate", sys.executable])


def _npm() -> Bom:
    """Return what npm reads from package-lock.json."""
    command = ["npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]
    return _run(["tools/with-node", *command])


def _run(command: list[str]) -> Bom:
    program = shutil.which(command[0]) or str(ROOT / command[0])
    done = subprocess.run(  # noqa: S603
        [program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    bom: Bom = json.loads(done.stdout)
    return bom


def _tools(python: Bom, npm: Bom) -> dict[str, Any]:
    """Return the tools of both, as CycloneDX 1.6 lists them."""
    of_npm = [
        {"type": "application", "name": tool["name"], "group": tool["vendor"]}
        | {"version": tool["version"]}
        for tool in npm["metadata"]["tools"]
    ]
    return {"components": [*python["metadata"]["tools"]["components"], *of_npm]}
