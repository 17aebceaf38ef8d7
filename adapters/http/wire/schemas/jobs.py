"""Wire schemas of jobs: the requests for them, their representations, and those of their partitions."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import and_, ge, le, max_len, min_len, optional
from msgspec import Raw

from adapters.http.wire.schemas.collections import DistinctItems
from adapters.http.wire.schemas.comparisons import Comparison
from adapters.http.wire.schemas.executions import SEED, ExecutionWarning, ScriptReference
from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.scripts import MOMENT, SHA256
from adapters.http.wire.schemas.version_replays import NewReplayTolerance, ReplayTolerance
from domain.job_requests import (
    DEFAULT_PARTITION_BYTES,
    DEFAULT_VERIFIED_ROWS,
    MAX_COLUMNS,
    MAX_PARTITION_BYTES,
    MAX_VERIFIED_ROWS,
    MIN_PARTITION_BYTES,
    ColumnType,
    DataFormat,
    Integers,
    Merge,
)
from domain.jobs import JobErrorKind, JobPhase, JobStatus
from domain.partitions import PartitionState, RangeUnit

JOB_ID: Final = "0199c640-7a10-7c3e-8b2d-5e7f9a0b1c2d"
_HREF: Final = f"/v1/jobs/{JOB_ID}"
_INPUT_URL: Final = "lake://cards/2024-*.ndjson"
_OUTPUT_URL: Final = "lake://sums/2024/"


class Skip(StrEnum):
    """The choice to do without a verification."""

    SKIP = "skip"


class OutputFormat(StrEnum):
    """Format of the output of a job."""

    JSON = DataFormat.JSON.value
    NDJSON = DataFormat.NDJSON.value
    CSV = DataFormat.CSV.value
    PARQUET = DataFormat.PARQUET.value


class VerificationStatus(StrEnum):
    """Standing of the verification of a job."""

    PENDING = "pending"
    PASSED = "passed"
    SKIPPED = "skipped"
    FAILED = "failed"


@frozen(kw_only=True)
class CsvDialect(RequestModel):
    """The dialect of CSV objects."""

    delimiter: str = field(default=",", metadata=describe("Character between two fields.", ";"))
    encoding: str = field(
        default="utf-8", metadata=describe("Encoding: `utf-8`, `iso-8859-1` or `windows-1252`.", "windows-1252")
    )
    decimal: str = field(default=".", metadata=describe("Decimal separator: a point or a comma.", ","))
    header: bool = field(
        default=True,
        metadata=describe("True if the first line names the columns; otherwise they are `column_1`, …", True),
    )
    newlines_in_fields: bool = field(
        default=False,
        metadata=describe("True if quoted fields can have line breaks; objects are then read as streams.", False),
    )
    types: dict[str, ColumnType] = field(
        factory=dict,
        metadata=describe("Types of columns by their names; those of others are inferred.", {"quarter": "string"}),
    )


@frozen(kw_only=True)
class NewJobInput(RequestModel):
    """The objects that a job reads."""

    url: str = field(
        metadata=describe(
            "URL of an object of a store, or of several, which are read in the order of their paths: `*` and `?` stand "
            "for characters of a name, `**` for any number of folders.",
            _INPUT_URL,
        )
    )
    format: DataFormat | None = field(
        default=None, metadata=describe("Format of all objects; told by the extension of each if omitted.", "ndjson")
    )
    csv: CsvDialect = field(factory=CsvDialect, metadata=describe("Dialect of CSV objects."))
    columns: tuple[str, ...] | None = field(
        default=None,
        validator=optional(and_(min_len(1), max_len(MAX_COLUMNS), DistinctItems())),
        metadata=describe("Columns of CSV, Parquet and Arrow to read; all if omitted.", ["quarter", "amount"]),
    )
    integers: Integers = field(
        default=Integers.NUMBERS,
        metadata=describe(
            "Form of 64-bit integers of Parquet and Arrow: `numbers`, of which those beyond 2^53 are rounded, or "
            "`strings`.",
            "numbers",
        ),
    )


@frozen(kw_only=True)
class NewJobOutput(RequestModel):
    """The folder that a job writes."""

    url: str = field(metadata=describe("URL of a folder of a store, which must be empty.", _OUTPUT_URL))
    format: OutputFormat = field(
        metadata=describe("Format of the objects: `json` writes one, `result.json`, the others `part-00000`, …", "json")
    )


@frozen(kw_only=True)
class NewPartitioning(RequestModel):
    """The cut of the input."""

    bytes: int = field(
        default=DEFAULT_PARTITION_BYTES,
        validator=[ge(MIN_PARTITION_BYTES), le(MAX_PARTITION_BYTES)],
        metadata=describe("Approximate size of a partition.", DEFAULT_PARTITION_BYTES),
    )


@frozen(kw_only=True)
class NewVerification(RequestModel):
    """The check, before anything is processed, that partitions and merge do not change the result."""

    rows: int = field(
        default=DEFAULT_VERIFIED_ROWS,
        validator=[ge(1), le(MAX_VERIFIED_ROWS)],
        metadata=describe("Number of rows, from the beginning of the input.", DEFAULT_VERIFIED_ROWS),
    )
    tolerance: NewReplayTolerance | None = field(
        default=None,
        metadata=describe("Differences of numbers that count as none; a relative 1e-9 if omitted."),
    )


@frozen(kw_only=True)
class NewJob(RequestModel):
    """A job over data in stores."""

    input: NewJobInput = field(metadata=describe("Objects to read."))
    output: NewJobOutput = field(metadata=describe("Folder to write."))
    merge: Merge = field(
        metadata=describe(
            "`concatenate` joins the arrays that partitions return, `script` calls the script's `merge(results)`, "
            "`none` writes an object for each partition.",
            "script",
        )
    )
    partition: NewPartitioning = field(factory=NewPartitioning, metadata=describe("Cut of the input."))
    verify: NewVerification | Skip = field(
        factory=NewVerification, metadata=describe("Verification, or `skip`.", "skip")
    )


@frozen(kw_only=True)
class JobInput:
    """The objects that a job reads, as requested."""

    url: str = field(metadata=describe("URL of the objects.", _INPUT_URL))
    format: DataFormat | None = field(metadata=describe("Format of all objects; null if their extensions tell it."))
    csv: CsvDialect = field(metadata=describe("Dialect of CSV objects."))
    columns: tuple[str, ...] | None = field(metadata=describe("Columns to read; null for all."))
    integers: Integers = field(metadata=describe("Form of 64-bit integers.", "numbers"))


@frozen(kw_only=True)
class JobOutput:
    """The folder that a job writes, as requested."""

    url: str = field(metadata=describe("URL of the folder.", _OUTPUT_URL))
    format: DataFormat = field(metadata=describe("Format of the objects.", "json"))


@frozen(kw_only=True)
class Partitioning:
    """The cut of the input, as requested."""

    bytes: int = field(metadata=describe("Approximate size of a partition.", DEFAULT_PARTITION_BYTES))


@frozen(kw_only=True)
class RequestedVerification:
    """The verification, as requested."""

    rows: int = field(metadata=describe("Number of rows.", DEFAULT_VERIFIED_ROWS))
    tolerance: ReplayTolerance = field(metadata=describe("Differences of numbers that count as none."))


@frozen(kw_only=True)
class PlannedObject:
    """An object of the input in the version that the job reads."""

    path: str = field(metadata=describe("Path in the store.", "cards/2024-01.ndjson"))
    size_bytes: int = field(validator=ge(0), metadata=describe("Size.", 1_048_576))
    etag: str = field(metadata=describe("Entity tag of the version.", '"6a3f-100000-17f2"'))
    rows: int | None = field(metadata=describe("Number of rows of a table; null for text."))


@frozen(kw_only=True)
class PlannedColumn:
    """A column of CSV, with the type that it has in every partition."""

    name: str = field(metadata=describe("Name.", "quarter"))
    type: ColumnType = field(metadata=describe("Type.", "string"))


@frozen(kw_only=True)
class JobPlan:
    """The facts that were found before the first partition."""

    objects: tuple[PlannedObject, ...] = field(metadata=describe("The first 100 objects of the input."))
    objects_total: int = field(validator=ge(0), metadata=describe("Number of all objects.", 1))
    columns: tuple[PlannedColumn, ...] | None = field(metadata=describe("Columns of CSV; null for other formats."))


@frozen(kw_only=True)
class PartitionNumbers:
    """Numbers of partitions by their states."""

    total: int | None = field(metadata=describe("All partitions; null until the end of a stream is known.", 12))
    waiting: int = field(validator=ge(0), metadata=describe("Partitions that are not done.", 0))
    done: int = field(validator=ge(0), metadata=describe("Partitions with a result.", 12))
    failed: int = field(validator=ge(0), metadata=describe("Partitions that failed.", 0))


@frozen(kw_only=True)
class ByteNumbers:
    """Bytes of the input."""

    total: int = field(validator=ge(0), metadata=describe("Bytes of all objects.", 402_653_184))
    done: int = field(validator=ge(0), metadata=describe("Bytes of the partitions that are done.", 402_653_184))


@frozen(kw_only=True)
class JobError:
    """The reason why a job failed."""

    kind: JobErrorKind = field(metadata=describe("Kind of failure.", "partitions_failed"))
    message: str = field(metadata=describe("Message; empty once the content was removed.", "3 of 12 partitions failed"))
    partition: int | None = field(metadata=describe("Number of the first partition that failed; null without one."))


@frozen(kw_only=True)
class JobResult:
    """The output of a job that has succeeded."""

    manifest_sha256: str = field(metadata=describe("SHA-256 of `_manifest.json`, in hexadecimal.", SHA256))
    objects: int = field(validator=ge(0), metadata=describe("Number of objects, without manifest and marker.", 1))
    size_bytes: int = field(validator=ge(0), metadata=describe("Bytes of these objects.", 4_096))
    partitions_root: str = field(
        metadata=describe("Root of the Merkle tree of all partitions, in hexadecimal.", SHA256)
    )


@frozen(kw_only=True)
class JobPaths:
    """Paths of what belongs to a job. Those of actions are null where the action is not possible now."""

    self: str = field(alias="job", metadata=describe("The job.", _HREF))
    partitions: str = field(metadata=describe("List of the partitions.", f"{_HREF}/partitions"))
    output: str = field(metadata=describe("List of the output's objects.", "/v1/stores/lake?prefix=sums%2F2024%2F"))
    cancel: str | None = field(metadata=describe("Cancellation, by a POST.", f"{_HREF}/cancel"))
    retry: str | None = field(metadata=describe("Another run of the failed partitions, by a POST."))
    receipt: str | None = field(metadata=describe("Signed receipt of a job that has succeeded."))


@frozen(kw_only=True)
class Job:
    """A job: one script version over data in stores, partition by partition. Members that do not apply are null."""

    id: UUID = field(metadata=describe("Job id.", JOB_ID))
    script: ScriptReference = field(metadata=describe("Script version that runs."))
    alias: str | None = field(metadata=describe("Alias by which the request named the version.", "live"))
    status: JobStatus = field(metadata=describe("State.", "running"))
    phase: JobPhase | None = field(metadata=describe("Work that a running job is at.", "processing"))
    attempt: int = field(validator=ge(1), metadata=describe("Runs of the job: 1, and one more for each retry.", 1))
    input: JobInput = field(metadata=describe("Objects to read."))
    output: JobOutput = field(metadata=describe("Folder to write."))
    merge: Merge = field(metadata=describe("Way from partial results to the output.", "script"))
    partition: Partitioning = field(metadata=describe("Cut of the input."))
    verify: RequestedVerification | Skip = field(metadata=describe("Verification as requested, or `skip`."))
    verification: VerificationStatus = field(metadata=describe("Standing of the verification.", "passed"))
    plan: JobPlan | None = field(metadata=describe("Facts about the input; null until it was looked into."))
    partitions: PartitionNumbers = field(metadata=describe("Partitions by their states."))
    bytes: ByteNumbers = field(metadata=describe("Bytes of the input."))
    rows: int = field(validator=ge(0), metadata=describe("Rows of the partitions that are done.", 1_500_000))
    result_bytes: int = field(validator=ge(0), metadata=describe("Bytes of their results as JSON.", 49_152))
    progress: float = field(validator=[ge(0), le(1)], metadata=describe("Share of the input's bytes, 0 to 1.", 0))
    submitted_at: datetime = field(metadata=describe("Time of the submission.", MOMENT))
    submitted_by: str | None = field(metadata=describe("Name of the API key that submitted it.", "ingestion"))
    started_at: datetime | None = field(metadata=describe("Time at which a process took it.", MOMENT))
    finished_at: datetime | None = field(metadata=describe("Time of its end.", MOMENT))
    clock: datetime = field(metadata=describe("Time that the script sees in every run of the job.", MOMENT))
    seed: str = field(metadata=describe("Seed of the script's random numbers in every run.", SEED))
    error: JobError | None = field(metadata=describe("Reason of a failure."))
    differences: Raw | None = field(
        metadata=describe(
            "Differences that a verification found: `before` is the whole, `after` the pieces; null in a list.",
            shape=Comparison | None,
        )
    )
    result: JobResult | None = field(metadata=describe("Output of a job that has succeeded."))
    content_removed_at: datetime | None = field(metadata=describe("Time at which messages and cells were removed."))
    links: JobPaths = field(metadata=describe("Paths of what belongs to the job."))


@frozen(kw_only=True)
class JobList:
    """A page of jobs, newest first, without the differences of their verifications."""

    items: tuple[Job, ...] = field(metadata=describe("Jobs of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))


@frozen(kw_only=True)
class PartitionSpan:
    """A part of an object, half-open."""

    unit: RangeUnit = field(
        metadata=describe("`bytes`, `rows` of a table, or bytes of the decompressed `text` of a stream.", "bytes")
    )
    start: int = field(validator=ge(0), metadata=describe("Beginning, from 0.", 0))
    end: int = field(validator=ge(0), metadata=describe("End, which is not part of it.", 33_554_431))


@frozen(kw_only=True)
class JobPartitionError:
    """The reason why a partition failed."""

    kind: str = field(metadata=describe("Kind of failure, of the run or of the input.", "script_error"))
    message: str = field(metadata=describe("Message; empty once the content was removed."))
    line: int | None = field(metadata=describe("Line of the input, as the message says; null if unknown.", 17))
    column: str | None = field(metadata=describe("Name of a column; null if none is concerned."))


@frozen(kw_only=True)
class PartitionMeasures:
    """Resources of the run over a partition."""

    wall_ms: float = field(metadata=describe("Wall-clock time in milliseconds.", 292.9))
    cpu_ms: float = field(metadata=describe("CPU time in milliseconds.", 285.9))
    peak_memory_bytes: int = field(metadata=describe("Largest resident memory of its process.", 137_506_816))


@frozen(kw_only=True)
class JobPartition:
    """A partition of a job. Members of its result are null until it is done."""

    number: int = field(validator=ge(0), metadata=describe("Number, from 0, in the order of the input.", 0))
    object: str = field(metadata=describe("Path of its object; empty if the plan has too many to list.", "cards/a.csv"))
    object_number: int = field(validator=ge(0), metadata=describe("Number of its object in the plan, from 0.", 0))
    range: PartitionSpan = field(metadata=describe("Part of the object; of a partition that is done, as it was read."))
    state: PartitionState = field(metadata=describe("State.", "done"))
    attempts: int = field(validator=ge(0), metadata=describe("Times that it ended.", 1))
    rows: int | None = field(metadata=describe("Number of rows.", 125_000))
    input_bytes: int | None = field(metadata=describe("Bytes read.", 33_554_431))
    input_sha256: str | None = field(metadata=describe("SHA-256 of these bytes, in hexadecimal.", SHA256))
    result_bytes: int | None = field(metadata=describe("Bytes of the result as JSON.", 4_096))
    result_sha256: str | None = field(metadata=describe("SHA-256 of the result; null too without rows.", SHA256))
    read_ms: float | None = field(metadata=describe("Milliseconds until the rows were at hand.", 41.5))
    measures: PartitionMeasures | None = field(metadata=describe("Resources of the run."))
    warnings: tuple[ExecutionWarning, ...] = field(metadata=describe("Warnings about the input and the run."))
    error: JobPartitionError | None = field(metadata=describe("Reason of a failure."))


@frozen(kw_only=True)
class JobPartitionList:
    """A page of partitions, by number."""

    items: tuple[JobPartition, ...] = field(metadata=describe("Partitions of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
