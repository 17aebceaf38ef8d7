"""Wire schemas of previews."""

from datetime import datetime
from enum import StrEnum

from attrs import field, frozen
from attrs.validators import ge, le, min_len, optional
from msgspec import Raw

from adapters.http.wire.schemas.circumstances import ClockInRange, HexSeed
from adapters.http.wire.schemas.comparisons import ColumnComparison, ResultDifference, RowCounts
from adapters.http.wire.schemas.executions import ENGINE, SEED, ExecutionWarning, LogLine, RunError
from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.queries import MAX_VERSION_NUMBER
from adapters.http.wire.schemas.scripts import MOMENT, Limits, NewLimits, SourceWarning
from domain.engine import EngineName

_SOURCE = "function process(data) { return data; }"


class PreviewState(StrEnum):
    """Outcome of a run."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DifferencesKind(StrEnum):
    """Way of comparing a preview with a version."""

    TABLE = "table"
    VALUE = "value"
    OUTCOME = "outcome"
    STOPPED = "stopped"


@frozen(kw_only=True)
class NewPreview(RequestModel):
    """A source to run, the dataset, and if desired the version to compare with."""

    source: str = field(
        validator=min_len(1), metadata=describe("JavaScript that defines a function `process(data)`.", _SOURCE)
    )
    dataset: Raw = field(metadata=describe("Dataset, any JSON value of at most 1 MiB; kept byte for byte.", [1, 2]))
    engine: EngineName | None = field(
        default=None,
        metadata=describe("JavaScript engine; the service's default if null or omitted.", "quickjs-ng"),
    )
    limits: NewLimits = field(
        factory=NewLimits,
        metadata=describe("Limits of the version that is being written. A preview lowers them to its own."),
    )
    clock: datetime | None = field(
        default=None,
        validator=optional(ClockInRange()),
        metadata=describe("Time that the script sees; the time of the request if null or omitted.", MOMENT),
    )
    seed: str | None = field(
        default=None,
        validator=optional(HexSeed()),
        metadata=describe("Seed of the script's random numbers; derived from dataset and clock if omitted.", SEED),
    )
    script: str | None = field(
        default=None, metadata=describe("Id or name of the script that the source is for.", "corporate-cards")
    )
    version: int | None = field(
        default=None,
        validator=optional([ge(1), le(MAX_VERSION_NUMBER)]),
        metadata=describe("Version of that script to compare with; requires `script`.", 1),
    )


@frozen(kw_only=True)
class PreviewDifferences:
    """The comparison with a version that ran over the same dataset, with the same clock and seed. The first result is
    the version's, the second one the preview's."""

    against_version: int = field(validator=ge(1), metadata=describe("Number of the version.", 1))
    state: PreviewState = field(metadata=describe("Outcome of the version's run.", "succeeded"))
    error: RunError | None = field(metadata=describe("Reason why the version's run failed; null unless it did."))
    kind: DifferencesKind = field(
        metadata=describe(
            "`table`: rows are matched. `value`: values are compared path by path. `outcome`: one of the runs failed, "
            "or both, so there are no two results. `stopped`: the results are too expensive to compare.",
            "table",
        )
    )
    equal: bool = field(
        metadata=describe("True if nothing differs, or if both runs failed with the same kind and message.", False)
    )
    key: tuple[str, ...] | None = field(
        metadata=describe("Columns that identify a row; null if rows are matched by position.", ["quarter", "brand"])
    )
    rows: RowCounts | None = field(metadata=describe("Numbers of rows; null unless `kind` is `table`."))
    columns: tuple[ColumnComparison, ...] | None = field(
        metadata=describe("Columns outside the key; null unless `kind` is `table`.")
    )
    count: int | None = field(
        metadata=describe("Number of all differences; null if the comparison was stopped, so it is not known.", 2)
    )
    differences: tuple[ResultDifference, ...] = field(metadata=describe("The first differences, at most 1000."))


@frozen(kw_only=True)
class Preview:
    """The outcome of a run that is not stored."""

    state: PreviewState = field(metadata=describe("Outcome of the run.", "succeeded"))
    result: Raw | None = field(metadata=describe("Result, any JSON value; null if the run failed.", [2, 4]))
    error: RunError | None = field(metadata=describe("Reason for the failure; null unless it failed."))
    logs: tuple[LogLine, ...] = field(metadata=describe("Console output of the script."))
    logs_truncated: bool = field(
        metadata=describe("True if the console output exceeded the limit and was truncated.", False)
    )
    warnings: tuple[ExecutionWarning, ...] = field(
        metadata=describe("Warnings about numbers and features, as an execution has them.")
    )
    source_warnings: tuple[SourceWarning, ...] = field(
        metadata=describe("Warnings about the source, as a version has them.")
    )
    wall_ms: float = field(metadata=describe("Duration of the run in milliseconds.", 1.9))
    cpu_ms: float = field(metadata=describe("CPU time in milliseconds.", 1.2))
    peak_memory_bytes: int = field(metadata=describe("Peak memory in bytes.", 9_437_184))
    engine: str = field(metadata=describe("JavaScript engine that ran it, with its versions.", ENGINE))
    limits: Limits = field(metadata=describe("Limits of the run: those requested, lowered to those of previews."))
    clock: datetime = field(metadata=describe("Time that the script saw, in whole milliseconds.", MOMENT))
    seed: str = field(metadata=describe("Seed of the script's random numbers, 32 hexadecimal digits.", SEED))
    differences: PreviewDifferences | None = field(
        metadata=describe("Differences from the version that was named; null if none was.")
    )
