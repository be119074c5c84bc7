"""Finding: what is near a point, and the search box."""

from flask import Flask

from web.find import near, search
from web.site.i18n import register_pages


def init_app(app: Flask) -> None:
    """Serve the pages in each language."""
    register_pages(app, near.blueprint, search.blueprint)
