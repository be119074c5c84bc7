"""A Redis server of the test's own, and the settings that make the app use it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis

from tests.helpers.servers.processes import wait_until

SECRET = "not so secret, for the tests"


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator[redis.Redis]:
    """Run an empty Redis on a port; gives a client. Skips the test where there is no Redis."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server on this machine")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)

    def answers() -> bool:
        with suppress(redis.ConnectionError):
            return bool(client.ping())
        return False

    try:
        wait_until(answers)
        yield client
    finally:
        client.close()
        server.terminate()
        server.wait(timeout=20)
