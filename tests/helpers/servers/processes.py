"""Processes and ports of this machine, and waiting for what they do."""

import socket
import time
from collections.abc import Callable
from pathlib import Path


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def children(process: int) -> list[int]:
    """Return the processes that a process has started itself and that still run."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(each) for each in found.split()]


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a condition holds; fail if it doesn't within some seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.05)
