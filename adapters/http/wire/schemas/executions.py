"""Wire schemas of executions."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge
from msgspec import Raw

from adapters.http.wire.schemas.log_position import LOG_POSITION
from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID, SHA256, Limits
from domain.execution import State
from domain.outcome import ErrorKind, Isolation, LogLevel
from domain.queue_state import WaitReason
from domain.warnings import NumberWarningKind, RunWarningKind

ENGINE: Final = "quickjs-ng 0.17.0.2 (QuickJS-NG 0.17.0)"
SEED: Final = "9f86d081884c7d659a2feaa0c55ad015"
EXECUTION_ID: Final = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"
BATCH_ID: Final = "0199c602-4d10-7e5a-9c3b-1a2b3c4d5e6f"


@frozen(kw_only=True)
class ScriptReference:
    """Reference to the script version that an execution runs."""

    id: UUID = field(metadata=describe("Script id.", SCRIPT_ID))
    name: str = field(metadata=describe("Script name.", "corporate-cards"))
    version: int = field(validator=ge(1), metadata=describe("Version number.", 3))
    sha256: str = field(metadata=describe("SHA-256 of the version's source, in hexadecimal.", SHA256))
    engine: str = field(metadata=describe("JavaScript engine of the version, by its package.", "quickjs-ng"))


@frozen(kw_only=True)
class StoredBody:
    """A dataset or a result that is stored separately from its execution."""

    size_bytes: int = field(metadata=describe("Size of the JSON text in bytes.", 651))
    sha256: str = field(metadata=describe("SHA-256 of the JSON text, in hexadecimal.", SHA256))
    href: str = field(metadata=describe("Path of the JSON text.", f"/v1/executions/{EXECUTION_ID}/input"))


@frozen(kw_only=True)
class RunError:
    """The reason why an execution failed."""

    kind: ErrorKind = field(metadata=describe("Kind of failure.", "script_error"))
    message: str = field(metadata=describe("Error message.", "TypeError: data.map is not a function"))
    line: int | None = field(metadata=describe("Line in the source as it was sent, from 1; null if unknown.", 2))
    column: int | None = field(metadata=describe("Column in the source as it was sent, from 1; null if unknown.", 15))
    position_is_exact: bool | None = field(
        metadata=describe(
            "True if line and column are those of the failing expression; false if they are the nearest position that "
            "the engine knows; null if there is no position.",
            True,
        )
    )
    stack: str | None = field(metadata=describe("Call stack reported by the engine; null if there is none."))
    code: str | None = field(
        metadata=describe("Stable code of the hint; null if there is none. Later releases add codes.", "dataset-object")
    )
    hint: str | None = field(
        metadata=describe(
            "Advice on how to mend the failure, in the language of Accept-Language; null if there is none.",
            "The dataset is an object, not an array. Send an array.",
        )
    )


@frozen(kw_only=True)
class LogLine:
    """A call of a console method."""

    level: LogLevel = field(metadata=describe("Console method.", "log"))
    message: str = field(metadata=describe("Arguments of the call, joined by spaces.", "12 records kept"))


@frozen(kw_only=True)
class Measures:
    """Resources used by the last attempt."""

    queued_ms: float = field(metadata=describe("Queue time: milliseconds from submission to start.", 3.1))
    wall_ms: float = field(metadata=describe("Duration of the run in milliseconds.", 1.9))
    cpu_ms: float = field(metadata=describe("CPU time in milliseconds.", 1.2))
    peak_memory_bytes: int = field(metadata=describe("Peak memory in bytes.", 9_437_184))


@frozen(kw_only=True)
class ExecutionWarning:
    """Numbers that lose precision (JavaScript numbers are 64-bit floats, and JSON has no infinities), or a feature that
    the run used and that gives other values than in Node."""

    kind: NumberWarningKind | RunWarningKind = field(metadata=describe("Kind of warning.", "integer-precision"))
    detail: str = field(
        metadata=describe(
            "Description, with the number of values affected if it is about numbers.",
            "3 integers are beyond 2^53 and were rounded",
        )
    )
    first_pointer: str | None = field(
        metadata=describe(
            "JSON Pointer (RFC 6901) to the first number; null if unknown, too long, or if no number is concerned.",
            "/17/id",
        )
    )


@frozen(kw_only=True)
class BatchReference:
    """The place of an execution in a batch."""

    id: UUID = field(metadata=describe("Batch id.", BATCH_ID))
    line: int = field(validator=ge(1), metadata=describe("Number of the dataset in the batch, from 1.", 1))
    ref: str | None = field(metadata=describe("Client's own id of the line; null if it sent none.", "2024-Q1"))


@frozen(kw_only=True)
class QueuePlace:
    """The place of a pending execution in the queue."""

    ahead: int = field(
        validator=ge(0),
        metadata=describe(
            "Number of pending executions of the same script that were submitted earlier, counted up to 1,000. Scripts "
            "take turns, so those of other scripts are not ahead.",
            3,
        ),
    )
    reason: WaitReason | None = field(
        metadata=describe(
            "Reason for waiting: `no_workers` if no worker is running, `slots_busy` if all slots are in use. Null if a "
            "worker is about to take it.",
            "slots_busy",
        )
    )


@frozen(kw_only=True)
class ExecutionSummary:
    """An execution as listed, without logs and result. Members that do not apply yet are null."""

    id: UUID = field(metadata=describe("Execution id, a time-ordered UUID.", EXECUTION_ID))
    script: ScriptReference = field(metadata=describe("Script version that it runs."))
    status: State = field(metadata=describe("State of the execution.", "succeeded"))
    submitted_at: datetime = field(metadata=describe("Time of acceptance.", MOMENT))
    started_at: datetime | None = field(metadata=describe("Start of the last attempt.", MOMENT))
    finished_at: datetime | None = field(metadata=describe("Time at which it finished.", MOMENT))
    content_removed_at: datetime | None = field(
        metadata=describe("Time at which its dataset, result and logs were removed; null if they were not.", MOMENT)
    )
    replay_of: UUID | None = field(
        metadata=describe("Id of the execution that this one repeats; null unless it is a replay.", EXECUTION_ID)
    )
    input_of: UUID | None = field(
        metadata=describe(
            "Id of the execution whose stored dataset the request named; null if the dataset was sent.", EXECUTION_ID
        )
    )
    alias: str | None = field(
        metadata=describe("Alias by which the request named the version; null if it named a number or none.", "live")
    )
    batch: BatchReference | None = field(
        metadata=describe("Place in the batch that it was submitted with; null if it was submitted alone.")
    )
    attempt: int = field(validator=ge(0), metadata=describe("Number of attempts started.", 1))
    engine: str | None = field(metadata=describe("JavaScript engine that ran it, with its versions.", ENGINE))
    isolation: Isolation | None = field(
        metadata=describe(
            "Isolation of the run: `execution` is a process of its own; `version` is a process that serves executions "
            "of the same script version, engine and API key, each in a new JavaScript runtime. Null before the run has "
            "finished, without a run, and for runs by earlier releases.",
            "execution",
        )
    )
    input: StoredBody = field(metadata=describe("Dataset."))
    output: StoredBody | None = field(metadata=describe("Result, after it succeeded."))
    error: RunError | None = field(metadata=describe("Reason for the failure; null unless it failed."))
    measures: Measures | None = field(metadata=describe("Resources used, after it finished."))
    warnings: tuple[ExecutionWarning, ...] = field(
        metadata=describe(
            "Numbers of the dataset that lose precision; after it finished, also those of the result, and features "
            "that the last attempt used and that give other values than in Node."
        )
    )


@frozen(kw_only=True)
class Execution(ExecutionSummary):
    """An execution of a script version over a dataset. Members that do not apply yet are null."""

    clock: datetime = field(
        metadata=describe("Time that the script sees throughout the run, in whole milliseconds.", MOMENT)
    )
    seed: str = field(
        metadata=describe("Seed of the random numbers that the script sees, 32 hexadecimal digits.", SEED)
    )
    limits: Limits = field(metadata=describe("Limits of the run."))
    queue: QueuePlace | None = field(
        metadata=describe(
            "Place in the queue; null unless it is pending, and in the response to a submission that does not wait."
        )
    )
    logs: tuple[LogLine, ...] = field(
        metadata=describe("Console output of the script; empty until the execution has finished.")
    )
    logs_truncated: bool = field(
        metadata=describe("True if the console output exceeded the limit and was truncated.", False)
    )
    result: Raw | None = field(
        metadata=describe(
            "Result, any JSON value. Omitted unless the execution succeeded and the result is small enough to be "
            "included here and has not been removed. `output.href` serves results of any size.",
            absent=True,
        )
    )


@frozen(kw_only=True)
class ExecutionLog:
    """Console output of a script, also while it is running."""

    status: State = field(
        metadata=describe("State of the execution. The log of a finished execution does not change.", "succeeded")
    )
    attempt: int = field(validator=ge(0), metadata=describe("Number of attempts started.", 1))
    first_line: int = field(
        validator=ge(0),
        metadata=describe(
            "Number of lines of the log before the first one of `lines`. If it is 0 although `after` was sent, the log "
            "does not begin with the lines before that position, as after a lost attempt: discard those lines.",
            0,
        ),
    )
    lines: tuple[LogLine, ...] = field(
        metadata=describe(
            "Lines behind the requested position; without one, all lines of the log so far.",
            [{"level": "log", "message": "12 records kept"}],
        )
    )
    truncated: bool = field(
        metadata=describe(
            "True if more was printed than the log has: it exceeded the limit, or, while the execution is running, "
            "64 KiB; the rest up to the limit then comes when it has finished.",
            False,
        )
    )
    interrupted: bool = field(
        metadata=describe(
            "True if the run was cancelled, or lost with its worker: the log ends with the lines that had been stored "
            "by then, so what it printed in its last two seconds may be missing.",
            False,
        )
    )
    position: str = field(
        metadata=describe("Position at the end of `lines`, for `after` of the next request.", LOG_POSITION)
    )


@frozen(kw_only=True)
class ExecutionList:
    """A page of executions, newest first."""

    items: tuple[ExecutionSummary, ...] = field(metadata=describe("Executions of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
