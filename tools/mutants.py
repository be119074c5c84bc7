"""Mutation testing of the packages that hold geometry, model and indicators.

`make mutants ARGS="spatial"` takes a package, `ARGS="spatial access grid"` some of its modules.
mutmut changes one operator, number, text or argument at a time, and the tests of the same package
must fail. The work is done on a copy in instance/mutants/, where results are remembered: a second
run tests only functions that have changed. What lives is listed, with why, in docs/mutants.md.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("spatial", "analysis", "model")
# mutmut's exit codes of a test run: 0 the mutant lives, 33 no test reaches it.
LIVES = {0: "lives", 33: "no test"}
# A failing test, an error, a crash of a library, or a test that doesn't end.
KILLED = {1, 3, -11, 24, -24, 36, 152, 255}


def main() -> None:
    """Test the mutants of a package and report what lives."""
    parser = argparse.ArgumentParser(description="Mutation testing of a package of geo.")
    parser.add_argument("package", choices=PACKAGES)
    parser.add_argument("modules", nargs="*", help="modules of the package; all by default")
    parser.add_argument("--children", type=int, default=1, help="mutants tested at the same time")
    parser.add_argument("--report", action="store_true", help="only report the last run")
    asked = parser.parse_args()
    work = ROOT / "instance/mutants" / asked.package
    if not asked.report:
        copy_sources(work, asked.package)
        run(work, asked.package, asked.modules, asked.children)
    report(work, asked.package, asked.modules)


def copy_sources(work: Path, package: str) -> None:
    """Bring what the tests need into a folder, with mutmut's settings for one package."""
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = f"""
only_mutate = ["geo/{package}/*.py"]
pytest_add_cli_args_test_selection = ["tests/geo/{package}"]
"""
    work.mkdir(parents=True, exist_ok=True)
    target = work / "pyproject.toml"
    target.write_text(config.replace("[tool.mutmut]\n", f"[tool.mutmut]{settings}", 1), "utf-8")
    for name in ("app.py", "geo", "web", "tests", "tools", "bench", "docs", "data", "templates"):
        bring(ROOT / name, work / name)
    for name in ("translations", "static", "frontend"):
        bring(ROOT / name, work / name)


def bring(source: Path, target: Path) -> None:
    """Copy a file or a folder as it is now; what hasn't changed keeps its time."""
    if source.is_file():
        shutil.copy2(source, target)
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def run(work: Path, package: str, modules: list[str], children: int) -> None:
    """Run mutmut in its folder."""
    # A file that is no longer there must not be tested any more; results are kept beside.
    for name in ("tests", "data", "docs"):
        shutil.rmtree(work / "mutants" / name, ignore_errors=True)
    for path in (work / "mutants/geo").glob("*"):
        if path.is_dir() and path.name != package:
            shutil.rmtree(path)
    patterns = [f"geo.{package}.{module}.*" for module in modules]
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *patterns]
    environment = os.environ | {"CI": "1", "PYTHONHASHSEED": "0"}
    log = work / "log"
    click.echo(f"mutmut writes how far it is to {log.relative_to(ROOT)}")
    with log.open("wb") as output:
        ended = subprocess.run(  # noqa: S603 - our own command
            command, cwd=work, env=environment, stdout=output, stderr=output, check=False
        )
    if ended.returncode:
        sys.exit(log.read_text(encoding="utf-8", errors="replace")[-5_000:])


def report(work: Path, package: str, modules: list[str]) -> None:
    """Print a row for each module, then the mutants that live."""
    alive: list[tuple[str, str]] = []
    click.echo(f"\n{'module':20}{'mutants':>9}{'killed':>8}{'share':>8}")
    total, dead = 0, 0
    for path in sorted((work / "mutants/geo" / package).glob("*.py.meta")):
        module = path.name.removesuffix(".py.meta")
        results = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if not results or (modules and module not in modules):
            continue
        fates = Counter(fate(code) for code in results.values())
        alive += [(name, fate(code)) for name, code in results.items() if fate(code) != "killed"]
        total, dead = total + len(results), dead + fates["killed"]
        click.echo(row(module, len(results), fates["killed"]))
    if total:
        click.echo(row("all", total, dead) + "\n")
    os.chdir(work)
    from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant  # noqa: PLC0415 - reads settings

    for name, what in alive:
        click.echo(f"# {what}: {name}")
        if what == "lives":
            diff = get_diff_for_mutant(name, path=find_mutant(name).path)
            click.echo("\n".join(line for line in diff.splitlines()[2:] if line[:1] in ("+", "-")))


def row(name: str, mutants: int, killed: int) -> str:
    """Return a row of the table."""
    return f"{name:20}{mutants:9}{killed:8}{killed / mutants:8.1%}"


def fate(code: int | None) -> str:
    """Return what became of a mutant."""
    if code is None:
        return "not tested"
    return LIVES.get(code, "killed" if code in KILLED else f"exit {code}")


if __name__ == "__main__":
    main()
