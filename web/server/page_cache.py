"""The page cache: answers that are made once and sent many times, before Flask is called.

What depends on the data, the day and the address alone is rendered at its first request,
compressed once, and kept in memory until the data change, the day ends, or newer answers
need the room. It is sent with a strong ETag: who has it already gets 304.
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import brotli
from flask import Flask, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.wrappers import Response

from web.site.app_state import state_of

# Bytes of compressed answers that one process keeps: every page of a city in three languages.
ROOM = 32_000_000
# An answer larger than this is a file to download, not a page.
LARGEST = 2_000_000
# In the environment of a request that the cache passes on: a list, not empty once the answer may
# be kept.
_MARK = "quartieri.cacheable"
# Headers that each answer gets anew, or that belong to the bytes as they were compressed.
_OWN = {"content-length", "content-encoding", "etag", "vary"}
# What 304 repeats; the rest the client has kept with the bytes (RFC 9110, 15.4.5).
_WITH_304 = {"cache-control", "content-location", "expires"}
_ENCODINGS = ("br", "gzip", "identity")
# What is sent again and again is worth the time of making it as small as can be.
_BROTLI_PAGE, _BROTLI_FOREVER = 5, 11
# What of a request makes two answers two. The host too: Flask refuses some.
_KEY = ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "wsgi.url_scheme")
_SERVER = ("SERVER_NAME", "SERVER_PORT")
Headers = list[tuple[str, str]]
Key = tuple[str | None, ...]


def may_be_cached() -> bool:
    """Declare that this answer depends on nothing but the data, the day, and the address.

    Returns whether a cache keeps it, and so compresses it and gives it an ETag.
    """
    mark = request.environ.get(_MARK)
    if mark is None:
        return False
    mark.append(True)
    return True


class _Encoded(NamedTuple):
    """An answer in one encoding, ready to send; the body only if it is kept in that encoding."""

    etag: str
    headers: Headers
    headers_of_304: Headers
    body: bytes | None


class CachedAnswer:
    """An answer, ready to send: its headers, and its body compressed in two ways."""

    def __init__(self, response: Response) -> None:
        """Compress an answer whose body is whole and plain."""
        body = response.get_data()
        own = [(name, value) for name, value in response.headers if name.lower() not in _OWN]
        forever = "immutable" in response.headers.get("Cache-Control", "")
        br = brotli.compress(body, quality=_BROTLI_FOREVER if forever else _BROTLI_PAGE)
        self._gzip = gzip.compress(body, 9 if forever else 6, mtime=0)
        # The headers count, too: 304 doesn't repeat them.
        digest = hashlib.sha256(repr(own).encode() + body).hexdigest()[:16]
        # Few clients take it plain only: that isn't worth keeping it a third time.
        bodies = {"br": (br, len(br)), "gzip": (self._gzip, len(self._gzip))}
        bodies["identity"] = (None, len(body))
        self._encoded = {
            encoding: _encoded(own, f'"{digest}-{encoding}"', encoding, *bodies[encoding])
            for encoding in _ENCODINGS
        }
        # How many bytes of memory it takes, about.
        self.size = len(br) + len(self._gzip) + 2000

    def send(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Send it in the best encoding that the client takes, or 304 if the client has it."""
        encoded = self._encoded[_best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        seen = environ.get("HTTP_IF_NONE_MATCH")
        # The server may change the list that it gets.
        if seen and _has(seen, encoded.etag):
            start("304 NOT MODIFIED", encoded.headers_of_304.copy())
            return []
        start("200 OK", encoded.headers.copy())
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return [gzip.decompress(self._gzip) if encoded.body is None else encoded.body]


def _encoded(own: Headers, etag: str, encoding: str, body: bytes | None, length: int) -> _Encoded:
    tags = [("ETag", etag), ("Vary", "Accept-Encoding")]
    headers = [*own, *tags, ("Content-Length", str(length))]
    if encoding != "identity":
        headers.append(("Content-Encoding", encoding))
    repeated = [each for each in own if each[0].lower() in _WITH_304]
    return _Encoded(etag, headers, [*repeated, *tags], body)


class _Shelf(NamedTuple):
    """The answers that were made in one state, the least recently used first."""

    state: Hashable
    answers: OrderedDict[Key, CachedAnswer]


def init_app(app: Flask) -> None:
    """Answer from memory what can be: after everything else has been set up."""
    cache = PageCache(app.wsgi_app, state_of(app), app.config["SESSION_COOKIE_NAME"])
    app.wsgi_app = cache  # type: ignore[method-assign, assignment]


class PageCache:
    """A WSGI app before Flask's: answers from memory, or calls Flask and keeps its answer.

    `state`: whatever the answers depend on besides the address; when it changes, nothing of
    before is sent. `session_cookie`: who sends this cookie is no anonymous visitor; their
    requests go to Flask, and the answers aren't kept.
    """

    def __init__(
        self,
        app: WSGIApplication,
        state: Callable[[], Hashable],
        session_cookie: str = "session",
        room: int = ROOM,
    ) -> None:
        self.app = app
        self.room = room
        self._state = state
        self._session = f"{session_cookie}="
        # Held to write only: reading a shelf needs none.
        self._lock = threading.Lock()
        self._shelf = _Shelf(None, OrderedDict())
        self._size = 0

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request, from memory if it can be."""
        if not self._is_for_everyone(environ):
            return self.app(environ, start)
        state, key = self._state(), _key(environ)
        cached = self._find(state, key)
        if cached is not None:
            return cached.send(environ, start)
        inner = {**environ, "REQUEST_METHOD": "GET", _MARK: []}
        response = Response.from_app(self.app, inner)
        if not inner[_MARK] or len(response.get_data()) > LARGEST:
            return response(environ, start)
        cached = CachedAnswer(response)
        response.close()
        # Data that came in meanwhile may have made it in part: then it isn't kept.
        if self._state() == state:
            self._keep(state, key, cached)
        return cached.send(environ, start)

    def usage(self) -> tuple[int, int]:
        """Return how many answers are kept, and how many bytes of memory they take."""
        return len(self._shelf.answers), self._size

    def _is_for_everyone(self, environ: WSGIEnvironment) -> bool:
        """Tell whether a request reads, has no body, and is of no session."""
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and environ.get("CONTENT_LENGTH") in (None, "", "0")
            and "HTTP_TRANSFER_ENCODING" not in environ
            and self._session not in environ.get("HTTP_COOKIE", "")
        )

    def _find(self, state: Hashable, key: Key) -> CachedAnswer | None:
        shelf = self._shelf
        if state != shelf.state:
            return None
        cached = shelf.answers.get(key)
        if cached is not None:
            # Meanwhile it may have given way to another.
            with suppress(KeyError):
                shelf.answers.move_to_end(key)
        return cached

    def _keep(self, state: Hashable, key: Key, answer: CachedAnswer) -> None:
        with self._lock:
            if state != self._shelf.state:
                self._shelf, self._size = _Shelf(state, OrderedDict()), 0
            answers = self._shelf.answers
            if key not in answers:
                answers[key] = answer
                self._size += answer.size
            while self._size > self.room:
                self._size -= answers.popitem(last=False)[1].size


def _key(environ: WSGIEnvironment) -> Key:
    # Without a Host (HTTP/1.0) links name the server's own address.
    names = _KEY if environ.get("HTTP_HOST") else _KEY + _SERVER
    return tuple(map(environ.get, names))


@lru_cache(maxsize=256)
def _best_encoding(accepted: str) -> str:
    accept = parse_accept_header(accepted, Accept)
    return accept.best_match(_ENCODINGS, default="identity") or "identity"


def _has(if_none_match: str, etag: str) -> bool:
    return if_none_match == etag or parse_etags(if_none_match).contains_weak(etag.strip('"'))
