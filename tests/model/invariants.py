"""Invariants of one script and of one execution, and the possible settlements of a claim."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from attrs import define, field, frozen

from application.ports.queue import Claimed
from application.ports.sandbox import SandboxLost
from domain.aliases import LIVE, AliasName, VersionRef
from domain.body import Body
from domain.engine import EngineName
from domain.execution import (
    TRANSITIONS,
    Claim,
    Event,
    Execution,
    Finished,
    Pending,
    Running,
    State,
    Submission,
    Unfinished,
    state_of,
)
from domain.gate import Gate
from domain.outcome import Logs, Run
from domain.replayed_executions import ReplayOutcome, Settled
from domain.retention import INHERIT_ALL, ScriptRetention
from domain.script import Script

NO_LOGS: Final = Logs()


@frozen
class HostedVersion:
    """A version's source and engine."""

    source: bytes
    engine: EngineName


@frozen
class Hosted:
    """A script, version by version, whether it is closed, its retention, for each alias its promotions in force, its
    gate, and for each test its results by version."""

    id: UUID
    versions: tuple[HostedVersion, ...]
    archived: bool = False
    retention: ScriptRetention = INHERIT_ALL
    aliases: Mapping[AliasName, tuple[int, ...]] = field(factory=dict)
    gate: Gate | None = None
    tests: Mapping[str, Mapping[int, bool]] = field(factory=dict)

    def leads_to(self, wanted: VersionRef | None) -> int | None:
        """Return the number to which a reference leads, None if there is no such alias."""
        if isinstance(wanted, int):
            return wanted
        if wanted is None and LIVE not in self.aliases:
            return len(self.versions)
        return next(iter(self.aliases.get(wanted or LIVE, ())[-1:]), None)

    def agrees(self, name: str, script: Script) -> None:
        """Assert that a store's script agrees with this."""
        shown = (script.id, script.name.value, script.latest_version, script.archived_at is not None)
        assert shown == (self.id, name, len(self.versions), self.archived)
        assert (script.retention, script.engine) == (self.retention, self.versions[-1].engine)
        assert script.aliases == {alias: stack[-1] for alias, stack in self.aliases.items()}
        assert script.archived_at is None or script.archived_at >= script.created_at


@frozen
class Entry:
    """One execution. `attempts` counts as its states do; `events` are those since the store was last looked at."""

    submission: Submission
    dataset: bytes = field(repr=False)
    state: State = State.PENDING
    attempts: int = 0
    claim: Claim | None = None
    leased_until: timedelta = timedelta()
    last_start: datetime | None = None
    ended: Finished | None = None
    logs: Logs = NO_LOGS
    result: Body | None = None
    removed: bool = False
    events: tuple[Event, ...] = ()

    @property
    def is_replay(self) -> bool:
        """Tell whether it repeats another execution."""
        return self.submission.replay_of is not None

    @property
    def latest(self) -> datetime:
        """The latest time that is known of it; none after it may be earlier."""
        return self.last_start or self.submission.submitted_at

    def execution(self) -> Execution:
        """Build the execution as every store must show it."""
        return self.as_unfinished() if self.ended is None else self.ended

    def as_unfinished(self) -> Unfinished:
        """Build the execution as long as it has not ended."""
        if self.claim is None:
            return Pending(self.submission, self.attempts)
        assert self.last_start is not None
        return Running(self.submission, self.attempts, self.claim, self.last_start)


@define
class Replayed:
    """A replay on a version: its originals and the ids of their replays, and each outcome once it is known."""

    script_id: UUID
    version: int
    last: int
    originals: tuple[UUID, ...]
    executions: tuple[UUID, ...]
    settled: dict[int, Settled] = field(factory=dict)
    is_finished: bool = False
    is_accepted: bool = False

    def covers(self, last: int) -> bool:
        """Tell whether it has run that many of the last executions, or all that there were and could be run."""
        run = sum(one.outcome is not ReplayOutcome.SKIPPED for one in self.settled.values())
        took_all = len(self.originals) < self.last and (run > 0 or not self.originals or self.is_accepted)
        return self.is_finished and (run >= last or took_all)

    @property
    def passes(self) -> bool:
        """Tell whether nothing differs that is not accepted."""
        fine = (ReplayOutcome.EQUAL, ReplayOutcome.SKIPPED)
        return self.is_accepted or all(one.outcome in fine for one in self.settled.values())


@frozen
class Kept:
    """The binding of an idempotency key: the requested script, version and dataset, and the execution."""

    asked: tuple[str, VersionRef | None, bytes]
    execution_id: UUID
    expires: timedelta


@frozen
class Told:
    """A worker's settlement of one claim: its run and duration, or, without a run, its release."""

    claimed: Claimed
    run: Run | SandboxLost | None
    elapsed: timedelta = timedelta()

    @property
    def claim_id(self) -> UUID:
        return self.claimed.running.claim.id


def reachable(before: Execution | None, events: Iterable[Event]) -> frozenset[State]:
    """Compute the states that these events can have led to. A new execution was pending first."""
    states = frozenset({State.PENDING if before is None else state_of(before)})
    for event in events:
        states = frozenset().union(*(TRANSITIONS.get((state, event), frozenset()) for state in states))
    return states
