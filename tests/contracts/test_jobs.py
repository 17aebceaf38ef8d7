"""The contract of every store for jobs as clients see them."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
from attrs import evolve
from returns.result import Failure, Success

from application.ports.access import AuditFilter
from application.ports.errors import Conflict
from application.ports.executions import Expected
from application.ports.jobs import LISTED_OBJECTS, JobFilter, JobKeyRecord, JobRecord, NewJob
from application.ports.operations import PurgedBatch
from domain.access import Scope, new_key, new_token
from domain.aliases import LIVE
from domain.audit import Action, Actor, job_event
from domain.idempotency import IdempotencyKey, RequestFingerprint
from domain.jobs import Job, JobCounts, JobPhase, JobStatus, begin, cancel, remove_content, retry, succeed
from domain.partitions import Partition, PartitionState, reopen
from domain.retention import Forever, retention
from domain.script import archive
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import a_version
from tests.support.stored_jobs import OUTCOME, POINTER, a_job, a_partition, a_plan, done, failed, failure
from tests.support.values import NOON, a_script, an_id

pytestmark = pytest.mark.parametrize("open_store", ["memory", "postgres", "postgres, hostile, sealed"], indirect=True)

LATE: Final = NOON + timedelta(days=10_000)
BEFORE_ALL: Final = UUID(int=0)
AT_ONCE: Final = timedelta(seconds=-1)
BY: Final = Actor(an_id(), "a-request", an_id())
ALL: Final = (None, 0, 99)


async def added(store: Store, version: ScriptVersion | None = None) -> Job:
    """Store a job."""
    job = a_job(version or await a_version(store))
    (await store.jobs.add(NewJob(job=job))).unwrap()
    return job


async def record(store: Store, job_id: UUID) -> JobRecord:
    """Read a job that is there."""
    found = await store.jobs.find(job_id)
    assert found is not None
    return found


async def taken(store: Store) -> Job:
    """Take the oldest job."""
    found = await store.job_work.take()
    assert found is not None
    return found.job


async def settled(store: Store, job: Job) -> list[Partition]:
    """Take a job and settle three partitions, one of which fails."""
    assert (await taken(store)).id == job.id
    partitions = [done(a_partition(0)), failed(a_partition(1)), done(a_partition(2))]
    assert await store.job_work.plan(evolve(job, plan=a_plan()), [a_partition(number) for number in range(3)])
    assert await store.job_work.settle(job.id, partitions)
    return partitions


async def failed_job(store: Store, version: ScriptVersion | None = None) -> tuple[Job, list[Partition]]:
    """Store a job that has failed after some partitions."""
    job = await added(store, version)
    partitions = await settled(store, job)
    assert await store.job_work.finish(failure((await record(store, job.id)).job), b"[1]")
    return (await record(store, job.id)).job, partitions


async def trail(store: Store) -> list[tuple[Action, UUID | None, Actor]]:
    """List the audited actions on jobs, oldest first."""
    records = await store.audit.page(AuditFilter(), None, 99)
    return [(one.event.action, one.event.job_id, one.event.actor) for one in reversed(records) if one.event.job_id]


async def test_a_job_is_read_as_it_was_added(open_store: OpenStore) -> None:
    async with open_store() as store:
        key = new_key(an_id(), "ci", {Scope.ADMIN}, NOON, None).unwrap()
        await store.api_keys.add(key, new_token(bytes(32)).digest)
        job = a_job(await a_version(store), submitted_by=key.id, alias="live")
        assert await store.jobs.add(NewJob(job=job, by=Actor(key.id))) == Success(None)
        assert await record(store, job.id) == JobRecord(job, JobCounts(), "ci")
        assert await store.jobs.find(an_id()) is None
        assert list(await store.jobs.partitions(job.id, *ALL)) == []
        (shown, *_) = await store.audit.page(AuditFilter(), None, 9)
        assert shown.event == job_event(Action.SUBMITTED_JOB, job, Actor(key.id))


async def test_a_repeated_request_finds_the_job_of_its_key_until_that_expires(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        caller = an_id()
        request = RequestFingerprint(IdempotencyKey("a key", caller), "ab" * 32)
        first, again = a_job(version), a_job(version)
        assert await store.jobs.find_by_key(request) is None
        assert await store.jobs.add(NewJob(job=first, request=request)) == Success(None)
        found = JobKeyRecord(request, first.id)
        other = evolve(request, sha256="cd" * 32)
        assert await store.jobs.add(NewJob(job=again, request=other)) == Failure(found)
        assert await store.jobs.find_by_key(other) == found
        assert await store.jobs.find(again.id) is None
        assert await store.jobs.find_by_key(RequestFingerprint(IdempotencyKey("a key"), "ab" * 32)) is None
        assert await store.keys.forget_expired(9) == 0
        assert [one[1] for one in await trail(store)] == [first.id]
    async with open_store(keys_kept_for=timedelta(0)) as store:
        jobs = [a_job(version := await a_version(store)), a_job(version)]
        for one in jobs:
            assert await store.jobs.add(NewJob(job=one, request=request)) == Success(None)
        assert await store.jobs.find_by_key(request) is None
        assert await store.keys.forget_expired(9) == 1
        assert await store.keys.forget_expired(9) == 0
        assert [await record(store, one.id) for one in jobs] == [JobRecord(one, JobCounts()) for one in jobs]


async def test_a_job_of_a_script_that_is_not_as_expected_is_not_stored(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script()
        (await store.scripts.add(script, version)).unwrap()
        request = RequestFingerprint(IdempotencyKey("a key"), "ab" * 32)
        job = a_job(version)
        for expected in (Expected(latest=0), Expected(alias=LIVE, leads_to=1)):
            new = NewJob(job=job, expected=expected)
            assert await store.jobs.add(new) == Failure(Conflict())
            assert await store.jobs.add(evolve(new, request=request)) == Failure(Conflict())
        await store.scripts.set_archived_at(archive(script, NOON))
        assert await store.jobs.add(NewJob(job=job)) == Failure(Conflict())
        assert await store.jobs.find(job.id) is None
        assert await store.jobs.find_by_key(request) is None
        assert await trail(store) == []
        assert await store.jobs.add(NewJob(job=job, expected=Expected(latest=1, must_be_open=False))) == Success(None)


async def test_jobs_are_listed_newest_first_by_script_and_status(open_store: OpenStore) -> None:
    async with open_store() as store:
        first, second = await a_version(store), await a_version(store, "other")
        jobs = [await added(store, version) for version in (first, first, second)]
        ids = [one.id for one in jobs]
        await store.jobs.cancel(cancel(jobs[1], LATE).unwrap())

        async def page(wanted: JobFilter, before: UUID | None = None, limit: int = 9) -> list[UUID]:
            return [one.job.id for one in await store.jobs.page(wanted, before, limit)]

        assert await page(JobFilter()) == ids[::-1]
        assert await page(JobFilter(), limit=2) == ids[:0:-1]
        assert await page(JobFilter(), ids[2]) == ids[1::-1]
        assert await page(JobFilter(script=first.script_id)) == ids[1::-1]
        assert await page(JobFilter(status=JobStatus.FAILED)) == [ids[1]]
        assert await page(JobFilter(first.script_id, JobStatus.PENDING)) == [ids[0]]
        assert await page(JobFilter(second.script_id, JobStatus.RUNNING)) == []


async def test_a_list_shows_the_first_objects_of_a_plan(open_store: OpenStore) -> None:
    async with open_store() as store:
        job, plan = await added(store), a_plan(LISTED_OBJECTS + 5)
        planned = evolve(begin(await taken(store), NOON).unwrap(), plan=plan)
        assert await store.job_work.plan(planned, [])
        (listed,) = await store.jobs.page(JobFilter(), None, 9)
        assert listed.job == evolve(planned, plan=evolve(plan, objects=plan.objects[:LISTED_OBJECTS]))
        found = await record(store, job.id)
        assert found.job == planned
        assert found.objects == listed.objects == LISTED_OBJECTS + 5
        assert found.counts.bytes_total == sum(one.size_bytes for one in plan.objects)


async def test_partitions_are_listed_by_number_and_state(open_store: OpenStore) -> None:
    async with open_store() as store:
        job = await added(store)
        partitions = [*(await settled(store, job)), a_partition(3)]
        assert await store.job_work.add_partitions(job.id, [a_partition(3)])
        assert list(await store.jobs.partitions(job.id, *ALL)) == partitions
        assert list(await store.jobs.partitions(job.id, None, 1, 2)) == partitions[1:3]
        assert list(await store.jobs.partitions(job.id, PartitionState.DONE, 1, 9)) == partitions[2:3]
        assert list(await store.jobs.partitions(job.id, PartitionState.FAILED, 0, 9)) == partitions[1:2]
        assert list(await store.job_work.partitions(job.id, PartitionState.WAITING, 0, 9)) == partitions[3:]
        counts = (await record(store, job.id)).counts
        assert counts == JobCounts(
            partitions=4, done=2, failed=1, bytes_total=30, bytes_done=24, rows=4, result_bytes=10
        )


async def test_a_job_is_cancelled_once_and_not_after_its_end(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        pending, running = await added(store, version), await added(store, version)
        await store.jobs.cancel(cancel(pending, LATE).unwrap(), BY)
        assert (await taken(store)).id == running.id
        job = (await record(store, running.id)).job
        assert not await store.jobs.cancel(cancel(evolve(job, attempt=2), LATE).unwrap())
        for is_stored in (True, False):
            assert await store.jobs.cancel(cancel(job, LATE).unwrap(), BY) is is_stored
            assert await store.jobs.cancel(cancel(pending, LATE).unwrap()) is False
        assert (await record(store, running.id)).job == cancel(job, LATE).unwrap()
        assert (await record(store, pending.id)).job == cancel(pending, LATE).unwrap()
        cancelled = [(Action.CANCELLED_JOB, one.id, BY) for one in (pending, running)]
        assert (await trail(store))[2:] == cancelled
        assert not await store.job_work.is_waiting()


async def test_the_failed_partitions_of_a_retried_job_wait_again(open_store: OpenStore) -> None:
    async with open_store() as store:
        job, partitions = await failed_job(store)
        retried = retry(job).unwrap()
        assert not await store.jobs.retry(evolve(retried, attempt=3))
        for is_stored in (True, False):
            assert await store.jobs.retry(retried, BY) is is_stored
        found = await record(store, job.id)
        assert (found.job, found.differences) == (retried, None)
        assert (found.counts.done, found.counts.failed, found.counts.partitions) == (2, 0, 3)
        reopened = list(map(reopen, partitions))
        assert list(await store.jobs.partitions(job.id, *ALL)) == reopened
        assert await trail(store) == [
            (Action.SUBMITTED_JOB, job.id, Actor()),
            (Action.RETRIED_JOB, job.id, BY),
        ]
        again = await taken(store)
        assert (again.attempt, again.plan, again.status) == (2, job.plan, JobStatus.RUNNING)
        await store.job_work.settle(job.id, [done(reopened[1])])
        last = (await store.jobs.partitions(job.id, None, 1, 1))[0]
        assert (last.state, last.attempts) == (PartitionState.DONE, 2)
        assert (await record(store, job.id)).counts.done == 3


async def test_what_quotes_the_data_is_removed_once_and_only_of_the_job_as_it_was_read(open_store: OpenStore) -> None:
    async with open_store() as store:
        job, partitions = await failed_job(store)
        assert (await record(store, job.id)).differences == b"[1]"
        removed = remove_content(job, LATE).unwrap()
        await store.jobs.remove_content(evolve(removed, attempt=2), BY)
        assert (await record(store, job.id)).job == job
        for by in (BY, Actor()):
            await store.jobs.remove_content(removed, by)
        found = await record(store, job.id)
        assert (found.job, found.differences) == (removed, None)
        assert (await trail(store))[1:] == [(Action.REMOVED_JOB, job.id, BY)]
        left = await store.jobs.partitions(job.id, *ALL)
        assert [one.state for one in left] == [one.state for one in partitions]
        error = left[1].error
        assert error is not None
        assert (error.kind, error.message, error.column) == (partitions[1].error.kind, "", None)  # type: ignore[union-attr]
        assert POINTER not in repr([one.result for one in left]) + repr(
            [getattr(w, "first_pointer", "") for one in left if one.result for w in one.result.warnings]
        )
        assert not await store.jobs.retry(retry(job).unwrap())


async def test_the_content_of_an_unfinished_job_stays(open_store: OpenStore) -> None:
    async with open_store() as store:
        job = await added(store)
        await store.jobs.remove_content(evolve(job, content_removed_at=LATE))
        assert (await record(store, job.id)).job == job


async def test_jobs_expire_by_their_scripts_retention_or_the_general_one(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script("kept")
        (await store.scripts.add(script, version)).unwrap()
        await store.scripts.set_retention(evolve(script, retention=retention(36_500, Forever.FOREVER).unwrap()))
        kept, _ = await failed_job(store, version)
        first, _ = await failed_job(store, await a_version(store))
        second, _ = await failed_job(store, await a_version(store, "other"))
        unfinished = await added(store, await a_version(store, "third"))

        async def all_of(purge: str, kept_for: timedelta | None) -> int:
            total = 0
            go_on: UUID | None = BEFORE_ALL
            while go_on is not None:
                purged: PurgedBatch = await getattr(store.expired, purge)(kept_for, go_on, 1)
                assert purged.count <= 1
                total, go_on = total + purged.count, purged.next_script
            return total

        for purge in ("remove_job_contents", "delete_jobs"):
            assert await all_of(purge, None) == 0
            assert await all_of(purge, timedelta(days=36_500)) == 0
        assert await all_of("remove_job_contents", AT_ONCE) == 2
        assert await all_of("remove_job_contents", AT_ONCE) == 0
        for one in (first, second):
            removed_at = (await record(store, one.id)).job.content_removed_at
            assert removed_at is not None
            assert removed_at > NOON
        assert (await record(store, kept.id)).job == kept
        assert [one[0] for one in await trail(store)].count(Action.REMOVED_JOB) == 2
        assert await all_of("delete_jobs", AT_ONCE) == 2
        assert await all_of("delete_jobs", AT_ONCE) == 0
        assert await store.jobs.find(first.id) is None
        assert list(await store.jobs.partitions(first.id, *ALL)) == []
        assert (await record(store, kept.id)).job == kept
        assert (await record(store, unfinished.id)).job.status is JobStatus.PENDING


async def test_a_job_succeeds_with_its_outcome(open_store: OpenStore) -> None:
    async with open_store() as store:
        job = await added(store)
        begun = await taken(store)
        ready = evolve(begun, phase=JobPhase.WRITING, is_verified=True, plan=evolve(a_plan(), partitions=1))
        assert await store.job_work.plan(evolve(begun, plan=a_plan()), [a_partition(0)])
        assert await store.job_work.advance(ready)
        assert (await record(store, job.id)).job == ready
        assert await store.job_work.finish(succeed(ready, OUTCOME, LATE).unwrap())
        found = (await record(store, job.id)).job
        assert found == succeed(ready, OUTCOME, LATE).unwrap()
        assert found.status is JobStatus.SUCCEEDED
        assert not await store.jobs.cancel(cancel(begun, LATE).unwrap())
        removed = remove_content(found, LATE).unwrap()
        await store.jobs.remove_content(removed)
        assert (await record(store, job.id)).job == removed
