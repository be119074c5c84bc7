"""Dask's workers: those of a scheduler somewhere, or some processes on this machine."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dask
from dask.delayed import Delayed
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed, futures_of

from geo.base.errors import DataError, Problem

# Seconds to wait for a scheduler, and for its first worker.
CONNECT_TIMEOUT_S = 10

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Runner:
    """Who does the work: a cluster, or (client None) this process, as Dask is set.

    `progress` hears the step, how many of its parts are done, and of how many.
    """

    client: Client | None = None
    progress: Progress = lambda _step, _done, _all: None

    def persisted(self, step: str, collection: Any) -> Any:
        """Return a Dask collection with its parts worked out; they stay where they are."""
        if self.client is None:
            return dask.persist(collection)[0]
        persisted = self.client.persist(collection)
        for _ in self._done(step, futures_of(persisted)):
            pass
        return persisted

    def results(self, step: str, tasks: list[Delayed]) -> list[Any]:
        """Return the results of tasks, in their order."""
        if self.client is None:
            return list(dask.compute(*tasks))
        futures = self.client.compute(tasks)
        # Fetched as they come, so that none is lost with its worker later.
        results = {future.key: future.result() for future in self._done(step, futures)}
        return [results[future.key] for future in futures]

    def _done(self, step: str, futures: list[Future]) -> Iterator[Future]:
        """Yield the futures as they are done; raises what went wrong in one."""
        self.progress(step, 0, len(futures))
        for number, future in enumerate(as_completed(futures), 1):
            if future.status == "error":
                future.result()
            yield future
            self.progress(step, number, len(futures))


@contextmanager
def connected(scheduler: str | None, workers: int) -> Iterator[Client]:
    """Connect to the scheduler at an address, or start `workers` processes here.

    Nothing listens on any other address than 127.0.0.1, nor is there a dashboard.
    DataError when there is no scheduler, or none of its workers can do the work.
    """
    if scheduler is not None:
        with _connection(scheduler) as client:
            _check_workers(client)
            yield client
        return
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            # Its web server listens all the same, or else at a fixed port that may be taken.
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _connection(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=CONNECT_TIMEOUT_S)
    except (OSError, ValueError) as error:
        what = f"no scheduler answers at {scheduler!r} ({error})"
        fix = "Start one with `python -m dask scheduler`, and give the address that it prints"
        raise DataError([Problem("--scheduler", "", what, fix)]) from None


def _check_workers(client: Client) -> None:
    """Raise DataError unless there are workers, and all of them find the project's code."""
    fix = "Run `python -m dask worker ADDRESS` in the project's folder on each machine"
    try:
        client.wait_for_workers(1, timeout=CONNECT_TIMEOUT_S)
        client.run(importlib.import_module, "geo.large.dask_coverage")
    except TimeoutError:
        raise DataError([Problem("--scheduler", "", "it has no workers", fix)]) from None
    except ImportError as error:
        what = f"its workers can't import the project ({error})"
        raise DataError([Problem("--scheduler", "", what, fix)]) from None


@contextmanager
def explained() -> Iterator[None]:
    """Turn failures of workers into errors for the person who can fix them."""
    try:
        yield
    except KilledWorker:
        what = "one part of the work ended every worker that tried it"
        fix = "They need more memory: see docs/cluster.md"
        raise DataError([Problem("--engine dask", "", what, fix)]) from None
    except FileNotFoundError as error:
        what = f"a worker can't find {error.filename or error}"
        fix = "All machines must see the files under the same path"
        raise DataError([Problem("--engine dask", "", what, fix)]) from None
