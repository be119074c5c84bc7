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
from dataclasses import dataclass
from functools import lru_cache
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
_ENCODINGS = ("br", "gzip", "identity")
# What is asked for again and again is worth the time of packing it as small as can be.
_BROTLI_PAGE, _BROTLI_FOREVER = 5, 11


def may_be_kept() -> None:
    """Tell `KeptPages` that this answer depends on nothing but the data, the day, the address."""
    # Whoever asks Flask without KeptPages has no list there.
    request.environ.setdefault(_MARK, []).append(True)


@dataclass(frozen=True)
class Kept:
    """An answer, ready to send: its headers, and its body compressed in two ways."""

    digest: str
    headers: tuple[tuple[str, str], ...]
    bodies: dict[str, bytes]

    @classmethod
    def of(cls, response: Response) -> "Kept":
        """Compress an answer whose body is whole and plain."""
        body = response.get_data()
        forever = "immutable" in response.headers.get("Cache-Control", "")
        return cls(
            hashlib.sha256(body).hexdigest()[:16],
            tuple((name, value) for name, value in response.headers if name.lower() not in _OWN),
            {
                "br": brotli.compress(body, quality=_BROTLI_FOREVER if forever else _BROTLI_PAGE),
                "gzip": gzip.compress(body, 9 if forever else 6, mtime=0),
            },
        )

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, about."""
        return sum(map(len, self.bodies.values())) + 1000

    def answer(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Send it in the best encoding that the client takes, or 304 if the client has it."""
        encoding = _best_encoding(asked.get("HTTP_ACCEPT_ENCODING", ""))
        etag = f"{self.digest}-{encoding}"
        headers = [*self.headers, ("ETag", f'"{etag}"'), ("Vary", "Accept-Encoding")]
        if _has(asked.get("HTTP_IF_NONE_MATCH"), etag):
            start("304 NOT MODIFIED", [each for each in headers if each[0] != "Content-Type"])
            return []
        body = self._body(encoding)
        headers.append(("Content-Length", str(len(body))))
        if encoding != "identity":
            headers.append(("Content-Encoding", encoding))
        start("200 OK", headers)
        return [] if asked["REQUEST_METHOD"] == "HEAD" else [body]

    def _body(self, encoding: str) -> bytes:
        # Few ask for it plain: that isn't worth keeping it a third time.
        return (
            gzip.decompress(self.bodies["gzip"])
            if encoding == "identity"
            else self.bodies[encoding]
        )


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
        self._any_host = any_host
        self._room = room
        self._lock = threading.Lock()
        self._of: Hashable = None
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._size = 0

    def __call__(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
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
        kept = Kept.of(response)
        response.close()
        # Data that came in meanwhile may have made it in part: then it isn't kept.
        if self._state() == state:
            self._keep(state, key, kept)
        return kept.answer(asked, start)

    def _key(self, asked: WSGIEnvironment) -> tuple[str, ...]:
        names = ["SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"]
        if not self._any_host:
            names += ["HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme"]
        return tuple(asked.get(name, "") for name in names)

    def _find(self, state: Hashable, key: tuple[str, ...]) -> Kept | None:
        with self._lock:
            if state != self._of:
                return None
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def _keep(self, state: Hashable, key: tuple[str, ...], kept: Kept) -> None:
        with self._lock:
            if state != self._of:
                self._kept.clear()
                self._of, self._size = state, 0
            if key not in self._kept:
                self._kept[key] = kept
                self._size += kept.size
            while self._size > self._room:
                self._size -= self._kept.popitem(last=False)[1].size


@lru_cache(maxsize=256)
def _best_encoding(accepted: str) -> str:
    accept = parse_accept_header(accepted, Accept)
    return accept.best_match(_ENCODINGS, default="identity") or "identity"


def _has(if_none_match: str | None, etag: str) -> bool:
    return bool(if_none_match) and parse_etags(if_none_match).contains_weak(etag)
