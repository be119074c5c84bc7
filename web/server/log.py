"""The log: each event on a line of its own, whatever those who asked wrote."""

import logging

from flask import Flask
from flask.logging import default_handler


class OneLine(logging.Formatter):
    r"""Writes an event on one line, its traceback too: line breaks and controls as \n, \x1b.

    A request's words may be in it: none of them can begin another line, or steer a terminal.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as one line."""
        return "".join(
            each if each.isprintable() else each.encode("unicode_escape").decode()
            for each in super().format(record)
        )


def init_app(app: Flask) -> None:
    """Write what the app logs, and the libraries it uses, in this way."""
    default_handler.setFormatter(OneLine("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))
    app.logger.addHandler(default_handler)
    # What no logger takes care of goes there, without any form otherwise.
    if logging.lastResort:
        logging.lastResort.setFormatter(OneLine("%(levelname)s in %(name)s: %(message)s"))
