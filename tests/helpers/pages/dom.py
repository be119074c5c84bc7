"""What a browser makes of a page: its elements and attributes, without a script that runs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Page

# DOMParser parses as for a page, but runs no script and fetches nothing.
_PARSE = """
pages => pages.map(([text, type]) => {
  const parsed = new DOMParser().parseFromString(text, type);
  const found = {shape: {}, links: [], marked: [], json_ld: []};
  const add = (key) => { found.shape[key] = (found.shape[key] ?? 0) + 1; };
  const mark = (text) => { if (/kz\\d{3}z/.test(text)) found.marked.push(text); };
  const names = (element) => [...element.attributes].map(({name}) => name).sort();
  const path = (element) => {
    const steps = [];
    for (let each = element; each?.tagName; each = each.parentElement) steps.unshift(each.tagName);
    return steps.join('>');
  };
  for (const element of parsed.querySelectorAll('*')) {
    add(`${path(element)}[${names(element)}]`);
    for (const {name, value} of element.attributes) {
      if (['class', 'id', 'name', 'rel', 'role', 'style', 'target', 'type'].includes(name))
        add(`${element.tagName} ${name}=${value}`);
      const isLink = ['href', 'src', 'action', 'formaction', 'srcdoc', 'data'].includes(name) ||
        name.endsWith(':href');
      if (isLink) found.links.push(value);
      mark(value);
    }
  }
  const walker = parsed.createTreeWalker(parsed, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT |
    NodeFilter.SHOW_CDATA_SECTION | NodeFilter.SHOW_PROCESSING_INSTRUCTION);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType !== Node.TEXT_NODE) add(`${path(node.parentElement)}>${node.nodeName}`);
    else if (node.parentElement.type === 'application/ld+json') found.json_ld.push(node.data);
    else mark(node.data);
  }
  return found;
})
"""
_AT_ONCE = 40


@dataclass(frozen=True)
class Parsed:
    """A page: how many there are of each element with its attributes (`shape`).

    `links`: the values of attributes that lead somewhere. `marked`: texts and values of
    attributes that hold a planted mark. `json_ld`: the blocks of JSON-LD.
    """

    shape: Counter[str]
    links: list[str]
    marked: list[str]
    json_ld: list[str]


def parse(page: Page, texts: Iterable[tuple[str, str]]) -> list[Parsed]:
    """Return what the browser makes of texts, each with its media type."""
    left, done = list(texts), list[Parsed]()
    while left:
        for found in page.evaluate(_PARSE, left[:_AT_ONCE]):
            done.append(Parsed(**{**found, "shape": Counter(found["shape"])}))
        left = left[_AT_ONCE:]
    return done
