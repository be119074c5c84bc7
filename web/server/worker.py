"""A gunicorn worker that no slow client can keep busy, and that doesn't ask a thread needlessly.

gunicorn's own threads read a request, and send its answer, at the client's pace: as many slow
clients as there are threads, and nobody else is served. Here a thread gets a request only once
its head is whole, never reads a body (no page of ours takes one), and leaves what the client
doesn't take at once to the loop that watches all connections. Whoever is too slow is cut off.

What the app can answer at once (`at_once` of its WSGI app: see `KeptPages`) the loop answers
itself: handing it to a thread and back takes nearly as long as the answer. Of these answers
gunicorn's access log and its hooks for requests hear nothing; we use neither.
"""

import selectors
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http import Request, wsgi  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from web.server.connection import Connection

# How long a request's head may take, and how long it may be (seconds, bytes).
HEAD_S, LARGEST_HEAD = 10.0, 32_768
# How long the rest of an answer may take: so many seconds, and more for each byte that went.
SEND_S, SLOWEST_BYTES_S = 30.0, 4_000
# How long a closed connection is listened to, so that its last bytes arrive (seconds).
LINGER_S = 2.0
# How long a thread listens for the rest of a body that nobody reads (seconds).
REST_S = 0.05
_TELL_OF_A_BODY = {"CONTENT-LENGTH", "TRANSFER-ENCODING", "EXPECT"}
_END_OF_HEAD = b"\r\n\r\n"
_CHUNK = 65_536


class PatientWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """gunicorn's threads, for requests that are whole; one loop for all that is slow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The connections that the loop waits for, and until when; those not answered yet.
        self._deadlines: dict[Connection, float] = {}
        self._heads: dict[Connection, bytearray] = {}
        self._at_once: Callable[..., Iterable[bytes] | None] = lambda *_: None

    def load_wsgi(self) -> None:
        """Ask the app for its answers at once, if it has any."""
        super().load_wsgi()
        self._at_once = getattr(self.wsgi.wsgi_app, "at_once", self._at_once)

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, and wait for the head of its request."""
        try:
            accepted, address = listener.accept()
        except OSError:  # another worker took it, or the client is gone
            return
        self.nr_conns += 1
        self._wait_for_head(Connection(self.cfg, accepted, address, listener.getsockname()), b"")

    def finish_request(self, conn: Connection, done: "Future[Any]") -> None:
        """Go on with a connection that a thread has answered."""
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
            return
        conn.sock.setblocking(False)
        self._go_on(conn, not done.cancelled() and not done.exception() and bool(done.result()))

    def murder_pending(self) -> None:
        """Cut off whoever was too slow; all whose request never came, when the worker stops."""
        now = time.monotonic()
        for conn, deadline in list(self._deadlines.items()):
            if now > deadline or (not self.alive and conn in self._heads):
                self._cut(conn)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        # If the rest of a body isn't there, nobody waits for it: the connection closes.
        at_once = time.monotonic() + REST_S
        return keepalive and bool(conn.parser.finish_body(deadline=at_once))

    def _next_request(self, conn: Connection) -> None:
        """Take the next request on a connection that was kept, or wait for the rest of its head."""
        self.keepalived_conns.remove(conn)
        known = _received(conn.sock)
        if known == b"":
            self._cut(conn)
        else:
            self._wait_for_head(conn, known or b"")

    def _wait_for_head(self, conn: Connection, known: bytes) -> None:
        self._heads[conn] = bytearray(known)
        if not self._take_head(conn):
            self._deadlines[conn] = time.monotonic() + HEAD_S
            self._watch(conn, selectors.EVENT_READ, self._read)

    def _read(self, conn: Connection) -> None:
        got = _received(conn.sock)
        if got == b"":
            self._cut(conn)
        elif got:
            self._heads[conn] += got
            self._take_head(conn)

    def _take_head(self, conn: Connection) -> bool:
        """Take a request if its head is whole; refuse it if it has no end."""
        head = self._heads[conn]
        # Empty lines before a request don't end it.
        whole = _END_OF_HEAD in head.lstrip(b"\r\n")
        if not whole and len(head) <= LARGEST_HEAD:
            return False
        del self._heads[conn]
        self._deadlines.pop(conn, None)
        if whole:
            conn.parser.unreader.unread(bytes(head))
            self._take_request(conn)
        else:
            # Sent by `_go_on`, which minds if the client is gone.
            conn.sock.holds = True
            util.write_error(conn.sock, 431, "Request Header Fields Too Large", "")
            self._go_on(conn, stays=False)
        return True

    def _take_request(self, conn: Connection) -> None:
        """Answer a request here and now, or have a thread do it."""
        request = conn.parser.look()
        stays = self._answer_at_once(conn, request) if self._is_plain(request) else None
        if stays is None:
            self._leave(conn)
            self.enqueue_req(conn)
        else:
            conn.parser.drop()
            self._go_on(conn, stays)

    def _is_plain(self, request: Request | None) -> bool:
        """Tell whether a request has no body, and its connection may stay."""
        return (
            request is not None
            and request.method in ("GET", "HEAD")
            and not any(name in _TELL_OF_A_BODY for name, _ in request.headers)
            and self.alive
            and len(self.keepalived_conns) < self.max_keepalived
        )

    def _answer_at_once(self, conn: Connection, request: Request) -> bool | None:
        """Give the app's answer and tell whether the connection stays; None if it has none yet."""
        conn.sock.holds = True
        try:
            answer, asked = wsgi.create(request, conn.sock, conn.client, conn.server, self.cfg)
            body = self._at_once(asked, answer.start_response)
            if body is None:
                return None
            for part in body:
                answer.write(part)
            answer.close()
        except Exception:  # noqa: BLE001 - a thread meets it again, and tells it
            conn.sock.left.clear()
            return None
        finally:
            conn.sock.holds = False
        return not answer.should_close()

    def _go_on(self, conn: Connection, stays: bool) -> None:
        """Send what is left of an answer, then wait for the next request or close."""
        conn.stays = stays
        self._deadlines[conn] = time.monotonic() + SEND_S
        self._send(conn)

    def _send(self, conn: Connection) -> None:
        try:
            sent = conn.sock.send_more()
        except OSError:  # the client is gone
            self._cut(conn)
            return
        if conn.sock.left:
            self._deadlines[conn] += sent / SLOWEST_BYTES_S
            self._watch(conn, selectors.EVENT_WRITE, self._send)
            return
        del self._deadlines[conn]
        if conn.stays:
            self._keep(conn)
        else:
            self._say_goodbye(conn)

    def _keep(self, conn: Connection) -> None:
        """Wait for the next request of a connection."""
        if known := conn.parser.unreader.take_buffered():
            # It is there already. Others have their turn first.
            self._leave(conn)
            self.method_queue.defer(self._wait_for_head, conn, known)
            return
        conn.set_timeout()
        self.keepalived_conns.append(conn)
        self._watch(conn, selectors.EVENT_READ, self._next_request)

    def _say_goodbye(self, conn: Connection) -> None:
        """Close our half, and the rest when the client has read all that was sent."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._cut(conn)
            return
        self._deadlines[conn] = time.monotonic() + LINGER_S
        self._watch(conn, selectors.EVENT_READ, self._listen_out)

    def _listen_out(self, conn: Connection) -> None:
        if _received(conn.sock) == b"":
            self._cut(conn)

    def _watch(self, conn: Connection, event: int, then: Callable[[Connection], None]) -> None:
        """Have the loop do something when a connection can be read from, or written to."""
        conn.then = then
        if conn.event == event:
            return
        change = self.poller.modify if conn.event else self.poller.register
        change(conn.sock, event, lambda _sock: conn.then(conn))
        conn.event = event

    def _leave(self, conn: Connection) -> None:
        """Watch a connection no more."""
        if conn.event:
            self.poller.unregister(conn.sock)
            conn.event = 0

    def _cut(self, conn: Connection) -> None:
        self._leave(conn)
        self._heads.pop(conn, None)
        self._deadlines.pop(conn, None)
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
