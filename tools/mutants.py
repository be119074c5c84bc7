"""Mutation testing of the packages that hold geometry, model and indicators.

`make mutants ARGS="spatial"` takes a package, `ARGS="spatial access grid"` some of its modules.
mutmut changes one operator, number, text or argument at a time, and a test of the same package
must fail. The work is done on a copy in instance/mutants/, where results are stored: a second run
tests only mutants that survived and functions that have changed. docs/mutants.md lists the
survivors, with the reasons.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant
from mutmut.mutation.file_mutation import mutate_file_contents

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
    parser.add_argument("--sample", type=int, help="how many mutants of each module at most")
    parser.add_argument("--report", action="store_true", help="only report the last run")
    asked = parser.parse_args()
    work = ROOT / "instance/mutants" / asked.package
    modules = asked.modules or modules_of(asked.package)
    if not asked.report:
        # A sample names the mutants that run again.
        copy_sources(work, asked.package, modules, [] if asked.sample else modules)
        run(work, asked.children, chosen(work, asked.package, modules, asked.sample))
    report(work, asked.package, modules)


def modules_of(package: str) -> list[str]:
    """Return the names of a package's modules."""
    return sorted(path.stem for path in (ROOT / "geo" / package).glob("[a-z]*.py"))


def copy_sources(work: Path, package: str, modules: list[str], again: list[str]) -> None:
    """Copy what the tests need into a folder, with mutmut's settings; keep stored results.

    Mutants of the modules in `again` that weren't killed lose their results.
    """
    results = work / "mutants/geo" / package
    stored = {
        path.name: path.read_text(encoding="utf-8") for path in results.glob("[a-z]*.py.meta")
    }
    shutil.rmtree(work, ignore_errors=True)
    results.mkdir(parents=True)
    for name, text in stored.items():
        stored_text = forget_survivors(text) if name.removesuffix(".py.meta") in again else text
        (results / name).write_text(stored_text, encoding="utf-8")
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


def chosen(work: Path, package: str, modules: list[str], sample: int | None) -> list[str]:
    """Return the mutants to test: a sample of each module without those killed before.

    The sample is the same in each run, and a larger one contains a smaller one.
    """
    if sample is None:
        return []
    names = []
    for module in modules:
        path = f"geo/{package}/{module}.py"
        code = (work / path).read_text(encoding="utf-8")
        mutants = mutate_file_contents(path, code).mutant_names
        qualified = [f"geo.{package}.{module}.{name}" for name in mutants]
        qualified.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
        results = results_of(work, package, module)
        killed = {name for name, code in results.items() if fate(code) == "killed"}
        names += [name for name in qualified[:sample] if name not in killed]
    return names


def results_of(work: Path, package: str, module: str) -> dict[str, int | None]:
    """Return the exit codes of a module's mutants; None: not tested."""
    path = work / f"mutants/geo/{package}/{module}.py.meta"
    if not path.exists():
        return {}
    codes: dict[str, int | None] = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return codes


def run(work: Path, children: int, names: list[str]) -> None:
    """Run mutmut in its folder, on the named mutants or on all."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *names]
    environment = os.environ | {
        "CI": "1",
        "MUTANTS": "1", "PYTHONHASHSEED": "0", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"
    }  # fmt: skip
    log = work / "log"
    click.echo(f"mutmut reports its progress in {log.relative_to(ROOT)}")
    with log.open("wb") as output:
        ended = subprocess.run(  # noqa: S603 - our own command
            command, cwd=work, env=environment, stdout=output, stderr=output, check=False
        )
    if ended.returncode:
        sys.exit(log.read_text(encoding="utf-8", errors="replace")[-5_000:])


def report(work: Path, package: str, modules: list[str]) -> None:
    """Print a row for each module, then the mutants that survived."""
    survivors: list[tuple[str, str]] = []
    click.echo(f"\n{'module':20}{'mutants':>9}{'tested':>8}{'killed':>8}{'share':>8}")
    rows: list[tuple[str, int, int, int]] = []
    for module in modules:
        fates = {name: fate(code) for name, code in results_of(work, package, module).items()}
        known = {name: what for name, what in fates.items() if what != "not tested"}
        alive = [(name, what) for name, what in known.items() if what != "killed"]
        rows.append((module, len(fates), len(known), len(known) - len(alive)))
        survivors += alive
    rows.append(("all", sum(r[1] for r in rows), sum(r[2] for r in rows), sum(r[3] for r in rows)))
    for name, mutants, tested, killed in rows:
        share = f"{killed / tested:8.1%}" if tested else ""
        click.echo(f"{name:20}{mutants:9}{tested:8}{killed:8}{share}")
    click.echo()
    os.chdir(work)
    for name, what in survivors:
        click.echo(f"# {what}: {name}")
        if what != "no test":
            diff = get_diff_for_mutant(name, path=find_mutant(name).path)
            click.echo("\n".join(line for line in diff.splitlines()[2:] if line[:1] in ("+", "-")))


def fate(code: int | None) -> str:
    """Return what became of a mutant."""
    if code is None:
        return "not tested"
    return LIVES.get(code, "killed" if code in KILLED else f"exit {code}")


if __name__ == "__main__":
    main()
