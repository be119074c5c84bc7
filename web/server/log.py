"""The log: each event on a line of its own, whatever requests and data contain."""

import logging

from flask import Flask
from flask.logging import default_handler


class OneLine(logging.Formatter):
    r"""Writes an event on one line, its traceback too: line breaks and controls as \n, \x1b.

    Text from a request may be in it: it can't begin another line, or control a terminal.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as one line."""
        return "".join(
            each if each.isprintable() else each.encode("unicode_escape").decode()
            for each in super().format(record)
        )


# The server's own log, for `logging.config`: what goes wrong, and no log of requests.
GRANIAN_LOG = {
    "formatters": {
        "one_line": {"()": OneLine, "fmt": "[%(asctime)s] %(levelname)s in granian: %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "one_line"}},
    "loggers": {
        "_granian": {"handlers": ["stderr"], "propagate": False},
        "granian.access": {"handlers": [], "propagate": False},
    },
}


def init_app(app: Flask) -> None:
    """Write what the app and the libraries that it uses log in this form."""
    default_handler.setFormatter(OneLine("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))
    app.logger.addHandler(default_handler)
    # Records that no logger handles are written by this handler, without a format otherwise.
    if logging.lastResort:
        logging.lastResort.setFormatter(OneLine("%(levelname)s in %(name)s: %(message)s"))
