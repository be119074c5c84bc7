"""The open data: its page, the catalogue, the feed, and the OGC API."""

from flask import Flask

from web.open_data import api, pages
from web.site.i18n import register_pages


def init_app(app: Flask) -> None:
    """Serve the page in each language; the files and the API once, in the same words for all."""
    register_pages(app, pages.pages)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
