"""Jobs as the shapes of the wire. Links begin with the path prefix `root`."""

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from attrs import asdict
from msgspec import Raw
from returns.pipeline import is_successful

from adapters.http.responses.executions import execution_warning, script_reference
from adapters.http.wire.schemas import jobs as shapes
from adapters.http.wire.schemas.executions import ExecutionWarning
from adapters.http.wire.schemas.version_replays import ReplayTolerance
from application.ports.jobs import JobRecord
from domain import job_requests as domain
from domain.jobs import Job, JobErrorKind, JobPlan, JobStatus, retry
from domain.partitions import Partition, PartitionError, PartitionResult

LISTED_OBJECTS: Final = 100


def job_href(root: str, job_id: UUID) -> str:
    """Build the path of a job."""
    return f"{root}/v1/jobs/{job_id}"


def job(record: JobRecord, root: str) -> shapes.Job:
    """Represent a job."""
    shown, counts = record.job, record.counts
    return shapes.Job(
        id=shown.id,
        script=script_reference(shown.script),
        alias=shown.alias,
        status=shown.status,
        phase=shown.phase if shown.status is JobStatus.RUNNING else None,
        attempt=shown.attempt,
        **_requested(shown.request),
        verification=_verification(shown),
        plan=None if shown.plan is None else _plan(shown.plan, record.objects),
        partitions=shapes.PartitionNumbers(
            total=None if shown.plan is None else shown.plan.partitions,
            waiting=counts.partitions - counts.done - counts.failed,
            done=counts.done,
            failed=counts.failed,
        ),
        bytes=shapes.ByteNumbers(total=counts.bytes_total, done=counts.bytes_done),
        rows=counts.rows,
        result_bytes=counts.result_bytes,
        progress=_progress(record),
        submitted_at=shown.submitted_at,
        submitted_by=record.submitted_by,
        started_at=shown.started_at,
        finished_at=shown.finished_at,
        clock=shown.circumstances.clock,
        seed=shown.circumstances.seed,
        error=_error(shown),
        differences=None if record.differences is None else Raw(record.differences),
        result=_result(shown),
        content_removed_at=shown.content_removed_at,
        links=_links(shown, root),
    )


def partition(one: Partition, plan: JobPlan | None) -> shapes.JobPartition:
    """Represent a partition of a job."""
    result = one.result
    span = one.range if result is None else result.range
    return shapes.JobPartition(
        number=one.number,
        object=_path(plan, span.object_number),
        object_number=span.object_number,
        range=shapes.PartitionSpan(unit=span.unit, start=span.start, end=span.end),
        state=one.state,
        attempts=one.attempts,
        rows=None if result is None else result.rows,
        input_bytes=None if result is None else result.input_bytes,
        input_sha256=None if result is None else result.input_sha256,
        result_bytes=None if result is None else result.result_bytes,
        result_sha256=None if result is None else result.result_sha256,
        read_ms=None if result is None else result.read_ms,
        measures=None if result is None else shapes.PartitionMeasures(**asdict(result.measures)),
        warnings=_warnings(result),
        error=_partition_error(one.error),
    )


def _requested(request: domain.JobRequest) -> dict[str, Any]:
    given, csv = request.input, request.input.csv
    return {
        "input": shapes.JobInput(
            url=str(given.pattern),
            format=given.format,
            csv=shapes.CsvDialect(
                delimiter=csv.delimiter,
                encoding=csv.encoding,
                decimal=csv.decimal,
                header=csv.has_header,
                newlines_in_fields=csv.has_newlines_in_fields,
                types=dict(csv.types),
            ),
            columns=given.columns,
            integers=given.integers,
        ),
        "output": shapes.JobOutput(url=str(request.output.folder), format=request.output.format),
        "merge": request.merge,
        "partition": shapes.Partitioning(bytes=request.partition_bytes),
        "verify": _requested_verification(request.verification),
    }


def _requested_verification(wanted: domain.Verification | None) -> shapes.RequestedVerification | shapes.Skip:
    if wanted is None:
        return shapes.Skip.SKIP
    tolerance = ReplayTolerance(absolute=wanted.tolerance.absolute, relative=wanted.tolerance.relative)
    return shapes.RequestedVerification(rows=wanted.rows, tolerance=tolerance)


def _verification(shown: Job) -> shapes.VerificationStatus:
    if shown.request.verification is None:
        return shapes.VerificationStatus.SKIPPED
    if shown.error is not None and shown.error.kind is JobErrorKind.VERIFICATION_FAILED:
        return shapes.VerificationStatus.FAILED
    return shapes.VerificationStatus.PASSED if shown.is_verified else shapes.VerificationStatus.PENDING


def _plan(plan: JobPlan, objects: int) -> shapes.JobPlan:
    columns = plan.columns
    return shapes.JobPlan(
        objects=tuple(
            shapes.PlannedObject(path=one.path, size_bytes=one.size_bytes, etag=one.etag, rows=one.rows)
            for one in plan.objects[:LISTED_OBJECTS]
        ),
        objects_total=max(objects, len(plan.objects)),
        columns=None
        if columns is None
        else tuple(shapes.PlannedColumn(name=one.name, type=one.type) for one in columns),
    )


def _progress(record: JobRecord) -> float:
    """Give the share of the input; only a job that has succeeded has reached 1."""
    if record.job.status is JobStatus.SUCCEEDED:
        return 1.0
    counts = record.counts
    return min(counts.bytes_done / counts.bytes_total, 0.99) if counts.bytes_total else 0.0


def _error(shown: Job) -> shapes.JobError | None:
    error = shown.error
    return None if error is None else shapes.JobError(kind=error.kind, message=error.message, partition=error.partition)


def _result(shown: Job) -> shapes.JobResult | None:
    found = shown.outcome
    if found is None:
        return None
    return shapes.JobResult(
        manifest_sha256=found.manifest_sha256,
        objects=found.objects,
        size_bytes=found.size_bytes,
        partitions_root=found.partitions_root,
    )


def _links(shown: Job, root: str) -> shapes.JobPaths:
    href, target = job_href(root, shown.id), shown.request.output.folder
    return shapes.JobPaths(
        job=href,  # the member `self`
        partitions=f"{href}/partitions",
        output=f"{root}/v1/stores/{target.store.value}?prefix={quote(target.prefix, safe='')}",
        cancel=f"{href}/cancel" if shown.finished_at is None else None,
        retry=f"{href}/retry" if is_successful(retry(shown)) else None,
        receipt=f"{href}/receipt" if shown.outcome is not None else None,
    )


def _path(plan: JobPlan | None, number: int) -> str:
    return plan.objects[number].path if plan is not None and number < len(plan.objects) else ""


def _warnings(result: PartitionResult | None) -> tuple[ExecutionWarning, ...]:
    return () if result is None else tuple(map(execution_warning, result.warnings))


def _partition_error(error: PartitionError | None) -> shapes.JobPartitionError | None:
    if error is None:
        return None
    return shapes.JobPartitionError(kind=error.kind.value, message=error.message, line=error.line, column=error.column)
