"""The app: wiring only. Settings, the dataset, and the packages of the web in their order."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from geo.model.source import FolderSource
from web import coverage, downloads, find, maps, open_data, pages, site
from web.server import (
    bodies,
    cache_headers,
    health,
    hosts,
    log,
    log_privacy,
    rate_limits,
    reload,
)
from web.server.page_cache import PageCache
from web.site import app_state
from web.site.settings import read_settings


def create_app(config: Mapping[str, str] | None = None) -> Flask:
    """Make the app; DataError or SettingError when its data or a setting can't be used.

    `config` overrides settings (see `web.site.settings`), as tests do.
    """
    app = Flask(__name__)
    log.init_app(app)
    settings = read_settings(config)
    app.config.from_mapping(settings.model_dump())
    source = FolderSource(Path(settings.QUARTIERI_DATA))
    version, dataset = source.version(), source.load()
    app_state.init_app(app, dataset)
    # What is registered first changes a response last.
    site.init_app(app)
    for extension in (log_privacy, hosts, bodies, rate_limits, cache_headers):
        extension.init_app(app)
    app.register_blueprint(health.blueprint)
    for package in (maps, downloads, find, coverage, pages, open_data):
        package.init_app(app)
    reload.init_app(app, source, version)
    cache = PageCache(app.wsgi_app, app_state.state_of(app), app.config["SESSION_COOKIE_NAME"])
    app.wsgi_app = cache  # type: ignore[method-assign, assignment]
    hosts.believe_proxies(app)
    return app
