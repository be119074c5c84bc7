"""Real servers for the measurements: as `make run` starts them, and wrk against them."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from bench.served_apps import ENCODINGS

ROOT = Path(__file__).parent.parent
# The last commit with a worker of our own on gunicorn.
EARLIER = "c1bb846"
WORKERS = 2
CONNECTIONS = 16
_START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A server that answers: its address, its process, how long it took, where it logs."""

    address: str
    pid: int
    start_s: float
    log: Path

    def etag(self, page: str) -> str:
        """Return the ETag of a page as a browser gets it; empty if there is none."""
        with _get(self.address + page) as answer:
            return answer.headers.get("ETag") or ""

    def per_second(self, page: str, seconds: int, etag: str = "") -> float:
        """Return how many requests for a page wrk gets answered per second."""
        headers = {"Accept-Encoding": ENCODINGS} | ({"If-None-Match": etag} if etag else {})
        command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        command.append(self.address + page)
        said = subprocess.check_output(command, text=True)  # noqa: S603 - our own address
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        if found is None or found[1] == "0.00" or "Non-2xx" in said or "Socket errors" in said:
            raise RuntimeError(f"wrk met errors at {page}:\n{said}")
        return float(found[1])

    def memory_mb(self, which: str) -> list[float]:
        """Return each worker's memory, MB: its Rss, or its Pss (shared pages counted in part)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        texts = [Path(f"/proc/{child}/smaps_rollup").read_text() for child in children]
        return [int(re.search(rf"(?m)^{which}:\s+(\d+) kB", text)[1]) * 1.024e-3 for text in texts]


@contextmanager
def running(*program: str, at: Path = ROOT, **settings: str) -> Iterator[Server]:
    """Run a server with two workers and without background tiles: by default the app's own.

    `program`: the module to run, and its arguments; `at`: the checkout.
    """
    environment = {
        **os.environ,
        "TILE_UPSTREAM": "",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "WORKERS": str(WORKERS),
        **settings,
    }
    command = [sys.executable, "-m", *(program or ["web"])]
    with tempfile.TemporaryFile("w+") as log:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own server
            command, env=environment, cwd=at, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            path = Path(f"/proc/self/fd/{log.fileno()}")
            address = _address(process, path)
            _get(address + "/").close()
            yield Server(address, process.pid, time.perf_counter() - began, path)
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def running_earlier() -> Iterator[Server]:
    """Run the app of `EARLIER` on the server that it had, with the libraries and assets of now."""
    with tempfile.TemporaryDirectory() as made:
        at = Path(made)
        archive = subprocess.check_output(["git", "archive", EARLIER], cwd=ROOT)  # noqa: S603, S607
        subprocess.run(["tar", "-x"], input=archive, cwd=at, check=True)  # noqa: S607
        for built in (ROOT / "static" / "dist", *ROOT.glob("translations/*/LC_MESSAGES/*.mo")):
            (at / built.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            (at / built.relative_to(ROOT)).symlink_to(built)
        arguments = ["-c", "gunicorn.conf.py", "app:create_app()"]
        with running("gunicorn", *arguments, at=at) as server:
            yield server


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if said := re.search(r"(http://\S+:\d+)/", log.read_text()):
            return said[1]
        time.sleep(0.005)
    raise RuntimeError(f"The server didn't start:\n{log.read_text()}")


def _get(address: str):
    asked = Request(address, headers={"Accept-Encoding": ENCODINGS})  # noqa: S310
    return urlopen(asked, timeout=30)  # noqa: S310
