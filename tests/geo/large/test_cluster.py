"""A real cluster of two processes: the same answer, also when one of them is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from click.testing import CliRunner
from distributed import Client

from bench.country import areas, demand, points
from geo.analysis.coverage import CoverageQuery
from geo.base.errors import DataError
from geo.cli import main
from geo.large import dask_coverage, single
from geo.large.dask_workers import Runner, connected, explained
from geo.large.parquet import Tables
from tests.helpers.cities import country_tables
from tests.helpers.cities.country_tables import same

QUESTION = CoverageQuery(("biblioteca", "parco"), 700)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A country of 150 areas, its points in no order."""
    made = tmp_path_factory.mktemp("country")
    x, y, residents = demand(12_000, country=150)
    at = list(zip(*points(40_000, country=150), strict=True))
    for name, frame, files in (
        ("areas", country_tables.areas(areas(150)), 2),
        ("demand", country_tables.people(list(zip(x, y, strict=True)), residents / 3), 4),
        ("places", country_tables.places(at, ["biblioteca", "parco", "orto", "altro"] * 10_000), 8),
    ):
        country_tables.write(frame, made / name, files)
    return made


@pytest.fixture(scope="module")
def tables(folder: Path) -> Tables:
    return Tables.open(folder / "areas", folder / "demand", folder / "places", QUESTION)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    before = set(psutil.Process().children(recursive=True))
    with connected(None, 2) as client:
        yield client
    left = set(psutil.Process().children(recursive=True)) - before
    # The tracker of multiprocessing stays as long as this process.
    assert [one for one in left if "spawn_main" in " ".join(one.cmdline())] == []


class Killer:
    """Kills, once in each step, a worker that is at work while other parts wait."""

    def __init__(self, client: Client, *steps: str) -> None:
        self.client, self.steps, self.killed = client, set(steps), {}

    def __call__(self, step: str, done: int, number: int) -> None:
        if step not in self.steps or not 0 < done < number / 2:
            return
        busy = [address for address, tasks in self.client.processing().items() if tasks]
        if busy:
            pid = self.client.run(os.getpid, workers=busy[:1])[busy[0]]
            os.kill(pid, signal.SIGKILL)
            self.steps.remove(step)
            self.killed[step] = (pid, number - done)


def test_a_worker_killed_in_the_middle_changes_nothing(client: Client, tables: Tables) -> None:
    before = set(client.run(os.getpid).values())
    killer = Killer(client, "arranging places", "counting")
    found = dask_coverage.coverage(tables, QUESTION, Runner(client, killer), rows=500)
    assert killer.killed.keys() == {"arranging places", "counting"}
    assert all(waiting >= 10 for _, waiting in killer.killed.values())
    client.wait_for_workers(2, timeout=30)
    dead = {pid for pid, _ in killer.killed.values()}
    assert len(dead) == 2
    assert dead & before
    assert dead.isdisjoint(client.run(os.getpid).values())
    whole = single.coverage(tables, QUESTION)
    same(found, whole)
    assert 0.05 < np.nanmean(whole["share"]) < 0.95


def test_only_this_machine_can_reach_it(client: Client) -> None:
    me = psutil.Process()
    listening = {
        connection.laddr
        for process in (me, *me.children(recursive=True))
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert {address.ip for address in listening} == {"127.0.0.1"}
    # Nor is Dask's usual port taken, which another program may want.
    assert 8787 not in {address.port for address in listening}


def test_an_error_in_a_part_is_reported_as_on_one_machine(
    client: Client, folder: Path, tmp_path: Path
) -> None:
    wrong = country_tables.people([(6e5, 48e5)], [-1])
    path = country_tables.write(wrong, tmp_path / "demand")
    opened = Tables.open(folder / "areas", path, folder / "places", QUESTION)
    with pytest.raises(DataError, match="demand: residents is negative or infinite"):
        dask_coverage.coverage(opened, QUESTION, Runner(client))


def test_the_command_asks_the_workers_of_a_scheduler(
    client: Client, folder: Path, tmp_path: Path
) -> None:
    given = [f"--{name}={folder / name}" for name in ("areas", "demand", "places")]
    asked = ["coverage", "--kind", "parco", *given]
    address = client.scheduler.address
    for engine in (
        ["--engine", "dask", "--scheduler", address, "--rows", "900"],
        ["--engine", "single"],
    ):
        out = tmp_path / f"{engine[1]}.csv"
        result = CliRunner().invoke(main, [*asked, *engine, "--out", str(out)])
        assert result.exit_code == 0, result.output
    assert (tmp_path / "dask.csv").read_bytes() == (tmp_path / "single.csv").read_bytes()


def test_a_task_that_kills_its_workers_is_reported(client: Client) -> None:
    with pytest.raises(DataError, match="ended every worker that tried it"):
        _fatal(client)
    client.wait_for_workers(2, timeout=30)


def _fatal(client: Client) -> None:
    client.cluster.scheduler.allowed_failures = 0
    with explained():
        client.submit(os._exit, 1).result()


def test_a_missing_scheduler_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.large.dask_workers.CONNECT_TIMEOUT_S", 1)
    address = "tcp://127.0.0.1:9"
    with pytest.raises(DataError, match=f"no scheduler answers at '{address}'"):
        connected(address, 2).__enter__()
