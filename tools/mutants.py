"""Mutation testing of the packages that hold geometry, model and indicators.

`make mutants ARGS="spatial"` takes a package, `ARGS="spatial access grid"` some of its modules.
mutmut changes one operator, number, text or argument at a time, and a test of the same package
must fail. The work is done on a copy in instance/mutants/, where results are stored: a second run
tests only mutants that survived and functions that have changed. docs/mutants.md lists the
survivors, with the reasons.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("spatial", "analysis", "model")
COPIED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]["also_copy"]
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
    modules = asked.modules or modules_of(asked.package)
    if not asked.report:
        copy_sources(work, asked.package, modules)
        run(work, asked.children)
    report(work, asked.package, modules)


def modules_of(package: str) -> list[str]:
    """Return the names of a package's modules."""
    return sorted(path.stem for path in (ROOT / "geo" / package).glob("[a-z]*.py"))


def copy_sources(work: Path, package: str, modules: list[str]) -> None:
    """Copy what the tests need into a folder, with mutmut's settings; keep stored results."""
    results = work / "mutants/geo" / package
    stored = {
        path.name: path.read_text(encoding="utf-8") for path in results.glob("[a-z]*.py.meta")
    }
    shutil.rmtree(work, ignore_errors=True)
    results.mkdir(parents=True)
    for name, text in stored.items():
        again = name.removesuffix(".py.meta") in modules
        (results / name).write_text(forget_survivors(text) if again else text, encoding="utf-8")
    for name in (*COPIED, "geo", "tests"):
        source = ROOT / name
        if source.is_file():
            shutil.copy2(source, work / name)
        else:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, work / name, ignore=ignored, dirs_exist_ok=True)
    settings = f"""
only_mutate = {json.dumps([f"geo/{package}/{module}.py" for module in modules])}
pytest_add_cli_args_test_selection = ["tests/geo/{package}"]
"""
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    target = work / "pyproject.toml"
    target.write_text(config.replace("[tool.mutmut]\n", f"[tool.mutmut]{settings}", 1), "utf-8")


def forget_survivors(text: str) -> str:
    """Return stored results without those of mutants that weren't killed: they run again."""
    results = json.loads(text)
    codes = results["exit_code_by_key"]
    results["exit_code_by_key"] = {
        name: code if fate(code) == "killed" else None for name, code in codes.items()
    }
    return json.dumps(results)


def run(work: Path, children: int) -> None:
    """Run mutmut in its folder."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)]
    environment = os.environ | {"CI": "1", "PYTHONHASHSEED": "0"}
    log = work / "log"
    click.echo(f"mutmut reports its progress in {log.relative_to(ROOT)}")
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
        if not results or module not in modules:
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
        if what != "no test":
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
