"""Serving the app with granian: `python -m web`, which `make run` and the systemd unit call.

The settings and the data are checked before a worker is started. Each worker then makes an app
of its own, and only then opens its socket: all workers listen on one address (SO_REUSEPORT), and
one that isn't ready gets no requests.
"""

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from web.server.log import GRANIAN_LOG
from web.server.log_privacy import OF_A_REQUEST
from web.server.reload import EXTENSION
from web.site.settings import SettingError, read_settings

# How many requests of one worker are answered at a time (bench/RESULTS.md).
THREADS = 8
# How many connections one worker has at most, idle ones too: below the usual limit of 1,024 files.
CONNECTIONS = 900
# How long the head of a request may take, or the pause before it (milliseconds), and its size.
HEAD_MS, LARGEST_HEAD = 10_000, 32_768
# How long a client may take nothing of an answer before the system ends the connection (seconds).
UNREAD_S = 60
# How long the answers of a server that stops may take (seconds).
STOP_S = 2
# How often a worker tries again that can't read the data folder (seconds).
RETRY_S = 2


def serve(create_app: Callable[[], Flask]) -> None:
    """Serve the app until a signal ends it; exit with a message if it can't start."""
    try:
        settings = read_settings()
        Dataset.read(Path(settings.QUARTIERI_DATA))
        host, port, _reserved = reserve_port(settings.HOST, settings.PORT)
    except (DataError, SettingError) as error:
        sys.exit(f"Quartieri can't start. {error}")
    server = Granian(
        "app:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(HEAD_MS, max_buffer_size=LARGEST_HEAD),
        websockets=False,
        # Its warnings are of how it is set, and of connections that it cuts off when it stops.
        log_level=LogLevels.error,
        log_dictconfig=GRANIAN_LOG,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_S,
    )

    @server.on_startup
    def begin() -> None:
        # granian would start new workers; ours take new data as they are.
        signal.signal(signal.SIGHUP, _forward_signal)
        threading.Thread(target=announce, args=(host, port), daemon=True).start()

    server.serve(target_loader=partial(make_worker_app, create_app), wrap_loader=False)


def reserve_port(host: str, port: int) -> tuple[str, int, socket.socket]:
    """Return the address and port to listen on, and a socket that keeps others off the port.

    `host` may be a name, and `port` 0 for any that is free. SettingError if it can't be had.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # The workers share the port, and so could another server of ours: this one couldn't.
        with socket.socket(family, kind) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(address)
            address = alone.getsockname()
        reserved = socket.socket(family, kind)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(address)
    except OSError as error:
        raise SettingError(
            f"HOST, PORT: can't listen on {host}:{port} ({error.strerror})"
        ) from None
    return str(address[0]), int(address[1]), reserved


def make_worker_app(create_app: Callable[[], Flask]) -> WSGIApplication:
    """Make the app of a worker; waits as long as its data folder can't be used.

    Meanwhile the other workers answer, with the data that they have.
    """
    # Ctrl+C reaches all processes: the main one ends the workers, by a signal that works at once
    # also while granian doesn't listen to signals yet.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    app = None
    while app is None:
        try:
            app = create_app()
        except (DataError, SettingError) as error:
            print(f"A worker can't start yet. {error}", file=sys.stderr, flush=True)
            time.sleep(RETRY_S)
    reload = app.extensions[EXTENSION]
    reload.try_out()
    signal.signal(signal.SIGHUP, lambda *_: reload.wake())
    threading.Thread(target=limit_unread_answers, daemon=True).start()
    # granian adds the environment's variables to each request, where these would be headers.
    for name in list(os.environ):
        if name.startswith(("HTTP_", "CONTENT_")) and name != "HTTP_PROXY":
            del os.environ[name]
    return adapt(app)


def adapt(app: Flask) -> WSGIApplication:
    """Return the app for granian, with whole answers: no thread waits for a slow reader."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        # granian gives an empty Host where there is none, as HTTP/1.0 allows.
        if environ["SERVER_PROTOCOL"] == "HTTP/1" and not environ["HTTP_HOST"]:
            del environ["HTTP_HOST"]
        try:
            body = app.wsgi_app(environ, start)
            try:
                return [b"".join(body)]
            finally:
                getattr(body, "close", lambda: None)()
        except Exception:
            # granian would log it with the words of the request.
            app.logger.exception(OF_A_REQUEST)
            start("500 INTERNAL SERVER ERROR", [("Content-Length", "0")])
            return []

    return answer


def limit_unread_answers() -> None:
    """Have the system end connections of this process whose client takes nothing of an answer.

    granian waits for such a client for ever. What is set on the socket that listens holds for the
    connections that it accepts; granian opens that socket once the app is loaded. Linux only: other
    systems have no such option, and need a proxy for it.
    """
    if sys.platform != "linux":
        return
    for _ in range(200 if sys.platform == "linux" else 0):
        for name in Path("/proc/self/fd").iterdir():
            with suppress(OSError), socket.socket(fileno=_duplicate(name)) as found:
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.setsockopt(socket.SOL_TCP, socket.TCP_USER_TIMEOUT, 1000 * UNREAD_S)
                    return
        time.sleep(0.05)


def announce(host: str, port: int) -> None:
    """Say where the app is, once a worker answers there: on the screen, and to systemd."""
    open_host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while True:
        try:
            socket.create_connection((open_host, port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.02)
    name = f"[{open_host}]" if ":" in open_host else open_host
    print(f"Quartieri is at http://{name}:{port}/ (Ctrl+C stops it)", flush=True)
    if to := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.sendto(b"READY=1", to.replace("@", "\0", 1) if to[0] == "@" else to)


def _duplicate(name: Path) -> int:
    """Return a copy of an open socket of this process, by its name in /proc; else OSError."""
    if not os.readlink(name).startswith("socket:"):  # noqa: PTH115
        raise OSError
    return os.dup(int(name.name))


def _forward_signal(number: int, _frame: Any) -> None:
    for worker in multiprocessing.active_children():
        if worker.pid:
            os.kill(worker.pid, number)
