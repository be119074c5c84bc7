"""The layers and filters of the maps in a real browser: by keyboard, and kept by the address."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.pages.browser import DESKTOP, PHONE, Open, axe_violations

pytestmark = pytest.mark.browser


def address(page: Page) -> str:
    """Return the page's address now; `page.url` hears of it a little later."""
    return page.evaluate("location.href")


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address(page)).query)


def drawn(page: Page) -> int:
    """Return how many places the map says that it shows."""
    return int(page.locator("[data-shown]").inner_text().split(":")[1])


def on_the_map(page: Page) -> int:
    """Return how many places the markers and clusters stand for; all must be in sight."""
    clusters = page.locator(".cluster-icon text").all_text_contents()
    return sum(map(int, clusters)) + page.locator(".marker-icon").count()


@pytest.mark.parametrize("path", ["/", "/quartieri/malpensata/"])
def test_a_layer_switched_off_by_keyboard_stays_off(city: str, visit: Open, path: str) -> None:
    window = visit(city)
    page = window.open(path)
    page.get_by_role("checkbox", name="Beni comuni").focus()
    page.keyboard.press("Space")
    assert address(page).endswith("?strati=organizzazioni,scuole,parrocchie")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("checkbox", name="Common goods")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Schools")).to_be_checked()
    page.reload()
    page.locator('.folium-map[data-loading="0"]').wait_for()
    page.get_by_role("checkbox", name="Common goods").check()
    assert "strati" not in address(page)
    window.assert_quiet()


def test_the_address_holds_layers_and_colours_together(city: str, visit: Open) -> None:
    page = visit(city).open("/")
    page.get_by_role("checkbox", name="Scuole").uncheck()
    page.get_by_label("Colora i quartieri per").select_option("biblioteca")
    expect(page.get_by_role("heading", level=2, name="Biblioteca")).to_be_visible()
    assert query(page)["tipo"] == ["biblioteca"]
    assert query(page)["strati"] == ["organizzazioni,parrocchie,beni-comuni"]
    page.get_by_role("checkbox", name="Scuole").check()
    assert "strati" not in query(page)
    assert query(page)["tipo"] == ["biblioteca"]


def test_with_every_layer_off_the_map_is_empty(city: str, visit: Open) -> None:
    page = visit(city).open("/?strati=nessuno")
    assert on_the_map(page) == drawn(page) == 0
    page.get_by_role("checkbox", name="Scuole").check()
    expect(page.locator(".cluster-icon").first).to_be_visible()
    assert drawn(page) > 0


def test_the_map_shows_one_kind_in_one_quartiere_and_its_list(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open("/")
    everything = drawn(page)
    form = page.locator("[data-map-filter]")
    form.get_by_label("Tipo di luogo").focus()
    page.keyboard.type("Biblioteca (")
    expect(form.get_by_label("Tipo di luogo")).to_have_value("biblioteca")
    libraries = drawn(page)
    assert 1 < libraries < everything
    assert on_the_map(page) == libraries
    form.get_by_label("Quartiere").select_option("loreto")
    here = drawn(page)
    assert 0 < here < libraries
    assert query(page) == {"solo": ["biblioteca"], "quartiere": ["loreto"]}
    page.reload()
    page.locator('.folium-map[data-loading="0"]').wait_for()
    assert drawn(page) == here
    form.get_by_role("button", name="Elenco di questi luoghi").click()
    expect(page).to_have_url(city + "/luoghi/?tipo=biblioteca&quartiere=loreto")
    expect(page.locator("h1")).to_have_text("Biblioteca: Loreto")
    window.assert_quiet()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/quartieri/malpensata/", "parco"),
        ("/reti/rete-di-quartiere-di-boccaleone/", "scuola-primaria"),
    ],
)
def test_the_map_of_one_thing_shows_one_kind(city: str, visit: Open, path: str, kind: str) -> None:
    window = visit(city)
    page = window.open(path)
    everything = drawn(page)
    field = page.locator("[data-map-filter]").get_by_label("Tipo di luogo")
    field.select_option(kind)
    number = drawn(page)
    assert 0 < number < everything
    assert f"({number})" in field.locator("option:checked").inner_text()
    page.get_by_role("checkbox", name="Parrocchie").uncheck()
    assert query(page) == {"solo": [kind], "strati": ["organizzazioni,scuole,beni-comuni"]}
    page.get_by_role("link", name="English").click()
    expect(page.locator("[data-map-filter] select")).to_have_value(kind)
    window.assert_quiet()


def test_an_embedded_map_shows_the_kind_of_its_address(city: str, visit: Open) -> None:
    page = visit(city).open("/embed/?solo=biblioteca")
    assert on_the_map(page) == int(
        visit(city).open("/?solo=biblioteca").locator("[data-shown]").inner_text().split(":")[1]
    )


def test_without_javascript_the_filter_leads_to_the_list(city: str, visit: Open) -> None:
    page = visit(city, java_script_enabled=False).page
    page.goto(city)
    form = page.locator("[data-map-filter]")
    form.get_by_label("Quartiere").select_option("loreto")
    form.get_by_role("button", name="Elenco di questi luoghi").click()
    expect(page.locator("h1")).to_have_text("Tutti i luoghi: Loreto")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    "path",
    [
        "/?strati=scuole&solo=scuole",
        "/fr/luoghi/?tipo=scuole",
        "/quartieri/malpensata/?solo=parco",
        "/en/reti/rete-di-quartiere-di-boccaleone/?solo=scuole",
        "/embed/?solo=parco",
    ],
)
def test_a_filtered_page_is_accessible_and_fits(
    city: str, visit: Open, path: str, size: tuple[int, int]
) -> None:
    window = visit(city, size)
    page = window.open(path)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    window.assert_quiet()
