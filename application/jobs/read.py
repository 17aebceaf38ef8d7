"""Read a job, at once or as soon as it has finished, and its partitions."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen
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
    """Partitions of a job, and its plan, which has their objects."""

    partitions: Sequence[Partition]
    plan: JobPlan | None


async def read_job(
    jobs: Jobs, completions: CompletionSignals, job_id: UUID, wait_seconds: float = 0
) -> Result[JobRecord, UnknownJob]:
    """Read the job as it is now, or, if it has not finished, when it does or `wait_seconds` have passed."""
    with completions.watch(job_id) as finished:  # before the first look, so that no end falls between the two
        found = await jobs.find(job_id)
        if wait_seconds > 0 and found is not None and found.job.finished_at is None:
            await wait_for(finished, wait_seconds)
            found = await jobs.find(job_id)
    return Success(found) if found is not None else Failure(UnknownJob(job_id))


async def read_partitions(
    jobs: Jobs, job_id: UUID, state: PartitionState | None, first: int, limit: int
) -> Result[JobPartitions, UnknownJob]:
    """Read partitions in their order, in one state or in any."""
    found = await jobs.find(job_id)
    if found is None:
        return Failure(UnknownJob(job_id))
    return Success(JobPartitions(await jobs.partitions(job_id, state, first, limit), found.job.plan))
