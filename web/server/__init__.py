"""Between the socket and the pages: cache, limits, logs, and the life of the process."""

from flask import Flask

from web.server import (
    bodies,
    cache_headers,
    health,
    hosts,
    log,
    log_privacy,
    rate_limits,
    security,
)


def init_app(app: Flask) -> None:
    """Set up logs, headers and limits; of these, what is registered first changes a response last.

    `page_cache` and `reload` come after all pages: they need the whole app.
    """
    for module in (log, log_privacy, security, hosts, bodies, rate_limits, cache_headers):
        module.init_app(app)
    app.register_blueprint(health.blueprint)
