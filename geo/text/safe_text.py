"""Which characters a text from the data may have, and which addresses may become links.

Names and notes go into pages, feeds, spreadsheets, pictures and terminals. Refused are control
characters (XML has none, terminals obey them), line breaks (they forge a line of a table or a
log), and characters that are invisible or reverse the direction of writing (a reader sees
another text). Everything else is text and shown as text: markup, formulas, any script.
"""

import re
import unicodedata
from urllib.parse import urlsplit

from pydantic import HttpUrl, TypeAdapter, ValidationError

# Controls, line and paragraph separators, embeddings, overrides and isolates of direction,
# surrogates, code points that are no characters, and the invisible tags.
_HARMFUL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    r"\U000e0000-\U000e007f]"
)
# Characters that some parsers of addresses drop or turn into a slash.
_NO_LINK = re.compile(r"[\s\\]")
_http_url = TypeAdapter(HttpUrl)


def line(text: str) -> str:
    """Return `text`; ValueError if it has a character that no line of text may have."""
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

    The host has only ASCII letters (xn--… for others) and no user name or password before it:
    either could make it look like another host.
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
