"""What our server is compared with: the same server, another WSGI app."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from app import create_app
from web.maps import map_parts

PAGES = {
    "home": "/",
    "quartiere": "/quartieri/malpensata/",
    "near me": "/vicino?lon=9.67&lat=45.69",
}
# What browsers say that they take.
ENCODINGS = "gzip, deflate, br, zstd"


def map_each_time() -> Flask:
    """Make the app that keeps no answers, and builds each page's Folium map anew."""
    app = create_app()
    pages = app.wsgi_app._app

    def answer(asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        map_parts._folium_of.cache_clear()
        return pages(asked, start)

    app.wsgi_app = answer
    return app


def bare() -> Flask:
    """Make an app that asks nothing of Flask: our bytes, at once, by nothing but the address."""
    app = create_app()
    client = app.test_client()
    pages = {}
    for page in PAGES.values():
        answer = client.get(page, headers={"Accept-Encoding": ENCODINGS})
        pages[page] = answer.status, list(answer.headers), answer.data
        seen = {"Accept-Encoding": ENCODINGS, "If-None-Match": answer.headers["ETag"]}
        again = client.get(page, headers=seen)
        pages[page, "seen"] = again.status, list(again.headers), again.data

    def send(asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        query = asked["QUERY_STRING"]
        page = asked["PATH_INFO"] + ("?" + query if query else "")
        key = (page, "seen") if "HTTP_IF_NONE_MATCH" in asked else page
        status, headers, body = pages.get(key) or ("404 NOT FOUND", [], b"")
        start(status, headers)
        return [body]

    send.at_once = send
    app.wsgi_app = send
    return app
