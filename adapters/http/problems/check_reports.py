"""Reports of checks as the shapes of the wire, for responses and for the problem of a version that failed them."""

from msgspec import Raw

from adapters.http.language import Language
from adapters.http.problems.messages import message_of
from adapters.http.wire.schemas import checks as shapes
from domain.checks import CheckedTest, CheckReport, Difference, FailedCheck, Passed


def check_report(report: CheckReport, language: Language) -> shapes.CheckReport:
    """Represent the checks of a version."""
    return shapes.CheckReport(
        version=report.version,
        passed=report.passed,
        counts=shapes.CheckCounts(passed=report.count(True), failed=report.count(False), not_run=report.count(None)),
        tests=tuple(_checked(one, language) for one in report.tests),
    )


def _checked(one: CheckedTest, language: Language) -> shapes.CheckedTest:
    failure = None if isinstance(one.verdict, Passed) else _failure(one.verdict, language)
    return shapes.CheckedTest(name=one.test.name.value, passed=one.passed, duration_ms=one.duration_ms, failure=failure)


def _failure(failed: FailedCheck, language: Language) -> shapes.CheckFailure:
    detail = failed.detail
    return shapes.CheckFailure(
        code=failed.code,
        detail=message_of(detail.code, dict(detail.parameters), language).detail or "",
        differences=tuple(map(_difference, failed.differences)),
    )


def _difference(one: Difference) -> shapes.CheckDifference:
    return shapes.CheckDifference(
        pointer=one.pointer, expected=_raw(one.expected), actual=_raw(one.actual), unquoted=one.unquoted or None
    )


def _raw(text: str | None) -> Raw | None:
    return None if text is None else Raw(text.encode())
