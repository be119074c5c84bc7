"""The app: wiring only. Settings, the dataset, and the packages of the web in their order."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from geo.model.source import FolderSource
from web import coverage, downloads, find, maps, open_data, pages, server, site
from web.server import hosts, page_cache, reload
from web.site import app_state
from web.site.settings import read_settings


def create_app(config: Mapping[str, str] | None = None) -> Flask:
    """Make the app; DataError or SettingError when its data or a setting can't be used.

    `config` overrides settings (see `web.site.settings`), as tests do.
    """
    app = Flask(__name__)
    settings = read_settings(config)
    app.config.from_mapping(settings.model_dump())
    source = FolderSource(Path(settings.QUARTIERI_DATA))
    version = source.version()
    app_state.init_app(app, source.load())
    # A package imports only those before it.
    for package in (site, server, maps, downloads, find, coverage, pages, open_data):
        package.init_app(app)
    reload.init_app(app, source, version)
    page_cache.init_app(app)
    hosts.believe_proxies(app)
    return app
