"""Asking another server without depending on it: few at a time, not for long, not for much.

A visitor waits for what another server says. If that one is slow, or says more than it
should, few threads wait with them, and soon nobody asks it for a while.
"""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import requests
from requests.adapters import HTTPAdapter

# How many questions are open at once in a process: half of its threads.
SLOTS = 2
# How long (seconds) a question waits for one of them, as long as answers come this quickly.
PATIENCE = 0.5
# How long (seconds) to wait for a connection, for the next bytes, and for an answer in all.
TIMEOUT = (1.5, 2.0)
LONGEST = 3.0
# After a failure the other server is left alone for so long (seconds).
PAUSE = 60.0
_TOO_MANY = 429
_PART = 16_384


class UpstreamError(requests.ConnectionError):
    """The other server isn't asked, or its answer isn't waited for any longer."""


class BoundedAdapter(HTTPAdapter):
    """What a session asks a server through: bounded in number, time and size (bytes)."""

    def __init__(self, largest: int) -> None:
        super().__init__(pool_maxsize=SLOTS)
        self._largest = largest
        self._slots = threading.BoundedSemaphore(SLOTS)
        self._took = 0.0
        self._rests_until = 0.0

    @property
    def rests(self) -> bool:
        """Whether the server has failed and is left alone."""
        return time.monotonic() < self._rests_until

    def send(self, request: requests.PreparedRequest, **asked: Any) -> requests.Response:  # type: ignore[override]
        """Return the whole answer; UpstreamError or another RequestException if there is none."""
        if self.rests:
            raise UpstreamError("it has failed a short while ago")
        # Where answers come slowly, waiting in turn would hold up everyone.
        if not self._slots.acquire(timeout=PATIENCE if self._took < PATIENCE else 0):
            raise UpstreamError("others are asking it")
        try:
            answer = self._waited_for(self._asked(request, asked))
        except requests.RequestException:
            self.leave_alone()
            raise
        # A redirection, too: who asks through this follows none.
        if answer.status_code >= 500 or answer.status_code == _TOO_MANY or answer.is_redirect:
            self.leave_alone()
        return answer

    def leave_alone(self) -> None:
        """Ask nothing of the server for a while."""
        self._rests_until = time.monotonic() + PAUSE

    def _asked(
        self, request: requests.PreparedRequest, asked: Mapping[str, Any]
    ) -> "Future[requests.Response]":
        """Ask in a thread of its own, which has a slot for as long as it takes."""
        future: Future[requests.Response] = Future()

        def ask() -> None:
            start = time.monotonic()
            try:
                future.set_result(self._whole(request, asked, start + LONGEST))
            except Exception as error:  # noqa: BLE001 - whoever waits gets it
                future.set_exception(error)
            finally:
                self._took = time.monotonic() - start
                self._slots.release()

        threading.Thread(target=ask, name="upstream", daemon=True).start()
        return future

    def _waited_for(self, future: "Future[requests.Response]") -> requests.Response:
        # Looking up a name has no timeout, nor have headers that come byte by byte.
        try:
            return future.result(LONGEST)
        except TimeoutError:
            raise UpstreamError(f"no answer in {LONGEST:g} seconds") from None
        except requests.RequestException:
            raise
        except Exception as error:
            # What requests is built on has errors of its own while a body is read.
            raise UpstreamError(str(error)) from error

    def _whole(
        self, request: requests.PreparedRequest, asked: Mapping[str, Any], until: float
    ) -> requests.Response:
        answer = super().send(request, **{**asked, "stream": True, "timeout": TIMEOUT})
        try:
            answer._content = self._body(answer, until)
        finally:
            # Nothing more is read of what is too long or too late.
            answer.close()
        return answer

    def _body(self, answer: requests.Response, until: float) -> bytes:
        parts, size = [], 0
        while part := answer.raw.read1(_PART, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self._largest:
                raise UpstreamError(f"more than {self._largest} bytes")
            if time.monotonic() > until:
                raise UpstreamError(f"no whole answer in {LONGEST:g} seconds")
        return b"".join(parts)
