"""Add a version to a script and run its tests on it: afterwards, or as a condition of storing it.

Where the tests are required, the version is stored with the results of exactly the tests that the script has at that
moment: after a test was written meanwhile, those that have no result yet are run, and it is decided anew.
"""

from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.errors import Conflict
from application.ports.sandbox import CheckScript
from application.script_tests.check import CheckPorts, check_and_record, results_of, run_checks
from application.scripts.revise import Revise, RevisionRefused, revise_script
from domain.audit import Actor
from domain.checks import CheckedTest, CheckReport, ChecksFailed
from domain.script import Revised, Revision
from domain.versions import ScriptVersion


@frozen
class CheckedRevision:
    """A revision, and the report of its tests."""

    revision: Revision
    report: CheckReport


async def revise_and_check(
    ports: CheckPorts, check_script: CheckScript, command: Revise
) -> Result[CheckedRevision, RevisionRefused]:
    """Add the version, or find the latest one that is the same, and run the tests on it."""
    revised = await revise_script(ports.scripts, check_script, ports.clock, command)
    if not is_successful(revised):
        return Failure(revised.failure())
    revision = revised.unwrap()
    return Success(CheckedRevision(revision, await check_and_record(ports, revision.version, command.actor)))


async def revise_if_tests_pass(
    ports: CheckPorts, check_script: CheckScript, command: Revise
) -> Result[CheckedRevision, RevisionRefused]:
    """Add the version only if every test passes on it. A latest version that is the same has to pass them, too."""
    adding = _Adding(ports)
    revised = await revise_script(ports.scripts, check_script, ports.clock, command, adding.add)
    if not is_successful(revised):
        return Failure(revised.failure())
    revision = revised.unwrap()
    if adding.report is not None and isinstance(revision, Revised):
        return Success(CheckedRevision(revision, adding.report))
    report = await check_and_record(ports, revision.version, command.actor)
    return Success(CheckedRevision(revision, report)) if report.passed else Failure(ChecksFailed(report))


class _Adding:
    """Adds a version if its tests pass, and remembers those that did for the next attempt, after a conflict."""

    def __init__(self, ports: CheckPorts) -> None:
        self._ports = ports
        self._known: dict[UUID, CheckedTest] = {}
        self.report: CheckReport | None = None

    async def add(self, version: ScriptVersion, by: Actor) -> Result[ScriptVersion, Conflict | ChecksFailed]:
        report = self.report = await run_checks(self._ports, version, self._known)
        if not report.passed:
            return Failure(ChecksFailed(report))
        self._known |= {one.test.id: one for one in report.tests}
        return await self._ports.tests.add_version(version, results_of(report), by)
