"""Replays on versions: users' acts on them, and the processes that carry them on."""

from collections import Counter
from collections.abc import Sequence
from time import monotonic
from typing import Any, Final, TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Result

from adapters.json.bodies import JsonBodies
from adapters.system import uuid7
from application.executions.admission import Admission
from application.ports.executions import ExecutionDetails
from application.ports.version_replays import ReplayRecord
from application.replays.add_execution import AddingPorts
from application.replays.read import ReplayRef
from application.replays.runner import ReplayRunner, RunnerPorts
from application.replays.settle_execution import SettlingPorts
from application.replays.start import ReplayRefused, StartReplay, VersionReplayPorts
from application.replays.use_cases import VersionReplayUseCases
from application.scripts.read import UnknownScript, UnknownVersion
from domain.audit import ANONYMOUS
from domain.execution import Failed, Pending
from domain.outcome import ErrorKind
from domain.replay_sums import counts_of
from domain.replayed_executions import ReplayedExecution, ReplayOutcome, ReplayReason, Settled
from domain.script import ScriptArchived, ScriptName
from domain.version_replays import LatestExecutions, ReplayRequest, acceptance_note
from tests.model.environments import Api, World
from tests.model.invariants import Entry, Replayed
from tests.model.ledger import Ledger
from tests.support.plain_comparison import PlainComparison
from tests.support.replaying import carry_on

BODIES: Final = JsonBodies()
Shown: TypeAlias = tuple[ReplayRecord, Sequence[ReplayedExecution], Sequence[ExecutionDetails | None]]
WITHOUT_A_RUN: Final = (ErrorKind.CANCELLED, ErrorKind.WORKER_LOST)


def _replays(api: Api) -> VersionReplayUseCases:
    return VersionReplayUseCases(
        VersionReplayPorts(
            known_scripts=api.known_scripts,
            replays=api.replays,
            completions=api.endings,
            clock=api.clock,
            new_id=uuid7,
        )
    )


@frozen
class StartVersionReplay:
    """A user replays the last executions of a script on a version."""

    api: int
    name: str
    version: int
    last: int

    async def act(self, world: World) -> tuple[Result[ReplayRecord, ReplayRefused], Sequence[ReplayedExecution]]:
        api, request = world.apis[self.api], ReplayRequest(selection=LatestExecutions(self.last))
        command = StartReplay(script=ScriptName(self.name), version=self.version, request=request, actor=ANONYMOUS)
        started = await _replays(api).start(command)
        members = await api.replays.executions(started.unwrap().replay.id, 0, 99) if is_successful(started) else ()
        return started, members

    def tell(self, ledger: Ledger, answer: Any) -> None:
        started, members = answer
        hosted = ledger.scripts.get(self.name)
        if hosted is None or self.version > len(hosted.versions) or hosted.archived:
            unknown = UnknownScript if hosted is None else UnknownVersion
            is_there = hosted is not None and self.version <= len(hosted.versions)
            assert isinstance(started.failure(), ScriptArchived if is_there else unknown)
            return
        wanted = ledger.latest_finished(hosted.id)[: self.last]
        assert [one.original_id for one in members] == wanted
        replay = started.unwrap().replay
        ids = tuple(one.execution_id for one in members)
        ledger.replays[replay.id] = Replayed(hosted.id, self.version, self.last, tuple(wanted), ids)


@frozen
class AcceptReplay:
    """A user accepts the differences of a replay."""

    api: int
    replay_id: UUID = field(repr=False)

    async def act(self, world: World) -> Result[ReplayRecord, Any]:
        api = world.apis[self.api]
        found = await api.replays.find(self.replay_id)
        assert found is not None
        wanted = ReplayRef(script=found.replay.script_id, version=found.replay.version, id=self.replay_id)
        return await _replays(api).accept(wanted, acceptance_note("wanted").unwrap(), ANONYMOUS)

    def tell(self, ledger: Ledger, answer: Result[ReplayRecord, Any]) -> None:
        replay = ledger.replays[self.replay_id]
        assert is_successful(answer) == replay.is_finished
        replay.is_accepted |= replay.is_finished


@frozen
class CarryOn:
    """A process carries its replays on by a step, and then gives them up, or dies without."""

    worker: int
    replays: tuple[UUID, ...] = field(repr=False)
    dies: bool = False

    async def act(self, world: World) -> list[Shown]:
        api = world.apis[self.worker]
        runner = self._runner(world)
        await carry_on(runner)
        if not self.dies:
            await runner.release()
        return [await _shown(api, one) for one in self.replays]

    def _runner(self, world: World) -> ReplayRunner:
        api = world.apis[self.worker]
        adding = AddingPorts(
            known_scripts=api.known_scripts,
            executions=api.executions,
            admission=Admission(api.executions.replays_waiting, 0, monotonic),
            bodies=BODIES,
            clock=api.clock,
        )
        settling = SettlingPorts(
            executions=api.executions, bodies=BODIES, compare=PlainComparison(BODIES), clock=api.clock
        )
        return ReplayRunner(
            RunnerPorts(
                work=world.replay_work[self.worker],
                replays=api.replays,
                adding=adding,
                settling=settling,
                observe=lambda outcome: None,
            )
        )

    def tell(self, ledger: Ledger, answer: list[Shown]) -> None:
        for record, members, details in answer:
            replay = ledger.replays[record.replay.id]
            for member, left in zip(members, details, strict=True):
                _member(ledger, replay, member, left)
            outcomes = Counter(one.outcome.value for one in replay.settled.values())
            assert record.report.counts == counts_of(len(replay.originals), outcomes)
            is_finished = record.replay.finished_at is not None
            assert is_finished >= replay.is_finished
            assert not is_finished or len(replay.settled) == len(replay.originals)
            replay.is_finished = is_finished


async def _shown(api: Api, replay_id: UUID) -> Shown:
    record, members = await api.replays.find(replay_id), await api.replays.executions(replay_id, 0, 99)
    assert record is not None
    return record, members, [await api.executions.report(one.execution_id, 1_000) for one in members]


def _member(ledger: Ledger, replay: Replayed, member: ReplayedExecution, left: ExecutionDetails | None) -> None:
    """Record an execution that was added, and an outcome, which is the right one and never changes."""
    if left is not None and member.execution_id not in ledger.entries:
        submission, original = left.execution.submission, ledger.entries[member.original_id]
        assert left.execution == Pending(submission)
        assert (submission.replay_of, submission.dataset) == (original.submission.id, original.submission.dataset)
        assert (submission.script.id, submission.script.version) == (replay.script_id, replay.version)
        ledger.submitted(submission, original.dataset)
    known = replay.settled.get(member.number)
    if known is not None or member.settled is None:
        assert member.settled == known
        return
    replay.settled[member.number] = member.settled
    own = ledger.entries.get(member.execution_id)
    _is_right(member.settled, ledger.entries[member.original_id], own)
    if member.settled.outcome is ReplayOutcome.EQUAL:
        assert left is not None
        ledger.removed(member.execution_id, left)


def _is_right(settled: Settled, original: Entry, own: Entry | None) -> None:
    """Restate the outcome, from what was recorded before it was settled."""
    before = original.ended
    assert before is not None
    if own is None:
        has_run = not (isinstance(before, Failed) and before.provenance is None)
        reason = ReplayReason.CONTENT_REMOVED if has_run else ReplayReason.NO_RUN
        assert (settled.outcome, settled.reason) == (ReplayOutcome.SKIPPED, reason)
        return
    after = own.ended
    assert after is not None
    bare = original.removed or own.removed
    if isinstance(after, Failed) and after.error.kind in WITHOUT_A_RUN:
        assert settled.outcome is ReplayOutcome.INCOMPLETE
    elif isinstance(before, Failed) and isinstance(after, Failed):
        if not bare:
            is_same = (before.error.kind, before.error.message) == (after.error.kind, after.error.message)
            assert settled.outcome is (ReplayOutcome.EQUAL if is_same else ReplayOutcome.CHANGED)
    elif isinstance(before, Failed) or isinstance(after, Failed):
        is_failing = isinstance(after, Failed)
        assert settled.outcome is (ReplayOutcome.NOW_FAILING if is_failing else ReplayOutcome.NOW_SUCCEEDING)
    elif before.output.sha256 == after.output.sha256:
        assert settled.outcome is ReplayOutcome.EQUAL
    else:
        assert settled.outcome is (ReplayOutcome.INCOMPLETE if bare else ReplayOutcome.CHANGED)
