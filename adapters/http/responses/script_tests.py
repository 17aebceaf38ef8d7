"""Tests of scripts and their results as the shapes of the wire."""

from typing import Any

from attrs import fields
from msgspec import Raw

from adapters.http.wire.schemas import script_tests as shapes
from adapters.http.wire.schemas.checks import CheckedVersion, CheckReport, TestStanding, TestStandings
from adapters.http.wire.schemas.scripts import Version
from domain.script_tests import ErrorExpectation, ResultExpectation, ScriptTest, ScriptTestStanding


def script_test(test: ScriptTest, dataset: bytes, expected: bytes | None) -> shapes.ScriptTest:
    """Represent a test with the JSON text of its dataset, and the text of its expected result or message."""
    return shapes.ScriptTest(**_members(test, expected), dataset=Raw(dataset))


def script_test_summary(test: ScriptTest) -> shapes.ScriptTestSummary:
    """Represent a test without its content."""
    return shapes.ScriptTestSummary(**_members(test, None))


def _members(test: ScriptTest, expected: bytes | None) -> dict[str, Any]:
    return {
        "script_id": test.script_id,
        "name": test.name.value,
        "created_at": test.created_at,
        "created_by": test.created_by,
        "from_execution": test.from_execution,
        "dataset_bytes": test.dataset.size_bytes,
        "dataset_sha256": test.dataset.sha256,
        "clock": test.circumstances.clock,
        "seed": test.circumstances.seed,
        "expected": _expectation(test.expectation, expected),
    }


def _expectation(expectation: ResultExpectation | ErrorExpectation, expected: bytes | None) -> shapes.Expectation:
    if isinstance(expectation, ErrorExpectation):
        message = None if expected is None else expected.decode()
        error = shapes.ExpectedError(kind=expectation.kind, message=message)
        return shapes.Expectation(result=None, tolerance=None, subset=None, error=error)
    within = expectation.tolerance
    return shapes.Expectation(
        result=None if expected is None else Raw(expected),
        tolerance=shapes.TestTolerance(absolute=within.absolute, relative=within.relative),
        subset=expectation.is_subset,
        error=None,
    )


def standings(number: int, found: tuple[ScriptTestStanding, ...]) -> TestStandings:
    """Represent the latest results for a version."""
    return TestStandings(
        version=number,
        tests=tuple(
            TestStanding(name=one.test.name.value, passed=one.passed, checked_at=one.checked_at) for one in found
        ),
    )


def with_checks(version: Version, report: CheckReport | None) -> CheckedVersion:
    """Add the outcome of its tests to a version."""
    members = {one.name: getattr(version, one.name) for one in fields(Version)}
    return CheckedVersion(**members, checks=report)
