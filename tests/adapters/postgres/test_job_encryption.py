"""Texts of jobs that quote the data: encrypted as the content of executions is, with a data key of the job."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from attrs import evolve, field, frozen

from adapters.postgres.connections import Pool, open_pool
from adapters.postgres.data_keys import PostgresDataKeys
from adapters.postgres.job_work import PostgresJobWork
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.scripts import PostgresScripts
from application.maintenance.rotate_master_key import KeyCounts, rotate_master_key
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, Keyring, MasterKeyMissing
from application.ports.jobs import JobRecord, NewJob
from domain.jobs import Job, cancel, remove_content, retry
from domain.partitions import PartitionState
from domain.versions import ScriptVersion
from tests.adapters.postgres.test_encryption import AFTER, BEFORE, BETWEEN, OFF
from tests.support.stored_jobs import a_job, a_partition, a_plan, done, failed, failure
from tests.support.values import NOON, a_script

MINUTE: Final = timedelta(minutes=1)
CANARY: Final = "kanarienvogel"
DIFFERENCES: Final = f'["{CANARY}"]'.encode()
TEXTS: Final = """
select
    (select count(*) from jobs j where position(%(canary)s in error) > 0)
    + (select count(*) from jobs j where position(%(canary)s in differences) > 0)
    + (select count(*) from job_partitions where position(%(canary)s in error) > 0)
"""


@frozen
class Process:
    """The ports of a process with this keyring, on one database."""

    pool: Pool = field(repr=False)
    url: str = field(repr=False)
    version: ScriptVersion

    def jobs(self, keyring: Keyring) -> PostgresJobs:
        return PostgresJobs(self.pool, MINUTE, keyring)

    async def failed(self, keyring: Keyring, again: Job | None = None) -> Job:
        """Store the failure of a job, each time of one more partition."""
        jobs, work = self.jobs(keyring), PostgresJobWork(self.pool, MINUTE, keyring)
        if again is None:
            (await jobs.add(NewJob(job=a_job(self.version)))).unwrap()
        taken = await work.take()
        assert taken is not None
        job, count = taken.job, taken.counts.partitions
        assert await work.plan(evolve(job, plan=a_plan()), [a_partition(0)])
        assert await work.add_partitions(job.id, [a_partition(count + 1)])
        waiting = await work.partitions(job.id, PartitionState.WAITING, 0, 9)
        assert await work.settle(job.id, [failed(one, CANARY) for one in waiting])
        assert await work.finish(failure(job, CANARY), DIFFERENCES)
        return (await self.record(keyring, job.id)).job

    async def record(self, keyring: Keyring, job_id: UUID) -> JobRecord:
        found = await self.jobs(keyring).find(job_id)
        assert found is not None
        return found

    async def errors(self, keyring: Keyring, job_id: UUID) -> list[str]:
        partitions = await self.jobs(keyring).partitions(job_id, None, 0, 99)
        return [one.error.message for one in partitions if one.error is not None]

    def rows(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as conn:
            found = conn.execute(statement.encode(), parameters)
            return found.fetchall() if found.description else []

    def plain_texts(self) -> int:
        ((count,),) = self.rows(TEXTS, canary=CANARY.encode())
        return int(count)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Process]:
    async with open_pool(url, "tests", size=2) as pool:
        script, version = a_script()
        (await PostgresScripts(pool).add(script, version)).unwrap()
        yield Process(pool, url, version)


async def test_no_column_shows_an_encrypted_text_and_a_missing_key_is_an_outage(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database()) as process:
        await process.failed(NO_ENCRYPTION)
        assert process.plain_texts() == 4
        process.rows("delete from jobs")
        job = await process.failed(BEFORE)
        assert process.plain_texts() == 0
        found = await process.record(BEFORE, job.id)
        assert (found.job.error, found.differences) == (failure(a_job(process.version), CANARY).error, DIFFERENCES)
        assert await process.errors(BEFORE, job.id) == [CANARY] * 2
        assert CANARY not in repr(found)
        for keyring in (NO_ENCRYPTION, AFTER):
            with pytest.raises(MasterKeyMissing):
                await process.record(keyring, job.id)
            with pytest.raises(MasterKeyMissing):
                await process.errors(keyring, job.id)
            readiness = await PostgresReadiness(process.pool, MINUTE, keyring)()
            assert "old" in (readiness.trouble or "")


async def test_a_job_without_texts_has_no_key(lent_database: Callable[[], str]) -> None:
    async with opened(lent_database()) as process:
        jobs, work = process.jobs(BEFORE), PostgresJobWork(process.pool, MINUTE, BEFORE)
        job = a_job(process.version)
        (await jobs.add(NewJob(job=job))).unwrap()
        assert await work.take() is not None
        assert await work.plan(evolve(job, plan=a_plan()), [a_partition(0)])
        assert await work.settle(job.id, [done(a_partition(0))])
        assert await jobs.cancel(cancel(job, NOON).unwrap())
        assert process.rows("select wrapped from jobs") == [(None,)]


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [(NO_ENCRYPTION, BEFORE, 0), (BEFORE, BETWEEN, 0), (BEFORE, OFF, 5), (OFF, BETWEEN, 0)],
)
async def test_encryption_is_switched_on_and_off_between_two_attempts(
    lent_database: Callable[[], str], first: Keyring, second: Keyring, shown: int
) -> None:
    """The texts of the first attempt go when the job is retried; each of the second says whether it is encrypted."""
    async with opened(lent_database()) as process:
        job = await process.failed(first)
        assert await process.jobs(first).retry(retry(job).unwrap())
        assert process.plain_texts() == 0
        again = await process.failed(second, job)
        assert process.plain_texts() == shown
        found = await process.record(BETWEEN, again.id)
        assert (found.job.error, found.differences) == (job.error, DIFFERENCES)
        assert await process.errors(BETWEEN, job.id) == [CANARY] * 3


async def test_a_lost_holder_leaves_no_key_and_an_encrypted_text_needs_its_own(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database()) as process:
        job = await process.failed(BEFORE)
        other = await process.failed(BEFORE)
        stranger = PostgresJobWork(process.pool, MINUTE, BEFORE)
        assert not await stranger.settle(job.id, [failed(a_partition(0))])
        assert not await stranger.finish(failure(evolve(job, finished_at=None, error=None)))
        process.rows(
            "update jobs j set error = o.error from jobs o where o.id = %(other)s and j.id = %(id)s",
            other=other.id,
            id=job.id,
        )
        with pytest.raises(DecryptionFailed):
            await process.record(BEFORE, job.id)
        process.rows("update jobs set wrapped = null, master_key_id = null")
        with pytest.raises(DecryptionFailed):
            await process.errors(BEFORE, job.id)


async def test_a_removal_shreds_the_key_and_a_rotation_includes_those_of_jobs(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database()) as process:
        jobs = [await process.failed(BEFORE) for _ in range(3)]
        keys = PostgresDataKeys(process.pool)
        await process.jobs(BEFORE).remove_content(remove_content(jobs[0], NOON).unwrap())
        assert await keys.counted() == {"old": 2}
        rotated = await asyncio.gather(*(rotate_master_key(keys, BETWEEN) for _ in range(2)))
        assert KeyCounts(2, {}, {}) in [one.unwrap() for one in rotated]
        assert await keys.counted() == {"new": 2}
        for job in jobs[1:]:
            assert (await process.record(AFTER, job.id)).differences == DIFFERENCES
            assert await process.errors(AFTER, job.id) == [CANARY] * 2
        assert await process.errors(AFTER, jobs[0].id) == [""] * 2
        assert (await PostgresReadiness(process.pool, MINUTE, AFTER)()).trouble is None


async def test_large_differences_are_encrypted_too(lent_database: Callable[[], str]) -> None:
    async with opened(lent_database()) as process:
        jobs, work = process.jobs(BEFORE), PostgresJobWork(process.pool, MINUTE, BEFORE)
        (await jobs.add(NewJob(job=a_job(process.version)))).unwrap()
        taken = await work.take()
        assert taken is not None
        assert await work.finish(failure(taken.job), DIFFERENCES * 10_000)
        assert process.plain_texts() == 0
        assert (await process.record(BEFORE, taken.job.id)).differences == DIFFERENCES * 10_000
