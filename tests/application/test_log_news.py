"""Waiting for lines of a log: the answer comes within a second of their storing, or with the end, and all readers of a
process share one look a second."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from attrs import define, field
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.system import utc_now
from application.executions.cancel import cancel_execution
from application.executions.log_news import LOOK_SECONDS, LogNews
from application.executions.read import UnknownExecution
from application.executions.read_log import LogPorts, LogReading, await_log
from application.executions.use_cases import ExecutionUseCases
from application.ports.executions import ExecutionDetails
from domain.execution import State, state_of
from domain.live_log import LogPosition
from tests.application.test_executions import ports_of
from tests.application.test_live_logs import Fault, FaultyLogs, World
from tests.application.test_worker import submitted
from tests.support.values import an_id
from tests.support.virtual_time import run as run_virtually


@define
class CountedLogs(FaultyLogs):
    """The logs of a store, with a count of the looks."""

    looks: int = 0

    async def ends(self, execution_ids: Sequence[UUID]) -> Mapping[UUID, Hashable]:
        self.looks += 1
        return await self.store.live_logs.ends(execution_ids)


@define
class CountedReports:
    """The executions of a world, with a count of the reads."""

    world: World
    reads: int = field(default=0)

    async def report(self, execution_id: UUID, result_up_to: int) -> ExecutionDetails | None:
        self.reads += 1
        return await self.world.store.executions.report(execution_id, result_up_to)


class Scene:
    """A world with a running execution whose log readers wait for, and the look that is taken each second."""

    def __init__(self, world: World, execution_id: UUID) -> None:
        self.world, self.execution_id = world, execution_id
        self.logs, self.reports = CountedLogs(world.store), CountedReports(world)
        self.news = LogNews(self.logs)
        self.ports = LogPorts(self.reports, world.store.live_logs, world.store.endings, self.news)  # type: ignore[arg-type]

    async def read(self, after: LogPosition | None, seconds: float) -> tuple[LogReading, float]:
        """Wait for lines; return them and the time that it took."""
        began = now()
        reading = await await_log(self.ports, self.execution_id, after, seconds)
        return reading.unwrap(), now() - began

    async def print(self, lines: int) -> None:
        """Print lines, and store them: the first call of a publisher may only note the run."""
        await self.world.print(lines)
        for _ in range(2):
            await self.world.publish(Fault.NONE)

    async def keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.news.look()


def now() -> float:
    return asyncio.get_running_loop().time()


def play(act: Callable[[Scene], Awaitable[None]]) -> None:
    async def played() -> None:
        world = World()
        (execution_id,) = await submitted(world.store, 1)
        await world.begin()
        scene = Scene(world, execution_id)
        looking = asyncio.create_task(scene.keep_looking())
        try:
            await act(scene)
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    run_virtually(played())


delays = st.floats(0, 5)


@settings(max_examples=30)
@given(st.lists(st.tuples(delays, st.integers(1, 3)), max_size=5), st.lists(delays, min_size=1, max_size=3), delays)
def test_each_reader_gets_all_lines_within_a_second_of_their_storing_and_the_end_at_once(
    prints: Sequence[tuple[float, int]], begins: Sequence[float], last: float
) -> None:
    stored = list[float]()

    async def follow(scene: Scene, begin: float) -> None:
        await asyncio.sleep(begin)
        position, seen = None, 0
        while True:
            asked = now()
            reading, _ = await scene.read(position, 60)
            position, seen = reading.excerpt.end, seen + len(reading.excerpt.lines)
            if state_of(reading.execution) is State.SUCCEEDED:
                assert seen == len(scene.world.printed.lines)
                return
            assert reading.excerpt.lines
            assert now() - max(asked, stored[-1]) <= LOOK_SECONDS

    async def act(scene: Scene) -> None:
        async def go_on() -> None:
            for delay, lines in prints:
                await asyncio.sleep(delay)
                await scene.print(lines)
                stored.append(now())
            await asyncio.sleep(last)
            await scene.world.end()

        ended = asyncio.create_task(go_on())
        await asyncio.gather(ended, *(follow(scene, begin) for begin in begins))

    stored.clear()
    play(act)


def test_a_reader_of_a_silent_log_waits_as_long_as_it_asked_and_reads_it_three_times() -> None:
    async def act(scene: Scene) -> None:
        reading, took = await scene.read(None, 30)
        assert (reading.excerpt.lines, took) == ((), 30)
        assert (scene.reports.reads, scene.logs.looks) == (3, 29)

    play(act)


def test_readers_share_a_look_and_without_any_there_is_none() -> None:
    async def act(scene: Scene) -> None:
        await asyncio.sleep(10)
        assert scene.logs.looks == 0
        readers = [asyncio.create_task(scene.read(None, 10.5)) for _ in range(5)]
        await asyncio.sleep(20)
        assert [reader.done() for reader in readers] == [True] * 5
        assert scene.logs.looks == 10

    play(act)


def test_lines_that_are_there_are_sent_at_once_and_so_is_the_end_of_a_cancelled_run() -> None:
    async def act(scene: Scene) -> None:
        await scene.print(2)
        reading, took = await scene.read(None, 60)
        assert (len(reading.excerpt.lines), took) == (2, 0)
        waiting = asyncio.create_task(scene.read(reading.excerpt.end, 60))
        await asyncio.sleep(7.5)
        assert is_successful(await cancel_execution(scene.world.store.executions, utc_now, scene.execution_id))
        reading, took = await waiting
        assert (state_of(reading.execution), reading.excerpt.lines, took) == (State.FAILED, (), 7.5)

    play(act)


def test_a_process_that_stops_lets_no_reader_wait() -> None:
    async def act(scene: Scene) -> None:
        waiting = asyncio.create_task(scene.read(None, 60))
        await asyncio.sleep(7.5)
        scene.world.store.endings.shut_down()
        assert (await waiting)[1] == 7.5
        assert (await scene.read(None, 60))[1] == 0

    play(act)


def test_an_unknown_execution_is_not_waited_for() -> None:
    async def act(scene: Scene) -> None:
        store, unknown = scene.world.store, an_id()
        executions = ExecutionUseCases(ports_of(store), store.endings, store.live_logs, store.log_news)
        assert (await executions.read_log(unknown, None, 60)).failure() == UnknownExecution(unknown)

    play(act)
