"""The use cases of jobs with their ports bound, once for each process."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.jobs.change_job import (
    JobCancellationRefused,
    JobRemovalRefused,
    JobRetryRefused,
    cancel_job,
    remove_job_content,
    retry_job,
)
from application.jobs.read import JobPartitions, UnknownJob, read_job, read_partitions
from application.jobs.submit_job import AcceptedJob, JobSubmissionRefused, SubmissionPorts, SubmitJob, submit_job
from application.ports.executions import CompletionSignals
from application.ports.jobs import JobFilter, JobRecord
from domain.audit import Actor
from domain.partitions import PartitionState


@frozen
class JobUseCases:
    """Submit, read and change jobs."""

    ports: SubmissionPorts
    completions: CompletionSignals

    async def submit(self, command: SubmitJob) -> Result[AcceptedJob, JobSubmissionRefused]:
        """Run a script over data in stores."""
        return await submit_job(self.ports, command)

    async def read(self, job_id: UUID, wait_seconds: float = 0) -> Result[JobRecord, UnknownJob]:
        """Read a job, now or once it has finished."""
        return await read_job(self.ports.jobs, self.completions, job_id, wait_seconds)

    async def page(self, wanted: JobFilter, before: UUID | None, limit: int) -> Sequence[JobRecord]:
        """Read a page of the jobs that match the filter."""
        return await self.ports.jobs.page(wanted, before, limit)

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Result[JobPartitions, UnknownJob]:
        """Read partitions of a job by their numbers."""
        return await read_partitions(self.ports.jobs, job_id, state, first, limit)

    async def cancel(self, job_id: UUID, actor: Actor) -> Result[JobRecord, JobCancellationRefused]:
        """End a job."""
        return await cancel_job(self.ports.jobs, self.ports.clock, job_id, actor)

    async def retry(self, job_id: UUID, actor: Actor) -> Result[JobRecord, JobRetryRefused]:
        """Have the failed partitions of a job run again."""
        return await retry_job(self.ports.jobs, job_id, actor)

    async def remove_content(self, job_id: UUID, actor: Actor) -> Result[None, JobRemovalRefused]:
        """Remove what of a job quotes its data."""
        return await remove_job_content(self.ports.jobs, self.ports.clock, job_id, actor)
