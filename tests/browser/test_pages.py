"""The app as people meet it: in a real browser, served as `make run` serves it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from geo.model.dataset import Dataset
from tests.helpers.cities import small_city
from tests.helpers.pages.browser import DESKTOP, PHONE, Open, axe_violations
from tests.helpers.servers.app_server import serving

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=1">${document.title=2}{{ 7*191 }}</script>'
# A page of each type, in the real city.
PAGE_TYPES = [
    "/",
    "/quartieri/",
    "/quartieri/malpensata/",
    "/luoghi/?tipo=biblioteca",
    "/luoghi/iccu:IT-BG0026/",
    "/reti/",
    "/reti/rete-di-quartiere-di-boccaleone/",
    "/copertura/?siti=2",
    "/copertura/malpensata/?siti=1&aggiungi=9.66900,45.68600",
    "/copertura/confronto/",
    "/qualita/?quartiere=boccaleone",
    "/beni-comuni/?fase=patto",
    "/quartieri/malpensata/scheda/",
    "/quartieri/confronto/?quartiere=malpensata&quartiere=loreto",
    "/risorse/",
    "/dati/",
    "/metodo/",
    "/informazioni/",
    "/accessibilita/",
    "/cerca?q=via+rossi",
    "/cerca?q=via+gerlmno+trbasky",
    "/non-esiste/",
]


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small city, with hostile names for a quartiere and a place."""
    files = small_city.features()
    files["quartieri.geojson"][0]["properties"]["name"] = HOSTILE
    files["places.geojson"][7]["properties"]["name"] = HOSTILE
    folder = tmp_path_factory.mktemp("village")
    data = small_city.write(
        folder / "data", quartieri=files["quartieri.geojson"], places=files["places.geojson"]
    )
    with serving(data, folder / "log") as address:
        yield address


def test_the_map_draws_each_quartiere(city: str, visit: Open, bergamo: Dataset) -> None:
    window = visit(city)
    page = window.open("/")
    drawn = page.locator("path.area").evaluate_all("all => all.map(each => each.dataset.slug)")
    assert sorted(drawn) == sorted(bergamo.quartieri.index)
    assert len(drawn) == 25
    expect(page.locator(".area-indicative")).to_have_count(25)
    expect(page.locator(".cluster-icon").first).to_be_visible()
    window.assert_quiet()


def test_the_colours_are_those_of_the_table(city: str, visit: Open) -> None:
    page = visit(city).open("/?tipo=orto")
    rows = page.locator("[data-choropleth] tr[data-quartiere]").evaluate_all(
        "rows => rows.map(row => [row.dataset.quartiere, row.dataset.class])"
    )
    assert len({name for _, name in rows}) > 1
    for slug, name in rows:
        area = page.locator(f'path.area[data-slug="{slug}"]')
        assert f"class-{name}" in (area.get_attribute("class") or "").split()


def test_each_marker_stands_where_its_place_is(village: str, visit: Open) -> None:
    page = visit(village).open("/")
    expect(page.locator(".marker-icon").first).to_be_visible()
    drawn = page.evaluate(
        """() => {
            const map = window[Object.keys(window).find((name) => name.startsWith("map_"))];
            const found = {};
            map.eachLayer((layer) => {
                if (layer.getElement?.()?.matches(".marker-icon"))
                    found[layer.getElement().ariaLabel.split(",")[0]] = layer.getLatLng();
            });
            return found;
        }"""
    )
    places = small_city.features()["places.geojson"]
    points = {
        place["properties"]["name"]: place["geometry"]["coordinates"]
        for place in places
        if place["geometry"]
    }
    assert len(drawn.keys() & points.keys()) >= 4
    for name in drawn.keys() & points.keys():
        assert (drawn[name]["lng"], drawn[name]["lat"]) == pytest.approx(points[name], abs=6e-6)


def test_a_layer_can_be_switched_off_and_on(village: str, visit: Open) -> None:
    page = visit(village).open("/")
    markers = page.locator(".marker-icon")
    # Library, two parks in the city, school, parish; the park far outside is out of sight.
    before = markers.count()
    school = page.get_by_role("checkbox", name="Scuole")
    school.uncheck()
    expect(markers).to_have_count(before - 1)
    school.check()
    expect(markers).to_have_count(before)


def test_hostile_names_are_shown_as_text(village: str, visit: Open) -> None:
    window = visit(village)
    page = window.open("/")
    page.locator('.marker-icon[aria-label^="<img"]').click()
    popup = page.get_by_role("dialog")
    expect(popup.locator(".popup-name")).to_have_text(HOSTILE)
    popup.get_by_role("link", name="Apri la pagina del luogo").click()
    expect(page.locator("h1")).to_have_text(HOSTILE)
    page.goto(village + "/quartieri/nord/")
    expect(page.locator("h1")).to_have_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    assert "1337" not in page.content()
    window.assert_quiet()


def test_choosing_a_kind_changes_map_table_and_address(city: str, visit: Open) -> None:
    window = visit(city)
    page = window.open("/")
    before = page.locator("path.area").first.get_attribute("aria-label")
    page.get_by_label("Colora i quartieri per").select_option("biblioteca")
    expect(page.get_by_role("heading", level=2, name="Biblioteca")).to_be_visible()
    assert "tipo=biblioteca" in page.url
    assert page.locator("path.area").first.get_attribute("aria-label") != before
    page.get_by_label("Misura").select_option("per-1000")
    expect(page.locator("#copertura h2")).to_contain_text("ogni 1.000 residenti")
    page.reload()
    expect(page.get_by_label("Colora i quartieri per")).to_have_value("biblioteca")
    expect(page.get_by_label("Misura")).to_have_value("per-1000")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("Measure")).to_have_value("per-1000")
    window.assert_quiet()


def test_by_keyboard_alone(city: str, visit: Open) -> None:
    page = visit(city).open("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Vai al contenuto")
    page.keyboard.press("Enter")
    page.get_by_label("Misura").focus()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Salta la mappa")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "copertura"

    area = page.locator('path.area[data-slug="citta-alta"]')
    area.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="Città Alta")
    expect(popup).to_be_visible()
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.slug") == "citta-alta"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page).to_have_url(city + "/quartieri/citta-alta/")


def test_without_javascript_the_same_content_is_shown(city: str, visit: Open) -> None:
    page = visit(city, java_script_enabled=False).open("/luoghi/")
    page.goto(city)
    expect(page.get_by_text("La mappa ha bisogno di JavaScript")).to_be_visible()
    page.get_by_label("Colora i quartieri per").select_option("parco")
    page.get_by_role("button", name="Mostra").click()
    expect(page.locator("[data-choropleth] tr[data-quartiere]")).to_have_count(25)
    expect(page.locator("#copertura h2")).to_contain_text("Parco o giardino")


def test_a_map_that_fails_to_load_says_so(city: str, visit: Open) -> None:
    window = visit(city)
    window.page.route("**/luoghi.json*", lambda route: route.abort())
    page = window.open("/")
    expect(page.get_by_role("alert")).to_contain_text("La mappa non si è caricata")


@pytest.mark.parametrize("page", PAGE_TYPES)
@pytest.mark.parametrize("language", ["", "/en", "/fr"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_each_page_is_accessible_and_fits(
    city: str, visit: Open, page: str, language: str, size: tuple[int, int]
) -> None:
    window = visit(city, size)
    shown = window.open(language + page)
    assert axe_violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert window.strangers == []
    if page != "/non-esiste/":
        window.assert_quiet()
