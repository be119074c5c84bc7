"""The pages of coverage: their query, their map data and their files."""

from flask import Flask

from web.coverage import files, map_data, pages, texts
from web.site.i18n import register_in_each_language, register_pages


def init_app(app: Flask) -> None:
    """Serve the pages, their map data and their files in each language."""
    texts.init_app(app)
    register_pages(app, pages.blueprint)
    register_in_each_language(app, map_data.blueprint, files.blueprint)
