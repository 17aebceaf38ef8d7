"""The port `ScriptTests` of the store in memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.memory.scripts import MemoryScripts
from application.ports.errors import Conflict
from application.ports.script_tests import NewTest, StoredTest
from domain.audit import ANONYMOUS, Action, Actor, checks_event, script_test_event
from domain.gate import TestStanding
from domain.preconditions import Precondition, PreconditionFailed
from domain.script import Script, ScriptArchived
from domain.script_tests import (
    ScriptTest,
    ScriptTestContent,
    ScriptTestName,
    ScriptTestResult,
    ScriptTestStanding,
    TooManyTests,
    UnknownTest,
    check_room,
)
from domain.versions import ScriptVersion


class MemoryScriptTests:
    """The port `ScriptTests`."""

    def __init__(self, scripts: MemoryScripts) -> None:
        self._scripts = scripts
        self._tests: Final[dict[UUID, tuple[ScriptTest, ScriptTestContent]]] = {}
        self._results: Final[dict[tuple[UUID, int], tuple[bool, datetime]]] = {}

    async def put(
        self, new: NewTest, by: Actor = ANONYMOUS
    ) -> Result[StoredTest, TooManyTests | PreconditionFailed | ScriptArchived]:
        test = evolve(new.test, created_by=self._scripts.audit.names.get(by.key_id))
        script = await self._script(test.script_id)
        if script.archived_at is not None:
            return Failure(ScriptArchived(script.name))
        decided = check_room(test, script.name, self._ids(script.id), new.precondition)
        if not is_successful(decided):
            return Failure(decided.failure())
        replaced = decided.unwrap()
        if replaced is not None:
            del self._tests[replaced]
        self._tests[test.id] = (test, new.content)
        self._scripts.audit.record(script_test_event(Action.WROTE_TEST, script.id, test.name, by))
        return Success(StoredTest(test, replaced is not None))

    async def remove(
        self, script_id: UUID, name: ScriptTestName, precondition: Precondition, by: Actor = ANONYMOUS
    ) -> Result[None, UnknownTest | PreconditionFailed]:
        current = self._ids(script_id).get(name.value)
        if not precondition.holds(current):
            return Failure(PreconditionFailed(current))
        if current is None:
            return Failure(UnknownTest((await self._script(script_id)).name, name))
        del self._tests[current]
        self._scripts.audit.record(script_test_event(Action.REMOVED_TEST, script_id, name, by))
        return Success(None)

    async def of_script(self, script_id: UUID) -> Sequence[ScriptTest]:
        own = [test for test, _ in self._tests.values() if test.script_id == script_id]
        return sorted(own, key=lambda test: test.name.value)

    async def find(self, script_id: UUID, name: ScriptTestName) -> tuple[ScriptTest, ScriptTestContent] | None:
        current = self._ids(script_id).get(name.value)
        return None if current is None else self._tests[current]

    async def standings(self, script_id: UUID, version: int) -> Sequence[ScriptTestStanding]:
        return [
            ScriptTestStanding(test, *self._results.get((test.id, version), (None, None)))
            for test in await self.of_script(script_id)
        ]

    def tests_of(self, script_id: UUID, version: int) -> tuple[TestStanding, ...]:
        """List the script's current tests with their results on the version, for the gates of the same store."""
        own = sorted((name, test_id) for name, test_id in self._ids(script_id).items())
        return tuple(TestStanding(name, self._results.get((test_id, version), (None,))[0]) for name, test_id in own)

    async def record(
        self, version: ScriptVersion, results: Sequence[ScriptTestResult], at: datetime, by: Actor = ANONYMOUS
    ) -> None:
        self._add_results(version, results, at, by)

    async def add_version(
        self, version: ScriptVersion, results: Sequence[ScriptTestResult], by: Actor = ANONYMOUS
    ) -> Result[ScriptVersion, Conflict]:
        if set(self._ids(version.script_id).values()) != {one.test_id for one in results}:
            return Failure(Conflict())
        added = await self._scripts.add_version(version, by)
        if is_successful(added) and results:
            self._add_results(version, results, version.created_at, by)
        return added

    def _add_results(
        self, version: ScriptVersion, results: Sequence[ScriptTestResult], at: datetime, by: Actor
    ) -> None:
        for one in results:
            if one.test_id in self._tests:
                self._results[one.test_id, version.number] = (one.passed, at)
        self._scripts.audit.record(checks_event(version, by))

    async def _script(self, script_id: UUID) -> Script:
        script = await self._scripts.find(script_id)
        assert script is not None, "no script is ever removed"
        return script

    def _ids(self, script_id: UUID) -> dict[str, UUID]:
        return {test.name.value: test.id for test, _ in self._tests.values() if test.script_id == script_id}
