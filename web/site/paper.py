"""What a page needs on paper: a code that leads back to it, and the day it was printed."""

from functools import lru_cache

import segno
from flask import Flask
from flask_babel import format_date

from web.site import app_state


@lru_cache(maxsize=512)
def qr_code(address: str) -> str:
    """Return the QR code of an address as an SVG element.

    Level M: still readable with 15% of it stained or torn. Its text is made of
    numbers only, whatever the address.
    """
    code = segno.make_qr(address, error="m", boost_error=False)
    # segno writes plain SVG, without styles that the policy would refuse.
    return str(code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None))


def today() -> str:
    """Return the city's date, in the reader's language."""
    return str(format_date(app_state.today(), "long"))


def init_app(app: Flask) -> None:
    """Let templates make codes and write the date."""
    app.jinja_env.globals.update(qr_code=qr_code, today=today)
