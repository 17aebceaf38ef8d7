"""Tests of scripts, for tests of this code."""

from datetime import datetime
from uuid import UUID

from domain.body import digest
from domain.outcome import ErrorKind
from domain.script_tests import (
    ErrorExpectation,
    Expectation,
    ResultExpectation,
    ScriptTest,
    ScriptTestContent,
    ScriptTestName,
)
from tests.support.values import CIRCUMSTANCES, NOON, a_body, an_id

RESULT = ResultExpectation()
TIMEOUT = ErrorExpectation(ErrorKind.TIMEOUT)


def a_script_test(
    script_id: UUID | None = None,
    name: str = "empty",
    dataset: bytes = b"[1]",
    expectation: Expectation = RESULT,
    at: datetime = NOON,
) -> ScriptTest:
    """Build a test, with a new id."""
    return ScriptTest(
        id=an_id(),
        script_id=script_id or an_id(),
        name=ScriptTestName(name),
        dataset=digest(dataset),
        circumstances=CIRCUMSTANCES,
        expectation=expectation,
        created_at=at,
    )


def a_content(dataset: bytes = b"[1]", expected: bytes | None = b"2") -> ScriptTestContent:
    """Build the content of a test."""
    return ScriptTestContent(a_body(dataset), expected)
