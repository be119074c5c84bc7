"""What the logs say of an error: what went wrong and where, never what a visitor asked for.

The words that someone typed and the place where they are stand in the address, and may
stand in an error's own message too. So a record names the page, the lines of the program
and the kind of error; the rest is left out.
"""

import logging
import traceback

from flask import Flask, has_request_context, request

# How gunicorn begins what it says of a request.
_OF_GUNICORN = ("Error handling request", "Socket error processing request")


def withhold(record: logging.LogRecord) -> bool:
    """Take what a visitor gave out of a record; False if nothing else would be left."""
    # gunicorn names who sent a malformed request, and repeats it.
    if "ip=" in record.getMessage():
        return False
    where = _where(record)
    if where and record.exc_info:
        record.msg, record.args = "Error while answering %s", (where,)
        record.exc_text = _lines(record.exc_info[1])
        record.exc_info = None
    return True


def init_app(app: Flask) -> None:
    """Let the app's own log be as discreet."""
    app.logger.addFilter(withhold)


def _where(record: logging.LogRecord) -> str | None:
    """Return what was answered when it went wrong, or None for an error of no request."""
    if has_request_context():
        return request.endpoint or "an address that isn't there"
    return "a request" if str(record.msg).startswith(_OF_GUNICORN) else None


def _lines(error: BaseException | None) -> str:
    """Return the program's lines that led to an error, and to those behind it; no values."""
    told: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told[:0] = [*traceback.format_tb(error.__traceback__), f"{type(error).__qualname__}\n"]
        error = error.__cause__ or error.__context__
    return "".join(told).rstrip()
