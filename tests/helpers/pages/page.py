"""A page of the app as its readers get it: parsed, and asked with CSS selectors."""

from collections.abc import Iterator

from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

# Between these and their neighbours a reader sees a gap; other elements run on in their line.
_BLOCKS = frozenset(
    "article aside br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 header hr label legend li main nav ol optgroup option p pre section select summary table"
    " tbody td textarea tfoot th thead tr ul".split()
)
_NOT_READ = frozenset(["head", "script", "style", "svg", "template"])


class Page:
    """A parsed page."""

    def __init__(self, text: str) -> None:
        self.root: HtmlElement = html.document_fromstring(text)

    @property
    def language(self) -> str:
        """The language that the page says it's in."""
        return str(self.root.get("lang"))

    @property
    def canonical(self) -> str:
        """The address under which the page wants to be known."""
        return str(self.one('link[rel="canonical"]').get("href"))

    def all(self, css: str) -> list[HtmlElement]:
        """Return the elements that a selector finds, in the page's order."""
        return self.root.cssselect(css)

    def one(self, css: str) -> HtmlElement:
        """Return the only element that a selector finds; fail if there are none or several."""
        found = self.all(css)
        assert len(found) == 1, f"{len(found)} elements instead of one are {css!r} on {self}"
        return found[0]

    def has(self, css: str) -> bool:
        """Tell whether a selector finds anything."""
        return bool(self.all(css))

    def text(self, css: str = "body") -> str:
        """Return what the only element that a selector finds says to its readers."""
        return text_of(self.one(css))

    def texts(self, css: str) -> list[str]:
        """Return what each element that a selector finds says."""
        return [text_of(each) for each in self.all(css)]

    def values(self, css: str, attribute: str) -> list[str]:
        """Return an attribute of each element that a selector finds and that has it."""
        return [each.get(attribute) for each in self.all(css) if attribute in each.attrib]

    def links(self, css: str = "body") -> dict[str, str]:
        """Return the words of each link inside what a selector finds, by where it leads."""
        return {
            link.get("href"): text_of(link) for each in self.all(css) for link in _anchors(each)
        }

    def rows(self, css: str = "table") -> list[list[str]]:
        """Return the cells of a table without its heads: of the first that a selector finds."""
        assert self.has(css), f"no element is {css!r} on {self}"
        return [
            [text_of(cell) for cell in row.cssselect("th, td")]
            for row in self.all(css)[0].cssselect("tbody tr, tfoot tr")
        ]

    def section(self, heading: str) -> "Page":
        """Return the section that stands under a heading (its words) as a page of its own."""
        for each in self.all("h2, h3, summary"):
            if text_of(each) == heading:
                return Page(html.tostring(each.getparent(), encoding="unicode"))
        raise AssertionError(f"no heading says {heading!r} on {self}")

    def without(self, css: str) -> str:
        """Return the page's source without the elements that a selector finds."""
        rest = Page(html.tostring(self.root, encoding="unicode"))
        for each in rest.all(css):
            each.drop_tree()
        return str(html.tostring(rest.root, encoding="unicode"))

    def inline(self) -> list[str]:
        """Return what a policy against inline code forbids: scripts, styles and handlers.

        A block of JSON-LD is data: no browser runs it.
        """
        blocks = 'script:not([src]):not([type="application/ld+json"]), style'
        return [
            *(html.tostring(each, encoding="unicode") for each in self.all(blocks)),
            *(
                f"{each.tag} {name}={value}"
                for each in self.root.iter("*")
                for name, value in each.attrib.items()
                if name == "style" or name.startswith("on")
            ),
        ]

    def __str__(self) -> str:
        return f"the page that says: {text_of(self.root)[:300]}"


def get_page(client: FlaskClient, path: str, status: int = 200, **asked: object) -> Page:
    """Return the page at an address, which must answer with a status."""
    answer = client.get(path, **asked)
    assert answer.status_code == status, (path, answer.status)
    assert answer.mimetype == "text/html", path
    return Page(answer.text)


def text_of(element: HtmlElement) -> str:
    """Return what an element says to its readers, with one space wherever there is a gap."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: HtmlElement) -> Iterator[str]:
    is_block = element.tag in _BLOCKS
    if is_block:
        yield " "
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _NOT_READ:
            yield from _pieces(child)
        yield child.tail or ""
    if is_block:
        yield " "


def _anchors(element: HtmlElement) -> list[HtmlElement]:
    return [each for each in element.iter("a") if "href" in each.attrib]
