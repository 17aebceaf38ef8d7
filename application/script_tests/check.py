"""Run the tests of a script on one of its versions, one after another, and report each.

Each is a trial. Tests that the total time leaves none for, or for which no slot becomes free, are reported as not run,
and nothing is stored of them.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.bodies import Bodies
from application.ports.sandbox import (
    EngineMissing,
    RunFailure,
    RunTrial,
    SandboxBusy,
    SandboxLost,
    SandboxUnavailable,
    trial_of,
)
from application.ports.script_tests import ScriptTests
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock
from application.scripts.read import VersionNotFound, read_version
from domain.aliases import VersionRef
from domain.audit import Actor
from domain.checks import CheckedOutcome, CheckedTest, CheckReport, Verdict, check, not_run
from domain.outcome import Produced, Run
from domain.script import ScriptArchived
from domain.script_tests import ScriptTest, ScriptTestContent, ScriptTestResult
from domain.versions import ScriptVersion

TOTAL_SECONDS: Final = 60
_INLINE_BYTES: Final = 16 * 1024
"""Up to here a comparison is shorter than the way to a thread and back."""

CheckRefused: TypeAlias = VersionNotFound | ScriptArchived


@frozen(kw_only=True)
class CheckPorts:
    """The ports of checks. `comparing` admits one comparison at a time, since each holds two parsed results."""

    scripts: Scripts
    tests: ScriptTests
    bodies: Bodies
    run_trial: RunTrial
    clock: Clock
    monotonic: Callable[[], float]
    comparing: asyncio.Lock


async def check_version(
    ports: CheckPorts, script: ScriptRef, wanted: VersionRef, actor: Actor
) -> Result[CheckReport, CheckRefused]:
    """Run all tests of the script on that version, and store their results."""
    found = await read_version(ports.scripts, script, wanted)
    if not is_successful(found):
        return Failure(found.failure())
    of, version = found.unwrap()
    if of.archived_at is not None:
        return Failure(ScriptArchived(of.name))
    return Success(await check_and_record(ports, version, actor))


async def check_and_record(ports: CheckPorts, version: ScriptVersion, actor: Actor) -> CheckReport:
    """Run all tests of its script on a stored version, and store their results."""
    report = await run_checks(ports, version, {})
    if report.tests:
        await ports.tests.record(version, results_of(report), ports.clock(), actor)
    return report


async def run_checks(ports: CheckPorts, version: ScriptVersion, known: Mapping[UUID, CheckedTest]) -> CheckReport:
    """Run the tests of its script on a version, which may not be stored. `known` are tests with their results on its
    source."""
    until = ports.monotonic() + TOTAL_SECONDS
    checked = []
    for test in await ports.tests.of_script(version.script_id):
        if test.id in known:
            checked.append(known[test.id])
        elif ports.monotonic() >= until:
            checked.append(CheckedTest(test, not_run("late")))
        elif (one := await _check(ports, version, test)) is not None:
            checked.append(one)
    return CheckReport(version.number, tuple(checked))


def results_of(report: CheckReport) -> Sequence[ScriptTestResult]:
    """Return the results of the tests that were run."""
    return [ScriptTestResult(one.test.id, one.passed) for one in report.tests if one.passed is not None]


async def _check(ports: CheckPorts, version: ScriptVersion, listed: ScriptTest) -> CheckedTest | None:
    """Run a test as it is now; None if it has been removed since it was listed."""
    found = await ports.tests.find(version.script_id, listed.name)
    if found is None:
        return None
    test, content = found
    ran = await ports.run_trial(trial_of(version, content.dataset, test.circumstances))
    if not is_successful(ran):
        return CheckedTest(test, not_run(_reason(ran.failure())))
    run = ran.unwrap()
    verdict = await _compare(ports, test, content, await _outcome(ports.bodies, run))
    return CheckedTest(test, verdict, run.provenance.measures.wall_ms)


async def _outcome(bodies: Bodies, run: Run) -> CheckedOutcome:
    return await bodies.decode(run.outcome.result) if isinstance(run.outcome, Produced) else run.outcome.error


async def _compare(ports: CheckPorts, test: ScriptTest, content: ScriptTestContent, outcome: CheckedOutcome) -> Verdict:
    size = len(content.expected or b"") + (len(outcome) if isinstance(outcome, bytes) else 0)
    if size < _INLINE_BYTES:
        return check(test.expectation, content.expected, outcome)
    async with ports.comparing:
        return await asyncio.to_thread(check, test.expectation, content.expected, outcome)


def _reason(failure: RunFailure | SandboxBusy) -> str:
    match failure:
        case SandboxBusy():
            return "busy"
        case SandboxLost():
            return "lost"
        case SandboxUnavailable() | EngineMissing():
            return "unavailable"
        case _:
            assert_never(failure)
