"""Write the list of licences, or the bill of materials: `python -m tools.supply --help`."""

from pathlib import Path

import click

from tools.supply import sbom
from tools.supply.document import document
from tools.supply.packages import ROOT, npm_packages, python_packages
from tools.supply.rules import refused


@click.group()
def main() -> None:
    """Tell what the project is made of."""


@main.command("licences")
def licences_command() -> None:
    """Write docs/licences.md; fail if a licence doesn't go with how its package is used."""
    path = ROOT / "docs" / "licences.md"
    path.write_text(document(), encoding="utf-8")
    click.echo(f"{path.relative_to(ROOT)} is written")
    if problems := refused([*python_packages(), *npm_packages()]):
        raise SystemExit("\n".join(problems))


@main.command("sbom")
@click.option("--lock", default="locks/run.lock", show_default=True, help="What is installed.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("instance/sbom.json"), show_default=True
)
def sbom_command(lock: str, out: Path) -> None:
    """Write the bill of materials as CycloneDX 1.6."""
    bom = sbom.bill(lock)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(sbom.written(bom), encoding="utf-8")
    click.echo(f"{out}: {len(bom['components'])} packages")


if __name__ == "__main__":
    main()
