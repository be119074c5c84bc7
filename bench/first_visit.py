"""How many bytes a real browser gets over the wire, headers included."""

import os
import shutil

from playwright.sync_api import BrowserContext, sync_playwright

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def visits(address: str) -> tuple[int, int]:
    """Return the bytes of a first visit and of one after it, with an empty cache at first."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        context = browser.new_context()
        first, again = _bytes(context, address), _bytes(context, address)
        browser.close()
    return first, again


def _bytes(context: BrowserContext, address: str) -> int:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    got: list[int] = []
    session.on("Network.loadingFinished", lambda event: got.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.locator('.folium-map[data-loading="0"]').wait_for(state="attached")
    page.close()
    return sum(got)
