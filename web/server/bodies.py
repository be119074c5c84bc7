"""The bodies of requests: refused unread, but where a route takes one.

The server hands a body over as it comes in, and has no deadline for it: a thread that reads one
waits as long as the client likes. So the few routes that take a body say how large it may be. It is
read before they are called: whole, only a few at a time, so that threads are left for everyone
else, and until a deadline. A client that falls silent holds its place until it leaves; behind
nginx none can, as nginx hands on whole bodies only.
"""

import io
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

# How large a body may be where none is expected (bytes); it isn't read.
LARGEST_BODY = 1024
# How long a body may take (seconds), and how many one worker reads at a time: half its threads.
READ_S, READERS = 10.0, 4

View = TypeVar("View", bound=Callable[..., Any])


def takes_body(limit: int) -> Callable[[View], View]:
    """Let a route take bodies of at most `limit` bytes, whose length the request gives."""

    def mark(view: View) -> View:
        view.largest_body = limit  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask) -> None:
    """Refuse bodies that are too large (413) or of unknown length (411), and read the others."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    free_readers = threading.BoundedSemaphore(READERS)

    @app.before_request
    def check_body() -> None:
        if "Transfer-Encoding" in request.headers:
            abort(411)
        view = current_app.view_functions.get(request.endpoint or "")
        limit = getattr(view, "largest_body", None)
        if (request.content_length or 0) > (limit or LARGEST_BODY):
            abort(413)
        if limit and request.content_length:
            request.max_content_length = limit
            if not free_readers.acquire(blocking=False):
                abort(503)
            try:
                _read_body(request.content_length)
            finally:
                free_readers.release()


def _read_body(length: int) -> None:
    """Read the body of the request; 408 if it isn't whole by the deadline, 400 if it ends early."""
    stream, body = request.environ["wsgi.input"], bytearray()
    deadline = time.monotonic() + READ_S
    # The stream waits until it has as much as it is asked for: small pieces notice the deadline.
    piece = length // 4096 + 1
    while len(body) < length:
        part = stream.read(min(piece, length - len(body)))
        if not part:
            abort(400)
        if time.monotonic() > deadline:
            abort(408)
        body += part
    request.environ["wsgi.input"] = io.BytesIO(body)
