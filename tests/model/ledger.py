"""The invariants: a plain record of everything that a store received and answered, which knows no store.

Each method takes a store's answer to one step, asserts that it was permitted, and records its consequences. None of it
calls `domain.transitions`: the rules are written down a second time, as arithmetic on an `Entry`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from attrs import define, evolve, field

from application.ports.executions import ExecutionDetails
from application.ports.queue import Claimed
from application.ports.sandbox import SandboxLost
from domain.aliases import AliasName
from domain.body import Body
from domain.execution import (
    Event,
    Execution,
    Failed,
    Finished,
    Pending,
    State,
    Submission,
    Succeeded,
    state_of,
)
from domain.outcome import ErrorKind, Logs, Produced, Rejected, Run
from domain.queue_state import QueuePlace
from domain.redaction import MESSAGE_REMOVED
from tests.model.invariants import NO_LOGS, Entry, Hosted, Kept, Replayed, Told, reachable

MAX_ATTEMPTS: Final = 3
LEASE: Final = timedelta(hours=1)
KEPT_FOR: Final = timedelta(hours=1)
WHILE: Final = timedelta(minutes=40)
"""Time passes by as much: a lease or a key outlives one of it and not two, and a slow machine makes no difference."""


@define
class Ledger:
    """All scripts, executions and claims that there ever were, and the time that has passed."""

    scripts: dict[str, Hosted] = field(factory=dict)
    entries: dict[UUID, Entry] = field(factory=dict)
    claimed: dict[UUID, Claimed] = field(factory=dict)
    seen: dict[UUID, Execution] = field(factory=dict)
    passed: timedelta = timedelta()
    keys: dict[str, Kept] = field(factory=dict)
    replays: dict[UUID, Replayed] = field(factory=dict)

    def copy(self) -> "Ledger":
        """Copy it, to test on the copy whether something can be true."""
        return Ledger(
            self.scripts.copy(),
            self.entries.copy(),
            self.claimed.copy(),
            self.seen.copy(),
            self.passed,
            self.keys.copy(),
            self.replays.copy(),
        )

    def kept_under(self, key: str) -> Kept | None:
        """Return the binding of the key, unless its time is over."""
        kept = self.keys.get(key)
        return kept if kept is not None and kept.expires > self.passed else None

    def latest_finished(self, script_id: UUID) -> list[UUID]:
        """List the finished executions of a script that have their content and repeat no other one, newest first."""
        own = [one for one in self.entries.values() if one.submission.script.id == script_id and not one.is_replay]
        return sorted((one.submission.id for one in own if one.ended is not None and not one.removed), reverse=True)

    def lets_pass(self, hosted: Hosted, alias: AliasName, version: int) -> bool:
        """Restate the requirements of a script's gate, if it guards the alias."""
        gate = hosted.gate
        if gate is None or alias not in gate.aliases:
            return True
        is_tested = bool(hosted.tests) and all(one.get(version) for one in hosted.tests.values())
        newest_first = [self.replays[one] for one in sorted(self.replays, reverse=True)]
        on_version = [one for one in newest_first if (one.script_id, one.version) == (hosted.id, version)]
        last = gate.replay_last
        covering = [] if last is None else [one for one in on_version if one.covers(last)][:1]
        return (is_tested or not gate.tests) and (last is None or any(one.passes for one in covering))

    def in_state(self, *states: State) -> list[Entry]:
        """List those in one of the states, oldest first."""
        return [self.entries[key] for key in sorted(self.entries) if self.entries[key].state in states]

    def expired(self) -> frozenset[UUID]:
        """List those whose leases have expired."""
        running = self.in_state(State.RUNNING)
        return frozenset(one.submission.id for one in running if one.leased_until < self.passed)

    def holder(self, claim_id: UUID) -> Entry | None:
        """Return the entry that the claim still holds."""
        entry = self.entries[self.claimed[claim_id].running.submission.id]
        return entry if entry.claim is not None and entry.claim.id == claim_id else None

    def submitted(self, submission: Submission, dataset: bytes) -> None:
        assert submission.id not in self.entries
        self.entries[submission.id] = Entry(submission, dataset)

    def pending(self, replays: bool) -> list[Entry]:
        """List the pending replays, or all else that is pending, oldest first."""
        return [one for one in self.in_state(State.PENDING) if one.is_replay is replays]

    def took(self, worker: str, count: int, claims: Sequence[Claimed], alone: bool, replays: bool = False) -> None:
        """Record a worker's claims of at most `count`, which are replays or never are.

        `alone`: no other worker was claiming, so the oldest of each script come first.
        """
        pending = self.pending(replays)
        assert all((one.running.submission.replay_of is not None) is replays for one in claims)
        assert len(claims) == min(count, len(pending)) or (not alone and len(claims) <= count)
        for one in claims:
            self._took(worker, one)
        for left in self.pending(replays) if alone else ():
            same = [one for one in claims if one.running.submission.script.id == left.submission.script.id]
            assert all(one.running.submission.id < left.submission.id for one in same)

    def _took(self, worker: str, claimed: Claimed) -> None:
        running = claimed.running
        entry = self.entries[running.submission.id]
        hosted = self.scripts[entry.submission.script.name.value]
        assert entry.state is State.PENDING
        assert running.claim.id not in self.claimed
        assert running.claim.worker == worker
        assert (running.submission, running.attempt) == (entry.submission, entry.attempts + 1)
        assert running.started_at >= entry.latest
        assert claimed.source.data == hosted.versions[entry.submission.script.version - 1].source
        assert claimed.dataset.digest == entry.submission.dataset
        self.claimed[running.claim.id] = claimed
        started = evolve(entry, state=State.RUNNING, attempts=running.attempt, claim=running.claim)
        leased_until = self.passed + LEASE
        self._happens(Event.CLAIM, evolve(started, leased_until=leased_until, last_start=running.started_at))

    def settled(self, told: Iterable[Told], states: Iterable[Finished | Pending], stale: frozenset[UUID]) -> None:
        """Record a worker's settlements of some claims, the states that it derived, and which were reported stale."""
        for one, state in zip(told, states, strict=True):
            entry = self.holder(one.claim_id)
            assert (entry is None) == (one.claim_id in stale)
            if entry is not None:
                self._settled(entry, one, state)

    def _settled(self, entry: Entry, told: Told, state: Finished | Pending) -> None:
        match told.run:
            case None:
                released = evolve(entry, state=State.PENDING, attempts=entry.attempts - 1, claim=None)
                self._happens(Event.RELEASE, released)
            case SandboxLost():
                self._lost(entry, state)
            case run:
                assert isinstance(state, Succeeded | Failed)
                assert state.started_at is not None
                assert state.finished_at == state.started_at + max(told.elapsed, timedelta())
                self._finished(entry, run, state)

    def _finished(self, entry: Entry, run: Run, ended: Finished) -> None:
        assert ended.provenance == run.provenance
        match run.outcome, ended:
            case Produced(result=result), Succeeded(output=output):
                assert output == result.digest
                self._ends(entry, Event.FINISH, ended, run.logs, result)
            case Rejected(error=error), Failed(error=kept):
                assert kept == error
                self._ends(entry, Event.FINISH, ended, run.logs)
            case _:
                raise AssertionError("an outcome became the other's ending")

    def renewed(self, claim_ids: Collection[UUID], lost: frozenset[UUID]) -> None:
        assert lost == {one for one in claim_ids if self.holder(one) is None}
        for entry in filter(None, map(self.holder, claim_ids)):
            self.entries[entry.submission.id] = evolve(entry, leased_until=self.passed + LEASE)

    def reclaimed(self, count: int, taken: Sequence[Pending | Failed], alone: bool) -> None:
        """Record a worker's reclaiming of at most `count`.

        `alone`: no other worker was reclaiming, so none was left that it could take. Two that reclaim at once skip the
        rows that the other has locked, and may share out fewer than either could.
        """
        expired = self.expired()
        assert len(taken) == min(count, len(expired)) or (not alone and len(taken) <= count)
        assert {one.submission.id for one in taken} <= expired
        for one in taken:
            self._lost(self.entries[one.submission.id], one)

    def _lost(self, entry: Entry, state: Finished | Pending) -> None:
        if entry.attempts < MAX_ATTEMPTS:
            assert state == Pending(entry.submission, entry.attempts)
            self._happens(Event.LOSE, evolve(entry, state=State.PENDING, claim=None))
        else:
            assert isinstance(state, Failed)
            assert (state.error.kind, state.provenance) == (ErrorKind.WORKER_LOST, None)
            self._ends(entry, Event.LOSE, state)

    def cancelled(self, execution_id: UUID, failed: Failed) -> None:
        assert (failed.error.kind, failed.provenance) == (ErrorKind.CANCELLED, None)
        self._ends(self.entries[execution_id], Event.CANCEL, failed)

    def removed(self, execution_id: UUID, left: ExecutionDetails) -> None:
        """Record that its content is gone, for good since the first time, and so is a script's text in an error."""
        entry, now = self.entries[execution_id], left.execution
        assert entry.ended is not None
        assert isinstance(now, Succeeded | Failed)
        assert now.content_removed_at is not None
        assert now.content_removed_at >= now.finished_at
        if not entry.removed:
            ended = evolve(entry.ended, content_removed_at=now.content_removed_at)
            if isinstance(ended, Failed) and ended.error.kind is ErrorKind.SCRIPT_ERROR:
                ended = evolve(ended, error=evolve(ended.error, message=MESSAGE_REMOVED, stack=None))
            self.entries[execution_id] = evolve(entry, ended=ended, removed=True, logs=NO_LOGS, result=None)
        self.reports(left)

    def _ends(
        self, entry: Entry, event: Event, ended: Finished, logs: Logs = NO_LOGS, result: Body | None = None
    ) -> None:
        started_at = entry.last_start if entry.claim is not None else None
        assert entry.ended is None
        assert (ended.submission, ended.attempt, ended.started_at) == (entry.submission, entry.attempts, started_at)
        assert ended.finished_at >= (started_at or entry.submission.submitted_at)
        self._happens(event, evolve(entry, state=state_of(ended), claim=None, ended=ended, logs=logs, result=result))

    def _happens(self, event: Event, entry: Entry) -> None:
        self.entries[entry.submission.id] = evolve(entry, events=(*entry.events, event))

    def agrees(self, listed: Sequence[Execution]) -> None:
        """Compare the whole list of executions of a store with the invariants and with the earlier list."""
        assert [one.submission.id for one in listed] == sorted(self.entries, reverse=True)
        for one in listed:
            entry, before = self.entries[one.submission.id], self.seen.get(one.submission.id)
            happened = entry.events or entry.removed or before is None
            assert one == before or happened, "it changed and nothing had happened"
            assert state_of(one) in reachable(before, entry.events)
            assert one == entry.execution()
            assert entry.attempts <= MAX_ATTEMPTS
            self.seen[one.submission.id] = one
            self.entries[one.submission.id] = evolve(entry, events=())

    def reports(self, report: ExecutionDetails) -> None:
        """Compare one execution's report, with a result of any size."""
        entry = self.entries[report.execution.submission.id]
        assert report == ExecutionDetails(entry.execution(), entry.logs, entry.result, self._place(report))

    def _place(self, report: ExecutionDetails) -> QueuePlace | None:
        """Compute the place of one that waits. Its reason depends on workers, which the ledger does not know."""
        asked = report.execution.submission
        if report.queue is None or not isinstance(report.execution, Pending):
            return None
        waiting = (one.submission for one in self.entries.values() if isinstance(one.execution(), Pending))
        ahead = sum(
            one.script.id == asked.script.id
            and one.id < asked.id
            and (one.replay_of is None) is (asked.replay_of is None)
            for one in waiting
        )
        return QueuePlace(ahead, report.queue.reason)
