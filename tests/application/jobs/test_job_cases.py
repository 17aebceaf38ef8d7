"""Reading, cancelling, retrying and clearing a job, and its receipt."""

import asyncio
import json
from typing import Any

import pytest
from attrs import evolve
from returns.result import Failure

from adapters.memory.store import MemoryStore
from application.executions.receipts import ReceiptsNotConfigured
from application.jobs.read import JobPartitions, UnknownJob
from application.ports.jobs import JobFilter
from domain.audit import ANONYMOUS
from domain.job_receipts import NoOutput
from domain.jobs import (
    Job,
    JobAlreadyFinished,
    JobErrorKind,
    JobNotFinished,
    JobNotRetryable,
    JobPlan,
    JobStatus,
    fail,
    job_error,
    succeed,
)
from domain.outcome import ErrorKind
from domain.partitions import Partition, PartitionState, partition_error, reject
from tests.application.jobs.cases import submitted, use_cases
from tests.application.test_executions import hosted as hosted
from tests.support.job_values import OBJECTS, PARTITIONS, a_done_job
from tests.support.values import NOON, an_id

pytestmark = pytest.mark.anyio


async def failed(store: MemoryStore, kind: JobErrorKind = JobErrorKind.PARTITIONS_FAILED) -> Job:
    """Let the oldest job fail by its second partition."""
    taken = await store.job_work.take()
    assert taken is not None
    waiting = [Partition(number=one.number, range=one.range) for one in PARTITIONS]
    assert await store.job_work.plan(evolve(taken.job, plan=JobPlan(OBJECTS, None, 3)), waiting)
    broken = reject(waiting[1], partition_error(ErrorKind.SCRIPT_ERROR, "boom"))
    assert await store.job_work.settle(taken.job.id, [PARTITIONS[0], broken])
    ended = fail(evolve(taken.job, plan=JobPlan(OBJECTS, None, 3)), job_error(kind, "boom", 1), NOON).unwrap()
    assert await store.job_work.finish(ended)
    found = await store.jobs.find(taken.job.id)
    assert found is not None
    return found.job


async def test_a_reader_waits_for_the_end_of_a_job(hosted: MemoryStore) -> None:
    cases = use_cases(hosted)
    job = (await submitted(cases)).job
    reading = asyncio.create_task(cases.read(job.id, 60))
    await asyncio.sleep(1)
    assert not reading.done()
    ended = await failed(hosted)
    assert (await reading).unwrap().job == ended
    assert (await cases.read(job.id, 60)).unwrap().job == ended
    waiting = (await submitted(cases)).job
    assert (await cases.read(waiting.id, 1)).unwrap().job == waiting
    assert [one.job.id for one in await cases.page(JobFilter(status=JobStatus.FAILED), None, 9)] == [job.id]


async def test_a_job_that_is_not_there_is_unknown(hosted: MemoryStore) -> None:
    cases, missing = use_cases(hosted), an_id()
    found: list[Any] = [
        await cases.read(missing),
        await cases.read(missing, 1),
        await cases.partitions(missing, None, 0, 9),
        await cases.cancel(missing, ANONYMOUS),
        await cases.retry(missing, ANONYMOUS),
        await cases.remove_content(missing, ANONYMOUS),
        await cases.receipt(missing),
    ]
    assert found == [Failure(UnknownJob(missing))] * len(found)


async def test_partitions_are_read_with_the_plan_that_they_are_ranges_of(hosted: MemoryStore) -> None:
    cases = use_cases(hosted)
    job = (await submitted(cases)).job
    assert (await cases.partitions(job.id, None, 0, 9)).unwrap() == JobPartitions(None, [])
    ended = await failed(hosted)
    done = (await cases.partitions(job.id, PartitionState.DONE, 0, 9)).unwrap()
    assert done == JobPartitions(ended.plan, [PARTITIONS[0]])


async def test_a_job_is_cancelled_unless_it_has_ended(hosted: MemoryStore) -> None:
    cases = use_cases(hosted)
    job = (await submitted(cases)).job
    cancelled = (await cases.cancel(job.id, ANONYMOUS)).unwrap().job
    assert cancelled.error is not None
    assert (cancelled.status, cancelled.error.kind) == (JobStatus.FAILED, JobErrorKind.CANCELLED)
    assert await cases.cancel(job.id, ANONYMOUS) == Failure(JobAlreadyFinished(cancelled))
    assert await cases.retry(job.id, ANONYMOUS) == Failure(JobNotRetryable(cancelled))


async def test_a_change_that_comes_between_is_looked_at_anew(hosted: MemoryStore) -> None:
    class Late:
        """Jobs that another request changes just before."""

        def __getattr__(self, name: str) -> Any:
            return getattr(hosted.jobs, name)

        async def cancel(self, one: Job, by: Any) -> bool:
            return await self._once(hosted.jobs.cancel, one, by)

        async def retry(self, one: Job, by: Any) -> bool:
            return await self._once(hosted.jobs.retry, one, by)

        async def _once(self, change: Any, one: Job, by: Any) -> bool:
            assert await change(one, by)
            return False

    cases, late = use_cases(hosted), use_cases(hosted, jobs=Late())
    job = (await submitted(cases)).job
    assert isinstance((await late.cancel(job.id, ANONYMOUS)).failure(), JobAlreadyFinished)
    job = (await submitted(cases)).job
    await failed(hosted)
    waiting = (await late.retry(job.id, ANONYMOUS)).failure()
    assert isinstance(waiting, JobNotRetryable)
    assert (waiting.actual.attempt, waiting.actual.status) == (2, JobStatus.PENDING)


async def test_a_failed_job_waits_again_for_its_failed_partitions_only(hosted: MemoryStore) -> None:
    cases = use_cases(hosted)
    job = (await submitted(cases)).job
    assert await cases.retry(job.id, ANONYMOUS) == Failure(JobNotRetryable(job))
    await failed(hosted)
    again = (await cases.retry(job.id, ANONYMOUS)).unwrap()
    assert (again.job.status, again.job.attempt) == (JobStatus.PENDING, 2)
    assert (again.counts.done, again.counts.failed, again.counts.partitions) == (1, 0, 3)


async def test_the_content_of_a_finished_job_is_removed(hosted: MemoryStore) -> None:
    cases = use_cases(hosted)
    job = (await submitted(cases)).job
    assert await cases.remove_content(job.id, ANONYMOUS) == Failure(JobNotFinished(job))
    await failed(hosted)
    for _ in range(2):
        assert (await cases.remove_content(job.id, ANONYMOUS)).unwrap() is None
    found = (await cases.read(job.id)).unwrap().job
    assert found.error is not None
    assert (found.error.message, found.content_removed_at is None) == ("", False)
    errors = [one.error for one in (await cases.partitions(job.id, None, 0, 9)).unwrap().partitions]
    assert [one and one.message for one in errors] == [None, "", None]


async def test_only_a_job_that_has_succeeded_has_a_receipt(hosted: MemoryStore) -> None:
    cases = use_cases(hosted)
    job = (await submitted(cases)).job
    assert await cases.receipt(job.id) == Failure(JobNotFinished(job))
    ended = await failed(hosted)
    assert await cases.receipt(job.id) == Failure(NoOutput(ended))
    assert await use_cases(hosted, signer=None).receipt(job.id) == Failure(ReceiptsNotConfigured())
    other = (await submitted(cases)).job
    taken = await hosted.job_work.take()
    assert taken is not None
    planned = evolve(taken.job, plan=JobPlan(OBJECTS, None, 3))
    assert await hosted.job_work.plan(planned, PARTITIONS)
    outcome = a_done_job().outcome
    assert outcome is not None
    assert await hosted.job_work.finish(succeed(planned, outcome, NOON).unwrap())
    envelope = (await cases.receipt(other.id)).unwrap()
    assert json.loads(envelope.payload)["subject"][0]["digest"] == {"sha256": outcome.manifest_sha256}
    assert (await cases.receipt(other.id)).unwrap() == envelope
