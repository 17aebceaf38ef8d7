"""Leases, outages and shut-down of the runner, and what ended jobs leave."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from attrs import evolve

from application.jobs.runner import JobRunner
from application.jobs.troubles import MOST_BUGS, MOST_SECONDS, MOST_STORE_FAILURES, Trouble
from application.ports.errors import Unavailable
from application.ports.job_tasks import JobEngine, ProcessTask, Task
from application.ports.jobs import JobRecord
from application.ports.stores import StoreInfo, StoreUnavailable
from domain.jobs import JobErrorKind, JobStatus
from domain.partitions import PartitionState
from domain.stores import Operation, StoreRules, store_name
from tests.application.jobs.engine import DOUBLE, FAILS, RandomEngine
from tests.application.jobs.faults import Crash, Faults, raising
from tests.application.jobs.job_rows import LEASE
from tests.application.jobs.world import LAKE, World, a_request, lines, url

pytestmark = pytest.mark.anyio


def a_world(*numbers: int) -> World:
    return World(a_request(), {"a.ndjson": lines(*(numbers or (40, 50, 60)))}, DOUBLE)


class StuckEngine(RandomEngine):
    """An engine whose tasks never finish."""

    async def next_finished(self) -> asyncio.Future[None]:  # type: ignore[override]
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]


def stuck(world: World) -> Callable[[], Awaitable[JobEngine]]:
    async def open_engine() -> JobEngine:
        world.engines.append(StuckEngine(world.bench, 2))
        return world.engines[-1]

    return open_engine


async def begin(world: World, **ports: Any) -> tuple[JobRunner, asyncio.Task[bool]]:
    """Start a process whose tasks never finish."""
    runner = world.runner(open_engine=stuck(world), **ports)
    work = asyncio.create_task(runner.carry_one_on())
    await asyncio.sleep(1)
    assert not work.done()
    return runner, work


async def test_no_job_is_waiting() -> None:
    world = a_world()
    world.rows.rows.clear()
    runner = world.runner()
    assert not await runner.carry_one_on()
    await runner.renew()
    await runner.release()


async def test_a_lease_that_is_renewed_keeps_the_job() -> None:
    world = a_world()
    runner, work = await begin(world)
    for _ in range(3):
        await asyncio.sleep(LEASE.total_seconds() - 1)
        await runner.renew()
        assert not await world.runner().carry_one_on()
    work.cancel()
    await asyncio.wait([work])
    assert world.engines[-1].is_closed
    assert not await world.runner().carry_one_on()
    await runner.release()
    assert await world.runner().carry_one_on()
    assert world.status() is JobStatus.SUCCEEDED


async def test_a_job_that_another_process_has_taken_over_is_left_to_it() -> None:
    world = a_world()
    runner, work = await begin(world)
    world.stores.put(url("x/y"), b"")
    await asyncio.sleep(LEASE.total_seconds() + 1)
    _, other = await begin(world)
    await runner.renew()
    assert await work
    assert world.engines[0].is_closed
    assert not other.done()
    other.cancel()
    await asyncio.wait([other])


async def test_a_cancelled_job_ends_at_the_next_renewal() -> None:
    world = a_world()
    runner, work = await begin(world)
    world.rows.cancel(world.job_id)
    await runner.renew()
    assert await work
    assert world.engines[-1].is_closed
    assert world.temporary == []
    assert not await runner.carry_one_on()


async def test_an_outage_of_the_engine_never_ends_a_job(caplog: pytest.LogCaptureFixture) -> None:
    world, outages = a_world(), 0

    async def open_engine() -> JobEngine:
        nonlocal outages
        outages += 1
        if outages <= 20:
            raise Unavailable("the scheduler does not answer")
        return RandomEngine(world.bench, 2)

    loop = asyncio.get_running_loop()
    runner, begun = world.runner(open_engine=open_engine), loop.time()
    with caplog.at_level(logging.WARNING):
        while await runner.carry_one_on():
            pass
    assert world.status() is JobStatus.SUCCEEDED
    assert loop.time() - begun == 1 + 2 + 4 + 8 + 16 + 32 + 14 * MOST_SECONDS
    assert caplog.messages[0] == f"job {world.job_id} was interrupted: the scheduler does not answer"


async def test_an_outage_of_the_database_is_waited_out() -> None:
    world = a_world()
    runner = world.runner(Faults({number: raising(Unavailable("no database")) for number in (3, 4)}))
    assert await runner.carry_one_on()
    assert world.status() is JobStatus.PENDING
    while await runner.carry_one_on():
        pass
    assert world.status() is JobStatus.SUCCEEDED


async def test_a_store_that_stays_unavailable_fails_the_job_in_the_end() -> None:
    world = a_world()
    runner = world.runner(open_engine=_failing(StoreUnavailable("no store")))
    for _ in range(MOST_STORE_FAILURES - 1):
        assert await runner.carry_one_on()
        assert world.status() is JobStatus.RUNNING
    assert await runner.carry_one_on()
    assert world.job.error is not None
    assert world.job.error.kind is JobErrorKind.STORE_REFUSED
    world.rows.retry(world.job_id)
    await world.carry_on()
    assert world.status() is JobStatus.SUCCEEDED


async def test_a_bug_fails_the_job_in_the_end_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    world = a_world()
    runner = world.runner(open_engine=_failing(ZeroDivisionError("a bug")))
    for _ in range(MOST_BUGS):
        assert await runner.carry_one_on()
    assert world.job.error is not None
    assert world.job.error.kind is JobErrorKind.WORKER_LOST
    logged = [one.exc_info for one in caplog.records if one.levelno == logging.ERROR]
    assert len(logged) == MOST_BUGS
    assert all(one is not None and one[0] is ZeroDivisionError for one in logged)


async def test_a_job_that_comes_on_between_failures_is_not_given_up() -> None:
    world = World(a_request(partition_bytes=3), {"a.ndjson": lines(*range(20, 60))}, DOUBLE, workers=1)

    def fail(task: Task) -> None:
        if isinstance(task, ProcessTask) and sum(world.bench.processed.values()) % 2 == 0:
            raise StoreUnavailable("sometimes")

    world.bench.after = fail
    runner = world.runner()
    while not await _has_ended(world, runner):
        pass
    assert world.status() is JobStatus.SUCCEEDED


async def test_a_database_that_fails_with_the_end_of_a_job_is_waited_out() -> None:
    world, given_up = a_world(), 0

    class Failing:
        """The rows' process, whose `finish` fails once."""

        def __getattr__(self, name: str) -> object:
            return getattr(self.work, name)

        def __init__(self, work: object) -> None:
            self.work = work

        async def finish(self, *given: object) -> bool:
            nonlocal given_up
            given_up += 1
            if given_up == 1:
                raise Unavailable("no database")
            return await self.work.finish(*given)  # type: ignore[attr-defined,no-any-return]

    ports = world.runner()._ports
    runner = JobRunner(evolve(ports, work=Failing(ports.work), open_engine=_failing(ZeroDivisionError("a bug"))))  # type: ignore[arg-type]
    for _ in range(MOST_BUGS + 1):
        assert await runner.carry_one_on()
    assert given_up == 2
    assert world.status() is JobStatus.FAILED


async def test_what_an_ended_job_has_left_is_deleted_by_the_next_process(caplog: pytest.LogCaptureFixture) -> None:
    world = a_world()
    others = [f".bateia/jobs/{uuid4()}/results/00000.json" for _ in range(2)]
    kept = ".bateia/jobs/notes"
    for path in (*others, kept):
        world.stores.put(_own(world, path), b"1")
    await world.carry_on()
    assert [path for path in world.stores.contents(LAKE) if path.startswith(".bateia")] == [kept]
    assert not caplog.messages


async def test_a_record_that_cannot_be_read_keeps_its_objects(caplog: pytest.LogCaptureFixture) -> None:
    world, path = a_world(), f".bateia/jobs/{uuid4()}/results/00000.json"
    world.stores.put(_own(world, path), b"1")
    runner = world.runner(find=_failing(ValueError("it does not decrypt")))
    assert await runner.carry_one_on()
    assert world.status() is JobStatus.SUCCEEDED
    assert path in world.stores.contents(LAKE)
    assert caplog.messages == [f"cannot clean up after job {path.split('/')[2]}"]


async def test_an_outage_of_a_store_delays_only_the_cleaning() -> None:
    world = a_world()
    path = f".bateia/jobs/{uuid4()}/results/00000.json"
    world.stores.put(_own(world, path), b"1")
    runner = world.runner(Faults({1: raising(StoreUnavailable("no store"))}))
    assert await runner.carry_one_on()
    assert world.status() is JobStatus.SUCCEEDED
    assert path in world.stores.contents(LAKE)
    runner = world.runner(find=_failing(Unavailable("no database")))
    assert not await runner.carry_one_on()
    await world.carry_on()
    assert path not in world.stores.contents(LAKE)


async def test_a_store_that_cannot_be_written_has_nothing_to_clean() -> None:
    world = a_world()
    world.rows.rows.clear()
    rules = StoreRules(frozenset({Operation.READ}))
    world.stores.stores = lambda: {store_name("gone").unwrap(): StoreInfo(LAKE, rules, can_resume=False)}  # type: ignore[method-assign]
    assert not await world.runner().carry_one_on()


async def test_a_job_without_a_record_leaves_nothing() -> None:
    world = a_world()
    runner, work = await begin(world)
    world.stores.put(_own(world, f".bateia/jobs/{world.job_id}/results/00000.json"), b"1")
    del world.rows.rows[world.job_id]
    await runner.renew()
    assert await work
    assert world.temporary == []


async def test_a_lost_job_is_cleaned_up_after_once_the_database_answers() -> None:
    world, outages = a_world(), 1

    async def find(job_id: UUID) -> JobRecord | None:
        nonlocal outages
        outages -= 1
        if outages == 0:
            raise Unavailable("no database")
        return await world.rows.find(job_id)

    runner, work = await begin(world, find=find)
    world.stores.put(_own(world, f".bateia/jobs/{world.job_id}/results/00000.json"), b"1")
    world.rows.cancel(world.job_id)
    await runner.renew()
    assert await work
    assert world.temporary != []
    assert not await runner.carry_one_on()
    assert world.temporary == []


async def test_objects_that_replaced_those_of_a_job_stay() -> None:
    """Whatever was written over an output of a job that was cancelled while it was published is no one's to delete."""
    world = a_world()
    move = world.stores.move

    async def crash_after_move(*given: object) -> None:
        await move(*given)  # type: ignore[arg-type]
        raise Crash

    world.stores.move = crash_after_move  # type: ignore[method-assign,assignment]
    with pytest.raises(Crash):
        await world.carry_on()
    assert "part-00000.ndjson" in world.output
    world.stores.put(url("out/part-00000.ndjson"), b"of a client, and longer")
    world.rows.cancel(world.job_id)
    await world.carry_on()
    assert world.output == {"part-00000.ndjson": b"of a client, and longer"}
    assert world.temporary == []


async def test_the_output_of_another_job_stays() -> None:
    for manifest in (b"of another job", None):
        world = a_world()
        write = world.stores.write

        async def crash_before_manifest(
            target: object, *given: object, write: object = write, **named: object
        ) -> object:
            if target == url("out/_manifest.json"):
                raise Crash
            return await write(target, *given, **named)  # type: ignore[operator]

        world.stores.write = crash_before_manifest  # type: ignore[method-assign,assignment]
        with pytest.raises(Crash):
            await world.carry_on()
        temporary = world.stores.contents(LAKE)[f".bateia/jobs/{world.job_id}/manifest.json"]
        world.stores.put(url("out/_manifest.json"), manifest or bytes(len(temporary)))
        output = world.output
        world.rows.cancel(world.job_id)
        await world.carry_on()
        assert world.output == output
        assert world.temporary == []


async def test_what_is_observed() -> None:
    world = a_world(20, FAILS, 30)
    world.bench.failing.add(FAILS)
    world.rows.rows[world.job_id].job = evolve(world.job, request=a_request(partition_bytes=3))
    await world.carry_on()
    assert [one.state for one in sorted(world.settled, key=lambda one: one.number)] == [
        PartitionState.DONE,
        PartitionState.FAILED,
        PartitionState.DONE,
    ]
    assert world.ended == [world.job]


def test_failures_of_another_job_are_counted_anew() -> None:
    first, second = uuid4(), uuid4()
    trouble = Trouble().after(first, Unavailable()).after(first, StoreUnavailable()).after(first, OSError())
    assert (trouble.outages, trouble.store_failures, trouble.bugs, trouble.pause_seconds) == (1, 1, 1, 4)
    assert trouble.after(second, OSError()) == Trouble(second, bugs=1)
    assert trouble.reason is None


def _failing(error: Exception) -> Callable[..., Awaitable[object]]:
    async def fail(*given: object) -> object:
        raise error

    return fail


def _own(world: World, path: str):  # type: ignore[no-untyped-def]
    return evolve(url("x"), path=type(url("x").path)(path))


async def _has_ended(world: World, runner: JobRunner) -> bool:
    return not await runner.carry_one_on() or world.job.finished_at is not None
