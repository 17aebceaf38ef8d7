"""Wire schemas of checks: the runs of a script's tests on a version, and their results."""

from datetime import datetime

from attrs import field, frozen
from msgspec import Raw

from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.script_tests import TEST_NAME
from adapters.http.wire.schemas.scripts import MOMENT, Version
from domain.checks import FailureCode


@frozen(kw_only=True)
class CheckDifference:
    """A difference between the expected and the actual result."""

    pointer: str = field(
        metadata=describe(
            "JSON Pointer (RFC 6901) to the value, in the expected result if it is there. Of a long one, the end.",
            "/0/total",
        )
    )
    expected: Raw | None = field(
        metadata=describe("Expected value; omitted if there is none or it is long.", 12.5, absent=True)
    )
    actual: Raw | None = field(
        metadata=describe("Actual value; omitted if there is none or it is long.", 12.75, absent=True)
    )
    unquoted: tuple[str, ...] | None = field(
        metadata=describe(
            "Names of those of the two, `expected` and `actual`, that exist and are too long to be quoted.",
            ["actual"],
            absent=True,
        )
    )


@frozen(kw_only=True)
class CheckFailure:
    """The reason why a test has not passed."""

    code: FailureCode = field(metadata=describe("Code of the reason.", "different-result"))
    detail: str = field(
        metadata=describe("Explanation, in the language of Accept-Language.", "The value at `/0/total` differs.")
    )
    differences: tuple[CheckDifference, ...] = field(
        metadata=describe(
            "The first differences, at most 100. Empty for a key without the scope `read`, since they quote results."
        )
    )


@frozen(kw_only=True)
class CheckedTest:
    """A test that was run on a version."""

    name: str = field(metadata=describe("Name of the test.", TEST_NAME))
    passed: bool | None = field(metadata=describe("True if it passed; null if it was not run.", True))
    duration_ms: float | None = field(
        metadata=describe("Duration of the run in milliseconds; null if it was not run.", 1.9)
    )
    failure: CheckFailure | None = field(metadata=describe("Reason why it has not passed; null if it has."))


@frozen(kw_only=True)
class CheckCounts:
    """Numbers of tests."""

    passed: int = field(metadata=describe("Tests that passed.", 3))
    failed: int = field(metadata=describe("Tests that failed.", 0))
    not_run: int = field(metadata=describe("Tests that were not run.", 0))


@frozen(kw_only=True)
class CheckReport:
    """The outcome of running a script's tests on a version."""

    version: int = field(metadata=describe("Version number.", 2))
    passed: bool = field(metadata=describe("True if every test was run and passed.", True))
    counts: CheckCounts = field(metadata=describe("Numbers of tests."))
    tests: tuple[CheckedTest, ...] = field(metadata=describe("Tests, by name."))


@frozen(kw_only=True)
class TestStanding:
    """A test's latest result for a version."""

    name: str = field(metadata=describe("Name of the test.", TEST_NAME))
    passed: bool | None = field(
        metadata=describe("True if it passed; null if it was not run since it was written.", True)
    )
    checked_at: datetime | None = field(metadata=describe("Time of that run; null if there was none.", MOMENT))


@frozen(kw_only=True)
class TestStandings:
    """The latest results of a script's tests for a version."""

    version: int = field(metadata=describe("Version number.", 2))
    tests: tuple[TestStanding, ...] = field(metadata=describe("All tests that the script has now, by name."))


@frozen(kw_only=True)
class CheckedVersion(Version):
    """An immutable version of a script, with the outcome of its tests."""

    checks: CheckReport | None = field(
        metadata=describe("Outcome of the script's tests on the version; null if the script has none.")
    )
