"""The use cases of jobs with their ports bound, once for each process."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.jobs.cancel import JobCancellationRefused, cancel_job
from application.jobs.ports import JobPorts
from application.jobs.read import JobPartitions, ReadPartitions, UnknownJob, read_job, read_partitions
from application.jobs.receipt import JobReceiptRefused, read_receipt
from application.jobs.remove_content import JobRemovalRefused, remove_job_content
from application.jobs.retry import JobRetryRefused, retry_job
from application.jobs.submission import SubmitJob
from application.jobs.submit_job import AcceptedJob, JobSubmissionRefused, submit_job
from application.ports.jobs import JobFilter, JobRecord
from domain.audit import Actor
from domain.dsse import Envelope
from domain.partitions import PartitionState


@frozen
class JobUseCases:
    """Submit, read, cancel, retry and clear jobs."""

    ports: JobPorts

    async def submit(self, command: SubmitJob) -> Result[AcceptedJob, JobSubmissionRefused]:
        """Run a script over data in stores."""
        return await submit_job(self.ports, command)

    async def read(self, job_id: UUID, wait_seconds: float = 0) -> Result[JobRecord, UnknownJob]:
        """Read a job, now or once it has finished."""
        return await read_job(self.ports.jobs, self.ports.completions, job_id, wait_seconds)

    async def page(self, wanted: JobFilter, before: UUID | None, limit: int) -> Sequence[JobRecord]:
        """Read a page of the jobs that match the filter."""
        return await self.ports.jobs.page(wanted, before, limit)

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Result[JobPartitions, UnknownJob]:
        """Read a page of the partitions of a job."""
        return await read_partitions(self.ports.jobs, ReadPartitions(job_id, state, first, limit))

    async def cancel(self, job_id: UUID, actor: Actor) -> Result[JobRecord, JobCancellationRefused]:
        """End a job that has not ended."""
        return await cancel_job(self.ports.jobs, self.ports.clock, job_id, actor)

    async def retry(self, job_id: UUID, actor: Actor) -> Result[JobRecord, JobRetryRefused]:
        """Have the failed partitions of a job run again."""
        return await retry_job(self.ports.jobs, job_id, actor)

    async def remove_content(self, job_id: UUID, actor: Actor) -> Result[None, JobRemovalRefused]:
        """Remove what of a job quotes its data."""
        return await remove_job_content(self.ports.jobs, self.ports.clock, job_id, actor)

    async def receipt(self, job_id: UUID) -> Result[Envelope, JobReceiptRefused]:
        """Sign the receipt of a job."""
        return await read_receipt(self.ports, job_id)
