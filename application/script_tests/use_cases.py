"""The use cases of tests with their ports bound, once for each process."""

import asyncio
from collections.abc import Callable, Sequence

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.bodies import Bodies
from application.ports.executions import Executions
from application.ports.sandbox import CheckScript, RunTrial
from application.ports.script_tests import ScriptTests
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock, NewId
from application.script_tests.check import CheckPorts, CheckRefused, check_version
from application.script_tests.copy_execution import CopyExecution, CopyRefused, copy_execution
from application.script_tests.revise import CheckedRevision, revise_and_check, revise_if_tests_pass
from application.script_tests.write import Target, WritePorts, WriteRefused, WriteScriptTest, WrittenTest, write_test
from application.scripts.read import UnknownScript, VersionNotFound, read_script, read_version
from application.scripts.revise import Revise, RevisionRefused
from domain.aliases import VersionRef
from domain.audit import Actor
from domain.checks import CheckReport
from domain.preconditions import PreconditionFailed
from domain.script_tests import (
    ScriptTest,
    ScriptTestContent,
    ScriptTestName,
    ScriptTestStanding,
    UnknownTest,
)
from domain.versions import ScriptVersion


@frozen(kw_only=True)
class ScriptTestUseCases:
    """Write, read, remove and run tests, and add versions that have to pass them."""

    scripts: Scripts
    script_tests: ScriptTests
    executions: Executions
    check_script: CheckScript
    run_trial: RunTrial
    bodies: Bodies
    clock: Clock
    new_id: NewId
    monotonic: Callable[[], float]
    comparing: asyncio.Lock = field(factory=asyncio.Lock, repr=False)

    async def write(self, command: WriteScriptTest) -> Result[WrittenTest, WriteRefused]:
        """Write a test."""
        return await write_test(self._writing, command)

    async def copy_execution(self, command: CopyExecution) -> Result[WrittenTest, CopyRefused]:
        """Make a test of an execution."""
        return await copy_execution(self._writing, self.executions, command)

    async def of_script(self, script: ScriptRef) -> Result[Sequence[ScriptTest], UnknownScript]:
        """List the tests of a script."""
        found = await read_script(self.scripts, script)
        if not is_successful(found):
            return Failure(found.failure())
        return Success(await self.script_tests.of_script(found.unwrap().id))

    async def find(
        self, script: ScriptRef, name: ScriptTestName
    ) -> Result[tuple[ScriptTest, ScriptTestContent], UnknownScript | UnknownTest]:
        """Find a test with its content."""
        found = await read_script(self.scripts, script)
        if not is_successful(found):
            return Failure(found.failure())
        test = await self.script_tests.find(found.unwrap().id, name)
        return Failure(UnknownTest(found.unwrap().name, name)) if test is None else Success(test)

    async def remove(self, target: Target) -> Result[None, UnknownScript | UnknownTest | PreconditionFailed]:
        """Remove a test."""
        found = await read_script(self.scripts, target.script)
        if not is_successful(found):
            return Failure(found.failure())
        return await self.script_tests.remove(found.unwrap().id, target.name, target.precondition, target.actor)

    async def standings(
        self, script: ScriptRef, wanted: VersionRef
    ) -> Result[tuple[ScriptVersion, Sequence[ScriptTestStanding]], VersionNotFound]:
        """Read a version and the results of the script's tests on it."""
        found = await read_version(self.scripts, script, wanted)
        if not is_successful(found):
            return Failure(found.failure())
        _, version = found.unwrap()
        return Success((version, await self.script_tests.standings(version.script_id, version.number)))

    async def check(self, script: ScriptRef, wanted: VersionRef, actor: Actor) -> Result[CheckReport, CheckRefused]:
        """Run the tests on a version."""
        return await check_version(self._checking, script, wanted, actor)

    async def revise(self, command: Revise, *, required: bool) -> Result[CheckedRevision, RevisionRefused]:
        """Add a version and run the tests on it, which may be a condition of storing it."""
        revise = revise_if_tests_pass if required else revise_and_check
        return await revise(self._checking, self.check_script, command)

    @property
    def _writing(self) -> WritePorts:
        return WritePorts(
            scripts=self.scripts, tests=self.script_tests, bodies=self.bodies, clock=self.clock, new_id=self.new_id
        )

    @property
    def _checking(self) -> CheckPorts:
        return CheckPorts(
            scripts=self.scripts,
            tests=self.script_tests,
            bodies=self.bodies,
            run_trial=self.run_trial,
            clock=self.clock,
            monotonic=self.monotonic,
            comparing=self.comparing,
        )
