"""The examples of answers about jobs: card statistics of a folder, one of whose partitions fails at first."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from attrs import evolve

from adapters.http.openapi.example_files import example_value
from adapters.http.openapi.receipt_example import example_job_receipt
from adapters.http.openapi.story import pending_execution
from adapters.http.responses.jobs import job, partition
from adapters.http.wire.converter import unstructure
from adapters.http.wire.schemas.jobs import JOB_ID, JobList, JobPartitionList
from application.ports.jobs import JobRecord
from domain.job_requests import DataFormat, JobInput, JobOutput, JobRequest, Merge
from domain.job_submissions import job_circumstances
from domain.jobs import (
    Job,
    JobCounts,
    JobErrorKind,
    JobOutcome,
    JobPlan,
    begin,
    cancel,
    fail,
    job_error,
    retry,
    succeed,
)
from domain.outcome import ErrorKind, Measures
from domain.partitions import (
    ObjectVersion,
    Partition,
    PartitionRange,
    PartitionResult,
    RangeUnit,
    complete,
    partition_error,
    reject,
    reopen,
)
from domain.stores import folder, object_pattern

_AT: Final = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
_SHA: Final = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
_RESULT_SHA: Final = "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6"
_OBJECT: Final = ObjectVersion("cards/2024-01.ndjson", 67_108_863, '"6a3f-3ffffff-17f2"')
_CUTS: Final = (0, 33_554_432, _OBJECT.size_bytes)
_BOUNDARY: Final = 33_554_457
"""The end of the line in which the first cut is."""
EXAMPLE_PLAN: Final = JobPlan((_OBJECT,), None, 2)
EXAMPLE_FAILURE: Final = job_error(JobErrorKind.PARTITIONS_FAILED, "1 of 2 partitions failed", 1)
EXAMPLE_OUTCOME: Final = JobOutcome(_SHA, 1, 4_096, _RESULT_SHA)
_MEASURES: Final = Measures(292.9, 285.9, 137_506_816)


def job_values() -> dict[str, Any]:
    """Map the names of examples to the JSON values of their answers."""
    pending = _job()
    running = begin(pending, _AT + timedelta(seconds=1)).unwrap()
    planned = evolve(running, plan=EXAMPLE_PLAN, is_verified=True)
    failed = fail(planned, EXAMPLE_FAILURE, _AT + timedelta(seconds=4)).unwrap()
    retried = retry(failed).unwrap()
    again = begin(retried, _AT + timedelta(seconds=60)).unwrap()
    done = succeed(again, EXAMPLE_OUTCOME, _AT + timedelta(seconds=69)).unwrap()
    cancelled = cancel(pending, _AT + timedelta(seconds=1)).unwrap()
    parts = tuple(partition(one, planned.plan) for one in example_partitions())
    shapes = {
        "pending-job": job(JobRecord(pending, JobCounts()), ""),
        "job": job(_record(done, done=2), ""),
        "jobs": JobList(items=(job(_record(failed, done=1, failed=1), ""),), next_cursor=None),
        "cancelled-job": job(JobRecord(cancelled, JobCounts()), ""),
        "retried-job": job(_record(retried, done=1), ""),
        "job-partitions": JobPartitionList(items=parts, next_cursor=None),
    }
    told = {name: msgspec.json.decode(msgspec.json.encode(unstructure(shape))) for name, shape in shapes.items()}
    return told | {"job-receipt": example_job_receipt(done)}


def _job() -> Job:
    wanted = example_value("new-job")
    request = JobRequest(
        input=JobInput(pattern=object_pattern(wanted["input"]["url"]).unwrap()),
        output=JobOutput(folder(wanted["output"]["url"]).unwrap(), DataFormat(wanted["output"]["format"])),
        merge=Merge(wanted["merge"]),
    )
    submission = pending_execution(JOB_ID, b"[]").submission
    return Job(
        id=UUID(JOB_ID),
        script=submission.script,
        limits=submission.limits,
        circumstances=job_circumstances(request, None, _AT),
        request=request,
        submitted_at=_AT,
    )


def _record(stored: Job, done: int, failed: int = 0) -> JobRecord:
    size = _OBJECT.size_bytes
    return JobRecord(
        stored,
        JobCounts(
            partitions=2,
            done=done,
            failed=failed,
            bytes_total=size,
            bytes_done=(_BOUNDARY, size)[done - 1],
            rows=125_304 * done,
            result_bytes=4_096 * done,
        ),
        objects=1,
    )


def example_partitions() -> tuple[Partition, Partition]:
    """Return the partitions after the first run: one is done, and one has failed."""
    error = partition_error(
        ErrorKind.SCRIPT_ERROR, "TypeError: cannot read properties of undefined (reading 'produto')"
    )
    first, second = (Partition(number=number, range=_range(*_CUTS[number : number + 2])) for number in (0, 1))
    return complete(first, _result(0, _BOUNDARY)), reject(second, error)


def example_second_run() -> Partition:
    """Return the partition that failed at first, after its second run."""
    _, failed = example_partitions()
    return complete(reopen(failed), _result(_BOUNDARY, _OBJECT.size_bytes))


def _range(start: int, end: int) -> PartitionRange:
    return PartitionRange(0, RangeUnit.BYTES, start, end)


def _result(start: int, end: int) -> PartitionResult:
    return PartitionResult(
        range=_range(start, end),
        rows=125_304,
        input_bytes=end - start,
        input_sha256=_SHA,
        result_sha256=_RESULT_SHA,
        result_bytes=4_096,
        measures=_MEASURES,
        read_ms=41.5,
    )
