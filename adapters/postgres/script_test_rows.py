"""Conversion of tests' rows to domain values and back. The facts that no statement selects by are in a JSON column."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from attrs import frozen

from adapters.postgres.connections import Row
from adapters.postgres.json_columns import dump_value, load_value
from domain.body import Digest
from domain.circumstances import Circumstances
from domain.comparison.values import Tolerance
from domain.outcome import ErrorKind
from domain.script_tests import (
    ErrorExpectation,
    Expectation,
    ResultExpectation,
    ScriptTest,
    ScriptTestName,
    ScriptTestStanding,
)

_NONE: Final = Decimal(0)


@frozen
class _Facts:
    """The JSON column `circumstances`: those of the test's runs, and what is expected apart from its text."""

    clock: datetime
    seed: str
    error_kind: ErrorKind | None = None
    absolute: Decimal = _NONE
    relative: Decimal = _NONE
    is_subset: bool = False


def script_test_columns(test: ScriptTest) -> dict[str, Any]:
    """Map a test to its columns but its content's."""
    return {
        "id": test.id,
        "script_id": test.script_id,
        "created_at": test.created_at,
        "from_execution": test.from_execution,
        "circumstances": dump_value(_facts(test)),
        "input_bytes": test.dataset.size_bytes,
        "input_sha256": bytes.fromhex(test.dataset.sha256),
    }


def script_test_from(row: Row) -> ScriptTest:
    """Convert a row to a test."""
    facts = load_value(row["circumstances"], _Facts)
    assert facts is not None, "the column is not null"
    return ScriptTest(
        id=row["id"],
        script_id=row["script_id"],
        name=ScriptTestName(row["name"]),
        dataset=Digest(sha256=row["input_sha256"].hex(), size_bytes=row["input_bytes"]),
        circumstances=Circumstances(facts.clock, facts.seed),
        expectation=_expectation(facts),
        created_at=row["created_at"],
        created_by=row["author"],
        from_execution=row["from_execution"],
    )


def standing_from(row: Row) -> ScriptTestStanding:
    """Convert a row to a test with its result."""
    return ScriptTestStanding(script_test_from(row), row["passed"], row["checked_at"])


def _facts(test: ScriptTest) -> _Facts:
    seen, expectation = test.circumstances, test.expectation
    if isinstance(expectation, ErrorExpectation):
        return _Facts(seen.clock, seen.seed, expectation.kind)
    within = expectation.tolerance
    return _Facts(seen.clock, seen.seed, None, within.absolute, within.relative, expectation.is_subset)


def _expectation(facts: _Facts) -> Expectation:
    if facts.error_kind is not None:
        return ErrorExpectation(facts.error_kind)
    return ResultExpectation(Tolerance(facts.absolute, facts.relative), facts.is_subset)
