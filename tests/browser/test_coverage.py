"""The pages of coverage in a real browser: what an operator does before a meeting."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.pages.browser import Open

pytestmark = pytest.mark.browser

LIBRARY = "tipo=biblioteca&entro=500"


def uncovered(page: Page, slug: str) -> int:
    text = page.locator(f'tr[data-quartiere="{slug}"] td').nth(1).inner_text()
    return int(re.sub(r"\D", "", text))


def test_the_map_shows_cells_places_and_the_colours_of_the_table(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open(f"/copertura/?{LIBRARY}&siti=3")
    expect(page.locator("path.gap-cells")).to_have_count(1)
    expect(page.locator(".marker-site")).to_have_count(3)
    expect(page.locator(".cluster-icon, .marker-icon").first).to_be_visible()
    for slug, name in page.locator("tr[data-quartiere]").evaluate_all(
        "rows => rows.map(row => [row.dataset.quartiere, row.dataset.class])"
    ):
        assert f"class-{name}" in (
            page.locator(f'path.area[data-slug="{slug}"]').get_attribute("class") or ""
        )
    window.assert_quiet()


def test_an_operator_finds_the_worst_quartiere_and_tries_a_site_by_keyboard(
    city: str, visit: Open
) -> None:
    window = visit(city)
    page = window.open(f"/copertura/?{LIBRARY}")
    worst = page.locator("tr[data-quartiere]").first
    slug = worst.get_attribute("data-quartiere") or ""
    before = uncovered(page, slug)
    area = page.locator(f'path.area[data-slug="{slug}"]')
    area.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/copertura/{slug}/\?.*tipo=biblioteca"))
    page.get_by_label("Posti da suggerire").select_option("1")
    page.get_by_role("button", name="Mostra").press("Enter")
    page.get_by_role("link", name="prova nell’ipotesi").press("Enter")
    expect(page.locator("[data-added]")).to_have_count(1)
    assert uncovered(page, slug) < before
    expect(page.get_by_role("table", name="Tutta la città, prima e dopo")).to_be_visible()
    page.get_by_role("link", name="Torna a com’è oggi").press("Enter")
    page.wait_for_url(lambda url: "aggiungi" not in url)
    assert uncovered(page, slug) == before
    window.assert_quiet()


def test_the_centre_of_the_map_joins_the_what_if(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open(f"/copertura/malpensata/?{LIBRARY}")
    page.get_by_role("button", name="Aggiungi al centro della mappa").press("Enter")
    page.wait_for_url("**aggiungi=**")
    page.locator('.folium-map[data-loading="0"]').wait_for(state="attached")
    expect(page.locator(".marker-added")).to_have_count(1)
    window.assert_quiet()


def test_a_click_on_the_map_joins_the_what_if(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open(f"/copertura/?{LIBRARY}")
    page.get_by_role("button", name="Aggiungi con un clic sulla mappa").click()
    page.locator('path.area[data-slug="redona"]').click(force=True)
    page.wait_for_url("**aggiungi=**")
    page.locator('.folium-map[data-loading="0"]').wait_for(state="attached")
    expect(page.locator(".marker-added")).to_have_count(1)
    assert uncovered(page, "redona") < 6878
    window.assert_quiet()


def test_without_javascript_questions_and_what_ifs_work(city: str, visit: Open) -> None:
    page = visit(city, java_script_enabled=False).page
    page.goto(f"{city}/copertura/?{LIBRARY}")
    page.get_by_label("Aggiungi un luogo a questo indirizzo").fill("via broseta")
    page.get_by_role("button", name="Aggiungi", exact=True).click()
    expect(page.get_by_text("Un luogo in più nel punto 1")).to_be_visible()
    page.get_by_role("link", name="Residenti entro la distanza (%)").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Residenti entro")
    assert "aggiungi=" in page.url


def test_a_table_is_taken_away_under_a_name_that_says_what_is_in_it(city: str, visit: Open) -> None:
    page = visit(city).open(f"/copertura/?{LIBRARY}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV (La tabella dei quartieri)").click()
    name = waiting.value.suggested_filename
    assert re.fullmatch(r"bergamo_copertura_biblioteca-entro-500-m_\d{4}-\d\d-\d\d\.csv", name)
