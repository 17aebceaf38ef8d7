"""The way from the failure of a task to that of its job."""

from typing import Final

from domain.jobs import RETRYABLE, Job, JobError, JobErrorKind, job_error
from domain.outcome import ErrorKind
from domain.partitions import InputFault, Partition, PartitionError, PartitionErrorKind, partition_error

_KINDS: Final[dict[PartitionErrorKind, JobErrorKind]] = {
    InputFault.INPUT_CHANGED: JobErrorKind.INPUT_CHANGED,
    InputFault.INPUT_MISSING: JobErrorKind.INPUT_MISSING,
    InputFault.INPUT_MALFORMED: JobErrorKind.INPUT_MALFORMED,
    InputFault.INPUT_TOO_LARGE: JobErrorKind.INPUT_TOO_LARGE,
    InputFault.OUTPUT_INVALID: JobErrorKind.OUTPUT_INVALID,
    InputFault.STORE_UNAVAILABLE: JobErrorKind.STORE_REFUSED,
    ErrorKind.WORKER_LOST: JobErrorKind.WORKER_LOST,
    ErrorKind.ENGINE_UNAVAILABLE: JobErrorKind.ENGINE_UNAVAILABLE,
}

LOST: Final = partition_error(
    ErrorKind.WORKER_LOST, "the worker was lost, also when the task was tried again; it may have run out of memory"
)
"""The reason of a task whose worker was lost."""


def failure_of(error: PartitionError, of_script: JobErrorKind) -> JobError:
    """Make the reason of a task that of its job: `of_script` is the kind where the script's own run failed."""
    return job_error(_KINDS.get(error.kind, of_script), _described(error))


def failure_of_partitions(first: Partition) -> JobError:
    """Describe the failure of a job's partitions by the first of them."""
    assert first.error is not None, "it failed"
    message = f"partition {first.number} failed with {_described(first.error)}"
    return job_error(JobErrorKind.PARTITIONS_FAILED, message, first.number)


def keeps_results(job: Job) -> bool:
    """Tell whether the results of a job's partitions may still be used: it has not ended, or may be tried again."""
    if job.finished_at is None:
        return True
    return job.error is not None and job.error.kind in RETRYABLE and job.content_removed_at is None


def _described(error: PartitionError) -> str:
    places = (("line", error.line), ("column", error.column))
    place = "".join(f", {name} {value}" for name, value in places if value is not None)
    return f"{error.kind.value}{place}: {error.message}"
