"""All other pages, each with its files."""

from flask import Flask

from web.pages import (
    about,
    council,
    council_files,
    embed,
    home,
    networks,
    places,
    public_files,
    quality,
    quartieri,
)
from web.site.i18n import register_in_each_language, register_pages


def init_app(app: Flask) -> None:
    """Serve the pages, their files and the maps for other sites in each language."""
    pages = (home, quartieri, places, networks, about, council, quality)
    register_pages(app, *(module.blueprint for module in pages))
    files = (public_files, council_files, embed)
    register_in_each_language(app, *(module.blueprint for module in files))
