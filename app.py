"""The app: wiring only. Settings, the dataset, blueprints, error pages."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from geo.model.dataset import Dataset
from web.coverage import demand_text, files, map_data
from web.coverage import pages as coverage_pages
from web.downloads import formats, sheets_pdf
from web.find import near, search
from web.maps import map_parts, tiles
from web.open_data import api
from web.open_data import pages as open_data_pages
from web.pages import citizens, council, council_files, embed, public_files, quality
from web.server import cache_headers, health, hosts, log, log_privacy, rate_limits, reload
from web.server.page_cache import KeptPages
from web.site import addresses, app_state, errors, security, templating
from web.site.i18n import register_in_each_language
from web.site.settings import check_settings, read_settings


def create_app(config: Mapping[str, str] | None = None) -> Flask:
    """Make the app; DataError or SettingError when its data or a setting can't be used.

    `config` overrides settings (see `web.site.settings`), as tests do.
    """
    app = Flask(__name__)
    log.init_app(app)
    settings = {**read_settings(), **(config or {})}
    check_settings(settings)
    app.config.from_mapping(settings)
    folder = Path(settings["QUARTIERI_DATA"])
    dataset = Dataset.read(folder)
    app.extensions["quartieri"] = app_state.Site(dataset, assets=app_state.read_assets(app))
    for extension in (log_privacy, security, hosts, rate_limits, templating, errors):
        extension.init_app(app)
    for extension in (demand_text, formats, addresses, sheets_pdf):
        extension.init_app(app)
    cache_headers.init_app(app)
    blueprints = (
        module.blueprint
        for module in (citizens, council, embed, near, coverage_pages, quality, search)
    )
    parts = (
        map_parts.blueprint,
        map_data.blueprint,
        files.blueprint,
        public_files.blueprint,
        council_files.blueprint,
    )
    register_in_each_language(
        app, *blueprints, open_data_pages.pages, *parts, addresses.manifests, sheets_pdf.blueprint
    )
    app.register_blueprint(health.blueprint)
    app.register_blueprint(open_data_pages.blueprint)
    app.register_blueprint(api.blueprint)
    tiles.init_app(app)
    reload.init_app(app, folder, dataset)
    pages = KeptPages(app.wsgi_app, app_state.state_of(app), any_host=bool(settings["PUBLIC_URL"]))
    whole = hosts.checked(app, pages, settings)
    app.wsgi_app = whole  # type: ignore[method-assign, assignment]
    return app
