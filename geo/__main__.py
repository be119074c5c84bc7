"""`python -m geo`: the commands of geo.cli."""

from geo.cli import main

main(prog_name="python -m geo")
