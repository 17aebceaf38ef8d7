"""Wire schemas of the tests of scripts."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, optional
from msgspec import Raw

from adapters.http.wire.schemas.circumstances import ClockInRange, HexSeed
from adapters.http.wire.schemas.executions import EXECUTION_ID, SEED
from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID, SHA256
from domain.outcome import ErrorKind

TEST_NAME: Final = "no-rows"
_ABSOLUTE: Final = "Two numbers are equal if they differ by at most this much."
_RELATIVE: Final = "Two numbers are equal if they differ by at most this share of the larger magnitude."


class ExpectedErrorKind(StrEnum):
    """Kind of failure that a run can end with."""

    SCRIPT_ERROR = ErrorKind.SCRIPT_ERROR.value
    INVALID_RESULT = ErrorKind.INVALID_RESULT.value
    TIMEOUT = ErrorKind.TIMEOUT.value
    MEMORY_LIMIT = ErrorKind.MEMORY_LIMIT.value
    OUTPUT_LIMIT = ErrorKind.OUTPUT_LIMIT.value
    SANDBOX_VIOLATION = ErrorKind.SANDBOX_VIOLATION.value


@frozen(kw_only=True)
class NewTestTolerance(RequestModel):
    """Tolerance within which two numbers are equal: either bound suffices. 0 if omitted."""

    absolute: Decimal | None = field(
        default=None, validator=optional(ge(Decimal(0))), metadata=describe(_ABSOLUTE, 0.01)
    )
    relative: Decimal | None = field(
        default=None, validator=optional(ge(Decimal(0))), metadata=describe(_RELATIVE, 0.000001)
    )


@frozen(kw_only=True)
class NewExpectedError(RequestModel):
    """A failure that is expected."""

    kind: ExpectedErrorKind = field(metadata=describe("Kind of the failure.", "script_error"))
    message: str | None = field(
        default=None, metadata=describe("Its whole message; any will do if null or omitted.", "no rows")
    )


@frozen(kw_only=True)
class NewExpectation(RequestModel):
    """The outcome that is expected: either a result or an error."""

    result: Raw | None = field(
        default=None, metadata=describe("Result, any JSON value of at most 1 MiB, kept byte for byte.", [2, 4])
    )
    tolerance: NewTestTolerance | None = field(
        default=None, metadata=describe("Tolerance for numbers in the result; they are compared exactly if omitted.")
    )
    subset: bool | None = field(
        default=None,
        metadata=describe(
            "True if the actual result may have more members in its objects and more elements in its arrays. Expected "
            "elements have to match elements of the actual array in the same order.",
            False,
        ),
    )
    error: NewExpectedError | None = field(default=None, metadata=describe("Failure, in place of a result."))


@frozen(kw_only=True)
class NewTest(RequestModel):
    """A test: a dataset and the outcome that is expected for it, or an execution of the script to take both from."""

    dataset: Raw | None = field(
        default=None, metadata=describe("Dataset, any JSON value of at most 1 MiB, kept byte for byte.", [1, 2])
    )
    expected: NewExpectation | None = field(default=None, metadata=describe("Outcome that is expected."))
    clock: datetime | None = field(
        default=None,
        validator=optional(ClockInRange()),
        metadata=describe("Time that the script sees; the time of this request if null or omitted.", MOMENT),
    )
    seed: str | None = field(
        default=None,
        validator=optional(HexSeed()),
        metadata=describe("Seed of the script's random numbers; derived from dataset and clock if omitted.", SEED),
    )
    from_execution: UUID | None = field(
        default=None,
        metadata=describe(
            "Id of a finished execution of this script, whose dataset, clock, seed and outcome are copied, in place of "
            "`dataset` and `expected`.",
            EXECUTION_ID,
        ),
    )
    tolerance: NewTestTolerance | None = field(
        default=None, metadata=describe("With `from_execution`: as `expected.tolerance`.")
    )
    subset: bool | None = field(default=None, metadata=describe("With `from_execution`: as `expected.subset`.", False))


@frozen(kw_only=True)
class TestTolerance:
    """Tolerance within which two numbers are equal: either bound suffices."""

    absolute: Decimal = field(metadata=describe(_ABSOLUTE, 0.01))
    relative: Decimal = field(metadata=describe(_RELATIVE, 0))


@frozen(kw_only=True)
class ExpectedError:
    """A failure that is expected."""

    kind: ErrorKind = field(metadata=describe("Kind of the failure.", "script_error"))
    message: str | None = field(
        metadata=describe("Its whole message; omitted if any will do, and in lists.", "no rows", absent=True)
    )


@frozen(kw_only=True)
class Expectation:
    """The outcome that is expected: either a result or an error."""

    result: Raw | None = field(
        metadata=describe("Result, any JSON value; omitted with an error, and in lists.", [2, 4], absent=True)
    )
    tolerance: TestTolerance | None = field(
        metadata=describe("Tolerance for numbers in the result; omitted with an error.", absent=True)
    )
    subset: bool | None = field(
        metadata=describe("True if the result may have more members and elements.", False, absent=True)
    )
    error: ExpectedError | None = field(metadata=describe("Failure; omitted with a result.", absent=True))


@frozen(kw_only=True)
class ScriptTestSummary:
    """A test of a script, without its content."""

    script_id: UUID = field(metadata=describe("Script id.", SCRIPT_ID))
    name: str = field(metadata=describe("Name of the test, unique in the script.", TEST_NAME))
    created_at: datetime = field(metadata=describe("Time at which it was last written.", MOMENT))
    created_by: str | None = field(
        metadata=describe("Name of the API key that wrote it; null if none was needed.", "analyst")
    )
    from_execution: UUID | None = field(
        metadata=describe("Id of the execution that it was made from; null if it was not.", EXECUTION_ID)
    )
    dataset_bytes: int = field(metadata=describe("Size of the dataset in bytes.", 5))
    dataset_sha256: str = field(metadata=describe("SHA-256 of the dataset, in hexadecimal.", SHA256))
    clock: datetime = field(metadata=describe("Time that the script sees.", MOMENT))
    seed: str = field(metadata=describe("Seed of the script's random numbers, 32 hexadecimal digits.", SEED))
    expected: Expectation = field(metadata=describe("Outcome that is expected."))


@frozen(kw_only=True)
class ScriptTest(ScriptTestSummary):
    """A test of a script."""

    dataset: Raw = field(metadata=describe("Dataset, any JSON value.", [1, 2]))


@frozen(kw_only=True)
class ScriptTestList:
    """The tests of a script, at most 100, by name."""

    items: tuple[ScriptTestSummary, ...] = field(metadata=describe("Tests, without their content."))
