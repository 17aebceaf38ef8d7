"""Tests of a script: a dataset with the outcome that each version of the script should have for it.

A test has a new id each time it is written, so a result of the former one never counts for it. Dataset, expected result
and expected message are content, as those of an execution are. `domain.checks` compares an outcome with a test.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.result import Failure, Result, Success

from domain.body import Body, Digest
from domain.circumstances import Circumstances
from domain.comparison.values import EXACTLY, Tolerance
from domain.limits import MIB
from domain.outcome import ErrorKind, ScriptError
from domain.preconditions import Precondition, PreconditionFailed
from domain.script import ScriptName
from domain.text_limits import truncate

TEST_NAME_PATTERN: Final = r"[a-z0-9][a-z0-9-]{0,62}"
MOST_TESTS: Final = 100
MOST_TEST_BYTES: Final = 1 * MIB
"""The most bytes of a test's dataset, and of its expected result."""


@frozen
class ScriptTestName:
    """The name of a test: a slug. Build it with `script_test_name`."""

    value: str


@frozen
class InvalidTestName:
    """The name is not a slug of 1 to 63 characters."""

    name: str


@frozen
class TooManyTests:
    """The script has as many tests as it may have."""

    script: ScriptName


@frozen
class ResultExpectation:
    """A result that is expected within a tolerance, whole or as a subset of the actual one."""

    tolerance: Tolerance = EXACTLY
    is_subset: bool = False


@frozen
class ErrorExpectation:
    """A failure of that kind; its message is of no consequence, unless one is expected."""

    kind: ErrorKind


Expectation: TypeAlias = ResultExpectation | ErrorExpectation


@frozen(kw_only=True)
class ScriptTest:
    """A test without its content. Runs of it see the clock and the seed that it was written with.

    `created_by` is the name of the API key that wrote it, which the store knows; None if no key was needed.
    """

    id: UUID
    script_id: UUID
    name: ScriptTestName
    dataset: Digest
    circumstances: Circumstances
    expectation: Expectation
    created_at: datetime
    created_by: str | None = None
    from_execution: UUID | None = None


@frozen
class ScriptTestContent:
    """The content of a test: the dataset, and the JSON text of the result or the message that is expected; no message
    is None."""

    dataset: Body
    expected: bytes | None = field(repr=False)


@frozen
class ScriptTestResult:
    """The result of a test for a version."""

    test_id: UUID
    passed: bool


@frozen
class ScriptTestStanding:
    """A test, and its latest result for a version, if it has one."""

    test: ScriptTest
    passed: bool | None = None
    checked_at: datetime | None = None


@frozen
class UnknownTest:
    """The script has no test of that name."""

    script: ScriptName
    name: ScriptTestName


def check_room(
    test: ScriptTest, script: ScriptName, others: Mapping[str, UUID], precondition: Precondition
) -> Result[UUID | None, TooManyTests | PreconditionFailed]:
    """Decide whether a test may be written beside the script's tests, by name; returned is the id of the one that it
    replaces."""
    current = others.get(test.name.value)
    if not precondition.holds(current):
        return Failure(PreconditionFailed(current))
    if current is None and len(others) >= MOST_TESTS:
        return Failure(TooManyTests(script))
    return Success(current)


def script_test_name(text: str) -> Result[ScriptTestName, InvalidTestName]:
    """Parse the name of a test."""
    return Success(ScriptTestName(text)) if re.fullmatch(TEST_NAME_PATTERN, text) else Failure(InvalidTestName(text))


def expected_error(error: ScriptError) -> tuple[ErrorExpectation, bytes]:
    """Expect a failure as it was, position and stack aside, which change with the source."""
    return ErrorExpectation(error.kind), expected_message(error.message)


def expected_message(text: str) -> bytes:
    """Encode a message as runs report it: what no store accepts is replaced, and the rest cut."""
    return truncate(text).encode()
