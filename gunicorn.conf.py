"""How gunicorn serves the app: settings come from HOST, PORT and WORKERS."""

import gc
import os
import signal
import sys
from functools import partial
from types import TracebackType
from typing import Any


def _number(name: str, default: int, low: int, high: int) -> int:
    """Return the whole number in an environment variable, or stop with a clear message."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        sys.exit(f"{name}={text!r} is not a whole number from {low} to {high}.")
    return int(text)


def _address(host: str, port: int) -> str:
    """Return the URL to open for a listening socket."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - every interface, if the user asked for it
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _say_plainly(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print what is wrong with the data or a setting as it was written, without a traceback."""
    # Found only once gunicorn has put the project on the path.
    from geo.base.errors import DataError  # noqa: PLC0415
    from web.site.settings import SettingError  # noqa: PLC0415

    if isinstance(error, DataError | SettingError):
        print(f"Quartieri can't start. {error}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


_host = os.environ.get("HOST") or "127.0.0.1"
_port = _number("PORT", 5000, 0, 65535)

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
proc_name = "quartieri"

# Load the app once, before the workers: a broken data folder stops the start
# with its error, and the workers share the memory of what was read.
preload_app = True
sys.excepthook = _say_plainly
# gthread, but slow clients wait outside of the threads, and kept pages need none.
worker_class = "web.server.worker.PatientWorker"
# It sends files as all else: without waiting for the client.
sendfile = False
# Proxies' headers are the app's to judge (TRUSTED_PROXIES), those of this machine too.
forwarded_allow_ips = ""
workers = _number("WORKERS", 2, 1, 64)
threads = 4

timeout = 60
graceful_timeout = 10
keepalive = 5

# No log of who asked for what: visitors' addresses are kept nowhere.
accesslog = None
errorlog = "-"
loglevel = "warning"

# Nothing here is steered from outside while it runs, but by signals.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Keep visitors' addresses, and what they ask for, out of the log."""
    from web.server.log_privacy import withhold  # noqa: PLC0415

    server.log.error_log.addFilter(withhold)


def when_ready(server: Any) -> None:
    """Make the first answers, for all workers; have SIGHUP read the data; tell where to look."""
    from web.server.warm_up import warm_up  # noqa: PLC0415

    warm_up(server.app.wsgi())
    # What is there now stays: the workers needn't look through it for what could be freed,
    # which would also copy the memory that they share.
    gc.collect()
    gc.freeze()
    # gunicorn's own answer to it, new workers, would change nothing: the app stays loaded.
    server.handle_hup = partial(_look_at_the_data, server)
    for listener in server.LISTENERS:
        host, port = listener.sock.getsockname()[:2]
        print(f"Quartieri is at {_address(host, port)} (Ctrl+C stops it)", flush=True)


def post_worker_init(worker: Any) -> None:
    """Have the worker look at the data when the master passes a signal on."""
    signal.signal(signal.SIGUSR1, lambda *_: _reload_of(worker).wake())


def _look_at_the_data(server: Any) -> None:
    """Look here too: a worker that takes a dead one's place starts with what is here."""
    _reload_of(server).wake()
    server.kill_workers(signal.SIGUSR1)


def _reload_of(process: Any) -> Any:
    return process.app.wsgi().extensions["quartieri_reload"]
