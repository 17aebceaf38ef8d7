"""Jobs: one script version over data in stores, partition by partition, with one output.

    pending --begin--> running --succeed--> succeeded
                          |------fail-----> failed --retry (failed partitions)--> pending
    pending, running --cancel--> failed (cancelled)

A job is running from the first time that a process takes it. Its plan is the same for each process that carries it on:
the objects with their versions, and the columns. A failed job keeps the results of the partitions that are done.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from domain.circumstances import Circumstances
from domain.execution import ScriptReference
from domain.job_requests import ColumnType, JobRequest
from domain.limits import Limits
from domain.partitions import ObjectVersion
from domain.text_limits import truncate

MAX_PARTITIONS: Final = 100_000


class JobStatus(StrEnum):
    """State of a job. The values are part of the wire format and the database schema."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class JobPhase(StrEnum):
    """The work that a running job is at. The values are part of the wire format."""

    PLANNING = "planning"
    VERIFYING = "verifying"
    PROCESSING = "processing"
    MERGING = "merging"
    WRITING = "writing"


class JobErrorKind(StrEnum):
    """Kind of failure. The values are part of the wire format and the database schema."""

    CANCELLED = "cancelled"
    INPUT_MISSING = "input_missing"
    INPUT_CHANGED = "input_changed"
    INPUT_MALFORMED = "input_malformed"
    INPUT_TOO_LARGE = "input_too_large"
    STORE_REFUSED = "store_refused"
    OUTPUT_EXISTS = "output_exists"
    OUTPUT_INVALID = "output_invalid"
    PARTITIONS_FAILED = "partitions_failed"
    MERGE_FAILED = "merge_failed"
    VERIFICATION_FAILED = "verification_failed"
    NOT_VERIFIABLE = "not_verifiable"
    WORKER_LOST = "worker_lost"
    ENGINE_UNAVAILABLE = "engine_unavailable"


RETRYABLE: Final = frozenset(
    {JobErrorKind.PARTITIONS_FAILED, JobErrorKind.MERGE_FAILED, JobErrorKind.WORKER_LOST, JobErrorKind.STORE_REFUSED}
)
"""Failures after which the same plan may be tried again."""


@frozen
class JobError:
    """The reason of a failure. Build it with `job_error`. `partition` is the first one that failed. The message may
    quote the data or a script's own text, so it never enters a repr."""

    kind: JobErrorKind
    message: str = field(repr=False)
    partition: int | None = None


def job_error(kind: JobErrorKind, message: str, partition: int | None = None) -> JobError:
    """Build a reason that any store accepts."""
    return JobError(kind, truncate(message), partition)


@frozen
class Column:
    """A column of CSV input, with the type that it has in every partition."""

    name: str
    type: ColumnType


@frozen
class JobPlan:
    """The facts that a job is carried on by, whoever does it: the versions of its objects, the columns of CSV, and the
    number of partitions, None as long as it is only known at the end of a stream."""

    objects: tuple[ObjectVersion, ...]
    columns: tuple[Column, ...] | None = None
    partitions: int | None = None


@frozen(kw_only=True)
class JobCounts:
    """Partitions and bytes of input so far. `rows` are those of partitions that are done."""

    partitions: int = 0
    done: int = 0
    failed: int = 0
    bytes_total: int = 0
    bytes_done: int = 0
    rows: int = 0
    result_bytes: int = 0


@frozen
class OutputFile:
    """An object of the output, by its path in the store."""

    path: str
    size_bytes: int
    sha256: str


@frozen
class JobOutcome:
    """The output of a job: the digest of its manifest, its number of objects and bytes, and the Merkle root of its
    partitions (`domain.merkle`)."""

    manifest_sha256: str
    objects: int
    size_bytes: int
    partitions_root: str


@frozen(kw_only=True)
class Job:
    """A job in any state. `submitted_by` is the id of an API key, `alias` the name by which the request named the
    version. `attempt` counts the retries of a failed one, from 1."""

    id: UUID
    script: ScriptReference
    limits: Limits
    circumstances: Circumstances
    request: JobRequest
    submitted_at: datetime
    submitted_by: UUID | None = None
    alias: str | None = None
    attempt: int = 1
    phase: JobPhase = JobPhase.PLANNING
    plan: JobPlan | None = None
    is_verified: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: JobOutcome | None = None
    error: JobError | None = None
    content_removed_at: datetime | None = None

    @property
    def status(self) -> JobStatus:
        """The state."""
        if self.finished_at is not None:
            return JobStatus.SUCCEEDED if self.outcome is not None else JobStatus.FAILED
        return JobStatus.PENDING if self.started_at is None else JobStatus.RUNNING


@frozen
class JobAlreadyFinished:
    """The operation requires a job that has not finished."""

    actual: Job


@frozen
class JobNotFinished:
    """The operation requires a finished job."""

    actual: Job


@frozen
class JobNotRetryable:
    """The job has not failed, or for a reason that would be the same again, or its content was removed."""

    actual: Job


JobRefusal: TypeAlias = JobAlreadyFinished | JobNotFinished | JobNotRetryable


def begin(job: Job, at: datetime) -> Result[Job, JobAlreadyFinished]:
    """Record the first time that a process takes the job. Taking it again changes nothing."""
    return _as_unfinished(job).map(
        lambda one: one if one.started_at is not None else evolve(one, started_at=max(at, one.submitted_at))
    )


def succeed(job: Job, outcome: JobOutcome, at: datetime) -> Result[Job, JobAlreadyFinished]:
    """Finish a job with its published output."""
    return _as_unfinished(job).map(lambda one: evolve(_finished(one, at), outcome=outcome))


def fail(job: Job, error: JobError, at: datetime) -> Result[Job, JobAlreadyFinished]:
    """Finish a job without an output."""
    return _as_unfinished(job).map(lambda one: evolve(_finished(one, at), error=error))


def cancel(job: Job, at: datetime) -> Result[Job, JobAlreadyFinished]:
    """End a job on a client's wish."""
    return fail(job, job_error(JobErrorKind.CANCELLED, "the job was cancelled"), at)


def retry(job: Job) -> Result[Job, JobNotRetryable]:
    """Have the failed partitions of a job run again; its plan, and the partitions that are done, stay."""
    error = job.error
    if error is None or error.kind not in RETRYABLE or job.content_removed_at is not None:
        return Failure(JobNotRetryable(job))
    return Success(evolve(job, attempt=job.attempt + 1, started_at=None, finished_at=None, error=None))


def remove_content(job: Job, at: datetime) -> Result[Job, JobNotFinished]:
    """Record the removal of what quotes the data. Removing it again changes nothing."""
    if job.finished_at is None:
        return Failure(JobNotFinished(job))
    if job.content_removed_at is not None:
        return Success(job)
    error = None if job.error is None else evolve(job.error, message="")
    return Success(evolve(job, error=error, content_removed_at=max(at, job.finished_at)))


def _as_unfinished(job: Job) -> Result[Job, JobAlreadyFinished]:
    return Success(job) if job.finished_at is None else Failure(JobAlreadyFinished(job))


def _finished(job: Job, at: datetime) -> Job:
    return evolve(job, finished_at=max(at, job.started_at or job.submitted_at))


TRANSITIONS: Final[Mapping[JobStatus, frozenset[JobStatus]]] = {
    JobStatus.PENDING: frozenset({JobStatus.RUNNING, JobStatus.FAILED}),
    JobStatus.RUNNING: frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED}),
    JobStatus.SUCCEEDED: frozenset(),
    JobStatus.FAILED: frozenset({JobStatus.PENDING}),
}
"""The states that may follow each other."""
