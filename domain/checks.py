"""Checks: the outcome of a test's run compared with the expected one, and the report of a version's checks."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import Final, TypeAlias, assert_never

from attrs import evolve, field, frozen

from domain.comparison.json_text import NumberOutOfRange, parse_json, short_json_text
from domain.comparison.values import Absent, JsonValue
from domain.hint import Hint, hint
from domain.matching import Mismatch, mismatches
from domain.outcome import ScriptError
from domain.script_tests import ErrorExpectation, Expectation, ResultExpectation, ScriptTest, expected_message

MOST_DIFFERENCES: Final = 100
MOST_QUOTED: Final = 2_000
"""The most characters of a value that a difference quotes; of a longer one it tells only that it exists."""
MOST_QUOTED_IN_ALL: Final = 100_000


class FailureCode(StrEnum):
    """The reason why a test has not passed. The values are part of the wire format."""

    DIFFERENT_RESULT = "different-result"
    DIFFERENT_ERROR = "different-error"
    UNEXPECTED_ERROR = "unexpected-error"
    UNEXPECTED_RESULT = "unexpected-result"
    NOT_RUN = "not-run"


@frozen
class Difference:
    """A difference between the expected and the actual result: the JSON text of both values, of which one may be
    absent. `unquoted` names those that exist and are too long to be quoted."""

    pointer: str
    expected: str | None = field(repr=False)
    actual: str | None = field(repr=False)
    unquoted: tuple[str, ...] = ()


@frozen
class Passed:
    """The outcome is the expected one."""


@frozen
class FailedCheck:
    """The outcome is not the expected one, or the test was not run. The detail may quote the content."""

    code: FailureCode
    detail: Hint
    differences: tuple[Difference, ...] = ()


PASSED: Final = Passed()
Verdict: TypeAlias = Passed | FailedCheck
CheckedOutcome: TypeAlias = bytes | ScriptError
"""The JSON text of a result, or a failure."""


@frozen
class CheckedTest:
    """A test and its verdict; `duration_ms` is that of its run, None if it was not run."""

    test: ScriptTest
    verdict: Verdict
    duration_ms: float | None = None

    @property
    def passed(self) -> bool | None:
        """Tell whether the test passed; None if it was not run."""
        if isinstance(self.verdict, Passed):
            return True
        return None if self.verdict.code is FailureCode.NOT_RUN else False


@frozen
class CheckReport:
    """The checks of a version, or of one that is not stored: all of its script's tests, by name."""

    version: int
    tests: tuple[CheckedTest, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether every test passed."""
        return all(one.passed for one in self.tests)

    def count(self, passed: bool | None) -> int:
        """Count the tests that passed, failed, or were not run (None)."""
        return sum(one.passed is passed for one in self.tests)


def redact(report: CheckReport) -> CheckReport:
    """Remove from a report all that quotes a result or a message of a script, for a reader who may not read those."""
    return evolve(report, tests=tuple(evolve(one, verdict=_redacted(one.verdict)) for one in report.tests))


def _redacted(verdict: Verdict) -> Verdict:
    if isinstance(verdict, Passed) or verdict.code is FailureCode.NOT_RUN:
        return verdict
    return FailedCheck(verdict.code, hint(f"check-{verdict.code}"))


@frozen
class ChecksFailed:
    """A version was to be stored only if all tests passed, and they did not."""

    report: CheckReport


def check(expectation: Expectation, expected: bytes | None, outcome: CheckedOutcome) -> Verdict:
    """Compare an outcome with the expected one; `expected` is the text of the result, or the message."""
    match expectation:
        case ResultExpectation():
            assert expected is not None, "an expected result has a text"
            if isinstance(outcome, ScriptError):
                return _unexpected_error(outcome)
            return PASSED if expected == outcome else _compared(expectation, expected, outcome)
        case ErrorExpectation(kind=kind):
            if isinstance(outcome, bytes):
                return FailedCheck(
                    FailureCode.UNEXPECTED_RESULT, hint("check-result-instead-of-error", kind=kind.value)
                )
            return _compared_error(expectation, expected, outcome)
        case _:
            assert_never(expectation)


def not_run(reason: str) -> FailedCheck:
    """Report a test that was not run, for the reason of that code."""
    return FailedCheck(FailureCode.NOT_RUN, hint(f"check-not-run-{reason}"))


def _unexpected_error(error: ScriptError) -> FailedCheck:
    return FailedCheck(
        FailureCode.UNEXPECTED_ERROR,
        hint("check-error-instead-of-result", kind=error.kind.value, message=error.message),
    )


def _compared(expectation: ResultExpectation, expected: bytes, actual: bytes) -> Verdict:
    try:
        values = _parsed(expected), _parsed(actual)
    except NumberOutOfRange:
        return FailedCheck(FailureCode.DIFFERENT_RESULT, hint("check-number-out-of-range"))
    found = mismatches(*values, expectation.tolerance, is_subset=expectation.is_subset)
    differences = tuple(_differences(islice(found, MOST_DIFFERENCES)))
    if not differences:
        return PASSED
    return FailedCheck(FailureCode.DIFFERENT_RESULT, _first(differences[0]), differences)


def _parsed(text: bytes) -> JsonValue:
    value: JsonValue = parse_json(text.decode("utf-8", "surrogatepass"))
    return value


def _first(difference: Difference) -> Hint:
    where = difference.pointer or "/"
    if difference.expected is None and "expected" not in difference.unquoted:
        return hint("check-surplus-value", pointer=where)
    if difference.actual is None and "actual" not in difference.unquoted:
        return hint("check-missing-value", pointer=where)
    return hint("check-different-value", pointer=where)


def _compared_error(expectation: ErrorExpectation, message: bytes | None, error: ScriptError) -> Verdict:
    if error.kind is not expectation.kind:
        detail = hint(
            "check-different-kind", expected=expectation.kind.value, actual=error.kind.value, message=error.message
        )
        return FailedCheck(FailureCode.DIFFERENT_ERROR, detail)
    if message is None or message == expected_message(error.message):
        return PASSED
    detail = hint("check-different-message", expected=message.decode(), actual=error.message)
    return FailedCheck(FailureCode.DIFFERENT_ERROR, detail)


def _differences(found: Iterator[Mismatch]) -> Iterator[Difference]:
    """Quote mismatches, as long as there is room for more text."""
    left = MOST_QUOTED_IN_ALL
    for one in found:
        quoted = {
            name: short_json_text(value, min(MOST_QUOTED, left))
            for name, value in (("expected", one.expected), ("actual", one.actual))
            if not isinstance(value, Absent)
        }
        left -= sum(len(text) for text in quoted.values() if text is not None)
        yield Difference(
            one.pointer,
            quoted.get("expected"),
            quoted.get("actual"),
            tuple(name for name, text in quoted.items() if text is None),
        )
