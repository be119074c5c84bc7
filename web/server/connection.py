"""A connection of the server: its socket, which never waits, and the parser of its requests."""

import socket
from collections.abc import Callable
from typing import Any

from gunicorn.http import Request, RequestParser  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]

# Linux takes 1024 parts in one call.
_MOST_PARTS = 1024


class PatientSocket(socket.socket):
    """A socket that keeps what can't be sent at once, instead of waiting."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.left: list[memoryview] = []
        # Whether to keep all, until `send_more`: one call of the system for head and body.
        self.holds = False

    def sendall(self, data: Any, _flags: int = 0, /) -> None:
        """Send what the client takes now; the rest waits for `send_more`."""
        self.left.append(memoryview(data))
        if len(self.left) == 1 and not self.holds:
            self.send_more()

    def send_more(self) -> int:
        """Send what the client takes now, and return how many bytes that was."""
        total = 0
        while self.left:
            try:
                sent = self.sendmsg(self.left[:_MOST_PARTS], (), socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            total += sent
            while self.left and sent >= len(self.left[0]):
                sent -= len(self.left.pop(0))
            if self.left:
                self.left[0] = self.left[0][sent:]
        return total


class QuickRequest(Request):  # type: ignore[misc] # gunicorn has no types
    """A request that doesn't read its peer's address when no proxy is trusted anyway."""

    def _peer_is_trusted_proxy(self) -> bool:
        return bool(self.cfg.forwarded_allow_ips) and super()._peer_is_trusted_proxy()


class LookingParser(RequestParser):  # type: ignore[misc]
    """A parser whose next request can be looked at, and still be taken by a thread."""

    mesg_class = QuickRequest
    _ahead: Request | Exception | None = None

    def look(self) -> Request | None:
        """Return the next request; None if it is none that gunicorn understands."""
        try:
            self._ahead = super().__next__()
        except Exception as error:  # noqa: BLE001 - whoever takes the request gets it
            self._ahead = error
            return None
        return self._ahead

    def drop(self) -> None:
        """Go past the request that was looked at: it is answered, and had no body."""
        self._ahead = self.mesg = None

    def __next__(self) -> Request:
        """Take the next request."""
        ahead, self._ahead = self._ahead, None
        if isinstance(ahead, Exception):
            raise ahead
        return ahead or super().__next__()


class Connection(TConn):  # type: ignore[misc]
    """A connection, and what the loop waits for on it."""

    def __init__(self, cfg: Any, accepted: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, PatientSocket(accepted), client, server)
        self.initialized = True
        self.parser = LookingParser(cfg, self.sock, client)
        # Which event the loop watches for, 0 for none; and what it does then.
        self.event = 0
        self.then: Callable[[Connection], None] = lambda _: None
        # Whether it waits for another request when its answer is sent.
        self.stays = True
