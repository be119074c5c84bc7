"""Addresses on the web and telephone numbers, as registers write them."""

import html
import re

_HOST = re.compile(r"^(https?://)[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?$", re.IGNORECASE)


def website(text: str) -> str | None:
    """Return `text` as an http(s) address, or None: "https//x.it", "WWW.X.IT" and "x.it" count."""
    plain = html.unescape(text.strip())
    if not plain or " " in plain or "@" in plain:
        return None
    rest = re.sub(r"^https?:?/*", "", plain, flags=re.IGNORECASE)
    scheme = "http://" if plain.lower().startswith(("http://", "http//")) else "https://"
    host, slash, path = rest.partition("/")
    address = f"{scheme}{host.lower()}{slash}{path}"
    return address if _HOST.match(address) else None


def phone(text: str) -> str | None:
    """Return an Italian telephone number as "+39 035 242705", or None."""
    digits = re.sub(r"^(00|\+)39", "", re.sub(r"[^\d+]", "", text))
    if not 6 <= len(digits) <= 11:
        return None
    return f"+39 {digits[:3]} {digits[3:]}" if digits.startswith("0") else f"+39 {digits}"
