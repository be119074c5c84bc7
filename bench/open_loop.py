"""Requests at a fixed rate: `wrk` sends its next one only after a response.

A request's time runs from the moment it was due, so that waiting behind a slow one counts.
Run as a program of its own, so that its work isn't mixed with the caller's:
`python -m bench.open_loop ADDRESS RATE SECONDS PAGE…` prints the 99th percentile in ms.
"""

import asyncio
import sys
import time

import numpy as np

from bench.served_apps import ENCODINGS

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def times(address: str, rate: float, seconds: float, pages: list[str]) -> list[float]:
    """Return how long each request took from the moment it was due, ms; an error if any failed."""
    host, port = address.removeprefix("http://").split(":")
    idle: list[Connection] = []

    async def one(due: float, page: str) -> float:
        connection = idle.pop() if idle else await asyncio.open_connection(host, int(port))
        await _ask(connection, f"{host}:{port}", page)
        taken = 1000 * (time.perf_counter() - due)
        idle.append(connection)
        return taken

    start = time.perf_counter() + 0.1
    tasks = []
    for number in range(int(rate * seconds)):
        due = start + number / rate
        await asyncio.sleep(due - time.perf_counter())
        tasks.append(asyncio.create_task(one(due, pages[number % len(pages)])))
    taken = await asyncio.gather(*tasks)
    for _, writer in idle:
        writer.close()
    return taken


async def _ask(connection: Connection, host: str, page: str) -> None:
    reader, writer = connection
    writer.write(
        f"GET {page} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: {ENCODINGS}\r\n\r\n".encode()
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if not head.startswith("http/1.1 200"):
        raise RuntimeError(f"{page}: {head.splitlines()[0]}")
    length = head.split("content-length:")[1].split("\r\n")[0]
    await reader.readexactly(int(length))


if __name__ == "__main__":
    where, per_second, how_long, *what = sys.argv[1:]
    found = asyncio.run(times(where, float(per_second), float(how_long), what))
    print(np.quantile(found, 0.99))
