"""Read a job, at once or as soon as it has finished, and its partitions."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.completion_signals import wait_for
from application.ports.executions import CompletionSignals
from application.ports.jobs import JobRecord, Jobs
from domain.jobs import JobPlan
from domain.partitions import Partition, PartitionState


@frozen
class UnknownJob:
    """No job has that id."""

    id: UUID


@frozen
class JobPartitions:
    """A page of a job's partitions, and its plan, which has the objects that they are ranges of."""

    plan: JobPlan | None
    partitions: Sequence[Partition]


@frozen
class ReadPartitions:
    """The query: up to `limit` partitions of a job, in that state or in any, by their numbers from `first` on."""

    job_id: UUID
    state: PartitionState | None
    first: int
    limit: int


async def find_job(jobs: Jobs, job_id: UUID) -> Result[JobRecord, UnknownJob]:
    """Read the job as it is now."""
    found = await jobs.find(job_id)
    return Failure(UnknownJob(job_id)) if found is None else Success(found)


async def read_job(
    jobs: Jobs, completions: CompletionSignals, job_id: UUID, wait_seconds: float = 0
) -> Result[JobRecord, UnknownJob]:
    """Read the job as it is now, or, if it has not finished, when it does or `wait_seconds` have passed."""
    with completions.watch(job_id) as finished:  # before the first look, so that no end falls between the two
        found = await jobs.find(job_id)
        if wait_seconds > 0 and found is not None and found.job.finished_at is None:
            await wait_for(finished, wait_seconds)
            found = await jobs.find(job_id)
    return Failure(UnknownJob(job_id)) if found is None else Success(found)


async def read_partitions(jobs: Jobs, query: ReadPartitions) -> Result[JobPartitions, UnknownJob]:
    """Read a page of the partitions of a job."""
    found = await find_job(jobs, query.job_id)
    if not is_successful(found):
        return Failure(found.failure())
    page = await jobs.partitions(query.job_id, query.state, query.first, query.limit)
    return Success(JobPartitions(found.unwrap().job.plan, page))
