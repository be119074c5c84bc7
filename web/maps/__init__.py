"""Addresses of map scripts and layers, and the tiles behind them."""

from flask import Flask

from web.maps import map_parts, tiles
from web.site.i18n import register_in_each_language


def init_app(app: Flask) -> None:
    """Serve the maps' scripts and layers in each language, and the background tiles."""
    register_in_each_language(app, map_parts.blueprint)
    tiles.init_app(app)
