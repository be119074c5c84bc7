"""A map in someone else's page, in a real browser: shown, used, and nothing else framed."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.helpers.pages.browser import DESKTOP, PHONE, Open, axe_violations

pytestmark = pytest.mark.browser

# Takes a page's HTML, serves it at another origin, returns its address.
Serve = Callable[[str], str]


@pytest.fixture
def elsewhere() -> Iterator[Serve]:
    page = b""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()

    def serve(html: str) -> str:
        nonlocal page
        page = f"<!doctype html><title>Il mio sito</title>{html}".encode()
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/", "/en/quartieri/malpensata/"])
def test_the_copied_code_shows_the_map_elsewhere(
    city: str, visit: Open, elsewhere: Serve, path: str
) -> None:
    window = visit(city)
    code = window.open(path).locator("#codice-mappa").input_value()
    page = window.page
    page.goto(elsewhere(code))
    frame = page.frame_locator("iframe")
    expect(frame.locator('.folium-map[data-loading="0"]')).to_be_visible()
    expect(frame.locator("path.area").first).to_be_visible()
    expect(frame.locator(".cluster-icon, .marker-icon").first).to_be_visible()
    assert window.errors == []
    with page.context.expect_page() as opened:
        frame.locator(".embed-foot a").first.click()
    expect(opened.value).to_have_url(city + path)
    assert opened.value.evaluate("window.opener") is None


def test_no_other_page_is_shown_in_a_frame(city: str, visit: Open, elsewhere: Serve) -> None:
    window = visit(city)
    page = window.page
    page.goto(elsewhere(f'<iframe src="{city}/"></iframe><iframe src="{city}/embed/"></iframe>'))
    expect(page.frame_locator("iframe >> nth=1").locator("h1")).to_be_visible()
    expect(page.frame_locator("iframe >> nth=0").locator(".site-header")).to_have_count(0)
    assert any("frame-ancestors 'none'" in error for error in window.errors)


def test_links_in_the_framed_map_open_outside_of_it(
    city: str, visit: Open, elsewhere: Serve
) -> None:
    page = visit(city).page
    page.goto(elsewhere(f'<iframe src="{city}/embed/" width="900" height="700"></iframe>'))
    frame = page.frame_locator("iframe")
    area = frame.locator('path.area[data-slug="citta-alta"]')
    area.focus()
    page.keyboard.press("Enter")
    link = frame.get_by_role("link", name="Apri la pagina del quartiere")
    expect(link).to_be_focused()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value).to_have_url(city + "/quartieri/citta-alta/")
    assert opened.value.evaluate("window.opener") is None


def test_the_framed_map_by_keyboard_alone(city: str, visit: Open) -> None:
    page = visit(city).open("/embed/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Salta la mappa")
    page.keyboard.press("Enter")
    assert len(page.context.pages) == 1
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("apri la pagina completa")


@pytest.mark.parametrize("path", ["/embed/", "/en/embed/", "/fr/embed/quartieri/malpensata/"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_accessible_and_fits(
    city: str, visit: Open, path: str, size: tuple[int, int]
) -> None:
    window = visit(city, size)
    page = window.open(path)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    window.assert_quiet()


def test_the_code_is_copied_by_keyboard_and_that_is_announced(city: str, visit: Open) -> None:
    window = visit(city, permissions=["clipboard-read", "clipboard-write"])
    page = window.open("/")
    page.get_by_text("Incorpora questa mappa").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Copia questo codice")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-announcements]")).to_have_text("Codice copiato")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#codice-mappa").input_value()
    assert axe_violations(page) == []
    window.assert_quiet()


def test_a_framed_map_that_fails_says_where_the_data_are(city: str, visit: Open) -> None:
    window = visit(city)
    window.page.route("**/luoghi.json*", lambda route: route.abort())
    page = window.open("/embed/")
    expect(page.get_by_role("alert")).to_contain_text("scritti nella pagina completa")
