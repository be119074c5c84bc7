"""New data while the app runs: read and checked in the background, then served at once.

A thread in each worker looks at the source of the data now and then, or on a signal. Good data
take the place of the old ones between two requests; bad ones are reported in the log and under
/salute, and the old data stay. The version before the last one is held too, for the map layers
of pages that were made from it.
"""

import threading
import time
import weakref
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import Flask, current_app, g
from werkzeug.exceptions import InternalServerError

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.model.source import DataSource
from web.site import app_state
from web.site.app_state import Site, site
from web.site.i18n import LANGUAGES, url

EXTENSION = "quartieri_reload"
# New data are read once they haven't changed for so long (seconds), or after so many looks.
REST, LOOKS = 0.3, 10
# What /salute and the log show of bad data; `python -m geo check` shows all.
_SHOWN_PROBLEMS, _SHOWN_CHARACTERS, _LOGGED_PROBLEMS = 5, 300, 20


@dataclass(frozen=True)
class Refused:
    """Data that couldn't be used: since when, and why, in lines for people."""

    when: datetime
    problems: tuple[str, ...]


class Reload:
    """Keeps the data of an app in step with their source; one for each worker.

    `served`: the source's version that the app serves at first.
    """

    def __init__(self, app: Flask, source: DataSource, served: Hashable) -> None:
        self.previous: Site | None = None
        self.refused: Refused | None = None
        self.read_at = _now()
        self._app = app
        self._source = source
        self._seen = served
        self._lock = threading.Lock()
        self._wake = threading.Event()
        # The thread ends with the app: while it waits it holds no reference to it.
        weakref.finalize(self, self._wake.set).atexit = False
        arguments = (weakref.ref(self), self._wake, app.config["RELOAD_SECONDS"])
        self.thread = threading.Thread(target=_watch, args=arguments, name="reload", daemon=True)
        self.thread.start()

    def wake(self) -> None:
        """Look for new data now, in the background."""
        self._wake.set()

    def look(self) -> None:
        """Look for new data, and serve them; never raises."""
        with self._reporting():
            if self._source.version() == self._seen:
                return
            with self._lock:
                # Another thread may have been quicker.
                version = self._settled_version()
                if version != self._seen:
                    try:
                        self._take(self._source.load())
                    finally:
                        # Only now: until then others who look wait for the lock.
                        self._seen = version

    def try_out(self, newer: Site | None = None) -> None:
        """Make the first page in each language, from new data if given; an error if it fails.

        Whatever it needs is then ready when visitors come.
        """
        for language in LANGUAGES:
            with self._app.test_request_context():
                page = url("home.home", language)
            with self._app.test_request_context(page):
                g.site = newer or self._current()
                if self._app.full_dispatch_request().status_code >= 500:
                    raise InternalServerError

    def _settled_version(self) -> Hashable:
        """Return the source's version once nobody writes to it any more."""
        version = self._source.version()
        for _ in range(LOOKS):
            time.sleep(REST)
            before, version = version, self._source.version()
            if version == before:
                break
        return version

    def _take(self, dataset: Dataset) -> None:
        current = self._current()
        if dataset.fingerprint != current.dataset.fingerprint:
            newer = Site(dataset, current.assets)
            self.try_out(newer)
            self.previous = current
            self._app.extensions[app_state.EXTENSION] = newer
            self.read_at = _now()
            self._app.logger.warning("New data are served, version %s", dataset.version)
        self.refused = None

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """Keep the data that are served when new ones can't be, and report why."""
        try:
            yield
        except DataError as error:
            self._refuse([str(problem) for problem in error.problems])
        except OSError as error:
            self._refuse([f"The data can't be read ({error.strerror}). Check the rights"])
        except Exception as error:
            self._app.logger.exception("Reading new data failed")
            self._refuse([f"An error of the program ({type(error).__name__}): see the log"])

    def _refuse(self, problems: list[str]) -> None:
        self.refused = Refused(_now(), tuple(problems))
        version = self._current().dataset.version
        heading = f"The data have changed and can't be used; version {version} stays:"
        more = len(problems) - _LOGGED_PROBLEMS
        rest = [f"… and {more} more: see `python -m geo check`"] if more > 0 else []
        lines = [heading, *problems[:_LOGGED_PROBLEMS], *rest]
        self._app.logger.warning("%s", "\n  - ".join(lines))

    def _current(self) -> Site:
        return cast("Site", self._app.extensions[app_state.EXTENSION])


def init_app(app: Flask, source: DataSource, served: Hashable) -> None:
    """Keep the app's data in step with their source, of which it serves the version `served`."""
    app.extensions[EXTENSION] = Reload(app, source, served)


def reload_of_app() -> Reload:
    """Return what keeps the running app's data in step."""
    return cast("Reload", current_app.extensions[EXTENSION])


def report() -> dict[str, object]:
    """Return what /salute says of the data: version, since when, and what was refused."""
    reload = reload_of_app()
    refused = reload.refused
    return {
        "version": site().dataset.version,
        "read_at": _text(reload.read_at),
        "refused": refused
        and {
            "when": _text(refused.when),
            "count": len(refused.problems),
            "problems": [line[:_SHOWN_CHARACTERS] for line in refused.problems[:_SHOWN_PROBLEMS]],
        },
    }


def until_next_look(seconds: int) -> float | None:
    """Return how long (seconds) to wait for the next look, None for ever.

    All workers look at the same moments, so that they change over together.
    """
    return seconds - time.time() % seconds if seconds else None


def _watch(of: "weakref.ref[Reload]", wake: threading.Event, seconds: int) -> None:
    while True:
        wake.wait(until_next_look(seconds))
        wake.clear()
        reload = of()
        if reload is None:
            return
        reload.look()
        del reload


def _now() -> datetime:
    return datetime.now(UTC)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
