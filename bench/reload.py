"""Swap the data under a running server's load: `python -m bench.reload` (needs wrk).

Half of the swaps are broken on purpose. Tells failed requests, pages whose parts are of
two versions, latencies and the workers' memory.
"""

import argparse
import itertools
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from bench.servers import Server, running
from tests.helpers.servers.visitors import VersionedFolder, visitors

ROOT = Path(__file__).parent.parent
_PAGES = ("/", "/en/", "/quartieri/", "/reti/", "/luoghi/", "/salute")


def _wrk(address: str, seconds: int, at: Path) -> "subprocess.Popen[str]":
    script = at / "pages.lua"
    listed = ", ".join(f'"{page}"' for page in _PAGES)
    script.write_text(
        f"local pages, n = {{{listed}}}, 0\nrequest = function()\n  n = n + 1\n"
        f'  return wrk.format("GET", pages[n % {len(_PAGES)} + 1])\nend\n'
    )
    command = [
        "wrk",
        "-t1",
        "-c8",
        f"-d{seconds}s",
        "--timeout",
        "20s",
        "--latency",
        "-s",
        str(script),
        address,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603


def main() -> None:
    """Run it, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--every", type=float, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        at = Path(made)
        folder = VersionedFolder(ROOT / "data", at / "versions")
        folder.good()
        with running(QUARTIERI_DATA=str(folder.path)) as server:
            for swaps in (False, True):
                print(f"--- {'a swap each ' + str(asked.every) + ' s' if swaps else 'no swaps'}")
                _measure(server, folder, asked if swaps else None, at)
            print(server.log.read_text())


def _measure(
    server: Server, folder: VersionedFolder, asked: argparse.Namespace | None, at: Path
) -> None:
    seconds, every = (asked.seconds, asked.every) if asked else (15, 5)
    with visitors(server.address, 2) as seen:
        wrk = _wrk(server.address, seconds, at)
        for turn in itertools.count():
            memory = ", ".join(f"{each:.0f}" for each in server.memory_mb("Pss"))
            print(f"memory of the workers: {memory} MB", flush=True)
            try:
                wrk.wait(every)
                break
            except subprocess.TimeoutExpired:
                if asked:
                    (folder.broken if turn % 2 else folder.good)()
                    os.kill(server.pid, signal.SIGHUP)
        told = wrk.stdout.read()
    took = sorted(seen.seconds)
    print(told)
    print(f"visitors: {seen.pages} pages of versions {sorted(seen.versions)}; wrong: {seen.wrong}")
    print(f"their first page: median {1000 * took[len(took) // 2]:.1f} ms, ", end="")
    print(f"p99 {1000 * took[len(took) * 99 // 100]:.1f} ms, longest {1000 * took[-1]:.0f} ms")


if __name__ == "__main__":
    main()
