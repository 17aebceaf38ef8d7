"""Checks: an outcome passes a test that was made from it, and a failed one names the differences, within bounds."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.checks import (
    MOST_DIFFERENCES,
    MOST_QUOTED,
    MOST_QUOTED_IN_ALL,
    PASSED,
    CheckedTest,
    CheckReport,
    FailedCheck,
    FailureCode,
    check,
    not_run,
    redact,
)
from domain.comparison.json_text import MOST_EXPONENT, json_text
from domain.comparison.values import Tolerance
from domain.outcome import ErrorKind, script_error
from domain.script_tests import ErrorExpectation, ResultExpectation, expected_error
from tests.domain.comparison.values import values
from tests.support.script_tests import a_script_test

EXACT = ResultExpectation()
texts = values.map(lambda value: json_text(value).encode())


def failed(expectation: ResultExpectation | ErrorExpectation, expected: bytes | None, outcome: Any) -> FailedCheck:
    verdict = check(expectation, expected, outcome)
    assert isinstance(verdict, FailedCheck)
    return verdict


@given(texts, st.builds(ResultExpectation, is_subset=st.booleans()), st.sampled_from([b"", b" ", b"\n"]))
def test_a_result_passes_a_test_made_from_it(text: bytes, expectation: ResultExpectation, space: bytes) -> None:
    assert check(expectation, text, text) is PASSED
    assert check(expectation, text, space + text + space) is PASSED


@given(st.text(max_size=20) | st.just("x" * 10_000) | st.just("\ud800\0"), st.sampled_from(ErrorKind))
def test_an_error_passes_a_test_made_from_it(message: str, kind: ErrorKind) -> None:
    error = script_error(kind, message, line=3)
    assert check(*expected_error(error), error) is PASSED
    assert check(ErrorExpectation(kind), None, error) is PASSED


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (b"1", b"1.0"),
        (b"0", b"-0"),
        (b"100", b"1e2"),
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}'),
        (b'{"a":0,"b":2,"a":1}', b'{"b":2,"a":1}'),  # the last member of a name counts
    ],
)
def test_the_way_of_writing_does_not_matter(expected: bytes, actual: bytes) -> None:
    assert check(EXACT, expected, actual) is PASSED


def test_numbers_are_exact_without_a_tolerance_and_close_within_it() -> None:
    assert failed(EXACT, b"9007199254740993", b"9007199254740992").code is FailureCode.DIFFERENT_RESULT
    within = ResultExpectation(Tolerance(Decimal("0.01"), Decimal(0)), is_subset=True)
    assert check(within, b'[{"x": 0.5}]', b'[0, {"x": 0.51, "y": 1}]') is PASSED
    assert failed(within, b'[{"x": 0.5}]', b'[0, {"x": 0.511, "y": 1}]').differences[0].pointer == "/0"


def test_differences_quote_both_values() -> None:
    (one, missing, surplus) = failed(EXACT, b'{"a": 1.50, "b": [2]}', b'{"a": "x", "c": null}').differences
    assert (one.pointer, one.expected, one.actual, one.unquoted) == ("/a", "1.50", '"x"', ())
    assert (missing.pointer, missing.expected, missing.actual) == ("/b", "[2]", None)
    assert (surplus.pointer, surplus.expected, surplus.actual) == ("/c", None, "null")


@pytest.mark.parametrize(
    ("expected", "actual", "code"),
    [
        (b"[1]", b"[2]", "check-different-value"),
        (b"[1]", b"[]", "check-missing-value"),
        (b"[]", b"[1]", "check-surplus-value"),
        (json.dumps("x" * 3_000).encode(), b"1", "check-different-value"),
        (b"1", json.dumps("x" * 3_000).encode(), "check-different-value"),
    ],
)
def test_the_detail_names_the_first_difference(expected: bytes, actual: bytes, code: str) -> None:
    assert failed(EXACT, expected, actual).detail.code == code


@pytest.mark.parametrize("number", [f"1e{MOST_EXPONENT + 1}", f"-1e-{10**30}", "1" * (MOST_EXPONENT + 2)])
def test_a_number_that_no_script_returns_is_a_different_result(number: str) -> None:
    for text in (number, f"[{'[' * 20_000}{number}{']' * 20_000}]"):
        verdict = failed(ResultExpectation(Tolerance(Decimal(1), Decimal(1))), text.encode(), b"1")
        assert (verdict.code, verdict.detail.code) == (FailureCode.DIFFERENT_RESULT, "check-number-out-of-range")


def test_differences_are_bounded_in_number_and_in_size() -> None:
    many = failed(EXACT, json.dumps(list(range(1_000))).encode(), json.dumps([None] * 2_000).encode())
    assert len(many.differences) == MOST_DIFFERENCES
    longest = json.dumps(["x" * (MOST_QUOTED - 2)] * 80).encode()
    found = failed(EXACT, longest, b"[]").differences
    assert sum(len(one.expected or "") for one in found) <= MOST_QUOTED_IN_ALL
    assert found[0].expected is not None
    assert (found[-1].expected, found[-1].unquoted) == (None, ("expected",))
    assert failed(EXACT, b'"' + b"x" * MOST_QUOTED + b'"', b"1").differences[0].unquoted == ("expected",)


def test_a_failure_and_a_result_are_told_apart() -> None:
    error = script_error(ErrorKind.SCRIPT_ERROR, "boom")
    assert failed(EXACT, b"1", error).code is FailureCode.UNEXPECTED_ERROR
    assert failed(ErrorExpectation(ErrorKind.TIMEOUT), None, b"1").code is FailureCode.UNEXPECTED_RESULT
    assert failed(ErrorExpectation(ErrorKind.TIMEOUT), None, error).code is FailureCode.DIFFERENT_ERROR
    assert failed(ErrorExpectation(ErrorKind.SCRIPT_ERROR), b"bo", error).code is FailureCode.DIFFERENT_ERROR


def test_a_report_counts_and_passes_only_if_every_test_passed() -> None:
    test = a_script_test()
    passed, not_started = CheckedTest(test, PASSED, 1.0), CheckedTest(test, not_run("busy"))
    wrong = CheckedTest(test, failed(EXACT, b"1", b"2"), 1.0)
    report = CheckReport(2, (passed, passed, wrong, not_started))
    assert [report.count(one) for one in (True, False, None)] == [2, 1, 1]
    assert not report.passed
    assert not CheckReport(2, (passed, not_started)).passed
    assert CheckReport(2, (passed,)).passed


def test_a_redacted_report_quotes_nothing() -> None:
    test = a_script_test()
    error = script_error(ErrorKind.SCRIPT_ERROR, "secret")
    verdicts = (PASSED, not_run("busy"), failed(EXACT, b'"secret"', b"1"), failed(EXACT, b"1", error))
    report = CheckReport(2, tuple(CheckedTest(test, one) for one in verdicts))
    redacted = redact(report)
    assert [one.passed for one in redacted.tests] == [True, None, False, False]
    assert redacted.tests[:2] == report.tests[:2]
    for one in redacted.tests[2:]:
        assert isinstance(one.verdict, FailedCheck)
        assert (one.verdict.differences, one.verdict.detail.parameters) == ((), ())
        assert one.verdict.detail.code == f"check-{one.verdict.code}"


def test_no_content_is_in_a_repr() -> None:
    error = script_error(ErrorKind.SCRIPT_ERROR, "sec" + "ret")
    verdicts = (failed(EXACT, b'["secret"]', b'["secret2"]'), failed(EXACT, b"1", error))
    assert "secret" not in repr(verdicts)
    assert "secret" not in repr(failed(ErrorExpectation(ErrorKind.SCRIPT_ERROR), b"secret2", error))
