"""Requests to another server, bounded in number, time and size, so that nobody depends on it.

A visitor waits for the other server's response. If that server is slow, or sends too much, few
threads wait with the visitor, and after a failure it gets no requests for a while.
"""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import requests
from requests.adapters import HTTPAdapter

# How many requests are open at once in a process.
SLOTS = 2
# How long (seconds) a request waits for its turn, as long as responses come this quickly.
PATIENCE = 0.5
# How long (seconds) to wait for a connection, for the next bytes, and for a whole response.
TIMEOUT = (1.5, 2.0)
LONGEST = 3.0
# How long (seconds) the other server gets no requests after a failure.
PAUSE = 60.0
_TOO_MANY = 429
_PART = 16_384


class UpstreamError(requests.ConnectionError):
    """The other server gets no request, or its response takes too long."""


class BoundedAdapter(HTTPAdapter):
    """A session's requests to a server, bounded in number, time and size (bytes)."""

    def __init__(self, largest: int) -> None:
        super().__init__(pool_maxsize=SLOTS)
        self._largest = largest
        self._slots = threading.BoundedSemaphore(SLOTS)
        self._took = 0.0
        self._paused_until = 0.0

    @property
    def paused(self) -> bool:
        """Whether the server has failed and gets no requests for a while."""
        return time.monotonic() < self._paused_until

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        """Return the whole response; UpstreamError or another RequestException if there is none."""
        if self.paused:
            raise UpstreamError("it has failed a short while ago")
        # Where responses come slowly, waiting for a turn would hold up everyone.
        if not self._slots.acquire(timeout=PATIENCE if self._took < PATIENCE else 0):
            raise UpstreamError("too many requests to it are open")
        try:
            response = self._result(self._start(request, options))
        except requests.RequestException:
            self.pause()
            raise
        # A redirection, too: no session that uses this follows one.
        if response.status_code >= 500 or response.status_code == _TOO_MANY or response.is_redirect:
            self.pause()
        return response

    def pause(self) -> None:
        """Send the server no requests for a while."""
        self._paused_until = time.monotonic() + PAUSE

    def _start(
        self, request: requests.PreparedRequest, options: Mapping[str, Any]
    ) -> "Future[requests.Response]":
        """Send a request in a thread of its own, which holds a slot until it ends."""
        future: Future[requests.Response] = Future()

        def run() -> None:
            start = time.monotonic()
            try:
                future.set_result(self._whole(request, options, start + LONGEST))
            except Exception as error:  # noqa: BLE001 - raised again by `result`
                future.set_exception(error)
            finally:
                self._took = time.monotonic() - start
                self._slots.release()

        threading.Thread(target=run, name="upstream", daemon=True).start()
        return future

    def _result(self, future: "Future[requests.Response]") -> requests.Response:
        # Looking up a name has no timeout, nor have headers that come byte by byte.
        try:
            return future.result(LONGEST)
        except TimeoutError:
            raise UpstreamError(f"no response in {LONGEST:g} seconds") from None
        except requests.RequestException:
            raise
        except Exception as error:
            # What requests is built on has errors of its own while a body is read.
            raise UpstreamError(str(error)) from error

    def _whole(
        self, request: requests.PreparedRequest, options: Mapping[str, Any], until: float
    ) -> requests.Response:
        response = super().send(request, **{**options, "stream": True, "timeout": TIMEOUT})
        try:
            response._content = self._body(response, until)
        finally:
            # No more is read of a response that is too long or too late.
            response.close()
        return response

    def _body(self, response: requests.Response, until: float) -> bytes:
        parts, size = [], 0
        while part := response.raw.read1(_PART, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self._largest:
                raise UpstreamError(f"more than {self._largest} bytes")
            if time.monotonic() > until:
                raise UpstreamError(f"no whole response in {LONGEST:g} seconds")
        return b"".join(parts)
