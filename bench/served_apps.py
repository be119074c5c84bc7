"""What our server is compared with: the same server, another WSGI app."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app import create_app
from web import maps

PAGES = {
    "home": "/",
    "quartiere": "/quartieri/malpensata/",
    "near me": "/vicino?lon=9.67&lat=45.69",
}
# What browsers say that they take.
ENCODINGS = "gzip, deflate, br, zstd"


def map_each_time() -> WSGIApplication:
    """Make the app that keeps no answers, and builds each page's Folium map anew."""
    pages = create_app().wsgi_app._app

    def answer(asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        maps._folium_of.cache_clear()
        return pages(asked, start)

    return answer


def bare() -> WSGIApplication:
    """Make an app without Flask: our bytes for each page, nothing looked at but the address."""
    client = create_app().test_client()
    pages = {}
    for page in PAGES.values():
        answer = client.get(page, headers={"Accept-Encoding": ENCODINGS})
        assert answer.status_code == 200
        pages[page] = (list(answer.headers), answer.data)

    def send(asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        query = asked["QUERY_STRING"]
        headers, body = pages[asked["PATH_INFO"] + ("?" + query if query else "")]
        if "HTTP_IF_NONE_MATCH" in asked:
            start("304 NOT MODIFIED", headers)
            return []
        start("200 OK", headers)
        return [body]

    return send
