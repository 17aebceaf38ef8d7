"""End a job on its user's wish, whether it waits or runs."""

from typing import TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.jobs.read import UnknownJob, find_job
from application.ports.jobs import JobRecord, Jobs
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Actor
from domain.jobs import JobAlreadyFinished
from domain.jobs import cancel as cancelled

JobCancellationRefused: TypeAlias = UnknownJob | JobAlreadyFinished


async def cancel_job(
    jobs: Jobs, clock: Clock, job_id: UUID, by: Actor = ANONYMOUS
) -> Result[JobRecord, JobCancellationRefused]:
    """Fail a job with `cancelled`. Its runner notices that it has lost the job, and stops."""
    while True:  # until nothing has changed it between the look and the change
        found = await find_job(jobs, job_id)
        if not is_successful(found):
            return Failure(found.failure())
        decided = cancelled(found.unwrap().job, clock())
        if not is_successful(decided):
            return Failure(decided.failure())
        if await jobs.cancel(decided.unwrap(), by):
            return await find_job(jobs, job_id)
