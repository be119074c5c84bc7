"""The sitemap: every page, with the same page in the other languages."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from flask import current_app
from werkzeug.routing import Rule

from geo.model.cache import memoized
from geo.model.dataset import Dataset
from web.site.hashed_content import Rendered
from web.site.i18n import DEFAULT_LANGUAGE, LANGUAGES, page_endpoint, url

# The results of a search: every page among them is listed by itself.
NOT_LISTED = {"search.results"}

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


# Of few origins at a time: without PUBLIC_URL each request names its own.
@memoized(4)
def sitemap(data: Dataset, origin: str) -> Rendered:
    """Return the sitemap under `origin` (such as https://example.org), made once for each."""
    body = _HEAD + "".join(_entries(data, origin)) + "</urlset>\n"
    return Rendered(body.encode(), "application/xml")


def _entries(data: Dataset, origin: str) -> Iterator[str]:
    for endpoint, values in _pages(data):
        here = {code: origin + url(endpoint, code, **values) for code in LANGUAGES}
        links = "".join(
            f"<xhtml:link rel={quoteattr('alternate')} hreflang={quoteattr(code)} "
            f"href={quoteattr(address)}/>"
            for code, address in (*here.items(), ("x-default", here[DEFAULT_LANGUAGE]))
        )
        for address in here.values():
            yield f"<url><loc>{escape(address)}</loc>{links}</url>\n"


def _pages(data: Dataset) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the endpoint and the values of each page."""
    for rule in current_app.url_map.iter_rules():
        endpoint = page_endpoint(rule.endpoint)
        is_default = rule.endpoint == f"{DEFAULT_LANGUAGE}.{endpoint}"
        if endpoint is not None and is_default and _is_listed(rule, endpoint):
            yield endpoint, {}
    for slug in data.quartieri.index:
        yield "quartieri.quartiere", {"slug": slug}
        yield "coverage.quartiere", {"slug": slug}
        yield "council.sheet", {"slug": slug}
    for slug in data.networks.index:
        yield "networks.network", {"slug": slug}
    for ident in data.places.index:
        yield "places.place", {"ident": ident}


def _is_listed(rule: Rule, endpoint: str) -> bool:
    """Return whether an address is a page without a subject, rather than data or results."""
    return not rule.arguments and "." not in rule.rule and endpoint not in NOT_LISTED
