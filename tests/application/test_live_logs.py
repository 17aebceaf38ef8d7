"""Live logs from the run to the reader: what a reader has is the beginning of the log of the attempt that holds the
claim, whatever fails in between, and a run that ends within a second costs nothing."""

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID

import pytest
from attrs import define, evolve, field
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Result, Success

from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.executions.read import ContentRemoved, UnknownExecution
from application.executions.read_log import LogReading, read_log
from application.executions.remove_content import remove_content
from application.executions.use_cases import ExecutionUseCases
from application.maintenance.periodic import BackgroundTask
from application.ports.errors import Unavailable
from application.ports.live_logs import LogPart
from application.ports.queue import Claimed, Completion, Release
from application.ports.sandbox import RunFailure
from application.worker.claims import HeldClaims
from application.worker.config import WorkerPorts
from application.worker.live_logs import LogPublisher
from application.worker.worker import Worker
from domain.execution import Claim, Pending, Running, State, Succeeded
from domain.live_log import LogPosition
from domain.outcome import LogLevel, LogLine, Logs, Produced, Run
from domain.transitions import finish, release, start
from tests.application.test_executions import ports_of
from tests.application.test_worker import QUICK, submitted, until
from tests.application.test_worker_reports import Monitor
from tests.support.values import a_body, a_run, an_id
from tests.support.virtual_time import run as run_virtually


def a_line(text: object) -> LogLine:
    return LogLine(LogLevel.LOG, str(text))


class Fault(Enum):
    """The fault of the store in a step: none, an outage before the parts are stored, or one after it."""

    NONE = auto()
    BEFORE = auto()
    AFTER = auto()


@define
class FaultyLogs:
    """The logs of a store, with the faults that a test asks for, and a count of the calls."""

    store: MemoryStore
    fault: Fault = Fault.NONE
    appended: list[Sequence[LogPart]] = field(factory=list)

    async def append(self, parts: Sequence[LogPart]) -> frozenset[UUID]:
        self.appended.append(parts)
        if self.fault is Fault.BEFORE:
            raise Unavailable("away")
        stored = await self.store.live_logs.append(parts)
        if self.fault is Fault.AFTER:
            raise Unavailable("away")
        return stored

    async def read(self, running: Running) -> Logs | None:
        return await self.store.live_logs.read(running)

    async def ends(self, execution_ids: Sequence[UUID]) -> Mapping[UUID, Hashable]:
        return await self.store.live_logs.ends(execution_ids)

    async def purge(self) -> None:
        await self.store.live_logs.purge()


class World:
    """An execution, the worker that holds it, and a reader. An attempt prints numbers from a start of its own."""

    def __init__(self) -> None:
        self.store = MemoryStore(utc_now, timedelta(minutes=1))
        self.logs, self.claims, self.printed = FaultyLogs(self.store), HeldClaims(), Logs()
        self.publisher = LogPublisher(self.logs, lambda claim_id: self.printed, self.claims)
        self.position: LogPosition | None = None
        self.seen: tuple[LogLine, ...] = ()
        self.attempts = 0

    async def begin(self) -> None:
        """Claim the execution for another attempt, whose run begins."""
        (claimed,) = await self.store.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "one"), at))
        self.running, self.printed, self.attempts = claimed.running, Logs(), self.attempts + 1
        with self.claims.expecting():
            self.claims.accept(claimed.running)
        self.claims.begin(claimed.running.claim.id)

    async def print(self, count: int) -> None:
        """Print some lines; none is a log that has become too long."""
        more = tuple(a_line((self.attempts % 2, len(self.printed.lines) + number)) for number in range(count))
        if not self.printed.truncated:
            self.printed = Logs(self.printed.lines + more, truncated=count == 0)

    async def publish(self, fault: Fault) -> None:
        self.logs.fault = fault
        try:
            await self.publisher.publish()
        except Unavailable:
            assert fault is not Fault.NONE

    async def lose(self) -> None:
        """Lose the claim, of which the worker learns nothing, and begin another attempt."""
        await self.store.queue.release([Release(self.running.claim.id, release(self.running))])
        await self.begin()

    async def read(self) -> None:
        reading = await self.reading()
        part = reading.excerpt
        assert part.first_line in (0, len(self.seen))
        self.seen, self.position = self.seen[: part.first_line] + part.lines, part.end
        assert self.seen == self.printed.lines[: len(self.seen)]
        assert not reading.truncated or self.printed.truncated

    async def reading(self) -> LogReading:
        execution_id = self.running.submission.id
        return (await read_log(self.store.executions, self.store.live_logs, execution_id, self.position)).unwrap()

    async def end(self) -> None:
        ran = a_run(lines=self.printed.lines)
        ended = finish(self.running, evolve(ran, logs=self.printed), timedelta(seconds=1))
        await self.store.queue.finish([Completion(self.running.claim.id, ended, self.printed, a_body(b"[2]"))])


steps = st.lists(
    st.tuples(st.just("print"), st.integers(0, 3))
    | st.tuples(st.just("publish"), st.sampled_from(Fault))
    | st.tuples(st.sampled_from(["read", "lose"])),
    max_size=25,
)


@settings(max_examples=80)
@given(steps)
def test_a_reader_has_the_beginning_of_the_log_of_the_attempt_that_holds_the_claim(
    chosen: Sequence[tuple[str, ...]],
) -> None:
    async def play() -> None:
        world = World()
        await submitted(world.store, 1)
        await world.begin()
        for name, *arguments in chosen:
            await getattr(world, name)(*arguments)
        for _ in range(2):  # the first look may only note the run
            await world.publish(Fault.NONE)
        await world.read()
        assert (world.seen, (await world.reading()).truncated) == (world.printed.lines, world.printed.truncated)
        await world.end()
        await world.read()
        assert world.seen == world.printed.lines

    run_virtually(play())


@define
class Program:
    """The port `RunScript` of scripts that print a line each time, every `pause` seconds, and the port `RunningLog`."""

    times: int
    pause: float
    lines: tuple[LogLine, ...] = ()

    async def run(self, claimed: Claimed) -> Result[Run, RunFailure]:
        self.lines = ()
        for number in range(self.times):
            await asyncio.sleep(self.pause)
            self.lines += (a_line(number),)
        return Success(a_run(Produced(a_body(b"[2]")), self.lines))

    def log(self, claim_id: object) -> Logs:
        return Logs(self.lines)


async def worked(store: MemoryStore, program: Program, monitor: Monitor, fault: Fault = Fault.NONE) -> FaultyLogs:
    """Have a worker run an execution to its end; return the logs with their calls."""
    (execution_id,) = await submitted(store, 1)
    logs = FaultyLogs(store, fault)
    ports = WorkerPorts(
        queue=store.queue,
        run_script=program.run,
        new_id=an_id,
        monotonic=asyncio.get_running_loop().time,
        live_logs=logs,
        running_log=program.log,
        monitor=monitor,
    )
    worker = Worker(ports, QUICK)
    task = asyncio.create_task(worker.run())
    await until(store, [execution_id], State.SUCCEEDED)
    worker.stop()
    await task
    return logs


async def test_a_worker_stores_what_comes_at_most_once_a_second(store: MemoryStore) -> None:
    monitor = Monitor()
    logs = await worked(store, Program(times=40, pause=0.1), monitor)
    lines = [line.message for (part,) in logs.appended for line in part.logs.lines]
    assert lines == [str(number) for number in range(len(lines))]
    assert (len(logs.appended), len(lines) > 20) == (3, True)
    assert monitor.successes[BackgroundTask.PURGE_LOGS] > 0


@pytest.mark.parametrize("program", [Program(times=9, pause=0.1), Program(times=1, pause=3.5)])
async def test_a_run_that_ends_within_a_second_or_prints_nothing_before_its_end_is_not_stored(
    store: MemoryStore, program: Program
) -> None:
    assert (await worked(store, program, Monitor())).appended == []


async def test_an_outage_of_the_logs_is_reported_and_harms_no_run(store: MemoryStore) -> None:
    monitor = Monitor()
    logs = await worked(store, Program(times=40, pause=0.1), monitor, Fault.BEFORE)
    assert monitor.failures[BackgroundTask.PUBLISH_LOGS] == len(logs.appended) == 3


async def read_of(world: World, execution_id: UUID) -> LogReading:
    store = world.store
    executions = ExecutionUseCases(ports_of(store), store.endings, store.live_logs, store.log_news)
    return (await executions.read_log(execution_id, None)).unwrap()


async def test_a_log_is_read_from_the_record_once_the_execution_has_ended_and_until_its_content_is_removed() -> None:
    world = World()
    (execution_id,) = await submitted(world.store, 1)
    assert isinstance((await read_of(world, execution_id)).execution, Pending)
    await world.begin()
    await world.print(2)
    assert (await read_of(world, execution_id)).excerpt.lines == ()
    await world.end()
    reading = await read_of(world, execution_id)
    assert (isinstance(reading.execution, Succeeded), reading.excerpt.lines) == (True, world.printed.lines)
    await remove_content(world.store.executions, utc_now, execution_id)
    refused = await read_log(world.store.executions, world.store.live_logs, execution_id)
    assert refused.failure() == ContentRemoved(execution_id)


async def test_an_unknown_execution_has_no_log(store: MemoryStore) -> None:
    unknown = an_id()
    assert (await read_log(store.executions, store.live_logs, unknown)).failure() == UnknownExecution(unknown)


async def test_an_attempt_that_ends_while_its_log_is_read_is_read_anew() -> None:
    world = World()
    (execution_id,) = await submitted(world.store, 1)
    await world.begin()
    await world.print(2)

    class Late:
        """Logs that are read when the attempt has just ended."""

        async def append(self, parts: Sequence[LogPart]) -> frozenset[UUID]:
            return frozenset()

        async def read(self, running: Running) -> Logs | None:
            await world.end()
            return await world.store.live_logs.read(running)

        async def ends(self, execution_ids: Sequence[UUID]) -> Mapping[UUID, Hashable]:
            return {}

        async def purge(self) -> None:
            pass

    reading = (await read_log(world.store.executions, Late(), execution_id)).unwrap()
    assert (isinstance(reading.execution, Succeeded), reading.excerpt.lines) == (True, world.printed.lines)
