"""How long answers may be kept: browsers ask each time, and get 304 if nothing changed."""

from flask import Flask, Response, request
from flask_compress import Compress

from web.server.page_cache import may_be_cached
from web.site.hashed_content import CHECK_EACH_TIME, FOREVER

_PAGES = {"text/html", "application/json"}
# What else is text made of the data, or an asset.
_CACHED = _PAGES | {
    "application/atom+xml",
    "application/geo+json",
    "application/ld+json",
    "application/manifest+json",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/javascript",
    "text/plain",
    "text/turtle",
}


def init_app(app: Flask) -> None:
    """Set the headers, and declare what may be cached; all else is compressed for each request."""
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_REGISTER=False)
    compress = Compress(app)

    @app.after_request
    def cache_or_compress(response: Response) -> Response:
        if response.status_code == 200 and _is_asset():
            response.headers["Cache-Control"] = FOREVER
        elif response.status_code == 200 and response.mimetype in _PAGES:
            response.headers.setdefault("Cache-Control", CHECK_EACH_TIME)
        if _is_for_everyone(response) and may_be_cached():
            response.direct_passthrough = False
            return response
        return compress.after_request(response)


def _is_asset() -> bool:
    """Tell whether the request is for an asset, whose name changes with its content."""
    return request.endpoint == "static" and request.path.startswith("/static/dist/")


def _is_for_everyone(response: Response) -> bool:
    """Tell whether an answer is the same for everyone who requests this address."""
    control = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and request.method == "GET"
        and response.mimetype in _CACHED
        and "no-store" not in control
        and "attachment" not in response.headers.get("Content-Disposition", "")
        and not response.vary
    )
