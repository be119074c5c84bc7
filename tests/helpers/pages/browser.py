"""A real browser, and what it has against a page."""

import os
import shutil
from collections.abc import Callable

from playwright.sync_api import Page

from tests.helpers.paths import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESKTOP = (320, 640), (1280, 900)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str:
    """Return the path of the browser; the Makefile installs Debian's where it may."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        raise FileNotFoundError("There is no chromium: install it, or name it in CHROMIUM")
    return found


class Watched:
    """A page of the browser that notes console errors and requests to anyone else."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.errors: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._request(request.url))

    def open(self, path: str) -> Page:
        """Open a page of the app, and wait until it's loaded and its map (if any) has its data."""
        self.page.goto(self.base + path)
        if self.page.locator(".folium-map").count():
            self.page.locator('.folium-map[data-loading="0"]').wait_for(state="attached")
        return self.page

    def assert_quiet(self) -> None:
        """Nothing went wrong on the console, and nobody else was asked for anything."""
        assert self.errors == []
        assert self.strangers == []

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _request(self, address: str) -> None:
        if not address.startswith((self.base, "data:", "blob:")):
            self.strangers.append(address)


# Opens a window of the browser on a served app: the fixture `visit`.
Open = Callable[..., Watched]


def axe_violations(page: Page) -> list[str]:
    """Return what axe-core has against the page, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    # Of what passes, axe would describe each element: that takes three times as long.
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then((all) => all.violations)")
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
