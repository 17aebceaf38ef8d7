"""The contract of every store for aliases, the history of their moves, and gates."""

import asyncio
from functools import partial
from uuid import UUID

import pytest
from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.system import uuid7
from application.ports.access import AuditFilter
from application.ports.aliases import Moved, MoveRequest, RecordedMove
from application.ports.script_tests import NewTest
from application.ports.scripts import Scripts
from application.ports.version_replays import NewVersionReplay, Settlement
from domain.access import Scope, new_key, new_token
from domain.aliases import LIVE, Alias, AliasMove, AliasName, MoveReason
from domain.audit import ANONYMOUS, Action, Actor, AuditEvent
from domain.gate import (
    MOST_REPLAYS,
    NOTHING_KNOWN,
    Gate,
    MissingGate,
    ReasonCode,
    ReplayStanding,
    StoredGate,
    remove_gate,
    replace_gate,
    unmet_requirements,
)
from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed
from domain.promotion import (
    AliasFacts,
    NoSuchVersion,
    NothingToRollBack,
    Promotion,
    PromotionBlocked,
    Removal,
    Rollback,
    promote,
    remove,
    roll_back,
)
from domain.replay_sums import ReplayCounts
from domain.replayed_executions import (
    EQUAL,
    ReplayedExecution,
    ReplayOutcome,
    ReplayReason,
    Settled,
    incomplete,
    skipped,
)
from domain.script import Script
from domain.script_tests import ScriptTestResult
from domain.version_replays import (
    ChosenExecutions,
    LatestExecutions,
    ReplayReport,
    ReplayRequest,
    Selection,
    VersionReplay,
    accept,
    acceptance_note,
)
from tests.contracts.conftest import OpenStore, Store
from tests.support.script_tests import a_content, a_script_test
from tests.support.values import NOON, a_script, a_source, an_id

pytestmark = pytest.mark.parametrize("open_store", ["memory", "postgres"], indirect=True)  # nothing is sealed here

BY = Actor(an_id(), "a-request", an_id())
CANARY = AliasName("canary")
GATE = Gate(aliases=frozenset({LIVE}), tests=True, replay_last=50)


async def with_versions(scripts: Scripts, versions: int, name: str = "corporate-cards") -> Script:
    """Host a script with so many versions."""
    script, first = a_script(name)
    (await scripts.add(script, first)).unwrap()
    for number in range(2, versions + 1):
        (await scripts.add_version(evolve(first, number=number, source=a_source(f"// {number}")))).unwrap()
    return evolve(script, latest_version=versions)


async def move(store: Store, script_id: UUID, wanted: Promotion, by: Actor = ANONYMOUS) -> Result[Moved, object]:
    """Promote, as the use case does."""
    request = MoveRequest(script_id=script_id, alias=wanted.alias, version=wanted.version)
    return await store.aliases.move(request, partial(promote, wanted), by)


async def promoted(
    store: Store, script_id: UUID, version: int, alias: AliasName = LIVE, by: Actor = ANONYMOUS
) -> Alias:
    """Point an alias to a version, which nothing forbids."""
    moved = (await move(store, script_id, Promotion(alias=alias, version=version), by)).unwrap()
    assert moved.alias is not None
    return moved.alias


async def rolled_back(
    store: Store, script_id: UUID, alias: AliasName = LIVE, by: Actor = ANONYMOUS
) -> Result[Moved, object]:
    request = MoveRequest(script_id=script_id, alias=alias, needs_history=True)
    return await store.aliases.move(request, partial(roll_back, Rollback(alias=alias, note="back")), by)


async def removed(store: Store, script_id: UUID, alias: AliasName = LIVE, by: Actor = ANONYMOUS) -> None:
    """Remove an alias."""
    request = MoveRequest(script_id=script_id, alias=alias)
    assert (await store.aliases.move(request, partial(remove, Removal(alias=alias)), by)).unwrap().alias is None


async def led(store: Store, script: Script) -> dict[str, int]:
    """Read where the aliases of a script lead: the same from every read of it."""
    of_the_script = {
        name.value: number for name, number in ((await store.scripts.find(script.id)) or script).aliases.items()
    }
    (listed,) = [one for one in await store.scripts.page(None, 9) if one.id == script.id]
    assert {one.name.value: one.version for one in await store.aliases.all(script.id)} == of_the_script
    assert {name.value: number for name, number in listed.aliases.items()} == of_the_script
    return of_the_script


async def test_aliases_are_promoted_rolled_back_and_removed_and_their_history_is_a_stack(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = await with_versions(store.scripts, 3)
        other = await with_versions(store.scripts, 3, "loans")
        assert await led(store, script) == {}
        first = await promoted(store, script.id, 1)
        assert (first.script_id, first.name, first.version) == (script.id, LIVE, 1)
        moved = [first, await promoted(store, script.id, 3), await promoted(store, script.id, 2)]
        assert len({one.revision for one in moved}) == 3
        assert [one.moved_at for one in moved] == sorted(one.moved_at for one in moved)
        await promoted(store, script.id, 2, CANARY)
        await promoted(store, other.id, 1)
        assert await led(store, script) == {"canary": 2, "live": 2}
        assert (await rolled_back(store, script.id)).unwrap().alias == (await store.aliases.all(script.id))[1]
        assert await led(store, script) == {"canary": 2, "live": 3}
        await rolled_back(store, script.id)
        assert await led(store, script) == {"canary": 2, "live": 1}
        assert await rolled_back(store, script.id) == Failure(NothingToRollBack(LIVE))
        await promoted(store, script.id, 2)
        await removed(store, script.id)
        assert await led(store, script) == {"canary": 2}
        await promoted(store, script.id, 3)
        assert await rolled_back(store, script.id) == Failure(NothingToRollBack(LIVE))
        history = await store.aliases.history(script.id, LIVE, None, 99)
        led_to = [(one.move.from_version, one.move.to_version, one.move.reason.value) for one in reversed(history)]
        assert led_to == [
            (None, 1, "promotion"),
            (1, 3, "promotion"),
            (3, 2, "promotion"),
            (2, 3, "rollback"),
            (3, 1, "rollback"),
            (1, 2, "promotion"),
            (2, None, "removal"),
            (None, 3, "promotion"),
        ]
        assert [one.number for one in history] == sorted((one.number for one in history), reverse=True)
        pages = [
            *await store.aliases.history(script.id, LIVE, None, 3),
            *await store.aliases.history(script.id, LIVE, history[2].number, 99),
        ]
        assert pages == history
        assert await led(store, other) == {"live": 1}


async def test_moves_are_recorded_with_their_actors_and_audited(open_store: OpenStore) -> None:
    async with open_store() as store:
        key = new_key(an_id(), "ci", {Scope.ADMIN}, NOON, None).unwrap()
        await store.api_keys.add(key, new_token(bytes(32)).digest)
        script, by = await with_versions(store.scripts, 2), evolve(BY, key_id=key.id)
        await promoted(store, script.id, 1, by=by)
        await promoted(store, script.id, 1, by=by)  # which changes nothing
        (await store.aliases.set_gate(script.id, partial(replace_gate, GATE, UNCONDITIONAL), by)).unwrap()
        assert is_successful(await move(store, script.id, Promotion(alias=LIVE, version=2, note="é\n", force=True), by))
        await rolled_back(store, script.id, by=by)
        (await store.aliases.set_gate(script.id, partial(remove_gate, UNCONDITIONAL), by)).unwrap()
        await removed(store, script.id)
        moves = [one.move for one in await store.aliases.history(script.id, LIVE, None, 9)]
        assert [(one.reason, one.note, one.key_id) for one in moves] == [
            (MoveReason.REMOVAL, "", None),
            (MoveReason.ROLLBACK, "back", key.id),
            (MoveReason.FORCED, "é\n", key.id),
            (MoveReason.PROMOTION, "", key.id),
        ]
        names = [one.key_name for one in await store.aliases.history(script.id, LIVE, None, 9)]
        assert names == [None, "ci", "ci", "ci"]
        trail = [one.event for one in await store.audit.page(AuditFilter(script=script.id), None, 6)]
        of = partial(AuditEvent, script_id=script.id)
        assert trail == [
            of(action=Action.REMOVED_ALIAS, actor=ANONYMOUS, alias="live"),
            of(action=Action.REMOVED_GATE, actor=by),
            of(action=Action.ROLLED_BACK, actor=by, version=1, alias="live"),
            of(action=Action.FORCE_PROMOTED, actor=by, version=2, alias="live"),
            of(action=Action.SET_GATE, actor=by),
            of(action=Action.PROMOTED, actor=by, version=1, alias="live"),
        ]


async def test_a_refused_move_changes_nothing(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = await with_versions(store.scripts, 2)
        alias = await promoted(store, script.id, 1)
        (await store.aliases.set_gate(script.id, partial(replace_gate, GATE, UNCONDITIONAL))).unwrap()
        before = await store.audit.page(AuditFilter(), None, 99)
        unknown = Promotion(alias=LIVE, version=3)
        assert await move(store, script.id, unknown) == Failure(NoSuchVersion(3))
        outdated = Promotion(alias=LIVE, version=2, precondition=Precondition(revisions=frozenset({"0"})))
        assert await move(store, script.id, outdated) == Failure(PreconditionFailed(alias.revision))
        blocked = (await move(store, script.id, Promotion(alias=LIVE, version=2))).failure()
        assert isinstance(blocked, PromotionBlocked)
        assert [one.code for one in blocked.reasons] == [ReasonCode.NO_TESTS, ReasonCode.REPLAY_MISSING]
        assert await store.aliases.standing(script.id, 2) == NOTHING_KNOWN
        assert await store.aliases.all(script.id) == [alias]
        assert len(await store.aliases.history(script.id, LIVE, None, 9)) == 1
        assert await store.audit.page(AuditFilter(), None, 99) == before


async def settled_replay(store: Store, script_id: UUID, outcomes: list[Settled], selection: Selection) -> VersionReplay:
    """Replay some executions on version 2, each with that outcome."""
    replay = VersionReplay(
        id=uuid7(),
        script_id=script_id,
        version=2,
        created_at=NOON,
        created_by=None,
        request=ReplayRequest(selection=selection),
    )
    members = tuple(ReplayedExecution(number, an_id(), an_id()) for number in range(len(outcomes)))
    await store.replays.add(NewVersionReplay(replay, members, ANONYMOUS))
    for member, outcome in zip(members, outcomes, strict=True):
        await store.replay_work.settle(Settlement(member, outcome))
    return replay


async def finished_replay(store: Store, replay: VersionReplay) -> VersionReplay:
    await store.replay_work.finish(replay.id, ReplayReport(ReplayCounts(total=0)))
    found = await store.replays.find(replay.id)
    assert found is not None
    return found.replay


async def test_a_gate_knows_the_tests_and_replays_of_its_store(open_store: OpenStore) -> None:
    """Each step meets one more requirement; none of the facts that do not concern the version does."""
    gate = Gate(aliases=frozenset({LIVE}), tests=True, replay_last=3)
    async with open_store() as store:
        script = await with_versions(store.scripts, 2)
        other = await with_versions(store.scripts, 2, "other")
        (await store.aliases.set_gate(script.id, partial(replace_gate, gate, UNCONDITIONAL))).unwrap()
        version = await store.scripts.version(script.id, 2)
        assert version is not None

        async def codes() -> list[ReasonCode]:
            blocked = (await move(store, script.id, Promotion(alias=LIVE, version=2))).failure()
            assert isinstance(blocked, PromotionBlocked)
            assert blocked.reasons == unmet_requirements(gate, await store.aliases.standing(script.id, 2))
            return [one.code for one in blocked.reasons]

        one, two, foreign = (
            a_script_test(of, name) for of, name in ((script.id, "one"), (script.id, "two"), (other.id, "one"))
        )
        for test in (one, two, foreign):
            (await store.script_tests.put(NewTest(test, a_content()))).unwrap()
        await store.script_tests.record(evolve(version, number=1), [ScriptTestResult(one.id, True)], NOON)
        assert await codes() == [ReasonCode.TEST_NOT_RUN] * 2 + [ReasonCode.REPLAY_MISSING]
        results = [ScriptTestResult(one.id, True), ScriptTestResult(two.id, False)]
        await store.script_tests.record(version, results, NOON)
        assert await codes() == [ReasonCode.TEST_FAILED, ReasonCode.REPLAY_MISSING]
        (await store.script_tests.put(NewTest(a_script_test(script.id, "two"), a_content()))).unwrap()
        assert await codes() == [ReasonCode.TEST_NOT_RUN, ReasonCode.REPLAY_MISSING]
        (await store.script_tests.remove(script.id, two.name, UNCONDITIONAL)).unwrap()
        assert await codes() == [ReasonCode.REPLAY_MISSING]
        equal = [EQUAL] * 4
        for narrow in (ChosenExecutions((an_id(),)), LatestExecutions(9, NOON), LatestExecutions(9, None, 1)):
            await finished_replay(store, await settled_replay(store, script.id, equal, narrow))
        await finished_replay(store, await settled_replay(store, other.id, equal, LatestExecutions(4)))
        assert await codes() == [ReasonCode.REPLAY_MISSING]
        outcomes = [
            *equal[:2],
            Settled(ReplayOutcome.CHANGED),
            incomplete(ReplayReason.CANCELLED),
            skipped(ReplayReason.NO_RUN),
        ]
        replay = await settled_replay(store, script.id, outcomes, LatestExecutions(5))
        assert await codes() == [ReasonCode.REPLAY_NOT_FINISHED]
        finished = await finished_replay(store, replay)
        assert await codes() == [ReasonCode.REPLAY_DIFFERS]
        assert (await store.aliases.standing(script.id, 2)).replays[0] == ReplayStanding(
            id=replay.id, last=5, is_finished=True, is_accepted=False, total=5, compared=3, different=1, incomplete=1
        )
        accepted = accept(finished, acceptance_note("wanted").unwrap(), NOON, None).unwrap()
        await store.replays.accept(accepted, ANONYMOUS)
        assert (await promoted(store, script.id, 2)).version == 2


async def test_a_gate_looks_at_the_latest_replays_only(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = await with_versions(store.scripts, 2)
        replays = [await settled_replay(store, script.id, [], LatestExecutions(1)) for _ in range(MOST_REPLAYS + 1)]
        standing = await store.aliases.standing(script.id, 2)
        assert [one.id for one in standing.replays] == [one.id for one in reversed(replays[1:])]


async def test_of_concurrent_promotions_that_expect_the_same_revision_one_is_made(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = await with_versions(store.scripts, 9)
        alias = await promoted(store, script.id, 1)
        known = Precondition(revisions=frozenset({str(alias.revision)}))
        wanted = [Promotion(alias=LIVE, version=number, precondition=known) for number in range(2, 10)]
        answers = await asyncio.gather(*(move(store, script.id, one) for one in wanted))
        (winner,) = [one.unwrap() for one in answers if is_successful(one)]
        assert winner.alias is not None
        assert {one for one in answers if not is_successful(one)} == {
            Failure(PreconditionFailed(winner.alias.revision))
        }
        assert await store.aliases.all(script.id) == [winner.alias]


async def test_concurrent_moves_are_made_one_after_the_other(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = await with_versions(store.scripts, 4)
        steps = [promoted(store, script.id, 1 + n % 4) for n in range(8)] + [
            rolled_back(store, script.id) for _ in range(3)
        ]
        await asyncio.gather(*steps)
        history = [one.move for one in reversed(await store.aliases.history(script.id, LIVE, None, 99))]
        assert [one.from_version for one in history] == [None, *(one.to_version for one in history[:-1])]
        assert_a_stack(history)
        assert await led(store, script) == {"live": history[-1].to_version}


def assert_a_stack(moves: list[AliasMove]) -> None:
    """Replay the moves of an alias on a stack."""
    stack: list[int | None] = []
    for one in moves:
        if one.reason is MoveReason.ROLLBACK:
            stack.pop()
        elif one.reason is MoveReason.REMOVAL:
            stack.clear()
        else:
            stack.append(one.to_version)
        assert one.to_version == (stack[-1] if stack else None)


async def test_a_rollback_after_many_finds_the_promotion_that_is_left(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = await with_versions(store.scripts, 2)
        for number in range(24):
            await promoted(store, script.id, 1 + number % 2)
        for number in range(23):
            moved = (await rolled_back(store, script.id)).unwrap()
            assert moved.alias is not None
            assert moved.alias.version == 1 + number % 2
        assert await rolled_back(store, script.id) == Failure(NothingToRollBack(LIVE))


async def test_a_gate_is_set_replaced_and_removed_and_never_has_an_earlier_revision(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = await with_versions(store.scripts, 1)
        assert await store.aliases.gate(script.id) is None

        async def put(gate: Gate, given: Precondition = UNCONDITIONAL) -> Result[StoredGate | None, PreconditionFailed]:
            return await store.aliases.set_gate(script.id, partial(replace_gate, gate, given))

        async def delete(given: Precondition = UNCONDITIONAL) -> Result[StoredGate | None, object]:
            return await store.aliases.set_gate(script.id, partial(remove_gate, given))

        assert await delete() == Failure(MissingGate())
        first = (await put(GATE)).unwrap()
        assert first is not None
        assert (await put(GATE)).unwrap() == first == await store.aliases.gate(script.id)
        other = Gate(aliases=frozenset({LIVE, CANARY}), tests=False, replay_last=1)
        second = (await put(other, Precondition(revisions=frozenset({str(first.revision)})))).unwrap()
        assert second is not None
        assert second.gate == other
        outdated = Precondition(revisions=frozenset({str(first.revision)}))
        assert await put(GATE, outdated) == await delete(outdated) == Failure(PreconditionFailed(second.revision))
        assert await delete() == Success(None)
        assert await store.aliases.gate(script.id) is None
        third = (await put(Gate(aliases=frozenset({LIVE}), tests=True))).unwrap()
        assert third is not None
        assert third.gate.replay_last is None
        assert len({one.revision for one in (first, second, third)}) == 3
        actions = [one.event.action for one in await store.audit.page(AuditFilter(), None, 99)]
        assert [actions.count(one) for one in (Action.SET_GATE, Action.REMOVED_GATE)] == [3, 1]


async def test_the_decision_gets_the_facts_as_they_are_stored(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = await with_versions(store.scripts, 2)
        alias = await promoted(store, script.id, 1)
        await promoted(store, script.id, 2, CANARY)
        (await store.aliases.set_gate(script.id, partial(replace_gate, GATE, UNCONDITIONAL))).unwrap()
        seen: list[AliasFacts] = []

        def look(facts: AliasFacts) -> Result[AliasMove, str]:
            seen.append(facts)
            return Failure("refused")

        for name, version in ((LIVE, 2), (CANARY, 3), (AliasName("other"), None)):
            request = MoveRequest(script_id=script.id, alias=name, version=version, needs_history=True)
            assert await store.aliases.move(request, look) == Failure("refused")
        live, canary, other = seen
        assert (live.alias, live.aliases, live.has_version, live.gate) == (alias, 2, True, GATE)
        recorded = await store.aliases.history(script.id, LIVE, None, 9)
        assert [RecordedMove(recorded[0].number, one) for one in live.moves] == recorded
        assert live.at >= alias.moved_at
        assert canary.alias is not None
        assert (canary.alias.version, canary.has_version) == (2, False)
        assert (other.alias, other.has_version, other.moves) == (None, False, ())
