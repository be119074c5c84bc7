"""What people come for, told from their first click to the last."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.helpers.pages.browser import Watched

pytestmark = pytest.mark.browser

Open = Callable[..., Watched]
PHONE = (360, 740)


def test_a_resident_of_via_broseta_finds_the_nearest_library_and_prints_the_list(
    city: str, visit: Open
) -> None:
    window = visit(city, PHONE)
    page = window.open("/")
    search = page.get_by_role("search").get_by_role("combobox")
    search.fill("via broseta")
    page.get_by_role("option", name="Via Broseta").first.click()
    expect(page.locator("h1")).to_have_text("Vicino a Via Broseta")

    page.get_by_text("tutti i tipi di luogo").click()
    page.get_by_label("Biblioteca", exact=True).check()
    page.locator("main").get_by_role("button", name="Cerca", exact=True).click()
    nearest = page.locator("[data-near-list] > li").first
    expect(nearest).to_contain_text("Biblioteca Gian Pietro Galizzi")
    expect(nearest).to_contain_text("minuti a piedi")

    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    expect(page.locator("form:visible")).to_have_count(0)
    expect(nearest).to_be_visible()
    window.assert_quiet()


def test_a_stranger_asks_who_to_turn_to_in_english(city: str, visit: Open) -> None:
    page = visit(city, PHONE).open("/en/vicino?q=piazza+vecchia")
    expect(page.locator("h1")).to_contain_text("Piazza Vecchia")
    page.get_by_role("link", name="Rete Socio-Educativa di Città Alta").click()
    expect(page.get_by_role("heading", name="Member of the network")).to_be_visible()
    page.get_by_role("link", name="Associazione Maite").first.click()
    expect(page.locator("h1")).to_have_text("Associazione Maite")
