"""Jobs and partitions for the tests of their stores."""

from typing import Any, Final

from attrs import evolve

from domain.circumstances import Circumstances
from domain.execution import ScriptReference
from domain.job_requests import ColumnType, CsvOptions, DataFormat, JobInput, JobOutput, JobRequest, Merge
from domain.jobs import Column, Job, JobErrorKind, JobOutcome, JobPlan, fail, job_error
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
)
from domain.script import ScriptName
from domain.stores import folder, object_pattern
from domain.versions import ScriptVersion
from domain.warnings import NumberWarningKind, RunWarning, RunWarningKind, number_warning
from tests.support.values import NOON, an_id

CSV: Final = CsvOptions(types={"a\0column": ColumnType.STRING})
OUTCOME: Final = JobOutcome("ab" * 32, 2, 345, "cd" * 32)
POINTER: Final = "/0/kanarienvogel"


def a_job(version: ScriptVersion, name: str = "corporate-cards", **members: Any) -> Job:
    """Make a pending job, whose request has a column name that no text of PostgreSQL may have."""
    request = JobRequest(
        input=JobInput(pattern=object_pattern("files://in/*.csv").unwrap(), csv=CSV, columns=("a\0column",)),
        output=JobOutput(folder("files://out/").unwrap(), DataFormat.NDJSON),
        merge=Merge.CONCATENATE,
    )
    default: dict[str, Any] = {
        "id": an_id(),
        "script": ScriptReference(
            id=version.script_id,
            name=ScriptName(name),
            version=version.number,
            sha256=version.source.digest.sha256,
            engine=version.engine,
        ),
        "limits": version.limits,
        "circumstances": Circumstances(NOON, "0a" * 16),
        "request": request,
        "submitted_at": NOON,
    }
    return Job(**default | members)


def a_plan(objects: int = 2) -> JobPlan:
    """Make the plan of a stream of so many objects, whose number of partitions is not known yet."""
    found = tuple(ObjectVersion(f"in/{number}.csv", 10 * number, f'"{number}"') for number in range(1, objects + 1))
    return JobPlan(found, (Column("a\0column", ColumnType.STRING),))


def a_partition(number: int) -> Partition:
    """Make a partition that waits."""
    return Partition(number=number, range=PartitionRange(number % 2, RangeUnit.BYTES, 10 * number, 10 * number + 9))


def done(partition: Partition) -> Partition:
    """Settle a partition with a result."""
    result = PartitionResult(
        range=evolve(partition.range, end=partition.range.end + 3),
        rows=partition.number + 1,
        input_bytes=12,
        input_sha256="ef" * 32,
        result_sha256="01" * 32,
        result_bytes=5,
        measures=Measures(1.5, 1.25, 1000),
        read_ms=0.5,
        warnings=(
            RunWarning(RunWarningKind.INTL_DIFFERENCES, "differs"),
            number_warning(NumberWarningKind.INTEGER_PRECISION, "12 integers", POINTER),
        ),
    )
    return complete(partition, result)


def failed(partition: Partition, message: str = "a row is odd") -> Partition:
    """Settle a partition with an error."""
    return reject(partition, partition_error(ErrorKind.SCRIPT_ERROR, message, 7, "a\0column"))


def failure(job: Job, message: str = "2 partitions failed", kind: JobErrorKind = JobErrorKind.PARTITIONS_FAILED) -> Job:
    """Fail a job."""
    return fail(job, job_error(kind, message, 1), NOON).unwrap()
