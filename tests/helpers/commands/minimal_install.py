"""The app as it is where only locks/minimal.lock is installed.

Run as a program: hides everything else, then prints what the app answers on the data
folder that it is given, as JSON.
"""

import json
import re
import sys
from collections.abc import Iterable
from html import unescape
from importlib import metadata

from tests.helpers.paths import ROOT

WANTED = [
    "/robots.txt",
    "/manifest.webmanifest",
    "/salute",
    "/dati/aggiornamenti.atom",
    "/cerca?q=biblioteca",
    "/cerca.json?q=bib",
    "/vicino?lat=45.705&lon=9.605",
    "/embed/",
    "/embed/quartieri/nord/",
    "/copertura/?tipo=biblioteca&entro=500",
    "/copertura/nord/?tipo=biblioteca&entro=500",
    "/copertura/confronto/?tipo=biblioteca&tipo2=parco&entro=500",
    "/mappa/citta/aree.json",
    "/mappa/citta/luoghi.json",
    "/mappa/copertura/celle.json?tipo=biblioteca&entro=500",
    "/mappa/copertura/luoghi.json?tipo=biblioteca&entro=500",
]


def locked(name: str) -> set[str]:
    """Return the packages of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^([a-z0-9.-]+)==", text))


def modules_beyond_minimal() -> set[str]:
    """Return the top-level modules that are installed here, and aren't in the minimal lock."""
    minimal = locked("locks/minimal.lock")
    return {
        module
        for module, packages in metadata.packages_distributions().items()
        if minimal.isdisjoint(re.sub(r"[-_.]+", "-", each).lower() for each in packages)
    }


class Without:
    """A finder of modules that finds all that another does but some."""

    def __init__(self, finder, hidden: set[str]) -> None:
        self._finder = finder
        self._hidden = hidden

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self._hidden:
            return None
        return self._finder.find_spec(name, path, target)

    def __getattr__(self, name):
        return getattr(self._finder, name)


def client_of(folder: str):
    # Not before main() has hidden what it hides.
    from app import create_app  # noqa: PLC0415

    return create_app({"QUARTIERI_DATA": folder, "TILE_UPSTREAM": ""}).test_client()


def answers(client) -> dict[str, tuple[int, str]]:
    """Return status and text of every page of the sitemap, of layers and other answers."""
    pages = re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", client.get("/sitemap.xml").text)
    return fetch(client, [*map(unescape, pages), *WANTED])


def fetch(client, addresses: Iterable[str]) -> dict[str, tuple[int, str]]:
    told = {}
    for address in addresses:
        answer = client.get(address)
        told[address] = (answer.status_code, answer.get_data().decode(errors="replace"))
    return told


def linked(pages: dict[str, tuple[int, str]]) -> set[str]:
    """Return the files and services of ours that the pages in Italian link or load."""
    found = {
        unescape(address).partition("#")[0]
        for page, (_, text) in pages.items()
        if not page.startswith(("/en/", "/fr/"))
        for address in re.findall(r'(?:href|src)="(/(?!/|static/|en/|fr/)[^"]*)"', text)
    }
    return {each for each in found if re.match(r"/api\b|/dati/|[^?]*\.\w+(?:\?|$)", each)}


def main() -> None:
    sys.path.insert(0, str(ROOT))
    hidden = modules_beyond_minimal() - sys.modules.keys()
    sys.meta_path[:] = [Without(finder, hidden) for finder in sys.meta_path]
    client = client_of(sys.argv[1])
    pages = answers(client)
    told = {
        "hidden": sorted(hidden),
        "imported": sorted(hidden & sys.modules.keys()),
        "pages": pages,
        "links": {name: status for name, (status, _) in fetch(client, linked(pages)).items()},
        "refused": fetch(client, sys.argv[2:]),
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
