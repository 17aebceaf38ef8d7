"""Users' acts on tests and gates."""

from time import monotonic
from typing import Any, Final

from attrs import evolve, frozen
from returns.pipeline import is_successful
from returns.result import Result, Success

from adapters.json.bodies import JsonBodies
from adapters.system import uuid7
from application.ports.sandbox import Trial
from application.script_tests.use_cases import ScriptTestUseCases
from application.script_tests.write import Target, WriteScriptTest
from application.scripts.gates import GateUseCases, NoGate
from application.scripts.read import UnknownScript, UnknownVersion
from domain.aliases import LIVE
from domain.audit import ANONYMOUS
from domain.checks import CheckReport
from domain.gate import Gate
from domain.outcome import Produced, Run
from domain.preconditions import UNCONDITIONAL
from domain.script import ScriptArchived, ScriptName
from domain.script_tests import ResultExpectation, ScriptTestName, UnknownTest
from tests.model.environments import Api, World
from tests.model.hosting import checking
from tests.model.ledger import Ledger
from tests.model.steps import nothing
from tests.support.values import a_body, a_run

FAILING: Final = b"// two"
"""The source of versions that pass no test."""
GATES: Final = (
    None,
    Gate(aliases=frozenset({LIVE}), tests=True),
    Gate(aliases=frozenset({LIVE}), tests=False, replay_last=1),
    Gate(aliases=frozenset({LIVE}), tests=True, replay_last=2),
)


async def _run_trial(trial: Trial) -> Result[Run, Any]:
    """Return the dataset as the result, but for one source."""
    return Success(a_run(Produced(a_body(b"[0]") if trial.source.data == FAILING else trial.dataset)))


def _tests(api: Api) -> ScriptTestUseCases:
    return ScriptTestUseCases(
        scripts=api.scripts,
        script_tests=api.tests,
        executions=api.executions,
        check_script=checking(nothing),
        run_trial=_run_trial,
        bodies=JsonBodies(),
        clock=api.clock,
        new_id=uuid7,
        monotonic=monotonic,
    )


@frozen
class WriteTest:
    """A user writes a test, perhaps in place of another one, whose results then count no more."""

    api: int
    name: str
    test: str

    async def act(self, world: World) -> Result[Any, Any]:
        target = Target(script=ScriptName(self.name), name=ScriptTestName(self.test))
        command = WriteScriptTest(target=target, dataset=b"[1]", expectation=ResultExpectation(), expected=b"[1.0]")
        return await _tests(world.apis[self.api]).write(command)

    def tell(self, ledger: Ledger, answer: Result[Any, Any]) -> None:
        hosted = ledger.scripts.get(self.name)
        if hosted is None or hosted.archived:
            assert isinstance(answer.failure(), UnknownScript if hosted is None else ScriptArchived)
            return
        assert answer.unwrap().replaced == (self.test in hosted.tests)
        ledger.scripts[self.name] = evolve(hosted, tests={**hosted.tests, self.test: {}})


@frozen
class RemoveTest:
    """A user removes a test."""

    api: int
    name: str
    test: str

    async def act(self, world: World) -> Result[None, Any]:
        target = Target(script=ScriptName(self.name), name=ScriptTestName(self.test))
        return await _tests(world.apis[self.api]).remove(target)

    def tell(self, ledger: Ledger, answer: Result[None, Any]) -> None:
        hosted = ledger.scripts.get(self.name)
        if hosted is None or self.test not in hosted.tests:
            assert isinstance(answer.failure(), UnknownScript if hosted is None else UnknownTest)
            return
        assert is_successful(answer)
        left = {name: results for name, results in hosted.tests.items() if name != self.test}
        ledger.scripts[self.name] = evolve(hosted, tests=left)


@frozen
class Check:
    """A user runs all tests on a version."""

    api: int
    name: str
    version: int

    async def act(self, world: World) -> Result[CheckReport, Any]:
        return await _tests(world.apis[self.api]).check(ScriptName(self.name), self.version, ANONYMOUS)

    def tell(self, ledger: Ledger, answer: Result[CheckReport, Any]) -> None:
        hosted = ledger.scripts.get(self.name)
        if hosted is None or self.version > len(hosted.versions) or hosted.archived:
            unknown = UnknownScript if hosted is None else UnknownVersion
            is_there = hosted is not None and self.version <= len(hosted.versions)
            assert isinstance(answer.failure(), ScriptArchived if is_there else unknown)
            return
        passed = hosted.versions[self.version - 1].source != FAILING
        assert {one.test.name.value: one.passed for one in answer.unwrap().tests} == dict.fromkeys(hosted.tests, passed)
        results = {name: {**known, self.version: passed} for name, known in hosted.tests.items()}
        ledger.scripts[self.name] = evolve(hosted, tests=results)


@frozen
class Guard:
    """An operator sets or removes a gate."""

    api: int
    name: str
    gate: Gate | None

    async def act(self, world: World) -> Result[Any, Any]:
        api, name = world.apis[self.api], ScriptName(self.name)
        gates = GateUseCases(scripts=api.scripts, aliases=api.aliases)
        if self.gate is None:
            return await gates.remove(name, UNCONDITIONAL, ANONYMOUS)
        return await gates.set(name, self.gate, UNCONDITIONAL, ANONYMOUS)

    def tell(self, ledger: Ledger, answer: Result[Any, Any]) -> None:
        hosted = ledger.scripts.get(self.name)
        if hosted is None or (self.gate is None and hosted.gate is None):
            assert isinstance(answer.failure(), UnknownScript if hosted is None else NoGate)
            return
        assert is_successful(answer)
        ledger.scripts[self.name] = evolve(hosted, gate=self.gate)
