"""How long browsers may keep a page: they ask each time, and get 304 if nothing changed."""

from flask import Flask, Response, request

from web.rendered import CHECK_EACH_TIME

_CHECKED = {"text/html", "application/json"}


def init_app(app: Flask) -> None:
    """Give pages and JSON an ETag; after compression, so register this after Flask-Compress."""

    @app.after_request
    def add_etag(response: Response) -> Response:
        is_page = response.status_code == 200 and response.mimetype in _CHECKED
        if is_page and request.method in {"GET", "HEAD"}:
            response.headers.setdefault("Cache-Control", CHECK_EACH_TIME)
            response.add_etag()
            response.make_conditional(request)
        return response
