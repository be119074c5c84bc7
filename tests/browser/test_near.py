"""What is near me, as people find it: by keyboard, by finger, with and without a position."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.pages.browser import DESKTOP, PHONE, Open, axe_violations

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=1">${document.title=2}{{ 7*191 }}</script>'
CENTRE = {"longitude": 9.66999123, "latitude": 45.69512345}
NEAR = "/vicino?lon=9.6700&lat=45.6951&raggio=500&nome=Via+Roma"
STATES = [
    "/vicino",
    NEAR,
    "/vicino?lon=9.70&lat=45.665",
    "/vicino?q=xqzw",
    "/vicino?q=roma",
]


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def tab_to(page: Page, name: str, *, whole: bool = False) -> None:
    """Press Tab until what has the focus carries a name, or (`whole`) is called just so."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement;"
            " return `${e.labels?.[0]?.textContent ?? ''} ${e.textContent}` }"
        )
        if focused.strip() == name if whole else name in focused:
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_by_keyboard_alone(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open("/")
    tab_to(page, "Vicino a me")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Vicino a me")
    tab_to(page, "Via o indirizzo")
    page.keyboard.type("via broseta")
    tab_to(page, "Quanto lontano")
    page.keyboard.type("Entro 500")
    tab_to(page, "tutti i tipi di luogo")
    page.keyboard.press("Enter")
    tab_to(page, "Biblioteca", whole=True)
    page.keyboard.press("Space")
    tab_to(page, "Cerca")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Vicino a Via Broseta")
    assert query(page)["raggio"] == ["500"]
    assert query(page)["tipo"] == ["biblioteca"]
    tab_to(page, "Salta la mappa")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "elenco"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("near-name")
    name = page.locator(":focus").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    window.assert_quiet()


def test_the_device_is_located_only_on_request_and_its_position_is_rounded(
    city: str, visit: Open
) -> None:
    window = visit(city, geolocation=CENTRE, permissions=["geolocation"])
    page = window.open("/en/vicino?tipo=parco")
    assert "lon" not in query(page)
    page.get_by_role("button", name="Use my position").click()
    page.wait_for_url("**lon=**")
    assert query(page) == {"lon": ["9.6700"], "lat": ["45.6951"], "tipo": ["parco"]}
    expect(page.locator("[data-place]").first).to_be_visible()
    window.assert_quiet()


def test_a_position_that_is_denied_is_announced(city: str, visit: Open) -> None:
    window = visit(city, permissions=[])
    page = window.open("/vicino")
    button = page.get_by_role("button", name="Usa la mia posizione")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("il permesso è negato")
    expect(button).to_be_focused()
    assert page.url == city + "/vicino"


def test_without_javascript_the_form_and_the_list_do_it_all(city: str, visit: Open) -> None:
    page = visit(city, java_script_enabled=False).page
    page.goto(city + "/vicino")
    expect(page.get_by_text("Usa la mia posizione")).to_be_hidden()
    page.get_by_label("Via o indirizzo").fill("via broseta")
    page.get_by_label("Quanto lontano").select_option("1000")
    page.get_by_role("button", name="Cerca").last.click()
    expect(page.locator("h1")).to_have_text("Vicino a Via Broseta")
    expect(page.locator("[data-place]").first).to_be_visible()
    page.get_by_label("Quanto lontano").select_option("300")
    page.get_by_role("button", name="Cerca").last.click()
    assert query(page)["nome"] == ["Via Broseta"]
    expect(page.get_by_role("heading", level=2).first).to_contain_text("entro 300 metri")


def test_the_map_shows_the_point_the_radius_and_every_place_of_the_list(
    city: str, visit: Open
) -> None:
    window = visit(city)
    page = window.open(NEAR)
    expect(page.get_by_role("img", name="Il punto da cui si misura: Via Roma")).to_be_visible()
    expect(page.locator("path.near-circle")).to_have_count(1)
    clustered = sum(int(text) for text in page.locator(".cluster-icon text").evaluate_all(
        "all => all.map(each => each.textContent)"
    ))  # fmt: skip
    alone = page.locator(".leaflet-marker-pane .marker-icon").count()
    assert alone + clustered == page.locator("[data-place]").count()
    window.assert_quiet()


def test_pointing_at_the_list_lights_up_the_map(city: str, visit: Open) -> None:
    page = visit(city).open(NEAR)
    rows = page.locator("[data-place]")
    light = page.locator(".marker-highlight")
    rows.nth(2).hover()
    expect(light).to_have_count(1)
    before = light.bounding_box()
    rows.nth(1).hover()
    expect(light).to_have_count(1)
    rows.nth(3).get_by_role("link").focus()
    expect(light).to_have_count(1)
    page.mouse.move(5, 5)
    rows.nth(4).get_by_role("link").focus()
    expect(light).to_have_count(1)
    assert light.bounding_box() != before
    page.get_by_label("Via o indirizzo").focus()
    expect(light).to_have_count(0)


def test_each_place_can_be_shown_on_the_map_and_marks_its_row(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open(NEAR)
    for n in (0, 7, 20):
        row = page.locator("[data-place]").nth(n)
        name = row.locator(".near-name").inner_text()
        button = row.get_by_role("button")
        button.focus()
        page.keyboard.press("Enter")
        popup = page.get_by_role("dialog", name=name)
        expect(popup).to_be_visible()
        expect(row).to_have_attribute("aria-current", "true")
        expect(page.locator("[aria-current=true][data-place]")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(popup).to_have_count(0)
        expect(button).to_be_focused()
        expect(page.locator("[aria-current=true][data-place]")).to_have_count(0)
    window.assert_quiet()


def test_choosing_a_marker_brings_its_row_into_sight(city: str, visit: Open) -> None:
    page = visit(city).open(NEAR)
    marker = page.locator(".leaflet-marker-pane .marker-icon").last
    name = (marker.get_attribute("aria-label") or "").rsplit(", ", 1)[0]
    marker.focus()
    page.keyboard.press("Enter")
    row = page.locator("[data-place][aria-current=true]")
    expect(row.locator(".near-name")).to_have_text(name)
    expect(row).to_be_in_viewport()
    page.get_by_role("dialog").get_by_role("link", name="Vai alla voce nell’elenco").click()
    expect(row).to_be_focused()


def test_a_click_on_the_map_offers_that_point(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open("/vicino?raggio=500&tipo=parco")
    page.locator(".folium-map").click(position={"x": 300, "y": 250})
    page.get_by_role("link", name="Cerca vicino a questo punto").click()
    page.wait_for_url("**lon=**")
    assert {"lon", "lat", "raggio", "tipo"} == set(query(page))
    # A second click only closes what the first one opened.
    page.locator(".folium-map[data-loading='0']").click(position={"x": 20, "y": 400})
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.locator(".folium-map").click(position={"x": 300, "y": 420})
    expect(page.get_by_role("dialog")).to_have_count(0)
    window.assert_quiet()


def test_the_centre_of_the_map_can_be_used_by_keyboard(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open(NEAR)
    page.locator(".folium-map").focus()
    expect(page.locator(".map-centre")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
    button = page.get_by_role("button", name="Usa il centro della mappa")
    button.focus()
    expect(page.locator(".map-centre")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "lon=9.6700&" not in url)
    assert float(query(page)["lon"][0]) > 9.6705
    assert query(page)["raggio"] == ["500"]
    assert "nome" not in query(page)
    window.assert_quiet()


@pytest.mark.parametrize("path", ["/vicino?lon=9.67&lat=45.695&nome={}", "/vicino?q={}"])
def test_hostile_text_is_shown_as_text(city: str, visit: Open, path: str) -> None:
    window = visit(city)
    encoded = "".join(f"%{byte:02X}" for byte in HOSTILE.encode())
    page = window.open(path.format(encoded))
    expect(page.get_by_label("Via o indirizzo")).to_have_value(HOSTILE)
    expect(page.locator("main")).to_contain_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    assert "1337" not in page.content()
    assert page.title() not in ("1", "2")
    window.assert_quiet()


def test_links_out_tell_nobody_the_position(city: str, visit: Open) -> None:
    page = visit(city).open(NEAR)
    page.locator(".near-name").first.click()
    page.wait_for_url("**/luoghi/**")
    assert page.evaluate("document.referrer") == ""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["", "/en", "/fr"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_each_state_is_accessible_and_fits(
    city: str, visit: Open, state: str, language: str, size: tuple[int, int]
) -> None:
    window = visit(city, size)
    page = window.open(language + state)
    page.locator(".kind-picker summary").click()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    window.assert_quiet()
