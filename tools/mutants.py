"""Mutation testing of the packages that hold geometry, model and indicators.

`make mutants ARGS="spatial"` takes a package, `ARGS="spatial access grid"` some of its modules.
mutmut changes one operator, number, text or argument at a time, and a test of the same package
must fail. The work is done on a copy in instance/mutants/, where mutmut keeps its results: a
second run tests only mutants that survived and functions that have changed. docs/mutants.md lists
the survivors, with the reasons.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("spatial", "analysis", "model")
COPIED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]["also_copy"]
# What `mutmut results` says of a mutant that a test noticed, also by a crash or without an end.
KILLED = {"killed", "timeout", "segfault"}
UNTESTED = "not checked"
# No mutant has this name: mutmut then makes the mutants, and tests none.
NO_MUTANT = "geo.no_mutant"


def main() -> None:
    """Test the mutants of a package and report what survives."""
    parser = argparse.ArgumentParser(description="Mutation testing of a package of geo.")
    parser.add_argument("package", choices=PACKAGES)
    parser.add_argument("modules", nargs="*", help="modules of the package; all by default")
    parser.add_argument("--children", type=int, default=1, help="mutants tested at the same time")
    parser.add_argument("--sample", type=int, help="how many mutants of each module at most")
    parser.add_argument("--report", action="store_true", help="only report the last run")
    options = parser.parse_args()
    work = ROOT / "instance/mutants" / options.package
    modules = options.modules or modules_of(options.package)
    if not options.report:
        copy_sources(work, options.package)
        mutmut(work, "run", NO_MUTANT)
        if names := sample(results(work, options.package), modules, options.sample):
            click.echo(f"Testing {len(names)} mutants", err=True)
            mutmut(work, "run", "--max-children", str(options.children), *names)
    report(work, results(work, options.package), modules)


def modules_of(package: str) -> list[str]:
    """Return the names of a package's modules."""
    return sorted(path.stem for path in (ROOT / "geo" / package).glob("[a-z]*.py"))


def copy_sources(work: Path, package: str) -> None:
    """Copy what the tests need into a folder, with mutmut's settings; keep mutmut's results."""
    work.mkdir(parents=True, exist_ok=True)
    for name in (*COPIED, "geo", "tests"):
        source, target = ROOT / name, work / name
        if source.is_file():
            shutil.copy2(source, target)
        else:
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    settings = f"""
only_mutate = ["geo/{package}/*.py"]
pytest_add_cli_args_test_selection = ["tests/geo/{package}"]
"""
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    target = work / "pyproject.toml"
    target.write_text(config.replace("[tool.mutmut]\n", f"[tool.mutmut]{settings}", 1), "utf-8")


def mutmut(work: Path, *arguments: str) -> str:
    """Run a command of mutmut in a folder, and return what it prints."""
    environment = os.environ | {
        "CI": "1",
        "MUTANTS": "1", "PYTHONHASHSEED": "0", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=work, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode and NO_MUTANT not in arguments:
        sys.exit((done.stdout + done.stderr)[-5_000:])
    return done.stdout


def results(work: Path, package: str) -> dict[str, str]:
    """Return what became of each mutant of a package, by its full name."""
    lines = (line.strip() for line in mutmut(work, "results", "--all", "true").splitlines())
    pairs = (line.rpartition(": ") for line in lines if line.startswith(f"geo.{package}."))
    return {name: fate for name, _, fate in pairs}


def module_of(mutant: str) -> str:
    """Return the module of a mutant such as geo.spatial.crs.x_check_metric__mutmut_1."""
    return mutant.split(".")[2]


def sample(fates: dict[str, str], modules: list[str], number: int | None) -> list[str]:
    """Return the mutants to test: of each module all, or a sample, without those killed.

    The sample is the same in each run, and a larger one contains a smaller one.
    """
    names: list[str] = []
    for module in modules:
        mutants = [name for name in fates if module_of(name) == module]
        mutants.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
        names += [name for name in mutants[:number] if fates[name] not in KILLED]
    return names


def report(work: Path, fates: dict[str, str], modules: list[str]) -> None:
    """Print a row for each module, then the mutants that survived."""
    rows = []
    for module in modules:
        known = [fate for name, fate in fates.items() if module_of(name) == module]
        tested = [fate for fate in known if fate != UNTESTED]
        rows.append((module, len(known), len(tested), sum(fate in KILLED for fate in tested)))
    rows.append(("all", sum(r[1] for r in rows), sum(r[2] for r in rows), sum(r[3] for r in rows)))
    click.echo(f"\n{'module':20}{'mutants':>9}{'tested':>8}{'killed':>8}{'share':>8}")
    for name, mutants, number_tested, killed in rows:
        share = f"{killed / number_tested:8.1%}" if number_tested else ""
        click.echo(f"{name:20}{mutants:9}{number_tested:8}{killed:8}{share}")
    for name, fate in fates.items():
        if module_of(name) in modules and fate not in KILLED | {UNTESTED}:
            diff = mutmut(work, "show", name).splitlines()[3:]
            click.echo(f"\n# {fate}: {name}")
            click.echo("\n".join(line for line in diff if line[:1] in ("+", "-")))


if __name__ == "__main__":
    main()
