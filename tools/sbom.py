"""The bills of materials in CycloneDX 1.6: `python -m tools.sbom` writes one for Python.

cyclonedx-py lists what is installed here; packages that `locks/run.lock` doesn't pin are left
out. The bill of the npm packages is npm's own (`npm sbom`, see the Makefile).
"""

import json
import subprocess
import sys
from typing import Any

from tools.licences import ROOT, pins


def bill(lock: str = "locks/run.lock") -> dict[str, Any]:
    """Return the bill of what a lock file pins and this system needs.

    The same lock gives the same bill: it has no date and no number of its own.
    """
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", "pyproject.toml"]
    command += ["--output-reproducible", "--short-PURLs", "--spec-version", "1.6", "--no-validate"]
    done = subprocess.run(  # noqa: S603
        [*command, sys.executable], cwd=ROOT, capture_output=True, text=True, check=True
    )
    installed: dict[str, Any] = json.loads(done.stdout)
    locked = pins(lock).keys()
    components = [
        each for each in installed["components"] if each["name"].lower().replace("_", "-") in locked
    ]
    refs = {each["bom-ref"] for each in components}
    refs.add(installed["metadata"]["component"]["bom-ref"])
    dependencies = [
        {"ref": each["ref"], "dependsOn": sorted(refs.intersection(each.get("dependsOn", ())))}
        for each in installed["dependencies"]
        if each["ref"] in refs
    ]
    return {**installed, "components": components, "dependencies": dependencies}


if __name__ == "__main__":
    print(json.dumps(bill(), indent=2, ensure_ascii=False))  # noqa: T201 - the Makefile's file
