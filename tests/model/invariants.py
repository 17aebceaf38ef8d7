"""Invariants of one script and of one execution, and the possible settlements of a claim."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from attrs import field, frozen

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
from domain.outcome import Logs, Run
from domain.retention import INHERIT_ALL, Retention
from domain.script import Script

NO_LOGS: Final = Logs()


@frozen
class HostedVersion:
    """A version's source and engine."""

    source: bytes
    engine: EngineName


@frozen
class Hosted:
    """A script, version by version, whether it is closed, its retention, and for each alias its promotions in force."""

    id: UUID
    versions: tuple[HostedVersion, ...]
    archived: bool = False
    retention: Retention = INHERIT_ALL
    aliases: Mapping[AliasName, tuple[int, ...]] = field(factory=dict)

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
