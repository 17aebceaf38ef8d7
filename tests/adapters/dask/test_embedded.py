"""The embedded cluster: what it does with tasks and with workers that die, and whom it admits."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

import dask.config
import psutil  # type: ignore[import-untyped] # a dependency of Dask
import pytest
from attrs import frozen
from dask.utils import parse_timedelta
from distributed import Client, Security

from adapters.dask.configuration import configure
from adapters.dask.embedded import ClusterSize
from adapters.dask.engine import DaskEngine, TaskBroken
from adapters.dask.engines import DaskEngines
from adapters.dask.worker import CAPACITY
from application.ports.errors import Unavailable
from application.ports.job_tasks import DescribeTask, TaskLost, Written
from tests.adapters.dask.performers import FOLDER, NAME, SECRET, a_task
from tests.support.processes import command
from tests.support.waiting import eventually_sees

WORKERS: Final = 2
SECONDS: Final = 40
"""Until something is seen: workers that start again take their time where others compute."""
_ALERT: Final = b"\x15"
"""The first byte of what a TLS server says to a peer that does not speak TLS."""


@frozen
class Bench:
    """The engines of the module, its event loop, and the folder of marks."""

    engines: DaskEngines
    runner: "asyncio.Runner"
    folder: Path
    other_ports: frozenset[int]

    def run(self, work: Callable[[DaskEngine], Awaitable[None]]) -> None:
        """Do the work with an engine of its own."""

        async def with_engine() -> None:
            engine = await self.engines()
            try:
                await asyncio.wait_for(work(engine), 60)
            finally:
                await engine.close()

        self.runner.run(with_engine())

    @property
    def security(self) -> Security:
        assert self.engines.embedded is not None
        security = self.engines.embedded.security
        assert isinstance(security, Security)
        return security

    async def address(self) -> str:
        assert self.engines.embedded is not None
        return await self.engines.embedded.address()

    def marks(self, pattern: str) -> list[Path]:
        return [*self.folder.glob(pattern)]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("marks")
    os.environ[FOLDER] = str(folder)
    ports, children = frozenset(_listening_ports()), _children()
    with asyncio.Runner() as runner:
        engines = DaskEngines(ClusterSize(WORKERS, 512 * 1024 * 1024, NAME))
        try:
            yield Bench(engines, runner, folder, ports)
        finally:
            runner.run(engines.close())
            del os.environ[FOLDER]
    assert len([*folder.glob("closed-*")]) == WORKERS, "performers are closed with their workers"
    assert _children() == children


async def finish(engine: DaskEngine, *tasks: DescribeTask) -> dict[int, object]:
    for one in tasks:
        await engine.submit(one)
    ended = [await engine.next_finished() for _ in tasks]
    assert {one.task for one in ended} == {*tasks}
    return {one.task.number: one.report for one in ended if isinstance(one.task, DescribeTask)}


def test_tasks_complete_on_all_workers(bench: Bench) -> None:
    async def work(engine: DaskEngine) -> None:
        assert engine.workers == WORKERS
        reports = await finish(engine, *(a_task("count", number) for number in range(12)))
        assert sorted(reports) == [*range(12)]
        assert {one.size_bytes for one in reports.values() if isinstance(one, Written)} == {*range(12)}

    bench.run(work)


def test_a_task_whose_worker_is_killed_runs_again_and_no_other_does(bench: Bench) -> None:
    async def work(engine: DaskEngine) -> None:
        reports = await finish(engine, a_task("die-once", 50), *(a_task("beside", number) for number in range(4)))
        assert all(isinstance(one, Written) for one in reports.values())
        assert len(bench.marks("die-once-50-*")) == 2
        await eventually_sees(lambda: _is(engine.workers == WORKERS), SECONDS)

    bench.run(work)


def test_a_task_that_kills_each_of_its_workers_is_lost_and_the_cluster_is_not(bench: Bench) -> None:
    async def work(engine: DaskEngine) -> None:
        assert await finish(engine, a_task("die", 60)) == {60: TaskLost()}
        assert len(bench.marks("die-60-*")) == 4  # once, and three times again
        assert isinstance((await finish(engine, a_task("count", 61)))[61], Written)

    bench.run(work)


def test_a_cancellation_ends_what_runs_and_what_waits(bench: Bench) -> None:
    begun = CAPACITY * WORKERS

    async def work(engine: DaskEngine) -> None:
        for number in range(begun + 3):
            await engine.submit(a_task("last", number))
        await eventually_sees(lambda: _is(len(bench.marks("last-?-*")) == begun), SECONDS)
        await engine.cancel()
        await eventually_sees(lambda: _is(len(bench.marks("ended-?")) == begun), SECONDS)
        assert isinstance((await finish(engine, a_task("count", 70)))[70], Written)
        assert len(bench.marks("last-?-*")) == begun

    bench.run(work)


def test_the_tasks_of_an_engine_end_with_it(bench: Bench) -> None:
    async def leave(engine: DaskEngine) -> None:
        await engine.submit(a_task("last", 80))
        await eventually_sees(lambda: _is(bool(bench.marks("last-80-*"))))

    async def look(engine: DaskEngine) -> None:
        await eventually_sees(lambda: _is(bool(bench.marks("ended-80"))))

    bench.run(leave)
    bench.run(look)


def test_what_a_task_needs_may_be_unavailable(bench: Bench) -> None:
    async def work(engine: DaskEngine) -> None:
        await engine.submit(a_task("defer"))
        with pytest.raises(Unavailable, match="the store does not answer"):
            await engine.next_finished()

    bench.run(work)


def test_a_bug_is_told_without_the_data_that_it_quotes(bench: Bench) -> None:
    async def work(engine: DaskEngine) -> None:
        await engine.submit(a_task("break"))
        with pytest.raises(TaskBroken, match="DescribeTask raised ValueError") as broken:
            await engine.next_finished()
        assert SECRET not in str(broken.value)

    bench.run(work)
    said = (bench.folder / "log").read_text()
    assert "failed: ValueError" in said, "the worker says where"
    assert SECRET not in said
    assert "INFO" not in said, "Dask logs nothing of its routine"


def test_everything_listens_on_the_loopback_and_admits_only_holders_of_the_certificate(bench: Bench) -> None:
    async def work(engine: DaskEngine) -> None:
        async def all_ports() -> set[int]:
            ports = _listening_ports() - bench.other_ports
            return ports if len(ports) >= 1 + 2 * WORKERS else set()  # the scheduler, the workers, and their nannies

        ports = await eventually_sees(all_ports, SECONDS)
        for port in ports:
            for admitted in (None, _context(None), _context(Security.temporary())):
                assert not await _answers(port, admitted), port
            assert await _answers(port, _context(bench.security)), port

    bench.run(work)


@pytest.mark.parametrize("security", [None, Security.temporary()], ids=["plain", "own certificate"])
def test_a_client_of_another_user_is_rejected(bench: Bench, security: Security | None) -> None:
    async def work(engine: DaskEngine) -> None:
        address = await bench.address()
        if security is None:
            address = address.replace("tls", "tcp")
        with pytest.raises((OSError, TimeoutError)):
            await Client(address, security=security, asynchronous=True, set_as_default=False, timeout=1)

    bench.run(work)


async def test_an_engine_without_workers_gives_up_and_the_next_one_has_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    engines = DaskEngines(ClusterSize(1, 512 * 1024 * 1024, NAME))
    embedded = engines.embedded
    assert embedded is not None
    try:
        address = await embedded.address()
        client = await Client(address, security=embedded.security, asynchronous=True, set_as_default=False)
        engine = DaskEngine(client, deserted_seconds=1)
        await engine.open()
        await engine.submit(a_task("last"))
        await client.retire_workers()
        with pytest.raises(Unavailable, match="no workers"):
            await asyncio.wait_for(engine.next_finished(), SECONDS)
        await engine.close()

        async def another_address() -> bool:
            return await embedded.address() != address

        assert await eventually_sees(another_address, SECONDS)
        another = await engines()
        assert isinstance((await finish(another, a_task("count", 1)))[1], Written)
        await another.close()
    finally:
        await engines.close()


def test_a_nanny_whose_worker_is_away_is_not_given_up() -> None:
    configure()
    assert parse_timedelta(dask.config.get("distributed.deploy.lost-worker-timeout")) > 24 * 3600


async def _is(seen: bool) -> bool:
    return seen


def _context(security: Security | None) -> ssl.SSLContext:
    """Make the context of a peer that believes everyone, and has the certificate of that security, or none."""
    context = (
        ssl.create_default_context() if security is None else security.get_connection_args("client")["ssl_context"]
    )
    assert isinstance(context, ssl.SSLContext)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def _answers(port: int, context: ssl.SSLContext | None) -> bool:
    """Tell whether a peer is greeted as a member of the cluster is, and not only told that it is none."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        try:
            writer.write(bytes(64))
            greeting = await reader.read(1)
        finally:
            writer.close()
    except OSError:
        return False
    return greeting not in (b"", _ALERT)


def _listening_ports() -> set[int]:
    """Find the ports on which this process and its children listen, which must be on the loopback."""
    own = psutil.Process()
    sockets = [one for process in (own, *own.children(recursive=True)) for one in process.net_connections("tcp")]
    listening = {one.laddr for one in sockets if one.status == psutil.CONN_LISTEN}
    assert {address.ip for address in listening} <= {"127.0.0.1", "::1"}
    return {address.port for address in listening}


def _children() -> list[psutil.Process]:
    """List the descendants of this process, without that of Python's own, which remains until the end."""
    children = psutil.Process().children(recursive=True)
    return [one for one in children if "resource_tracker" not in command(one.pid)]
