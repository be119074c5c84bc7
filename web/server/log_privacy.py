"""What the logs say of an error: what went wrong and where, never what a visitor asked for.

The words that someone typed and the place where they are stand in the address, and may
stand in an error's own message too. So a record names the page, the lines of the program
and the kind of error; the rest is left out.
"""

import logging
import traceback

from flask import Flask, has_request_context, request

# The message of an error that Flask hadn't a chance to handle (`web.server.serve`).
OF_A_REQUEST = "Error while answering a request"


def withhold(record: logging.LogRecord) -> bool:
    """Remove from a record what came from a visitor; always true: nothing is dropped whole."""
    where = _where(record)
    if where and record.exc_info:
        record.msg, record.args = "Error while answering %s", (where,)
        record.exc_text = _lines(record.exc_info[1])
        record.exc_info = None
    return True


def init_app(app: Flask) -> None:
    """Remove it from all that the app logs."""
    app.logger.addFilter(withhold)


def _where(record: logging.LogRecord) -> str | None:
    """Return what was being answered, or None for an error outside of a request."""
    if has_request_context():
        return request.endpoint or "an unknown address"
    return "a request" if record.msg == OF_A_REQUEST else None


def _lines(error: BaseException | None) -> str:
    """Return the program's lines that led to an error, and to those behind it; no values."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines[:0] = [*traceback.format_tb(error.__traceback__), f"{type(error).__qualname__}\n"]
        error = error.__cause__ or error.__context__
    return "".join(lines).rstrip()
