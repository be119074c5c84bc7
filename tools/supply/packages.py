"""The packages that the lock files pin, with the licence that each states for itself."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tools.supply.stated import CLASSIFIERS, ELSEWHERE, STATED

ROOT = Path(__file__).parents[2]
# Every installation; one with extras; the pages as browsers get them; making and testing.
Use = Literal["run", "extra", "page", "tool"]
# From the smallest to the largest: a package belongs to the first that has it.
LOCKS: Mapping[str, Use] = {
    "locks/minimal.lock": "run",
    "locks/all.lock": "extra",
    "locks/dev.lock": "tool",
    "locks/node.lock": "tool",
}


@dataclass(frozen=True, order=True)
class Package:
    """A pinned package: `licence` is an SPDX expression, `home` an address or empty."""

    name: str
    version: str
    licence: str
    home: str
    use: Use


def plain_name(name: str) -> str:
    """Return a Python package's name as lock files write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, tuple[str, bool]]:
    """Return for each package of a lock file its version, and whether only some machines get it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(r"(?m)^([a-z0-9.-]+)==([^\s;]+)( ;)?", text)
    return {name: (version, bool(marker)) for name, version, marker in found}


def python_packages() -> list[Package]:
    """Return every package of every Python lock file; LookupError if one isn't installed."""
    told = {plain_name(row["Name"]): row for row in _installed()}
    packages: dict[str, Package] = {}
    for lock, use in LOCKS.items():
        for name, (version, for_some) in pins(lock).items():
            if name not in packages:
                licence, home = (
                    ELSEWHERE[name]
                    if name in ELSEWHERE or for_some
                    else _told(told.get(name), name, version)
                )
                packages[name] = Package(name, version, licence, home, use)
    return sorted(packages.values())


def _installed() -> list[dict[str, str]]:
    """Return what pip-licenses reads from the metadata of what is installed here."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed"]
    command += ["--with-system", "--with-urls", "--with-license-file", "--no-license-path"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    rows: list[dict[str, str]] = json.loads(done.stdout)
    return rows


def _told(row: Mapping[str, str] | None, name: str, version: str) -> tuple[str, str]:
    """Return the licence and home of an installed package: what we state goes first."""
    if row is None or row["Version"] != version:
        found = "nothing" if row is None else row["Version"]
        raise LookupError(f"{name}: {version} is locked, {found} is installed. Run make test")
    # A registry's page is nobody's home.
    home = "" if row["URL"] == "UNKNOWN" or "//pypi.org/" in row["URL"] else row["URL"]
    if name in STATED:
        return STATED[name].licence, home or STATED[name].home
    licence = CLASSIFIERS.get(row["License"], row["License"])
    if licence == "BSD":
        # Only the third clause speaks of endorsing products.
        licence = "BSD-3-Clause" if "endorse" in row["LicenseText"] else "BSD-2-Clause"
    return licence, home


def npm_packages() -> list[Package]:
    """Return every npm package that is locked; those for one system only go with what asks them."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    shown = _in_pages(lock)
    return sorted(
        Package(
            name,
            row["version"],
            STATED[name].licence if name in STATED else row.get("license", ""),
            _home(path),
            "page" if name in shown else "tool",
        )
        for path, row in lock.items()
        for name in [path.rpartition("node_modules/")[2]]
        if name and not ("os" in row or "cpu" in row)
    )


def _in_pages(lock: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the packages that frontend/ imports, and all that those bring: at least what's shown.

    Of most only a part ends up in static/dist, of many nothing.
    """
    sources = [path for path in (ROOT / "frontend").rglob("*.*") if path.suffix in {".js", ".scss"}]
    texts = [path.read_text(encoding="utf-8") for path in sources if path.name != "build.js"]
    wanted = [
        name
        for name in lock[""]["devDependencies"]
        if any(re.search(rf"""['"(]~?{re.escape(name)}['"/]""", text) for text in texts)
    ]
    return set(_with_all(wanted, lock))


def _with_all(wanted: list[str], lock: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            yield name
            for path, row in lock.items():
                if path.rpartition("node_modules/")[2] == name:
                    wanted += row.get("dependencies", {})


def _home(path: str) -> str:
    """Return an installed npm package's home page, or its repository."""
    told = json.loads((ROOT / path / "package.json").read_text(encoding="utf-8"))
    repository = told.get("repository") or ""
    address = repository if isinstance(repository, str) else repository.get("url", "")
    home = told.get("homepage") or address
    plain = re.sub(r"^(?:git\+)?(?:(?:git|ssh|https?)://)?(?:git@)?|\.git$|#readme$", "", home)
    plain = plain.replace("github.com:", "github.com/")
    # npm takes owner/name for a repository of GitHub.
    short = re.fullmatch(r"(?:github:)?([\w-]+/[\w.-]+)", plain)
    return f"https://github.com/{short[1]}" if short else f"https://{plain}" if plain else ""
