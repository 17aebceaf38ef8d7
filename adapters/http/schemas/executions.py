"""Executions on the wire."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge
from msgspec import Raw

from adapters.http.schemas.describing import about
from adapters.http.schemas.scripts import MOMENT, SCRIPT_ID, SHA256
from domain.execution import State
from domain.outcome import ErrorKind, LogLevel
from domain.warnings import NumberWarningKind

ENGINE: Final = "quickjs-ng 0.17.0.2 (QuickJS-NG 0.17.0)"
EXECUTION_ID: Final = "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"


@frozen(kw_only=True)
class ScriptReference:
    """The script version that an execution runs."""

    id: UUID = field(metadata=about("The script's id.", SCRIPT_ID))
    name: str = field(metadata=about("The script's name.", "corporate-cards"))
    version: int = field(validator=ge(1), metadata=about("The version's number.", 3))
    sha256: str = field(metadata=about("Of the version's source.", SHA256))
    engine: str = field(metadata=about("The version's engine, by its distribution.", "quickjs-ng"))


@frozen(kw_only=True)
class StoredBody:
    """A dataset or a result, which has a path of its own."""

    size_bytes: int = field(metadata=about("Of the JSON text.", 651))
    sha256: str = field(metadata=about("Of the JSON text.", SHA256))
    href: str = field(metadata=about("Where the JSON text is.", f"/v1/executions/{EXECUTION_ID}/input"))


@frozen(kw_only=True)
class RunError:
    """Why an execution failed."""

    kind: ErrorKind = field(metadata=about("The class of the failure.", "script_error"))
    message: str = field(metadata=about("In words.", "TypeError: data.map is not a function"))
    line: int | None = field(metadata=about("In the source as it was sent, from 1, if known.", 2))
    column: int | None = field(metadata=about("In the source as it was sent, from 1, if known.", 15))
    stack: str | None = field(metadata=about("The engine's call stack, if there is one."))


@frozen(kw_only=True)
class LogLine:
    """One call of a console method."""

    level: LogLevel = field(metadata=about("The method.", "log"))
    message: str = field(metadata=about("Its arguments, joined by spaces.", "12 records kept"))


@frozen(kw_only=True)
class Measures:
    """What the last attempt used."""

    queued_ms: float = field(metadata=about("Milliseconds from submission to the start.", 3.1))
    wall_ms: float = field(metadata=about("Milliseconds that the run took.", 1.9))
    cpu_ms: float = field(metadata=about("Milliseconds of processor time.", 1.2))
    peak_memory_bytes: int = field(metadata=about("The most memory that it held.", 9_437_184))


@frozen(kw_only=True)
class NumberWarning:
    """Numbers that are not kept: JavaScript's are 64-bit floats, and JSON has no infinities."""

    kind: NumberWarningKind = field(metadata=about("What became of them.", "integer-precision"))
    detail: str = field(metadata=about("In words, with their count.", "3 integers are beyond 2^53 and were rounded"))
    first_pointer: str | None = field(
        metadata=about("JSON Pointer (RFC 6901) to the first of them, if it is known and not too long.", "/17/id")
    )


@frozen(kw_only=True)
class ExecutionSummary:
    """An execution as the audit list shows it. A member whose fact is not true yet is null."""

    id: UUID = field(metadata=about("Time-ordered.", EXECUTION_ID))
    script: ScriptReference = field(metadata=about("What it runs."))
    status: State = field(metadata=about("Where it is in its life.", "succeeded"))
    submitted_at: datetime = field(metadata=about("When it was accepted.", MOMENT))
    started_at: datetime | None = field(metadata=about("When its last attempt began.", MOMENT))
    finished_at: datetime | None = field(metadata=about("When it ended.", MOMENT))
    content_removed_at: datetime | None = field(
        metadata=about("When its dataset, result and logs were removed, if they were.", MOMENT)
    )
    attempt: int = field(validator=ge(0), metadata=about("How often it was begun.", 1))
    engine: str | None = field(metadata=about("The engine that ran it, with its versions.", ENGINE))
    input: StoredBody = field(metadata=about("The dataset."))
    output: StoredBody | None = field(metadata=about("The result, once it has succeeded."))
    error: RunError | None = field(metadata=about("Why it failed, if it did."))
    measures: Measures | None = field(metadata=about("What the run used, once it has ended."))
    warnings: tuple[NumberWarning, ...] = field(
        metadata=about("What numbers lost: first those of the dataset, then, once it has ended, those of the result.")
    )


@frozen(kw_only=True)
class Execution(ExecutionSummary):
    """An execution of a script version over a dataset. A member whose fact is not true yet is null."""

    logs: tuple[LogLine, ...] = field(metadata=about("What the script printed; empty until it has ended."))
    logs_truncated: bool = field(metadata=about("Whether it printed more than is kept.", False))
    result: Raw | None = field(
        metadata=about(
            "The result, any JSON value. Left out unless it succeeded, the result is small enough to be shown here and "
            "was not removed; `output.href` has it whatever its size.",
            absent=True,
        )
    )


@frozen(kw_only=True)
class ExecutionList:
    """A page of executions, newest first."""

    items: tuple[ExecutionSummary, ...] = field(metadata=about("The page."))
    next_cursor: str | None = field(metadata=about("Leads to the next page, if there is one."))
