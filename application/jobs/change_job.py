"""Changes of a job on its user's wish: cancel it, have its failed partitions run again, remove what quotes its data."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.jobs.read import UnknownJob
from application.ports.jobs import JobRecord, Jobs
from application.ports.system import Clock
from domain import jobs as domain
from domain.audit import ANONYMOUS, Actor
from domain.jobs import Job, JobAlreadyFinished, JobNotFinished, JobNotRetryable

_Refusal = TypeVar("_Refusal")

JobCancellationRefused: TypeAlias = UnknownJob | JobAlreadyFinished
JobRetryRefused: TypeAlias = UnknownJob | JobNotRetryable
JobRemovalRefused: TypeAlias = UnknownJob | JobNotFinished


async def cancel_job(
    jobs: Jobs, clock: Clock, job_id: UUID, by: Actor = ANONYMOUS
) -> Result[JobRecord, JobCancellationRefused]:
    """End a job. Its runner stops as soon as it notices, and nothing that it stores later is accepted."""
    found = await jobs.find(job_id)
    if found is None:
        return Failure(UnknownJob(job_id))
    cancelled = domain.cancel(found.job, clock())
    if not is_successful(cancelled):
        return Failure(cancelled.failure())
    return await _changed(jobs, cancelled.unwrap(), lambda job: jobs.cancel(job, by), JobAlreadyFinished)


async def retry_job(jobs: Jobs, job_id: UUID, by: Actor = ANONYMOUS) -> Result[JobRecord, JobRetryRefused]:
    """Have the failed partitions of a job run again."""
    found = await jobs.find(job_id)
    if found is None:
        return Failure(UnknownJob(job_id))
    retried = domain.retry(found.job)
    if not is_successful(retried):
        return Failure(retried.failure())
    return await _changed(jobs, retried.unwrap(), lambda job: jobs.retry(job, by), JobNotRetryable)


async def remove_job_content(
    jobs: Jobs, clock: Clock, job_id: UUID, by: Actor = ANONYMOUS
) -> Result[None, JobRemovalRefused]:
    """Remove messages of errors and the differences of a verification before this returns."""
    found = await jobs.find(job_id)
    if found is None:
        return Failure(UnknownJob(job_id))
    removed = domain.remove_content(found.job, clock())
    if not is_successful(removed):
        return Failure(removed.failure())
    if found.job.content_removed_at is None:
        await jobs.remove_content(removed.unwrap(), by)
    return Success(None)


async def _changed(
    jobs: Jobs, changed: Job, store: Callable[[Job], Awaitable[bool]], refused: Callable[[Job], _Refusal]
) -> Result[JobRecord, UnknownJob | _Refusal]:
    """Store a change, unless the job has changed meanwhile, and return the job as it is then."""
    is_stored = await store(changed)
    now = await jobs.find(changed.id)
    if now is None:
        return Failure(UnknownJob(changed.id))
    return Success(now) if is_stored else Failure(refused(now.job))
