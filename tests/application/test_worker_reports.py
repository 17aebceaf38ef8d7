"""A worker's reports to the queue, the log and the monitor of its tasks, and their times, on a virtual clock."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from attrs import define, evolve, field
from returns.result import Result, Success

from adapters.memory.store import MemoryStore
from application.maintenance.periodic import BackgroundTask, TaskMonitor
from application.ports.queue import Claimed
from application.ports.sandbox import RunFailure
from application.worker.config import WorkerPorts
from application.worker.worker import Worker
from domain.execution import Claim, Failed, Pending, Running, State
from domain.outcome import ErrorKind, Run
from domain.transitions import start
from tests.application.test_worker import QUICK, Flaky, now, submitted, succeed, until, working
from tests.application.test_worker_prefetch import Counted
from tests.support.values import a_run, an_id
from tests.support.virtual_time import virtual_now
from tests.support.waiting import eventually_sees

LEASE = timedelta(minutes=1)


class Monitor(TaskMonitor):
    """A monitor that also counts the successes of each task."""

    def __init__(self) -> None:
        self.failures, self.successes = Counter[BackgroundTask](), Counter[BackgroundTask]()
        super().__init__(lambda task: self.failures.update([task]))

    def succeeded(self, task: BackgroundTask) -> None:
        super().succeeded(task)
        self.successes[task] += 1


async def test_each_background_task_is_reported_under_its_name(store: MemoryStore) -> None:
    clock, monitor = asyncio.get_running_loop().time, Monitor()
    ports = WorkerPorts(queue=Flaky(store.queue), run_script=succeed, new_id=an_id, monotonic=clock, monitor=monitor)
    worker = Worker(ports, evolve(QUICK, poll_seconds=0.01))
    task = asyncio.create_task(worker.run())
    named = {BackgroundTask.CLAIM_EXECUTIONS, BackgroundTask.RENEW_LEASES, BackgroundTask.RECLAIM_EXECUTIONS}

    async def all_succeeded() -> bool:
        return monitor.successes.keys() == named

    await eventually_sees(all_succeeded)
    worker.stop()
    await task
    assert monitor.failures == Counter(named)


async def test_a_claim_names_its_worker(store: MemoryStore) -> None:
    workers = []

    async def note(claimed: Claimed) -> Result[Run, RunFailure]:
        workers.append(claimed.running.claim.worker)
        return Success(a_run())

    ids = await submitted(store, 1)
    async with working(store.queue, note, evolve(QUICK, worker="a worker")):
        await until(store, ids, State.SUCCEEDED)
    assert workers == ["a worker"]


async def test_an_execution_whose_last_attempt_is_lost_fails_when_it_is_reclaimed() -> None:
    store = MemoryStore(virtual_now, LEASE)
    ids = await submitted(store, 1)
    await store.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "dead"), at))
    await asyncio.sleep(LEASE.total_seconds())
    expired_at = virtual_now()
    async with working(store.queue, succeed, evolve(QUICK, max_attempts=1)):
        (failed,) = await until(store, ids, State.FAILED)
    assert isinstance(failed, Failed)
    assert failed.error.kind is ErrorKind.WORKER_LOST
    assert timedelta(0) <= failed.finished_at - expired_at < timedelta(seconds=1)


@define
class Reclaiming(Counted):
    """A queue that records the sizes of reclaimed batches."""

    reclaims: list[int] = field(factory=list)

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        reclaimed = await self.queue.reclaim(count, lose)
        self.reclaims.append(len(reclaimed))
        return reclaimed


async def test_expired_leases_are_reclaimed_in_batches_each_with_a_line(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore(virtual_now, LEASE)
    ids = await submitted(store, 250)
    await store.queue.claim(250, lambda pending, at: start(pending, Claim(an_id(), "dead"), at))
    await asyncio.sleep(LEASE.total_seconds())
    queue = Reclaiming(store.queue)
    async with working(queue, succeed, evolve(QUICK, poll_seconds=0.01)):
        await until(store, ids, State.SUCCEEDED)
    assert [size for size in queue.reclaims if size] == [100, 100, 50]
    assert {one.getMessage() for one in caplog.records} == {
        f"reclaimed execution {execution_id} from a lost worker" for execution_id in ids
    }


async def test_settlements_that_cannot_be_stored_and_a_bug_are_logged(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail_once(claimed: Claimed) -> Result[Run, RunFailure]:
        if claimed.running.attempt == 1:
            raise ValueError("a bug")
        return Success(a_run())

    (execution_id,) = await submitted(store, 1)
    async with working(Flaky(store.queue), fail_once):
        await until(store, [execution_id], State.SUCCEEDED)
    lines = [one.getMessage() for one in caplog.records]
    assert lines.count("1 settlements are waiting to be stored: no database") == 2  # of a release and of a completion
    assert f"the run of execution {execution_id} failed unexpectedly" in lines


async def test_while_claims_wait_an_outcome_waits_for_others_and_otherwise_it_is_stored_at_once() -> None:
    store = MemoryStore(virtual_now, LEASE)
    stored_after = list[timedelta]()

    async def take_some_time(claimed: Claimed) -> Result[Run, RunFailure]:
        await asyncio.sleep(0.004)
        return Success(a_run())

    async def finished(execution_id: UUID) -> bool:
        return not isinstance(await now(store, execution_id), Pending | Running)

    queue = Counted(store.queue)
    async with working(queue, take_some_time, evolve(QUICK, slots=1, linger_seconds=0.02)) as worker:
        ids = await submitted(store, 30)
        worker.wake.set()
        await until(store, ids, State.SUCCEEDED)
        assert max(queue.finishes) > 4
        (alone,) = await submitted(store, 1, name="another")
        began = virtual_now()
        worker.wake.set()
        await eventually_sees(lambda: finished(alone))
        stored_after.append(virtual_now() - began)
    assert stored_after[0] < timedelta(seconds=0.02)


async def test_the_last_of_a_burst_ends_the_wait_for_others(store: MemoryStore) -> None:
    async def take_some_time(claimed: Claimed) -> Result[Run, RunFailure]:
        await asyncio.sleep(0.01)
        return Success(a_run())

    queue = Counted(store.queue)
    ids = await submitted(store, 20)
    began = virtual_now()
    async with working(queue, take_some_time, evolve(QUICK, slots=1, linger_seconds=30)):
        await until(store, ids, State.SUCCEEDED)
    assert virtual_now() - began < timedelta(seconds=1)
    assert len(queue.finishes) < 20


async def test_a_worker_without_room_asks_for_nothing(store: MemoryStore) -> None:
    wanted, may_end = list[int](), asyncio.Event()

    class Asked(Counted):
        async def claim(self, count: int, *arguments: object) -> Sequence[Claimed]:
            wanted.append(count)
            return await self.queue.claim(count, *arguments)  # type: ignore[arg-type]

    async def wait(claimed: Claimed) -> Result[Run, RunFailure]:
        await may_end.wait()
        return Success(a_run())

    ids = await submitted(store, 3)
    async with working(Asked(store.queue), wait, evolve(QUICK, slots=1, poll_seconds=0.01)):
        await until(store, ids[:1], State.RUNNING)
        await asyncio.sleep(1)
        assert wanted == [1]
        may_end.set()
        await until(store, ids, State.SUCCEEDED)
    assert 0 not in wanted
