"""What our app is compared with, on the same server: `python -m bench.served_apps bare`."""

import sys
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from app import create_app
from web.maps import map_parts
from web.server.serve import serve

PAGES = {
    "home": "/",
    "quartiere": "/quartieri/malpensata/",
    "near me": "/vicino?lon=9.67&lat=45.69",
}
# What browsers say that they take.
ENCODINGS = "gzip, deflate, br, zstd"


def map_each_time() -> Flask:
    """Make the app without its page cache, which builds each page's Folium map anew."""
    app = create_app()
    flask = app.wsgi_app.app

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        map_parts.rendered_map.cache_clear()
        return flask(environ, start)

    app.wsgi_app = answer
    return app


def bare() -> Flask:
    """Make an app without Flask: our bytes, found by nothing but the address."""
    app = create_app()
    client = app.test_client()
    pages = {}
    for page in PAGES.values():
        answer = client.get(page, headers={"Accept-Encoding": ENCODINGS})
        pages[page] = answer.status, list(answer.headers), answer.data
        seen = {"Accept-Encoding": ENCODINGS, "If-None-Match": answer.headers["ETag"]}
        again = client.get(page, headers=seen)
        pages[page, "seen"] = again.status, list(again.headers), again.data

    def send(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        query = environ["QUERY_STRING"]
        page = environ["PATH_INFO"] + ("?" + query if query else "")
        key = (page, "seen") if "HTTP_IF_NONE_MATCH" in environ else page
        status, headers, body = pages.get(key) or ("404 NOT FOUND", [], b"")
        start(status, headers)
        return [body]

    app.wsgi_app = send
    return app


if __name__ == "__main__":
    serve({"map_each_time": map_each_time, "bare": bare}[sys.argv[1]])
