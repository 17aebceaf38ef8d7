"""The examples of answers about tests: a test is written, and passes on the version of the story."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from adapters.http.language import Language
from adapters.http.openapi.example_files import example_bytes
from adapters.http.problems.check_reports import check_report
from adapters.http.responses.script_tests import script_test, script_test_summary, standings, with_checks
from adapters.http.wire.schemas.script_tests import ScriptTestList
from adapters.http.wire.schemas.scripts import Version
from domain.body import digest
from domain.checks import PASSED, CheckedTest, CheckReport
from domain.circumstances import derived_circumstances
from domain.script_tests import ResultExpectation, ScriptTest, ScriptTestName, ScriptTestStanding

_ID: Final = UUID("0199c5f9-0a31-7d84-9b0e-2c4d5e6f7081")
_NOTHING: Final = b"[]"
"""The dataset of the test that `new-test.json` writes, and its expected result."""
assert example_bytes("new-test").count(_NOTHING) == 2


def script_test_answers(version: Version, at: datetime) -> dict[str, Any]:
    """Map the names of examples to their answers."""
    test = ScriptTest(
        id=_ID,
        script_id=version.script_id,
        name=ScriptTestName("no-rows"),
        dataset=digest(_NOTHING),
        circumstances=derived_circumstances(digest(_NOTHING), at),
        expectation=ResultExpectation(),
        created_at=at,
    )
    report = check_report(CheckReport(version.number, (CheckedTest(test, PASSED, 1.9),)), Language.ENGLISH)
    return {
        "test": script_test(test, _NOTHING, _NOTHING),
        "tests": ScriptTestList(items=(script_test_summary(test),)),
        "checks": report,
        "latest-checks": standings(version.number, (ScriptTestStanding(test, passed=True, checked_at=at),)),
        "checked-version": with_checks(version, report),
    }
