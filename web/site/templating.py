"""Jinja: the filters, functions and variables that all templates can use."""

from functools import lru_cache

import pandas as pd
import segno
from flask import Flask
from flask_babel import Babel, format_date

from geo.model.queries import records
from web.site import app_state, formatting, labels
from web.site.i18n import DEFAULT_LANGUAGE, current_language, language_links, url


@lru_cache(maxsize=512)
def qr_code(address: str) -> str:
    """Return the QR code of an address as an SVG element.

    Level M: still readable with 15% of it stained or torn. Its text is made of
    numbers only, whatever the address.
    """
    code = segno.make_qr(address, error="m", boost_error=False)
    # segno writes plain SVG, without styles that the policy would refuse.
    return str(code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None))


def long_date_today() -> str:
    """Return the city's date, in the reader's language."""
    return str(format_date(app_state.today(), "long"))


def init_app(app: Flask) -> None:
    """Set up translations and everything that templates use."""
    Babel(app, locale_selector=current_language)
    for function in (
        formatting.number,
        formatting.partial_date,
        formatting.host,
        formatting.lower_first,
        records,
    ):
        app.add_template_filter(function)
    app.add_template_filter(pd.isna, "missing")
    app.jinja_env.globals.update(
        url=url, asset=app_state.asset, labels=labels, qr_code=qr_code, today=long_date_today
    )

    @app.context_processor
    def page_context() -> dict[str, object]:
        language = current_language()
        data = app_state.dataset()
        return {
            "language": language,
            # The language of the texts that the data hold: titles, notes, addresses.
            "data_language": DEFAULT_LANGUAGE,
            "languages": language_links(),
            "city_name": data.city.names.in_language(language),
            "dataset_version": data.version,
            "any_indicative": app_state.any_indicative(),
        }
