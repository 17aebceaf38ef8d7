"""The contract of every store for jobs as the process sees them that carries one on: what is stored is stored by the
holder alone, and counted once."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.system import utc_now
from application.ports.jobs import JobWork, NewJob
from domain.deliveries import DeliveryStatus
from domain.jobs import Job, JobCounts, JobErrorKind, JobPhase, JobStatus, cancel, retry, succeed
from domain.partitions import Partition, PartitionState
from domain.webhooks import SUBSCRIBABLE, EventType
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import EXPIRED, a_version
from tests.contracts.test_jobs import ALL, LATE, added, record
from tests.contracts.test_webhooks import added as a_webhook_in
from tests.contracts.test_webhooks import deliveries
from tests.support.stored_jobs import OUTCOME, a_job, a_partition, a_plan, done, failed, failure
from tests.support.values import NOON

pytestmark = pytest.mark.parametrize(
    "open_store", ["memory", "postgres, hostile, sealed", "postgres, pooled"], indirect=True
)

WORDS: Final = "kanarienvogel"


async def taken_by(work: JobWork) -> Job | None:
    """Take a job, if there is one."""
    found = await work.take()
    return None if found is None else found.job


async def test_jobs_are_taken_oldest_first_once_each_with_their_version(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        assert not await store.job_work.is_waiting()
        assert await store.job_work.take() is None
        older, newer = await added(store, version), a_job(version, submitted_at=LATE)
        (await store.jobs.add(NewJob(job=newer))).unwrap()
        before = utc_now() - timedelta(seconds=1)
        found = await store.job_work.take()
        assert found is not None
        assert (found.version, found.counts) == (version, JobCounts())
        assert found.job.started_at is not None
        assert before < found.job.started_at < utc_now() + timedelta(seconds=1)
        assert found.job == evolve(older, started_at=found.job.started_at)
        assert (await record(store, older.id)).job == found.job
        assert await store.rival_job_work.is_waiting()
        assert await taken_by(store.rival_job_work) == evolve(newer, started_at=LATE)
        assert not await store.job_work.is_waiting()
        assert [await work.take() for work in (store.job_work, store.rival_job_work)] == [None, None]
        assert await store.job_work.renew(older.id)
        assert not await store.rival_job_work.renew(older.id)


async def test_a_released_job_is_taken_again_as_it_was(open_store: OpenStore) -> None:
    async with open_store() as store:
        job = await added(store)
        begun = await taken_by(store.job_work)
        assert begun is not None
        planned = evolve(begun, plan=a_plan(), phase=JobPhase.VERIFYING, is_verified=True)
        assert await store.job_work.plan(planned, [a_partition(0), a_partition(1)])
        assert await store.job_work.advance(planned)
        await store.rival_job_work.release(job.id)
        assert not await store.rival_job_work.is_waiting()
        await store.job_work.release(job.id)
        assert not await store.job_work.renew(job.id)
        found = await store.rival_job_work.take()
        assert found is not None
        assert found.job == planned
        assert (found.counts.partitions, found.counts.bytes_total) == (2, 30)


async def test_a_job_has_one_plan_and_partitions_that_are_there_stay(open_store: OpenStore) -> None:
    async with open_store() as store:
        await added(store)
        job = await taken_by(store.job_work)
        assert job is not None
        assert await store.job_work.plan(evolve(job, plan=a_plan()), [a_partition(0)])
        assert await store.job_work.plan(evolve(job, plan=a_plan(3)), [a_partition(1)])
        assert await store.job_work.settle(job.id, [done(a_partition(0))])
        assert await store.job_work.add_partitions(job.id, [a_partition(0), a_partition(2)])
        assert await store.job_work.add_partitions(job.id, [])
        assert await store.job_work.settle(job.id, [])
        found = await record(store, job.id)
        assert found.job.plan == a_plan()
        assert list(await store.jobs.partitions(job.id, *ALL)) == [done(a_partition(0)), a_partition(2)]
        assert (found.counts.partitions, found.counts.done) == (2, 1)


async def test_very_many_partitions_are_planned_at_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        job = await added(store)
        begun = await taken_by(store.job_work)
        assert begun is not None
        assert await store.job_work.plan(evolve(begun, plan=a_plan()), [a_partition(one) for one in range(10_001)])
        assert (await record(store, job.id)).counts.partitions == 10_001
        assert list(await store.jobs.partitions(job.id, None, 9_999, 9)) == [a_partition(9_999), a_partition(10_000)]


STORES: Final[dict[str, Callable[[JobWork, Job], Awaitable[bool]]]] = {
    "renew": lambda work, job: work.renew(job.id),
    "plan": lambda work, job: work.plan(evolve(job, plan=a_plan()), [a_partition(5)]),
    "advance": lambda work, job: work.advance(evolve(job, phase=JobPhase.MERGING, is_verified=True)),
    "add_partitions": lambda work, job: work.add_partitions(job.id, [a_partition(5)]),
    "settle": lambda work, job: work.settle(job.id, [done(a_partition(0)), failed(a_partition(1))]),
    "finish": lambda work, job: work.finish(succeed(job, OUTCOME, LATE).unwrap()),
    "fail": lambda work, job: work.finish(failure(job), b"[1]"),
}


async def assert_refused(store: Store, work: JobWork, job: Job) -> None:
    """Assert that a process that does not hold the job changes nothing of it."""
    before = (await record(store, job.id), await store.jobs.partitions(job.id, *ALL))
    for name, change in STORES.items():
        assert not await change(work, job), name
    await work.release(job.id)
    assert (await record(store, job.id), await store.jobs.partitions(job.id, *ALL)) == before


async def test_nothing_is_accepted_after_the_lease(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        job = await added(store)
        begun = await taken_by(store.job_work)
        assert begun is not None
        await assert_refused(store, store.job_work, begun)
        assert await store.rival_job_work.is_waiting()
        assert await taken_by(store.rival_job_work) == begun
        await assert_refused(store, store.job_work, begun)
        assert begun.id == job.id


@pytest.mark.parametrize("end", ["cancelled", "finished", "retried"])
async def test_nothing_is_accepted_of_another_process_or_after_the_end(open_store: OpenStore, end: str) -> None:
    async with open_store() as store:
        await added(store)
        begun = await taken_by(store.job_work)
        assert begun is not None
        assert await store.job_work.plan(evolve(begun, plan=a_plan()), [a_partition(0), a_partition(1)])
        planned = (await record(store, begun.id)).job
        await assert_refused(store, store.rival_job_work, planned)
        if end == "cancelled":
            assert await store.jobs.cancel(cancel(planned, LATE).unwrap())
        else:
            assert await store.job_work.finish(failure(planned))
        if end == "retried":
            assert await store.jobs.retry(retry((await record(store, begun.id)).job).unwrap())
        for work in (store.job_work, store.rival_job_work):
            await assert_refused(store, work, planned)


@pytest.mark.parametrize("end", ["succeeded", "failed", "cancelled"])
async def test_an_end_wakes_its_readers_and_is_an_event(open_store: OpenStore, end: str) -> None:
    async with open_store() as store:
        webhook = await a_webhook_in(store, events=SUBSCRIBABLE)
        job = await added(store)
        begun = await taken_by(store.job_work)
        assert begun is not None
        with store.endings.watch(job.id) as ended:
            if end == "cancelled":
                assert await store.jobs.cancel(cancel(begun, LATE).unwrap())
            else:
                finished = succeed(begun, OUTCOME, LATE).unwrap() if end == "succeeded" else failure(begun)
                assert await store.job_work.finish(finished)
            await asyncio.wait_for(ended.wait(), 5)
        (delivery,) = await deliveries(store, webhook)
        assert (delivery.event, delivery.status) == (EventType.JOB_FINISHED, DeliveryStatus.PENDING)
        assert delivery.script_id == job.script.id
        facts: dict[str, dict[str, object]] = {
            "succeeded": {"status": "succeeded", "objects": 2, "size_bytes": 345},
            "failed": {"status": "failed", "error_kind": "partitions_failed"},
            "cancelled": {"status": "failed", "error_kind": "cancelled"},
        }
        assert json.loads(delivery.facts) == {"job": str(job.id), "version": 1, **facts[end]}


async def test_a_job_that_is_not_there_is_not_held(open_store: OpenStore) -> None:
    async with open_store() as store:
        job = a_job(await a_version(store))
        for name, change in STORES.items():
            assert not await change(store.job_work, job), name
        await store.job_work.release(job.id)
        assert await store.jobs.find(job.id) is None


class Steps:
    """Steps of two processes and a client with one job of some partitions, whose numbers are those of a plan."""

    def __init__(self, store: Store, job: Job, count: int) -> None:
        self.store, self.job, self.count = store, job, count
        self.works = (store.job_work, store.rival_job_work)

    async def take(self, who: int, numbers: Sequence[int]) -> None:
        await self.works[who].take()

    async def release(self, who: int, numbers: Sequence[int]) -> None:
        await self.works[who].release(self.job.id)

    async def plan(self, who: int, numbers: Sequence[int]) -> None:
        await self.works[who].plan(evolve(self.job, plan=a_plan()), [a_partition(one) for one in range(self.count)])

    async def add(self, who: int, numbers: Sequence[int]) -> None:
        await self.works[who].add_partitions(self.job.id, [a_partition(one) for one in numbers])

    async def settle(self, who: int, numbers: Sequence[int]) -> None:
        waiting = await self.works[who].partitions(self.job.id, PartitionState.WAITING, 0, 99)
        settle = failed if len(numbers) % 2 else done
        await self.works[who].settle(self.job.id, [settle(one) for one in waiting if one.number in numbers])

    async def end(self, who: int, numbers: Sequence[int]) -> None:
        job = (await record(self.store, self.job.id)).job
        if job.finished_at is None:
            await self.works[who].finish(failure(job))

    async def retry(self, who: int, numbers: Sequence[int]) -> None:
        job = (await record(self.store, self.job.id)).job
        if job.error is not None:
            await self.store.jobs.retry(retry(job).unwrap())

    async def check(self) -> None:
        partitions = await self.store.jobs.partitions(self.job.id, *ALL)
        found = await record(self.store, self.job.id)
        assert found.counts == counted(partitions, found.counts.bytes_total)
        assert (found.job.status is JobStatus.FAILED) == (found.job.error is not None)


def counted(partitions: Sequence[Partition], bytes_total: int) -> JobCounts:
    """Count partitions as a job does."""
    results = [one.result for one in partitions if one.result is not None]
    return JobCounts(
        partitions=len(partitions),
        done=len(results),
        failed=sum(one.state is PartitionState.FAILED for one in partitions),
        bytes_total=bytes_total,
        bytes_done=sum(one.input_bytes for one in results),
        rows=sum(one.rows for one in results),
        result_bytes=sum(one.result_bytes for one in results),
    )


Step = tuple[Callable[..., Awaitable[None]], int, list[int]]
steps: st.SearchStrategy[Any] = st.tuples(
    st.sampled_from(
        [
            Steps.take,
            Steps.take,
            Steps.release,
            Steps.plan,
            Steps.add,
            Steps.settle,
            Steps.settle,
            Steps.end,
            Steps.retry,
        ]
    ),
    st.integers(0, 1),
    st.lists(st.integers(0, 5), unique=True, max_size=4),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(count=st.integers(0, 4), waves=st.lists(st.lists(steps, max_size=4), max_size=6))
async def test_in_every_interleaving_counts_are_those_of_the_partitions(
    open_store: OpenStore, count: int, waves: list[list[Step]]
) -> None:
    """Of each wave, all steps are taken at once. In the end, one process does what is left."""
    async with open_store() as store:
        job = await added(store)
        run = Steps(store, job, count)
        await run.take(0, [])
        await run.plan(0, [])
        for wave in waves:
            await asyncio.gather(*(step(run, who, numbers) for step, who, numbers in wave))
            await run.check()
        await run.retry(0, [])
        for who in (0, 1):
            await run.release(who, [])
        await run.take(0, [])
        await run.settle(0, range(6))
        await run.check()
        assert list(await store.jobs.partitions(job.id, PartitionState.WAITING, 0, 99)) == []


async def test_a_message_of_any_characters_is_kept(open_store: OpenStore) -> None:
    async with open_store() as store:
        await added(store)
        begun = await taken_by(store.job_work)
        assert begun is not None
        assert await store.job_work.plan(evolve(begun, plan=a_plan()), [a_partition(0)])
        text = f'{WORDS}é"\\' * 100
        assert await store.job_work.settle(begun.id, [failed(a_partition(0), text)])
        ended = failure(evolve(begun, plan=a_plan()), text, JobErrorKind.VERIFICATION_FAILED)
        assert await store.job_work.finish(ended, b"{}" * 50_000)
        found = await record(store, begun.id)
        assert (found.job.error, found.differences) == (ended.error, b"{}" * 50_000)
        assert list(await store.jobs.partitions(begun.id, *ALL)) == [failed(a_partition(0), text)]


async def test_begun_at_noon_a_job_never_ends_before(open_store: OpenStore) -> None:
    async with open_store() as store:
        job = a_job(await a_version(store), submitted_at=LATE)
        (await store.jobs.add(NewJob(job=job))).unwrap()
        begun = await taken_by(store.job_work)
        assert begun is not None
        assert await store.job_work.finish(evolve(failure(begun), finished_at=NOON))
        assert (await record(store, job.id)).job.finished_at == LATE
