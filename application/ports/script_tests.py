"""Port to the tests of scripts and to their results for each version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.ports.errors import Conflict
from domain.audit import ANONYMOUS, Actor
from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed
from domain.script import ScriptArchived
from domain.script_tests import (
    ScriptTest,
    ScriptTestContent,
    ScriptTestName,
    ScriptTestResult,
    ScriptTestStanding,
    TooManyTests,
    UnknownTest,
)
from domain.versions import ScriptVersion


@frozen
class NewTest:
    """A test to be stored with its content, if the precondition holds."""

    test: ScriptTest
    content: ScriptTestContent
    precondition: Precondition = UNCONDITIONAL


@frozen
class StoredTest:
    """A test as it is stored, with the name of its author's API key, and whether it replaced one."""

    test: ScriptTest
    replaced: bool


class ScriptTests(Protocol):
    """The tests of scripts. Each change excludes other changes and promotions of the script, and is audited with it."""

    async def put(
        self, new: NewTest, by: Actor = ANONYMOUS
    ) -> Result[StoredTest, TooManyTests | PreconditionFailed | ScriptArchived]:
        """Store a test in place of the one of its name, whose results and data key are gone then."""
        ...

    async def remove(
        self, script_id: UUID, name: ScriptTestName, precondition: Precondition, by: Actor = ANONYMOUS
    ) -> Result[None, UnknownTest | PreconditionFailed]:
        """Remove a test with its content, its data key and its results. Also works for archived scripts."""
        ...

    async def of_script(self, script_id: UUID) -> Sequence[ScriptTest]:
        """List a script's tests by name, without their content."""
        ...

    async def find(self, script_id: UUID, name: ScriptTestName) -> tuple[ScriptTest, ScriptTestContent] | None:
        """Find a test with its content."""
        ...

    async def standings(self, script_id: UUID, version: int) -> Sequence[ScriptTestStanding]:
        """List a script's tests by name, each with its result for that version, if it has one."""
        ...

    async def record(
        self, version: ScriptVersion, results: Sequence[ScriptTestResult], at: datetime, by: Actor = ANONYMOUS
    ) -> None:
        """Store the results of a version's checks, of tests that are still there, in place of earlier ones."""
        ...

    async def add_version(
        self, version: ScriptVersion, results: Sequence[ScriptTestResult], by: Actor = ANONYMOUS
    ) -> Result[ScriptVersion, Conflict]:
        """Store the next version as `Scripts.add_version` does, with the results of its tests, unless a test was
        written or removed meanwhile: the results are those of all of the script's tests, or nothing is stored."""
        ...
