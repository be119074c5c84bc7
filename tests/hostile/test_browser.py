"""A city whose every text means harm, in a real browser: nothing of it runs, nothing is fetched."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.cities import hostile_city
from tests.helpers.cities.hostile_city import CANARY, PRODUCT, RAN, Words
from tests.helpers.pages.browser import Open
from tests.helpers.servers.app_server import serving

pytestmark = pytest.mark.browser

# Runs before each page's own scripts, and tells of whatever no page of ours does.
_TRIPWIRE = """
Object.defineProperty(window, '__ran', {set: () => tripped('a payload ran')});
for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => tripped(name);
document.addEventListener('securitypolicyviolation', (event) =>
  tripped(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
const look = (element) => {
  const name = element.localName;
  if (['iframe', 'object', 'embed', 'style', 'frame'].includes(name)) tripped(`<${name}>`);
  if (name === 'script' && element.type !== 'application/ld+json' &&
      !/^\\/(static\\/dist|(..\\/)?mappa)\\//.test(element.getAttribute('src') ?? ''))
    tripped(`<script> ${element.textContent}`);
  for (const {name, value} of element.attributes) {
    if (name.startsWith('on')) tripped(`${name}=${value}`);
    if (/^\\s*(javascript|data):/i.test(value) && ['href', 'src', 'action'].includes(name))
      tripped(`${name}=${value}`);
  }
};
new MutationObserver((records) => {
  for (const {type, target, addedNodes} of records) {
    if (type === 'attributes') look(target);
    for (const node of addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      look(node);
      node.querySelectorAll('*').forEach(look);
    }
  }
}).observe(document, {subtree: true, childList: true, attributes: true});
"""
PAGES = [
    "/", "/en/?tipo=parco&misura=per-1000", "/quartieri/", "/fr/quartieri/nord/",
    "/quartieri/est/scheda/", "/quartieri/schede/",
    "/quartieri/confronto/?quartiere=nord&quartiere=sud", "/luoghi/", "/luoghi/osm:node/0/",
    "/en/luoghi/osm:node/5/", "/luoghi/osm:node/24/", "/reti/", "/reti/rete-0/",
    "/vicino?lon=9.605&lat=45.705&nome=" + quote(f"<img src={CANARY} onerror={RAN}>"),
    "/vicino?q=" + quote(f"<script>{RAN}</script>"), "/cerca?q=kz0",
    "/cerca?q=" + quote(f"</title><script>{RAN}</script>${{{hostile_city.SUM}}}"),
    "/copertura/?tipo=parco&siti=3&chiudi=osm:node/0&aggiungi=9.60500,45.70500",
    "/copertura/nord/?tipo=biblioteca&siti=2", "/copertura/confronto/?tipo=parco",
    "/embed/", "/fr/embed/quartieri/sud/", "/beni-comuni/?fase=patto", "/risorse/",
    "/qualita/?quartiere=nord", "/dati/", "/informazioni/",
    "/api/collections/luoghi/items?f=html", "/api/collections/luoghi/items/osm:node/3?f=html",
]  # fmt: skip


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Words, Path]]:
    """The hostile city as `make run` serves it: address, words, log."""
    folder = tmp_path_factory.mktemp("hostile")
    words = hostile_city.write(folder / "data")
    with serving(folder / "data", folder / "log") as address:
        yield address, words, folder / "log"


def set_tripwires(page: Page, tripped: list[str]) -> None:
    """Have whatever happens in the page that shouldn't noted in `tripped`."""

    def note(told: str) -> None:
        tripped.append(told)

    page.context.expose_function("tripped", note)
    page.context.add_init_script(_TRIPWIRE)


@pytest.fixture
def trapped(village: tuple[str, Words, Path], visit: Open) -> Iterator[Callable[[str], Page]]:
    """Open pages between tripwires; at the end none may have been touched."""
    window, tripped = visit(village[0]), list[str]()
    page = window.page
    set_tripwires(page, tripped)
    page.on("dialog", lambda dialog: (tripped.append(dialog.message), dialog.dismiss()))

    def note(address: str) -> None:
        if CANARY in urlsplit(address).path:
            tripped.append(address)

    page.on("request", lambda request: note(request.url))

    def open_and_rest(path: str) -> Page:
        """Open a page, and wait until it asks for nothing more."""
        shown = window.open(path)
        shown.wait_for_load_state("networkidle")
        return shown

    yield open_and_rest
    assert tripped == []
    window.assert_quiet()


def planted(words: Words, field: str, at: int) -> str:
    return [words.of[mark] for mark in words.of if words.field[mark] == field][at]


def test_nothing_runs_on_any_page(trapped: Callable[[str], Page]) -> None:
    for address in PAGES:
        page = trapped(address)
        assert "kz" in page.content(), address
        assert PRODUCT not in page.content(), address


def test_areas_say_their_names_as_text(
    village: tuple[str, Words, Path], trapped: Callable[[str], Page]
) -> None:
    page = trapped("/")
    for at, slug in enumerate(("nord", "sud", "est")):
        name = planted(village[1], "quartieri name", at)
        area = page.locator(f'path.area[data-slug="{slug}"]')
        area.hover(force=True)
        area.focus()
        page.keyboard.press("Enter")
        popup = page.get_by_role("dialog")
        expect(popup.locator(".popup-name")).to_have_text(exactly(name))
        page.keyboard.press("Escape")
        expect(popup).to_have_count(0)


def exactly(text: str) -> re.Pattern[str]:
    """Return what matches a text as it shows: white space is all the same."""
    between = r"\s+".join(re.escape(word) for word in text.split())
    return re.compile(rf"^\s*{between}\s*$")


def test_places_say_their_names_as_text(
    village: tuple[str, Words, Path], trapped: Callable[[str], Page]
) -> None:
    names = {village[1].of[mark] for mark in village[1].of}
    shown = set()
    page = trapped("/en/vicino?lon=9.605&lat=45.7&raggio=1000")
    for row in page.locator("[data-place]").all():
        row.hover()
        row.locator("[data-show]").click()
        popup = page.get_by_role("dialog")
        expect(popup).to_have_count(1)
        name = row.locator("[data-name]").text_content()
        expect(popup.locator(".popup-name")).to_have_text(exactly(name or ""))
        shown.add((name or "").strip())
        page.keyboard.press("Escape")
        expect(popup).to_have_count(0)
    assert len(shown) > 8
    assert shown <= names
    page = trapped("/luoghi/osm:node/2/")
    page.locator(".marker-icon").hover()
    page.locator(".marker-icon").click()
    name = planted(village[1], "places name", 2)
    expect(page.get_by_role("dialog").locator(".popup-name")).to_have_text(exactly(name))
    expect(page.locator(".marker-icon")).to_have_attribute(
        "aria-label", re.compile(re.escape(name))
    )


def test_suggestions_say_what_they_found_as_text(
    village: tuple[str, Words, Path], trapped: Callable[[str], Page]
) -> None:
    page = trapped("/dati/")
    field = page.get_by_role("combobox")
    for at, mark in enumerate(("quartieri name", "places name", "networks name", "streets street")):
        text = planted(village[1], mark, at % 2)
        field.fill(text[-6:])
        option = page.get_by_role("option").filter(has_text=text[-6:]).first
        expect(option.locator(".suggestion-name")).to_have_text(exactly(text))
        option.hover()
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_contain_text(text[-6:])


def test_long_names_break_no_page(trapped: Callable[[str], Page]) -> None:
    for address in ("/", "/luoghi/", "/quartieri/nord/", "/luoghi/osm:node/7/", "/cerca?q=kz0"):
        page = trapped(address)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, address


def test_a_name_from_the_right_leaves_its_neighbours_in_order(
    trapped: Callable[[str], Page],
) -> None:
    page = trapped("/luoghi/")
    # A link with an Arabic name, then a number: alone it would stand on the name's left.
    left = page.evaluate("""() => {
      const line = document.createElement('p');
      line.innerHTML = '<a href="/">حي السلام</a> 12';
      document.querySelector('main').append(line);
      const range = document.createRange();
      range.selectNode(line.lastChild);
      const name = line.firstChild.getBoundingClientRect();
      return range.getBoundingClientRect().right > name.right;
    }""")
    assert left


def test_the_tripwires_notice_what_they_are_for(
    village: tuple[str, Words, Path], visit: Open
) -> None:
    window, tripped = visit(village[0]), list[str]()
    set_tripwires(window.page, tripped)
    page = window.open("/dati/")
    for payload in hostile_city.PAYLOADS[:8]:
        page.evaluate("text => { document.querySelector('main').innerHTML += text; }", payload)
    page.wait_for_load_state("networkidle")
    page.evaluate("window.__ran = 1; alert(1)")
    told = " ".join(tripped)
    for each in ("a payload ran", "alert", "policy: ", "<iframe>", "onerror=", "<script>"):
        assert each in told, each


def test_the_server_s_log_says_nothing_of_it(village: tuple[str, Words, Path]) -> None:
    log = village[2].read_text(encoding="utf-8")
    assert not re.search(r"kz\d{3}z|[^\x20-\x7e\n]", log)
    assert len(log.splitlines()) <= 1
