"""Pages on paper: printed by a real browser, as citizens and noticeboards get them."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.browser import Open, axe_violations, chromium
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.browser

JSQR = ROOT / "node_modules" / "jsqr" / "dist" / "jsQR.js"
A4 = (595, 842)  # points
DECODE = """async (picture) => {
  const image = new Image();
  image.src = picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  return jsQR(data, width, height)?.data ?? null;
}"""


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Return the width and height of each page of a PDF of Chromium's, in points."""
    assert len(re.findall(rb"/Type /Page\b", pdf)) == len(re.findall(rb"/MediaBox", pdf))
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def read_code(page: Page) -> str | None:
    """Return what a phone would read from the page's QR code."""
    page.evaluate(JSQR.read_text(encoding="utf-8"))
    picture = base64.b64encode(page.locator(".paper-foot").screenshot()).decode()
    return page.evaluate(DECODE, f"data:image/png;base64,{picture}")


@pytest.mark.parametrize(
    "address",
    [
        "/quartieri/malpensata/",
        "/quartieri/citta-alta/",
        "/quartieri/san-paolo/",
        "/quartieri/boccaleone/",
        "/vicino?lon=9.6462&lat=45.69335&nome=Via+Broseta",
    ],
)
def test_a_page_for_the_noticeboard_fits_on_a_sheet(city: str, visit: Open, address: str) -> None:
    window = visit(city)
    page = window.open(address)
    pdf = page.pdf(prefer_css_page_size=True, tagged=True)
    sizes = pages_of(pdf)
    assert set(sizes) == {A4}
    assert len(sizes) <= 2
    assert pdf.count(b"/S /H1") == 1
    window.assert_quiet()


@pytest.mark.parametrize(
    "address",
    [
        "/quartieri/malpensata/",
        "/en/reti/la-tavolozza/",
        "/fr/luoghi/?tipo=biblioteca&quartiere=citta-alta",
        "/?tipo=orto&misura=per-1000",
    ],
)
def test_the_code_leads_back_to_the_page(city: str, visit: Open, address: str) -> None:
    page = visit(city).open(address)
    expect(page.locator(".paper-foot")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.locator(".paper-address")).to_have_text(city + address)
    assert read_code(page) == city + address


def test_paper_has_nothing_to_press(city: str, visit: Open) -> None:
    page = visit(city).open("/quartieri/malpensata/")
    page.emulate_media(media="print")
    for nothing in ("header", "footer", ".map-block", "button", "form", ".skip-link", "table"):
        assert page.locator(nothing).locator("visible=true").count() == 0, nothing
    shown = page.locator("main").inner_text()
    for told in ("Malpensata", "Residenti", "Rete sociale della Malpensata", "Scuola primaria"):
        assert told in shown
    assert "Versione dei dati" in shown
    assert "OpenStreetMap" in shown


def test_the_button_prints(city: str, visit: Open) -> None:
    window = visit(city)
    window.page.add_init_script("window.print = () => { window.printed = true; }")
    page = window.open("/quartieri/malpensata/")
    page.get_by_role("button", name="Stampa questa pagina").click()
    assert page.evaluate("window.printed") is True


def test_without_javascript_no_button_promises_to_print(city: str, visit: Open) -> None:
    page = visit(city, java_script_enabled=False).page
    page.goto(city + "/quartieri/malpensata/")
    expect(page.get_by_role("button", name="Stampa")).to_have_count(0)


def test_each_quartiere_is_one_sheet_alone_and_with_the_others(city: str, visit: Open) -> None:
    window = visit(city)
    alone = window.open("/quartieri/citta-alta/scheda/")
    assert pages_of(alone.pdf(prefer_css_page_size=True)) == [A4]
    every = window.open("/quartieri/schede/")
    # Twenty-five sheets take a while: once is enough.
    assert axe_violations(every) == []
    assert pages_of(every.pdf(prefer_css_page_size=True)) == [A4] * 25
    window.assert_quiet()


def test_a_command_prints_the_sheets_and_the_page_then_offers_them(tmp_path: Path) -> None:
    settings = {
        "QUARTIERI_DATA": str(small_city.write(tmp_path / "data")),
        "TILE_UPSTREAM": "",
        "PUBLIC_URL": "https://quartieri.example.org",
        "SHEETS": str(tmp_path / "sheets"),
    }

    def print_with(browser: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flask", "--app", "app", "print-sheets"]
        return subprocess.run(
            [*command, "--browser", browser], env={**os.environ, **settings},
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    client = create_app(settings).test_client()
    assert "schede.pdf" not in client.get("/quartieri/schede/").text
    failed = print_with("/bin/true")
    assert failed.returncode == 1
    assert "printed nothing" in failed.stderr
    printed = print_with(chromium())
    assert printed.returncode == 0, printed.stderr
    assert 'href="/en/quartieri/schede.pdf"' in client.get("/en/quartieri/schede/").text
    pdf = client.get("/quartieri/schede.pdf").data
    assert pages_of(pdf) == [A4] * 3
    assert b"(http://quartieri.example.org/reti/rete-nord-sud/)" in pdf
    assert b"127.0.0.1" not in pdf
