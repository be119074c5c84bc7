"""docs/licences.md: every package with its version, licence and home page."""

from collections.abc import Iterable, Iterator

from tools.supply.packages import Package, npm_packages, python_packages
from tools.supply.stated import INSIDE, STATED

HEAD = """# Licences of what Quartieri uses

Quartieri itself is licensed under the [EUPL-1.2](../LICENSE); whose the data are, and under
which licences, is in [data/SOURCES.md](../data/SOURCES.md). This page is written by `make
licences` from the lock files and the packages' own metadata; a test fails when it is not up
to date, or when a licence doesn't go with the EUPL ([the rules](../tools/supply/rules.py)).

Quartieri contains no copy of the Python packages: they are installed beside it, each under its
own licence. Parts of some npm packages are in the scripts and styles that it serves.
"""
PARTS = (
    ("Python: every installation", "python", "run", "What `locks/minimal.lock` installs."),
    (
        "Python: the extras",
        "python",
        "extra",
        "What `locks/all.lock` adds: the extras `api`, `cluster`, `files` and `redis`.",
    ),
    (
        "npm: in the pages",
        "npm",
        "page",
        "What `frontend/` imports, and all that it brings, though not all of it is served.",
    ),
    (
        "npm: tools",
        "npm",
        "tool",
        "What builds or checks the pages. (What is for one system only has its asker's licence.)",
    ),
    ("Python: tools", "python", "tool", "What `locks/dev.lock` adds, and Node.js."),
)


def document() -> str:
    """Return the page as Markdown: the same text wherever the same versions are locked."""
    packages = {"python": python_packages(), "npm": npm_packages()}
    parts = [HEAD]
    for title, kind, use, said in PARTS:
        chosen = [package for package in packages[kind] if package.use == use]
        parts += [f"\n## {title}\n\n{said}\n\n", *_table(chosen)]
    return "".join([*parts, *_inside(), *_stated()])


def _table(packages: Iterable[Package]) -> Iterator[str]:
    yield "| package | version | licence | home |\n|---|---|---|---|\n"
    for each in packages:
        home = f"<{each.home}>" if each.home else "–"
        yield f"| {each.name} | {each.version} | {each.licence} | {home} |\n"


def _inside() -> Iterator[str]:
    yield "\n## Inside some packages\n\n"
    yield "Wheels bring libraries written in C and Fortran, and Bootstrap Italia brings fonts.\n"
    yield "Those that ask for more than to be named, all of them files of their own:\n\n"
    yield "| work | licence | brought by | said in |\n|---|---|---|---|\n"
    for each in INSIDE:
        packages = ", ".join(each.packages)
        yield f"| {each.name} | {each.licence} | {packages} | {each.evidence} |\n"


def _stated() -> Iterator[str]:
    yield "\n## Stated by hand\n\n"
    yield "Where metadata name no licence or home, or not exactly. (Packages that only some\n"
    yield "systems or versions of Python need are listed from their wheels' metadata, see\n"
    yield "[tools/supply/stated.py](../tools/supply/stated.py).)\n\n"
    yield "| package | licence | evidence |\n|---|---|---|\n"
    for name, each in sorted(STATED.items()):
        yield f"| {name} | {each.licence} | {each.evidence} |\n"
