"""Ports to the jobs: for clients that submit and read them, and for the process that carries them on."""

from collections.abc import Collection, Sequence
from typing import Final, Protocol
from uuid import UUID

from attrs import field, frozen
from returns.result import Result

from application.ports.errors import Conflict
from application.ports.executions import OPEN, Expected
from domain.audit import ANONYMOUS, Actor
from domain.idempotency import RequestFingerprint
from domain.jobs import Job, JobCounts, JobStatus
from domain.partitions import Partition, PartitionState
from domain.versions import ScriptVersion

LISTED_OBJECTS: Final = 100
"""The objects of a plan that a list shows, lest it have to read all objects of all plans."""


@frozen
class JobFilter:
    """Filter of a list of jobs. An absent member shows all."""

    script: UUID | None = None
    status: JobStatus | None = None


@frozen(kw_only=True)
class NewJob:
    """A job to be stored, its actor, the expected state of its script, and the request with its idempotency key."""

    job: Job
    by: Actor = ANONYMOUS
    expected: Expected = OPEN
    request: RequestFingerprint | None = None


@frozen
class JobRecord:
    """A stored job with its progress, and the name of the API key that submitted it. `objects` is the number of those
    in its plan, of which a list has the first `LISTED_OBJECTS`. `differences` is the JSON of the cells by which a
    verification failed, None if there are none or they were removed."""

    job: Job
    counts: JobCounts
    submitted_by: str | None = None
    differences: bytes | None = field(default=None, repr=False)
    objects: int = 0


@frozen
class JobKeyRecord:
    """The first request of an idempotency key, and the job that it created."""

    request: RequestFingerprint
    job_id: UUID


class Jobs(Protocol):
    """The jobs, for clients. Each change is audited in the same transaction, with the actor `by`.

    Messages of errors and differences are stored encrypted where content is."""

    async def add(self, new: NewJob) -> Result[None, JobKeyRecord | Conflict]:
        """Store a job, durably, and wake the runners, unless its key is taken or the script is not as expected."""
        ...

    async def find_by_key(self, request: RequestFingerprint) -> JobKeyRecord | None:
        """Find the job of an idempotency key."""
        ...

    async def find(self, job_id: UUID) -> JobRecord | None:
        """Find a job."""
        ...

    async def page(self, wanted: JobFilter, before: UUID | None, limit: int) -> Sequence[JobRecord]:
        """List up to `limit` jobs that match, newest first, whose ids come before `before`, without differences, and
        with the first objects of their plans."""
        ...

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Sequence[Partition]:
        """List up to `limit` partitions, in that state or in any, by their numbers from `first` on."""
        ...

    async def cancel(self, cancelled: Job, by: Actor = ANONYMOUS) -> bool:
        """Store the end of a job, unless it has ended, and take it from its runner. Tell whether it was stored."""
        ...

    async def retry(self, retried: Job, by: Actor = ANONYMOUS) -> bool:
        """Store a job that waits again, with its failed partitions reopened, unless it has changed. Tell whether it was
        stored."""
        ...

    async def remove_content(self, removed: Job, by: Actor = ANONYMOUS) -> None:
        """Remove the messages of a finished job's errors, its differences, and the pointers of its warnings, unless it
        has changed."""
        ...


@frozen
class TakenJob:
    """A job that this process holds, its progress, and the version that it runs."""

    job: Job
    counts: JobCounts
    version: ScriptVersion


class JobWork(Protocol):
    """The same jobs as the process sees them that carries one on, which it holds by a lease. Once that has expired, or
    a client has cancelled the job, nothing that it stores is accepted any more: methods return False then."""

    async def is_waiting(self) -> bool:
        """Tell whether a job is there that no process holds. Cheap: it is asked often."""
        ...

    async def take(self) -> TakenJob | None:
        """Take the oldest unfinished job that no process holds, with a new lease, and record that it has begun."""
        ...

    async def renew(self, job_id: UUID) -> bool:
        """Extend the lease. Tell whether this process holds it still."""
        ...

    async def release(self, job_id: UUID) -> None:
        """Give up the lease, so that another process need not wait for its end."""
        ...

    async def plan(self, planned: Job, partitions: Sequence[Partition]) -> bool:
        """Store the plan of a job with its partitions, unless it has one."""
        ...

    async def advance(self, advanced: Job) -> bool:
        """Store phase, `is_verified` and the number of partitions of the plan."""
        ...

    async def add_partitions(self, job_id: UUID, partitions: Sequence[Partition]) -> bool:
        """Add partitions of a stream; those that are there already stay as they are."""
        ...

    async def settle(self, job_id: UUID, settled: Collection[Partition]) -> bool:
        """Store the results and errors of partitions that were waiting, and count them. Durable."""
        ...

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Sequence[Partition]:
        """List partitions as `Jobs.partitions` does."""
        ...

    async def finish(self, finished: Job, differences: bytes | None = None) -> bool:
        """Store the end of a job, wake its readers, and record the event. The lease ends with it."""
        ...
