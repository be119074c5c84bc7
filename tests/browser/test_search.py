"""The search box as people meet it: by keyboard alone, on a phone, without JavaScript."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.helpers.pages.browser import DESKTOP, PHONE, Open, axe_violations

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=1">${document.title=2}{{ 7*191 }}'
WIDE_PHONE = (360, 740)
OPTION = "#suggerimenti [role=option]"
BOX = re.compile("Cerca un luogo|Search for a place")


def to_the_box(page: Page) -> None:
    """Walk to the search box with Tab alone."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "cerca":
            return
    raise AssertionError("The search box isn't reached by Tab")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_library_is_found_by_keyboard_alone(city: str, visit: Open, size) -> None:
    window = visit(city, size)
    page = window.open("/")
    box = page.get_by_role("combobox", name=BOX)
    expect(box).to_have_attribute("aria-expanded", "false")
    to_the_box(page)
    page.keyboard.type("bibl tira", delay=20)
    options = page.locator(OPTION)
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-announcements]")).to_have_text("Un suggerimento")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "suggerimenti-0")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Antonio Tiraboschi")
    window.assert_quiet()


def test_the_arrows_go_round_and_escape_closes(city: str, visit: Open) -> None:
    page = visit(city).open("/luoghi/")
    box = page.get_by_role("combobox", name=BOX)
    box.focus()
    page.keyboard.type("boccaleone")
    options = page.locator(OPTION)
    expect(options).to_have_count(8)
    page.keyboard.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", "suggerimenti-7")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("boccaleone")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "suggerimenti-0")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("button", name="Cerca")).to_be_focused()


def test_enter_on_the_text_shows_all_results(city: str, visit: Open) -> None:
    page = visit(city).open("/en/")
    page.get_by_role("combobox", name=BOX).focus()
    page.keyboard.type("via rossi")
    expect(page.locator(OPTION).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(city + "/en/cerca?q=via+rossi")
    expect(page.get_by_role("heading", name="Which of these streets?")).to_be_visible()
    expect(page.get_by_role("combobox", name=BOX)).to_have_value("via rossi")


def test_a_suggestion_can_be_clicked(city: str, visit: Open) -> None:
    page = visit(city, WIDE_PHONE, has_touch=True).open("/")
    page.get_by_role("combobox", name=BOX).fill("citta alta")
    page.locator(OPTION).first.tap()
    expect(page).to_have_url(city + "/quartieri/citta-alta/")


def test_only_the_last_question_is_answered(city: str, visit: Open) -> None:
    page = visit(city).open("/luoghi/")
    held: list[Route] = []
    page.route("**/cerca.json?q=lor", lambda route: held.append(route))  # noqa: PLW0108
    box = page.get_by_role("combobox", name=BOX)
    box.focus()
    page.keyboard.type("lor")
    page.wait_for_timeout(400)
    assert len(held) == 1
    page.keyboard.type("eto")
    expect(page.locator(OPTION).first).to_contain_text("Loreto")
    before = page.locator(OPTION).all_inner_texts()
    late = [{"type": "place", "name": "Too late", "detail": "", "url": "/"}]
    with suppress(Error):  # the browser may have given it up already
        held[0].fulfill(json=late)
    page.wait_for_timeout(200)
    assert page.locator(OPTION).all_inner_texts() == before


def test_hostile_names_are_text(city: str, visit: Open) -> None:
    page = visit(city).open("/luoghi/")
    title = page.title()
    found = [{"type": "place", "name": HOSTILE, "detail": HOSTILE, "url": "/"}]
    page.route("**/cerca.json*", lambda route: route.fulfill(json=found))
    page.get_by_role("combobox", name=BOX).fill("x")
    expect(page.locator(".suggestion-name")).to_have_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    assert page.title() == title


def test_suggestions_move_nothing_and_pass_axe(city: str, visit: Open) -> None:
    for size in (PHONE, WIDE_PHONE, DESKTOP):
        page = visit(city, size).open("/luoghi/")
        height = page.evaluate("document.documentElement.scrollHeight")
        top = page.locator("h1").bounding_box()
        page.get_by_role("combobox", name=BOX).fill("via")
        expect(page.locator(OPTION)).to_have_count(8)
        page.keyboard.press("ArrowDown")
        assert page.locator("h1").bounding_box() == top
        assert page.evaluate("document.documentElement.scrollHeight") == height
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert axe_violations(page) == []


def test_without_javascript_the_form_does_the_same(city: str, visit: Open) -> None:
    page = visit(city, PHONE, java_script_enabled=False).open("/luoghi/")
    page.get_by_role("searchbox", name=BOX).fill("scuola rosa")
    page.get_by_role("button", name="Cerca").click()
    page.get_by_role("link", name="Scuola primaria Rosa").click()
    expect(page.locator("h1")).to_have_text("Scuola primaria Rosa")


def test_a_server_that_does_not_answer_leaves_the_form(city: str, visit: Open) -> None:
    page = visit(city).open("/luoghi/")
    page.route("**/cerca.json*", lambda route: route.abort())
    page.get_by_role("combobox", name=BOX).fill("via broseta")
    page.wait_for_timeout(400)
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Via Broseta", exact=True)).to_be_visible()
