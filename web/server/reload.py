"""New data while the app runs: read and checked aside, then served at once.

A thread in each process looks at the data folder now and then, or when it is told to.
Good data take the place of the old ones between two requests; a broken folder is told
of, in the log and under /salute, and the old data stay. The data before the last ones
are held too, for the map layers of pages that were made from them.
"""

import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g
from werkzeug.exceptions import InternalServerError

from geo.base.errors import DataError, Problem
from geo.model.dataset import READ, Dataset, fingerprint
from geo.storage.snapshot import State, state
from web.server.shared_dataset import Handover
from web.site.app_state import Site, site
from web.site.i18n import LANGUAGES, url

EXTENSION = "quartieri_reload"
# A folder that has changed is read once it hasn't for so long (seconds), or after so many looks.
REST, LOOKS = 0.3, 10
# Processes that answer requests wait longer: they needn't read what the one before them has.
_REST_IN_CHILDREN = 3
# What /salute and the log tell of a broken folder; `python -m geo check` tells it all.
_TOLD_PROBLEMS, _TOLD_LETTERS, _LOGGED_PROBLEMS = 5, 300, 20


@dataclass(frozen=True)
class Refused:
    """A folder that couldn't be used: since when, and why, in lines for people."""

    when: datetime
    problems: tuple[str, ...]


class Reload:
    """What keeps an app's data in step with their folder; one per process."""

    def __init__(self, app: Flask, folder: Path, first: Dataset) -> None:
        self.previous: Site | None = None
        self.refused: Refused | None = None
        self.read_at = _now()
        self._app = app
        self._folder = folder
        self._seconds = int(app.config["RELOAD_SECONDS"])
        self._fingerprint = first.fingerprint
        self._seen: State | None = None
        self._lock = threading.Lock()
        self._handover = Handover()
        # Several processes read the same folder: the one that made the app tells of it.
        self._maker = os.getpid()
        self._start()
        _outlive_forks(weakref.ref(self))

    def wake(self) -> None:
        """Have the folder looked at now, in the background."""
        self._wake.set()

    def look(self) -> None:
        """Look at the folder, and serve what is new in it; never raises."""
        self.take_over()
        seen = state(self._folder, READ)
        if seen == self._seen:
            return
        seen = self._rested(seen)
        self.take_over()
        with self._lock:
            # Another thread may have been quicker.
            if seen != self._seen:
                self._seen = seen
                self._take()

    def take_over(self) -> None:
        """Serve what another process has read, if it has; never raises."""
        with self._lock, self._guarded(), self._handover.turn():
            read = self._handover.newer(self._fingerprint)
            if read is not None:
                # It was tried out where it was read.
                self._serve(Site(read, self._current().assets))

    def hold(self) -> None:
        """Wait until nothing is being read, and keep it so: for a fork."""
        self._lock.acquire()

    def let_go(self) -> None:
        """End `hold`."""
        self._lock.release()

    def go_on_in_child(self) -> None:
        """End `hold` in a new process, which has its own thread; it looks at once."""
        self._lock.release()
        self._start()
        self.wake()

    def _start(self) -> None:
        self._wake = threading.Event()
        # The thread ends with the app: it holds on to nothing of it while it waits.
        weakref.finalize(self, self._wake.set).atexit = False
        arguments = (weakref.ref(self), self._wake, self._seconds)
        self._thread = threading.Thread(target=_watch, args=arguments, name="reload", daemon=True)
        self._thread.start()

    def _rested(self, seen: State) -> State:
        """Return what the folder looks like once nobody writes to it any more."""
        rest = REST if os.getpid() == self._maker else _REST_IN_CHILDREN * REST
        for _ in range(LOOKS):
            time.sleep(rest)
            again = state(self._folder, READ)
            if again == seen:
                break
            seen = again
        return seen

    def _take(self) -> None:
        """Serve what is in the folder, and let the other processes have it."""
        with self._guarded(), self._handover.turn():
            if fingerprint(self._folder) == self._fingerprint:
                self.refused = None
                return
            newer = Site(Dataset.read(self._folder), self._current().assets)
            self._try_out(newer)
            self._serve(newer)
            self._handover.put(newer.dataset)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Keep the data that are there when new ones can't be served, and tell why."""
        try:
            yield
        except DataError as error:
            self._refuse([str(problem) for problem in error.problems])
        except OSError as error:
            what = f"can't be read ({error.strerror})"
            self._refuse([str(Problem(self._folder.name, "", what, "Check its files' rights"))])
        except Exception as error:
            self._app.logger.exception("Reading new data failed")
            self._refuse([f"An error of the program ({type(error).__name__}): see the log"])

    def _serve(self, newer: Site) -> None:
        self.previous = self._current()
        self._app.extensions["quartieri"] = newer
        self._fingerprint = newer.dataset.fingerprint
        self.refused, self.read_at = None, _now()
        self._tell(f"New data are served, version {newer.dataset.version}")

    def _try_out(self, newer: Site) -> None:
        """Make the first page from new data: what it needs is ready when visitors come."""
        for language in LANGUAGES:
            with self._app.test_request_context():
                page = url("home.home", language)
            with self._app.test_request_context(page):
                g.site = newer
                if self._app.full_dispatch_request().status_code >= 500:
                    raise InternalServerError

    def _refuse(self, problems: list[str]) -> None:
        # Where things lie on this machine is nobody's business.
        path = str(self._folder) if self._folder.is_absolute() else ""
        lines = tuple(line.replace(path, self._folder.name) if path else line for line in problems)
        self.refused = Refused(_now(), lines)
        version = self._current().dataset.version
        heading = f"The data folder has changed and can't be used; version {version} stays:"
        more = len(lines) - _LOGGED_PROBLEMS
        rest = [f"… and {more} more: see `python -m geo check`"] if more > 0 else []
        self._tell("\n  - ".join([heading, *lines[:_LOGGED_PROBLEMS], *rest]))

    def _tell(self, text: str) -> None:
        if os.getpid() == self._maker:
            self._app.logger.warning(text)

    def _current(self) -> Site:
        return cast("Site", self._app.extensions["quartieri"])


def init_app(app: Flask, folder: Path, first: Dataset) -> None:
    """Keep the app's data, first read as `first`, in step with their folder."""
    app.extensions[EXTENSION] = Reload(app, folder, first)


def told() -> dict[str, object]:
    """Return what /salute says of the data: version, since when, and what was refused."""
    reload = running()
    refused = reload.refused
    return {
        "version": site().dataset.version,
        "read_at": _text(reload.read_at),
        "refused": refused
        and {
            "when": _text(refused.when),
            "count": len(refused.problems),
            "problems": [line[:_TOLD_LETTERS] for line in refused.problems[:_TOLD_PROBLEMS]],
        },
    }


def running() -> Reload:
    """Return what keeps the running app's data in step."""
    return cast("Reload", current_app.extensions[EXTENSION])


def until_next_look(seconds: int) -> float | None:
    """Return how long (seconds) to wait for the next look, None for ever.

    All processes look at the same moments, so that they change over together.
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


def _outlive_forks(of: "weakref.ref[Reload]") -> None:
    """See to it that no process is forked in the middle of a read, and that children go on."""

    def with_reload(step: Callable[[Reload], None]) -> Callable[[], None]:
        def run() -> None:
            reload = of()
            if reload is not None:
                step(reload)

        return run

    os.register_at_fork(
        before=with_reload(Reload.hold),
        after_in_parent=with_reload(Reload.let_go),
        after_in_child=with_reload(Reload.go_on_in_child),
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
