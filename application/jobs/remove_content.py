"""Remove what of a job quotes its data, on its user's wish: messages of errors and differences. The record stays.

The objects of its stores are its user's, and are not touched.
"""

from typing import TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.jobs.read import UnknownJob, find_job
from application.ports.jobs import Jobs
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Actor
from domain.jobs import JobNotFinished
from domain.jobs import remove_content as without_content

JobRemovalRefused: TypeAlias = UnknownJob | JobNotFinished


async def remove_job_content(
    jobs: Jobs, clock: Clock, job_id: UUID, by: Actor = ANONYMOUS
) -> Result[None, JobRemovalRefused]:
    """Remove the content of a finished job before this returns. Removing it again changes nothing."""
    found = await find_job(jobs, job_id)
    if not is_successful(found):
        return Failure(found.failure())
    removal = without_content(found.unwrap().job, clock())
    if not is_successful(removal):
        return Failure(removal.failure())
    await jobs.remove_content(removal.unwrap(), by)
    return Success(None)
