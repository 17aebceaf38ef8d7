"""Have the failed partitions of a job run again, on its user's wish."""

from typing import TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.jobs.read import UnknownJob, find_job
from application.ports.jobs import JobRecord, Jobs
from domain.audit import ANONYMOUS, Actor
from domain.jobs import JobNotRetryable
from domain.jobs import retry as retried

JobRetryRefused: TypeAlias = UnknownJob | JobNotRetryable


async def retry_job(jobs: Jobs, job_id: UUID, by: Actor = ANONYMOUS) -> Result[JobRecord, JobRetryRefused]:
    """Let a failed job wait again. Its plan stays, and so do the partitions that are done."""
    while True:  # until nothing has changed it between the look and the change
        found = await find_job(jobs, job_id)
        if not is_successful(found):
            return Failure(found.failure())
        decided = retried(found.unwrap().job)
        if not is_successful(decided):
            return Failure(decided.failure())
        if await jobs.retry(decided.unwrap(), by):
            return await find_job(jobs, job_id)
