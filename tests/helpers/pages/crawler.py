"""Every answer of the app: found link by link, so that a page that is added is found, too."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.helpers.pages.page import Page

HOST = "http://localhost"
# What no page links: for machines that know where to look.
FOR_MACHINES = (
    "/dati/catalogo.ttl", "/dati/aggiornamenti.atom", "/sitemap.xml", "/robots.txt", "/salute",
    "/api/", "/api/?f=html", "/api/openapi",
)  # fmt: skip
# What-ifs and orders of a table lead to more of themselves without end; assets are no pages.
ENDLESS = re.compile(r"[?&](aggiungi|chiudi|ordina)=|^/static/")
# What says the same as what is walked: the list of each kind, and features without a text; and
# the files in other languages.
_REPEATED = re.compile(
    r"^/(en|fr)/(copertura/celle|mappa/luoghi/|vicino\?.*nome=)"
    r"|/luoghi/elenco\..*tipo=|/luoghi/\?.*tipo=|/collections/(celle|vie)/items/"
)
_FOREIGN_FILE = re.compile(r"^/(en|fr)/.*\.(png|gpkg|geojson)\b")
_IN_SCRIPT = re.compile(r'"url": ("/[^"]*")')


def walk(
    client: FlaskClient, start: Iterable[str] = (), skip: Callable[[str], bool] = lambda _: False
) -> dict[str, TestResponse]:
    """Follow every link from the home pages; return the answer at each address: all are 200.

    `start`: more addresses to begin with; `skip`: tells which addresses not to ask.
    """
    waiting = ["/", "/en/", "/fr/", *FOR_MACHINES, *start]
    found: dict[str, TestResponse] = {}
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status, answer.text[:500])
        found[address] = answer
        fresh = (each for each in _ours(address, links(answer)) if not ENDLESS.search(each))
        waiting += [each for each in fresh if each not in found and not skip(each)]
    return found


def is_repeated(address: str) -> bool:
    """Tell whether another address says the same but for its selection."""
    return bool(_REPEATED.search(address))


def is_spare(address: str) -> bool:
    """Tell whether a short crawl can do without: another language's files, and what is repeated."""
    return is_repeated(address) or bool(_FOREIGN_FILE.search(address))


def links(answer: TestResponse) -> Iterator[str]:
    """Yield the addresses that an answer leads to."""
    if answer.mimetype == "text/html":
        for element in Page(answer.text).root.iter("*"):
            for name, value in element.attrib.items():
                is_ours = name.startswith("data-") and value.startswith("/")
                if value and (name in ("href", "src", "action") or is_ours):
                    yield value
    elif answer.mimetype == "text/javascript":
        yield from map(json.loads, _IN_SCRIPT.findall(answer.text))
    elif answer.mimetype == "application/xml":
        for each in ElementTree.fromstring(answer.data).iter():  # noqa: S314 - our own sitemap
            yield (each.text or "") if each.tag.endswith("}loc") else each.get("href", "")
    elif answer.mimetype == "application/manifest+json":
        yield json.loads(answer.data)["start_url"]


def endpoints(app: Flask, addresses: Iterable[str]) -> set[str]:
    """Return the endpoints that answer at some addresses."""
    adapter = app.url_map.bind("localhost")
    found = set()
    for address in addresses:
        try:
            found.add(adapter.match(urlsplit(address).path)[0])
        except HTTPException as error:
            raise AssertionError(address) from error
    return found


def _ours(address: str, found: Iterable[str]) -> Iterator[str]:
    """Yield the links of a page that stay here, as paths with their query."""
    for each in found:
        try:
            full = urlsplit(urljoin(HOST + address, each))
        except ValueError:  # an address that is no address leads nowhere
            continue
        if f"{full.scheme}://{full.netloc}" == HOST:
            path = full.path or "/"
            yield f"{path}?{full.query}" if full.query else path
