"""Answers that are made once and sent many times, before Flask is asked.

What depends on the data, the day and the address alone is rendered at its first request,
compressed once, and kept in memory until the data change, the day ends, or newer answers
need the room. It goes out with a strong ETag: who has it already gets 304.
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
from flask import request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.wrappers import Response

# Bytes of compressed answers that one process keeps: every page of a city in three languages.
ROOM = 32_000_000
# An answer larger than this is a file to take away, not a page.
LARGEST = 2_000_000
# In the environment of a request: a list that isn't empty any more if its answer may be kept.
_MARK = "quartieri.may_be_kept"
# What a cached answer says anew each time, or what belongs to the bytes that were compressed.
_OWN = {"content-length", "content-encoding", "etag", "vary"}
# What 304 repeats; the rest the client has kept with the bytes (RFC 9110, 15.4.5).
_WITH_304 = {"cache-control", "content-location", "expires"}
_ENCODINGS = ("br", "gzip", "identity")
# What is asked for again and again is worth the time of packing it as small as can be.
_BROTLI_PAGE, _BROTLI_FOREVER = 5, 11
# What of a request makes two answers two.
_ADDRESS: tuple[str, ...] = ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
_HOST = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme")
Headers = list[tuple[str, str]]


def may_be_kept() -> None:
    """Tell `KeptPages` that this answer depends on nothing but the data, the day, the address."""
    # Whoever asks Flask without KeptPages has no list there.
    request.environ.setdefault(_MARK, []).append(True)


class _Sent(NamedTuple):
    """An answer in one encoding, ready to send; the body only if it is kept in that encoding."""

    etag: str
    headers: Headers
    headers_of_304: Headers
    body: bytes | None


class Kept:
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
        # Few ask for it plain: that isn't worth keeping it a third time.
        bodies = {"br": (br, len(br)), "gzip": (self._gzip, len(self._gzip))}
        bodies["identity"] = (None, len(body))
        self._sent = {
            encoding: _sent(own, f'"{digest}-{encoding}"', encoding, *bodies[encoding])
            for encoding in _ENCODINGS
        }
        # How many bytes of memory it takes, about.
        self.size = len(br) + len(self._gzip) + 2000

    def answer(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Send it in the best encoding that the client takes, or 304 if the client has it."""
        sent = self._sent[_best_encoding(asked.get("HTTP_ACCEPT_ENCODING", ""))]
        seen = asked.get("HTTP_IF_NONE_MATCH")
        # The server may change the list that it gets.
        if seen and _has(seen, sent.etag):
            start("304 NOT MODIFIED", sent.headers_of_304.copy())
            return []
        start("200 OK", sent.headers.copy())
        if asked["REQUEST_METHOD"] == "HEAD":
            return []
        return [gzip.decompress(self._gzip) if sent.body is None else sent.body]


def _sent(own: Headers, etag: str, encoding: str, body: bytes | None, length: int) -> _Sent:
    tags = [("ETag", etag), ("Vary", "Accept-Encoding")]
    headers = [*own, *tags, ("Content-Length", str(length))]
    if encoding != "identity":
        headers.append(("Content-Encoding", encoding))
    repeated = [each for each in own if each[0].lower() in _WITH_304]
    return _Sent(etag, headers, [*repeated, *tags], body)


class _Shelf(NamedTuple):
    """The answers that were made in one state, the longest unasked first."""

    state: Hashable
    kept: OrderedDict[tuple[str | None, ...], Kept]


class KeptPages:
    """The WSGI app before Flask's: answers from memory, or asks Flask and remembers.

    `state`: whatever the answers depend on besides the address; when it isn't the same any
    more, nothing of before is sent. `any_host`: whether answers are the same whatever host
    was asked.
    """

    def __init__(
        self,
        app: WSGIApplication,
        state: Callable[[], Hashable],
        *,
        any_host: bool,
        room: int = ROOM,
    ) -> None:
        self._app = app
        self._state = state
        self._room = room
        self._names = _ADDRESS if any_host else _ADDRESS + _HOST
        # Held to write only: reading a shelf needs none.
        self._lock = threading.Lock()
        self._shelf = _Shelf(None, OrderedDict())
        self._size = 0

    def __call__(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request, from memory if it can be."""
        if asked["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(asked, start)
        state, key = self._state(), self._key(asked)
        kept = self._find(state, key)
        if kept is not None:
            return kept.answer(asked, start)
        inner = {**asked, "REQUEST_METHOD": "GET", _MARK: []}
        response = Response.from_app(self._app, inner)
        if not inner[_MARK] or len(response.get_data()) > LARGEST:
            return response(asked, start)
        kept = Kept(response)
        response.close()
        # Data that came in meanwhile may have made it in part: then it isn't kept.
        if self._state() == state:
            self._keep(state, key, kept)
        return kept.answer(asked, start)

    def at_once(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes] | None:
        """Answer a GET or HEAD from memory; None, and nothing started, if it must be made."""
        kept = self._find(self._state(), self._key(asked))
        return None if kept is None else kept.answer(asked, start)

    def _key(self, asked: WSGIEnvironment) -> tuple[str | None, ...]:
        return tuple(map(asked.get, self._names))

    def _find(self, state: Hashable, key: tuple[str | None, ...]) -> Kept | None:
        shelf = self._shelf
        if state != shelf.state:
            return None
        kept = shelf.kept.get(key)
        if kept is not None:
            # Meanwhile it may have given way to another.
            with suppress(KeyError):
                shelf.kept.move_to_end(key)
        return kept

    def _keep(self, state: Hashable, key: tuple[str | None, ...], kept: Kept) -> None:
        with self._lock:
            if state != self._shelf.state:
                self._shelf, self._size = _Shelf(state, OrderedDict()), 0
            shelf = self._shelf.kept
            if key not in shelf:
                shelf[key] = kept
                self._size += kept.size
            while self._size > self._room:
                self._size -= shelf.popitem(last=False)[1].size


@lru_cache(maxsize=256)
def _best_encoding(accepted: str) -> str:
    accept = parse_accept_header(accepted, Accept)
    return accept.best_match(_ENCODINGS, default="identity") or "identity"


def _has(if_none_match: str, etag: str) -> bool:
    return if_none_match == etag or parse_etags(if_none_match).contains_weak(etag.strip('"'))
