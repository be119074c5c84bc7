"""The app on a real server, as `make run` starts it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.paths import ROOT

START_SECONDS = 60


@contextmanager
def serving(data: Path, log: Path, program: Path | None = None, **settings: str) -> Iterator[str]:
    """Run the app as `make run` does, and give its address; `program`: see `started`."""
    with started(data, log, program, **settings) as (address, _):
        yield address


@contextmanager
def started(
    data: Path, log: Path, program: Path | None = None, **settings: str
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Run the app as `make run` does; gives its address and the main process.

    `program`: a Python file that serves another app in the same way.
    """
    environment = {
        **os.environ,
        "QUARTIERI_DATA": str(data),
        "TILE_UPSTREAM": "",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "WORKERS": "1",
        # For `program`, which may lie anywhere.
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    command = [sys.executable, *([str(program)] if program else ["-m", "web"])]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield _address(server, log), server
        finally:
            server.terminate()
            server.wait(timeout=20)


def raw_answer(address: str, request: bytes) -> bytes:
    """Return what the server answers to raw bytes."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65536)


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if said := re.search(r"http://\S+:\d+", log.read_text()):
            return said[0]
        time.sleep(0.1)
    raise RuntimeError(f"The server didn't start:\n{log.read_text()}")
