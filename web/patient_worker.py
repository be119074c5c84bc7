"""A gunicorn worker that no slow client can keep busy.

gunicorn's own threads read a request, and send its answer, at the client's pace: as many slow
clients as there are threads, and nobody else is served. Here a thread gets a request only once
its head is whole, never reads a body (no page of ours takes one), and leaves what the client
doesn't take at once to the loop that watches all connections. Whoever is too slow is cut off.
"""

import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from gunicorn import http, util  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

# How long a request's head may take, and how long it may be (seconds, bytes).
HEAD_S, LARGEST_HEAD = 10.0, 32_768
# How long the rest of an answer may take: so many seconds, and more for each byte that went.
SEND_S, SLOWEST_BYTES_S = 30.0, 4_000
# How long a closed connection is listened to, so that its last bytes arrive (seconds).
LINGER_S = 2.0
# How long a thread listens for the rest of a body that nobody reads (seconds).
REST_S = 0.05
_END_OF_HEAD = b"\r\n\r\n"
_CHUNK = 65_536


class PatientSocket(socket.socket):
    """A socket that keeps what can't be sent at once, instead of waiting."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.left: list[memoryview] = []

    def sendall(self, data: Any, _flags: int = 0, /) -> None:
        """Send what the client takes now; the rest waits for `send_more`."""
        self.left.append(memoryview(data))
        if len(self.left) == 1:
            self.send_more()

    def send_more(self) -> int:
        """Send what the client takes now, and return how many bytes that was."""
        total = 0
        while self.left:
            try:
                sent = self.send(self.left[0], socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            total += sent
            self.left[0] = self.left[0][sent:]
            if not self.left[0]:
                del self.left[0]
        return total


class PatientWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """gunicorn's threads, for requests that are whole; one loop for all that is slow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The connections that the loop waits for, and until when.
        self._deadlines: dict[TConn, float] = {}
        self._heads: dict[TConn, bytearray] = {}

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, and wait for the head of its request."""
        try:
            accepted, address = listener.accept()
        except OSError:  # another worker took it, or the client is gone
            return
        self.nr_conns += 1
        conn = TConn(self.cfg, PatientSocket(accepted), address, listener.getsockname())
        conn.initialized = True
        conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        self._wait_for_head(conn, b"")

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Take the next request on a connection that was kept, or wait for the rest of its head."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        known = _received(conn.sock)
        if known == b"":
            self._cut(conn)
        else:
            self._wait_for_head(conn, known or b"")

    def finish_request(self, conn: TConn, done: "Future[Any]") -> None:
        """Send what is left of the answer, then wait for the next request or close."""
        stays = not done.cancelled() and not done.exception() and bool(done.result())
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
        elif conn.sock.left:
            until = time.monotonic() + SEND_S
            self._watch(conn, selectors.EVENT_WRITE, until, lambda: self._send(conn, stays))
        else:
            self._answered(conn, stays)

    def murder_pending(self) -> None:
        """Cut off whoever was too slow; all whose request never came, when the worker stops."""
        now = time.monotonic()
        for conn, deadline in list(self._deadlines.items()):
            if now > deadline or (not self.alive and conn in self._heads):
                self._cut(conn)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        # If the rest of a body isn't there, nobody waits for it: the connection closes.
        at_once = time.monotonic() + REST_S
        return keepalive and bool(conn.parser.finish_body(deadline=at_once))

    def _wait_for_head(self, conn: TConn, known: bytes) -> None:
        self._heads[conn] = bytearray(known)
        if not self._take_head(conn):
            until = time.monotonic() + HEAD_S
            self._watch(conn, selectors.EVENT_READ, until, lambda: self._read(conn))

    def _read(self, conn: TConn) -> None:
        got = _received(conn.sock)
        if got == b"":
            self._cut(conn)
        elif got:
            self._heads[conn] += got
            self._take_head(conn)

    def _take_head(self, conn: TConn) -> bool:
        """Hand a request to a thread if its head is whole; refuse it if it has no end."""
        head = self._heads[conn]
        # Empty lines before a request don't end it.
        whole = _END_OF_HEAD in head.lstrip(b"\r\n")
        if not whole and len(head) <= LARGEST_HEAD:
            return False
        self._forget(conn)
        if whole:
            conn.parser.unreader.unread(bytes(head))
            self.enqueue_req(conn)
        else:
            util.write_error(conn.sock, 431, "Request Header Fields Too Large", "")
            self._answered(conn, stays=False)
        return True

    def _send(self, conn: TConn, stays: bool) -> None:
        try:
            sent = conn.sock.send_more()
        except OSError:
            self._cut(conn)
            return
        self._deadlines[conn] += sent / SLOWEST_BYTES_S
        if not conn.sock.left:
            self._forget(conn)
            self._answered(conn, stays)

    def _answered(self, conn: TConn, stays: bool) -> None:
        """Go on with a connection whose answer is sent."""
        if not stays:
            self._say_goodbye(conn)
        elif known := conn.parser.unreader.take_buffered():
            self._wait_for_head(conn, known)
        else:
            conn.sock.setblocking(False)
            conn.set_timeout()
            self.keepalived_conns.append(conn)
            self.poller.register(
                conn.sock,
                selectors.EVENT_READ,
                lambda client: self.on_client_socket_readable(conn, client),
            )

    def _say_goodbye(self, conn: TConn) -> None:
        """Close our half, and the rest when the client has read all that was sent."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._cut(conn)
            return
        until = time.monotonic() + LINGER_S
        self._watch(conn, selectors.EVENT_READ, until, lambda: self._listen_out(conn))

    def _listen_out(self, conn: TConn) -> None:
        if _received(conn.sock) == b"":
            self._cut(conn)

    def _watch(self, conn: TConn, event: int, until: float, then: Callable[[], None]) -> None:
        conn.sock.setblocking(False)
        self._deadlines[conn] = until
        self.poller.register(conn.sock, event, lambda _sock: then())

    def _forget(self, conn: TConn) -> None:
        """Watch a connection no more."""
        self._heads.pop(conn, None)
        if self._deadlines.pop(conn, None) is not None:
            self.poller.unregister(conn.sock)

    def _cut(self, conn: TConn) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()


def _received(sock: socket.socket) -> bytes | None:
    """Return what came, nothing if the client is gone, None if there is only nothing yet."""
    try:
        return sock.recv(_CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""
