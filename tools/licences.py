"""docs/licences.md: every locked package with its licence, each fit for how it is used.

`python -m tools.licences` writes the page. pip-licenses reads what is installed, npm's lock
file names its packages' licences, `licences.toml` adds what is in neither.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from license_expression import ExpressionError, LicenseSymbol, get_spdx_licensing

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
RULES: Mapping[str, Any] = tomllib.loads((ROOT / "tools/licences.toml").read_text(encoding="utf-8"))
FOR_USE = frozenset(RULES["allowed"]["permissive"] + RULES["allowed"]["weak_copyleft"])
FOR_TOOLS = FOR_USE | set(RULES["allowed"]["tools"])
# Every installation; one with extras; the pages as browsers get them; making and testing.
Use = Literal["run", "extra", "page", "tool"]
# From the smallest to the largest: a package belongs to the first that has it.
LOCKS: Mapping[str, Use] = {
    "locks/minimal.lock": "run",
    "locks/all.lock": "extra",
    "locks/dev.lock": "tool",
    "locks/node.lock": "tool",
}
_SPDX = get_spdx_licensing()
_HEAD = """# Licences of what Quartieri uses

Quartieri itself is licensed under the [EUPL-1.2](../LICENSE); whose the data are, and under
which licences, is in [data/SOURCES.md](../data/SOURCES.md). This page is written by `make
licences` from the lock files and the packages' own metadata; a test fails when it is not up
to date, or when a licence doesn't go with the EUPL ([the rules](../tools/licences.toml)).

Quartieri contains no copy of the Python packages: they are installed beside it, each under its
own licence. Parts of some npm packages are in the scripts and styles that it serves.
"""
_PARTS: tuple[tuple[str, Use, str, str], ...] = (
    ("Python", "run", "every installation", "What `locks/minimal.lock` installs."),
    ("Python", "extra", "the extras", "What `locks/all.lock` adds."),
    ("npm", "page", "in the pages", "What the pages' scripts and styles are built with and from."),
    (
        "npm",
        "tool",
        "tools",
        "What builds or checks the pages.",
    ),
    ("Python", "tool", "tools", "What `locks/dev.lock` adds, and Node.js."),
)
_INSIDE = """
## Inside some packages

Wheels bring libraries written in C and Fortran, and Bootstrap Italia brings fonts.
Those that ask for more than to be named, all of them files of their own:

"""
_STATED = """
## Stated by hand

Where metadata name no licence or home, or not exactly:

"""


@dataclass(frozen=True, order=True)
class Package:
    """A locked package: `licence` is an SPDX expression, `home` an address or empty."""

    name: str
    version: str
    licence: str
    home: str
    registry: str
    use: Use


def pins(lock: str) -> dict[str, tuple[str, bool]]:
    """Return for each package of a lock file its version, and whether only some machines get it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = re.findall(r"(?m)^([a-z0-9.-]+)==([^\s;]+)( ;)?", text)
    return {name: (version, bool(marker)) for name, version, marker in lines}


def python_packages() -> list[Package]:
    """Return every package of every Python lock file; LookupError if one isn't installed."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed"]
    command += ["--with-system", "--with-urls", "--with-license-file", "--no-license-path"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    rows = {re.sub(r"[-_.]+", "-", row["Name"]).lower(): row for row in json.loads(done.stdout)}
    packages: dict[str, Package] = {}
    for lock, use in LOCKS.items():
        for name, (version, for_some) in pins(lock).items():
            if name not in packages:
                elsewhere = for_some or name in RULES["elsewhere"]
                licence, home = (
                    RULES["elsewhere"][name]
                    if elsewhere
                    else _licence(rows.get(name), name, version)
                )
                packages[name] = Package(name, version, licence, home, "Python", use)
    return sorted(packages.values())


def _licence(row: Mapping[str, str] | None, name: str, version: str) -> tuple[str, str]:
    """Return the licence and home of an installed package; what is stated by hand goes first."""
    if row is None or row["Version"] != version:
        installed = "nothing" if row is None else row["Version"]
        raise LookupError(f"{name}: {version} is locked, {installed} is installed. Run make test")
    # A registry's page is nobody's home.
    home = "" if row["URL"] == "UNKNOWN" or "//pypi.org/" in row["URL"] else row["URL"]
    if stated := RULES["stated"].get(name):
        return stated["licence"], home or stated.get("home", "")
    licence = RULES["classifiers"].get(row["License"], row["License"])
    if licence == "BSD":
        # Only the third clause speaks of endorsing products.
        licence = "BSD-3-Clause" if "endorse" in row["LicenseText"] else "BSD-2-Clause"
    return licence, home


def npm_packages() -> list[Package]:
    """Return every npm package that is locked, but those for one system only."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = {path: path.rpartition("node_modules/")[2] for path in lock}
    stated = RULES["stated"]
    return sorted(
        Package(
            name,
            row["version"],
            stated[name]["licence"] if name in stated else row.get("license", ""),
            "",
            "npm",
            "tool" if row.get("dev") else "page",
        )
        for path, row in lock.items()
        if (name := names[path]) and not ("os" in row or "cpu" in row)
    )


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Return whether a licence is allowed: of A AND B both, of A OR B one; never an unknown one."""
    try:
        parsed = _SPDX.parse(expression, validate=True, strict=True)
    except ExpressionError:
        return False
    if parsed is None:
        return False
    if isinstance(parsed, LicenseSymbol):
        return parsed.key in allowed
    parts = [is_allowed(str(part), allowed) for part in parsed.args]
    return any(parts) if isinstance(parsed, _SPDX.OR) else bool(parts) and all(parts)


def refused(packages: Iterable[Package]) -> list[str]:
    """Return a message for each package whose licence doesn't go with how it is used."""
    return [
        f"{package.name} {package.version}: {package.licence or 'no licence'!r} isn't among those "
        f"that may be used to {'build and test' if package.use == 'tool' else 'run'}. If its "
        "metadata are wrong, state the licence in tools/licences.toml"
        for package in packages
        if not is_allowed(package.licence, FOR_TOOLS if package.use == "tool" else FOR_USE)
    ]


def page(packages: Iterable[Package]) -> str:
    """Return docs/licences.md: the same text wherever the same versions are locked."""
    parts = [_HEAD]
    rows = list(packages)
    for registry, use, title, text in _PARTS:
        parts.append(f"\n## {registry}: {title}\n\n{text}\n\n")
        chosen = [each for each in rows if (each.registry, each.use) == (registry, use)]
        columns = ("package", "version", "licence") + (("home",) if registry == "Python" else ())
        parts.append(_table(columns, [_cells(each)[: len(columns)] for each in chosen]))
    works = [
        (x["name"], x["licence"], ", ".join(x["packages"]), x["evidence"]) for x in RULES["inside"]
    ]
    parts += [_INSIDE, _table(("work", "licence", "brought by", "said in"), works)]
    stated = [(name, x["licence"], x["evidence"]) for name, x in sorted(RULES["stated"].items())]
    return "".join([*parts, _STATED, _table(("package", "licence", "evidence"), stated)])


def _cells(each: Package) -> tuple[str, ...]:
    return each.name, each.version, each.licence, f"<{each.home}>" if each.home else "–"


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Write the page; fail if a licence doesn't go with how its package is used."""
    packages = [*python_packages(), *npm_packages()]
    PAGE.write_text(page(packages), encoding="utf-8")
    if problems := refused(packages):
        raise SystemExit("\n".join(problems))


if __name__ == "__main__":
    main()
