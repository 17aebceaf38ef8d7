"""Aliases and gates over the store in memory: no version passes a gate that it does not meet."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.ports.access import AuditFilter
from application.ports.executions import NewExecution
from application.ports.script_tests import NewTest
from application.ports.version_replays import Settlement
from application.replays.read import ReplayRef
from application.replays.report import report_of
from application.replays.start import StartReplay, VersionReplayPorts
from application.replays.use_cases import VersionReplayUseCases
from application.scripts.aliases import AliasNotFound, AliasUseCases, Blocked
from application.scripts.gates import GateUseCases, NoGate
from application.scripts.known import KnownScripts
from application.scripts.read import NoVersionOfAlias, UnknownScript, UnknownVersion
from domain.aliases import LIVE, AliasName, MoveReason
from domain.audit import ANONYMOUS, Action
from domain.gate import Gate, ReplayStanding, TestStanding
from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed
from domain.promotion import GuardedAlias, NothingToRollBack, Promotion, Removal, Rollback
from domain.replayed_executions import EQUAL, ReplayOutcome, ReplayReason, Settled, skipped
from domain.script import Script
from domain.script_tests import ScriptTestName, ScriptTestResult
from domain.version_replays import LatestExecutions, ReplayRequest, acceptance_note
from domain.versions import ScriptVersion
from tests.application.test_executions import NAME
from tests.contracts.test_aliases import GATE, assert_a_stack, with_versions
from tests.contracts.test_executions import claim, ending
from tests.support.script_tests import a_content, a_script_test
from tests.support.values import a_body, a_pending, a_script

CANARY: Final = AliasName("canary")
VERSIONS: Final = 4
GATES: Final = (
    None,
    Gate(aliases=frozenset({LIVE}), tests=True),
    Gate(aliases=frozenset({LIVE}), tests=False, replay_last=3),
    Gate(aliases=frozenset({LIVE, CANARY}), tests=True, replay_last=3),
)


@define
class Standings:
    """A record of tests and replays, in the form in which a store knows them."""

    results: dict[str, dict[int, bool]] = field(factory=dict)
    replays: dict[int, list[ReplayStanding]] = field(factory=dict)

    def tests_of(self, script_id: UUID, version: int) -> tuple[TestStanding, ...]:
        return tuple(TestStanding(name, self.results[name].get(version)) for name in sorted(self.results))

    def replays_on(self, script_id: UUID, version: int) -> tuple[ReplayStanding, ...]:
        return tuple(self.replays.get(version, ()))

    def meets(self, gate: Gate, version: int) -> bool:
        """Restate what a gate requires."""
        is_tested = bool(self.results) and all(one.get(version) for one in self.results.values())
        finished = [one for one in self.replays.get(version, ()) if one.is_finished]
        covering = [one for one in finished if one.compared >= (gate.replay_last or 0)]
        is_replayed = bool(covering) and (covering[0].different == 0 or covering[0].is_accepted)
        return (is_tested or not gate.tests) and (is_replayed or gate.replay_last is None)


@define
class Life:
    """A script with its tests, replays, gate and aliases, and a record of what was done."""

    known: Standings = field(factory=Standings)
    store: MemoryStore = field(factory=lambda: MemoryStore(utc_now, timedelta(minutes=1)))
    gate: Gate | None = None
    led: dict[AliasName, int] = field(factory=dict)
    forced: list[int] = field(factory=list)

    async def begin(self) -> Script:
        """Host the script."""
        script = await with_versions(self.store.scripts, VERSIONS)
        _, version = a_script()
        for _ in range(3):
            pending = a_pending(evolve(version, script_id=script.id))
            (await self.store.executions.add(NewExecution(pending, a_body()))).unwrap()
            (claimed,) = await claim(self.store.queue)
            await self.store.queue.finish([ending(claimed)])
        return script

    @property
    def aliases(self) -> AliasUseCases:
        return AliasUseCases(scripts=self.store.scripts, aliases=self.store.aliases)

    @property
    def gates(self) -> GateUseCases:
        return GateUseCases(scripts=self.store.scripts, aliases=self.store.aliases)

    @property
    def replays(self) -> VersionReplayUseCases:
        return VersionReplayUseCases(
            VersionReplayPorts(
                known_scripts=KnownScripts(self.store.scripts),
                replays=self.store.replays,
                completions=self.store.endings,
                clock=utc_now,
                new_id=uuid7,
            )
        )

    async def version(self, number: int) -> ScriptVersion:
        """Read a version."""
        found = await self.store.scripts.version(await self.id(), number)
        assert found is not None
        return found

    async def do(self, act: str, version: int, alias: AliasName, choice: int) -> None:
        """Take one step, and check its answer."""
        await getattr(self, act)(version, alias, choice)
        assert {one.name: one.version for one in await self.store.aliases.all(await self.id())} == self.led

    async def script(self) -> Script:
        """Read the script."""
        found = await self.store.scripts.find(NAME)
        assert found is not None
        return found

    async def reasons(self, version: int) -> object:
        """Read the reasons against a version, and hold what the store knows against the record."""
        script_id = await self.id()
        standing = await self.store.aliases.standing(script_id, version)
        assert standing.tests == self.known.tests_of(script_id, version)
        assert standing.replays == self.known.replays_on(script_id, version)
        return (await self.gates.report(NAME, version)).unwrap().reasons

    async def id(self) -> UUID:
        return (await self.script()).id

    async def write_test(self, _: int, __: AliasName, choice: int) -> None:
        test = a_script_test(await self.id(), "ab"[choice % 2])
        (await self.store.script_tests.put(NewTest(test, a_content()))).unwrap()
        self.known.results[test.name.value] = {}

    async def remove_test(self, _: int, __: AliasName, choice: int) -> None:
        name = "ab"[choice % 2]
        removed = await self.store.script_tests.remove(await self.id(), ScriptTestName(name), UNCONDITIONAL)
        assert is_successful(removed) == (self.known.results.pop(name, None) is not None)

    async def record(self, version: int, _: AliasName, choice: int) -> None:
        tests, stored = await self.store.script_tests.of_script(await self.id()), await self.version(version)
        results = [ScriptTestResult(one.id, choice > 0) for one in tests]
        await self.store.script_tests.record(stored, results, utc_now())
        for result in self.known.results.values():
            result[version] = choice > 0

    async def replay(self, version: int, _: AliasName, choice: int) -> None:
        request = ReplayRequest(selection=LatestExecutions(3))
        command = StartReplay(script=NAME, version=version, request=request, actor=ANONYMOUS)
        started = (await self.replays.start(command)).unwrap()
        standing = ReplayStanding(
            id=started.replay.id,
            last=3,
            is_finished=False,
            is_accepted=False,
            total=3,
            compared=0,
            different=0,
            incomplete=3,
        )
        self.known.replays.setdefault(version, []).insert(0, standing)

    async def finish(self, version: int, _: AliasName, choice: int) -> None:
        several = self.known.replays.get(version, [])
        if not several or several[0].is_finished:
            return
        replay_id, work = several[0].id, self.store.replay_work
        outcomes = [
            Settled(ReplayOutcome.CHANGED) if choice > 2 else EQUAL,
            skipped(ReplayReason.NO_RUN) if choice % 2 else EQUAL,
            EQUAL,
        ]
        for one, outcome in zip(await work.open_executions(replay_id, 9), outcomes, strict=True):
            assert await work.settle(Settlement(one.execution, outcome))
        assert await work.finish(replay_id, await report_of(self.store.replays, replay_id))
        compared, different = 3 - choice % 2, int(choice > 2)
        several[0] = evolve(several[0], is_finished=True, compared=compared, incomplete=0, different=different)

    async def accept(self, version: int, _: AliasName, __: int) -> None:
        several = self.known.replays.get(version, [])
        if several:
            wanted = ReplayRef(script=NAME, version=version, id=several[0].id)
            accepted = await self.replays.accept(wanted, acceptance_note("wanted").unwrap(), ANONYMOUS)
            assert is_successful(accepted) == several[0].is_finished
            several[0] = evolve(several[0], is_accepted=several[0].is_finished)

    async def set_gate(self, _: int, __: AliasName, choice: int) -> None:
        self.gate = GATES[choice % len(GATES)]
        if self.gate is not None:
            assert is_successful(await self.gates.set(NAME, self.gate, UNCONDITIONAL, ANONYMOUS))
        else:
            await self.gates.remove(NAME, UNCONDITIONAL, ANONYMOUS)

    async def promote(self, version: int, alias: AliasName, choice: int) -> None:
        await self._promote(version, alias, force=False)

    async def force(self, version: int, alias: AliasName, choice: int) -> None:
        await self._promote(version, alias, force=True)

    async def _promote(self, version: int, alias: AliasName, force: bool) -> None:
        """Promote, where a report and the promotion agree with the requirements."""
        meets = self.gate is None or self.known.meets(self.gate, version)
        assert (await self.reasons(version) == ()) == meets
        is_free = meets or self.gate is None or not self.gate.guards(alias) or self.led.get(alias) == version
        wanted = Promotion(alias=alias, version=version, note="n", force=force)
        moved: Result[Any, object] = await self.aliases.promote(NAME, wanted, ANONYMOUS)
        assert is_successful(moved) == (is_free or force)
        if not is_successful(moved):
            assert isinstance(moved.failure(), Blocked)
            return
        self.led[alias] = version
        if not is_free:
            self.forced.append(version)

    async def roll_back(self, _: int, alias: AliasName, __: int) -> None:
        history = [one.move for one in await self.store.aliases.history(await self.id(), alias, None, 999)]
        answer: Result[Any, object] = await self.aliases.roll_back(NAME, Rollback(alias=alias), ANONYMOUS)
        if is_successful(answer):
            assert history[0].to_version == self.led[alias]
            self.led[alias] = answer.unwrap().alias.version
            return
        unknown = AliasNotFound(await self.script(), alias)
        assert answer == Failure(NothingToRollBack(alias) if alias in self.led else unknown)

    async def remove(self, _: int, alias: AliasName, choice: int) -> None:
        wanted = Removal(alias=alias, may_unguard=choice > 0)
        removed: Result[Any, object] = await self.aliases.remove(NAME, wanted, ANONYMOUS)
        is_guarded = self.gate is not None and self.gate.guards(alias)
        if alias not in self.led:
            assert removed == Failure(AliasNotFound(await self.script(), alias))
        elif is_guarded and choice == 0:
            assert removed == Failure(GuardedAlias(alias))
        else:
            assert is_successful(removed)
            del self.led[alias]


ACTS: Final = ("write_test", "remove_test", "record", "record", "replay", "finish", "finish", "accept", "set_gate")
MOVES: Final = ("promote", "promote", "force", "roll_back", "remove")
steps = st.tuples(
    st.sampled_from((*ACTS, *MOVES)),
    st.sampled_from([1, 1, 2, VERSIONS]),
    st.sampled_from([LIVE, LIVE, CANARY]),
    st.integers(0, 3),
)


@given(st.lists(steps, min_size=30, max_size=60), st.integers(1, 3))
async def test_a_gate_never_passes_a_version_that_lacks_a_requirement(
    several: list[tuple[str, int, AliasName, int]], first_gate: int
) -> None:
    life = Life()
    script = await life.begin()
    await life.set_gate(1, LIVE, first_gate)
    for one in several:
        await life.do(*one)
    for alias in (LIVE, CANARY):
        assert_a_stack([one.move for one in reversed(await life.store.aliases.history(script.id, alias, None, 999))])
    trail = [one.event for one in reversed(await life.store.audit.page(AuditFilter(), None, 9_999))]
    assert [one.version for one in trail if one.action is Action.FORCE_PROMOTED] == life.forced
    for led in life.led.values():
        assert await life.store.scripts.version(script.id, led) is not None


async def test_each_use_case_names_what_does_not_exist() -> None:
    life = Life()
    aliases, gates, here = life.aliases, life.gates, ANONYMOUS
    unknown = Failure(UnknownScript(NAME))
    assert await aliases.all(NAME) == await aliases.find(NAME, LIVE) == await gates.find(NAME) == unknown
    assert await aliases.promote(NAME, Promotion(alias=LIVE, version=1), here) == unknown
    assert await gates.report(NAME, 1) == unknown
    script = await life.begin()
    no_alias = Failure(AliasNotFound(script, LIVE))
    assert await aliases.find(NAME, LIVE) == await aliases.history(NAME, LIVE, None, 9) == no_alias
    assert await aliases.history(NAME, LIVE, 1, 9) == Success([])  # a page behind the last
    assert await aliases.roll_back(NAME, Rollback(alias=LIVE), here) == no_alias
    assert await aliases.remove(NAME, Removal(alias=LIVE), here) == no_alias
    assert await aliases.promote(NAME, Promotion(alias=LIVE, version=9), here) == Failure(UnknownVersion(script, 9))
    assert await gates.find(NAME) == await gates.remove(NAME, UNCONDITIONAL, here) == Failure(NoGate(script))
    assert await gates.report(NAME, 9) == Failure(UnknownVersion(script, 9))
    assert await gates.report(NAME, LIVE) == Failure(NoVersionOfAlias(script, LIVE))


async def test_what_is_stored_is_found() -> None:
    life = Life()
    await life.begin()
    moved = (await life.aliases.promote(NAME, Promotion(alias=LIVE, version=2), ANONYMOUS)).unwrap()
    assert moved.alias is not None
    assert await life.aliases.find(NAME, LIVE) == Success(moved.alias)
    assert await life.aliases.all(NAME) == Success([moved.alias])
    (recorded,) = (await life.aliases.history(NAME, LIVE, None, 9)).unwrap()
    assert (recorded.move, recorded.move.reason) == (moved.move, MoveReason.PROMOTION)
    stored = (await life.gates.set(NAME, GATE, UNCONDITIONAL, ANONYMOUS)).unwrap()
    assert await life.gates.find(NAME) == Success(stored)
    outdated = Precondition(revisions=frozenset())
    failed = Failure(PreconditionFailed(stored.revision))
    assert await life.gates.set(NAME, GATE, outdated, ANONYMOUS) == failed
    assert await life.gates.remove(NAME, outdated, ANONYMOUS) == failed
    promoted = await life.aliases.promote(NAME, Promotion(alias=LIVE, version=1, precondition=outdated), ANONYMOUS)
    assert promoted == Failure(PreconditionFailed(moved.alias.revision))
    assert (await life.gates.report(NAME, LIVE)).unwrap().version.number == 2
    assert await life.gates.remove(NAME, UNCONDITIONAL, ANONYMOUS) == Success(None)
    assert (await life.gates.report(NAME, LIVE)).unwrap().reasons == ()
