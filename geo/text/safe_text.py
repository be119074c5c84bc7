"""What a line of text from the data may hold, and what may become a link.

Names and notes go into pages, feeds, spreadsheets, pictures and terminals. Control characters
break some of these (XML has no place for them, a terminal obeys them), a line break forges a
line of a table or a log, and what turns the direction of writing around, or isn't seen at all,
lets a text say something else than a reader sees. Whatever is left is text, and shown as that:
markup, formulas, letters of any script and marks beside them.
"""

import re
import unicodedata
from urllib.parse import urlsplit

from pydantic import HttpUrl, TypeAdapter, ValidationError

# Controls, line and paragraph separators, embeddings, overrides and isolates of direction,
# surrogates, what Unicode says is no character, and the invisible tags.
_HARMFUL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    r"\U000e0000-\U000e007f]"
)
# What one reader of addresses drops or turns into a slash, and another keeps.
_NO_LINK = re.compile(r"[\s\\]")
_http_url = TypeAdapter(HttpUrl)


def line(text: str) -> str:
    """Return `text`; ValueError if it holds what can't be shown in a line of text."""
    found = _HARMFUL.search(text)
    if found:
        name = unicodedata.name(found[0], "a control character")
        raise ValueError(
            f"character {found.start() + 1} is U+{ord(found[0]):04X} ({name}), "
            "which can't stand in a line of text"
        )
    return text


def link(address: str) -> str:
    """Return `address`, as it is; ValueError if it's no full http(s) address safe to link.

    The host is in plain letters (xn--… for others), so that none looks like another one, and
    nothing stands before it: a name and a password there make a host look like another, too.
    """
    line(address)
    try:
        _http_url.validate_python(address)
    except ValidationError:
        raise ValueError("no http(s) address") from None
    host = urlsplit(address).netloc
    if not host or _NO_LINK.search(address):
        raise ValueError("no full http(s) address without spaces and backslashes")
    if "@" in host:
        raise ValueError("a name or password stands before the host")
    if not host.isascii():
        raise ValueError("the host has letters beyond a-z: write it as xn--…")
    return address
