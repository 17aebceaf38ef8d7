"""Ports to the replays on versions: for clients that start and read them, and for the process that carries them on."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from attrs import field, frozen

from domain.audit import Actor
from domain.body import Body
from domain.execution import Finished
from domain.replay_columns import Columns
from domain.replayed_executions import ReplayedExecution, Settled
from domain.script import ScriptName
from domain.version_replays import LatestExecutions, ReplayReport, VersionReplay


@frozen
class NewVersionReplay:
    """A replay to be stored, the executions of it with the ids that their replays will have, and its actor."""

    replay: VersionReplay
    executions: tuple[ReplayedExecution, ...]
    by: Actor


@frozen(kw_only=True)
class ReplayRecord:
    """A stored replay with its outcomes so far, and the sums of its columns, where they were read. The names are those
    of its script, and of the API keys that created and accepted it; names never change."""

    replay: VersionReplay
    script_name: ScriptName
    report: ReplayReport
    created_by: str | None = None
    accepted_by: str | None = None
    columns: Columns | None = field(default=None, repr=False)


@frozen
class StoredDifferences:
    """The differences of one execution of a replay, in their stored form."""

    execution: ReplayedExecution
    body: Body = field(repr=False)


@frozen
class StoredColumns:
    """The text of the columns' figures of one execution of a replay, by its number."""

    number: int
    text: bytes = field(repr=False)


@frozen
class OpenExecution:
    """An execution of a replay whose outcome is not known: whether its replay has been added, and has finished."""

    execution: ReplayedExecution
    is_added: bool
    is_finished: bool


@frozen
class Settlement:
    """The outcome of one execution of a replay, its differences, if there are any, with the text of its columns, if
    these are of tables, and the replay's execution without its content, if that is to be removed."""

    execution: ReplayedExecution
    settled: Settled
    differences: Body | None = None
    columns: bytes | None = field(default=None, repr=False)
    removed: Finished | None = None


class VersionReplays(Protocol):
    """The replays on versions. Changes are audited in the same transaction."""

    async def latest(self, script_id: UUID, wanted: LatestExecutions) -> Sequence[UUID]:
        """List the finished executions of a script that have their content, repeat no other one and match, newest
        first."""
        ...

    async def scripts_of(self, executions: Collection[UUID]) -> Mapping[UUID, UUID]:
        """Return the ids of the scripts of those executions that exist."""
        ...

    async def add(self, new: NewVersionReplay) -> None:
        """Keep a new replay with its executions, durably."""
        ...

    async def find(self, replay_id: UUID) -> ReplayRecord | None:
        """Find a replay."""
        ...

    async def page(self, script_id: UUID, version: int, before: UUID | None, limit: int) -> Sequence[ReplayRecord]:
        """List up to `limit` replays on a version, newest first, whose ids come before `before`."""
        ...

    async def executions(self, replay_id: UUID, first: int, limit: int) -> Sequence[ReplayedExecution]:
        """List up to `limit` executions of a replay by their numbers, from `first` on."""
        ...

    async def differences(self, replay_id: UUID, first: int, limit: int) -> Sequence[StoredDifferences]:
        """Read the differences of up to `limit` executions of a replay that have any, numbered from `first` on."""
        ...

    async def columns(self, replay_id: UUID, first: int, limit: int) -> Sequence[StoredColumns]:
        """Read the columns of up to `limit` executions of a replay that have any, numbered from `first` on."""
        ...

    async def accept(self, accepted: VersionReplay, by: Actor) -> None:
        """Keep the acceptance of a replay, unless it has one."""
        ...


class ReplayWork(Protocol):
    """The same replays as the processes see them that carry them on. A process holds a replay by a lease; once that has
    expired, another one takes the replay over. Nothing depends on the lease but the economy: an execution has one id
    and one outcome, whoever adds and settles it.
    """

    async def take(self, count: int) -> Sequence[VersionReplay]:
        """Take up to `count` unfinished replays, the oldest first, that this process holds or no process does, with a
        new lease."""
        ...

    async def renew(self, held: Collection[UUID]) -> None:
        """Extend the leases of this process."""
        ...

    async def release(self) -> None:
        """Give up all leases of this process, so that another one need not wait for their ends."""
        ...

    async def open_executions(self, replay_id: UUID, limit: int) -> Sequence[OpenExecution]:
        """List the first executions of a replay whose outcome is not known."""
        ...

    async def settle(self, settlement: Settlement) -> bool:
        """Store the outcome of an execution, its differences and the removal of its content: all of it, or nothing if
        the outcome is known already. Differences of removed content are not stored. Tells which."""
        ...

    async def finish(self, replay_id: UUID, report: ReplayReport) -> bool:
        """Store the report of a replay whose executions are all settled, at the store's own time, and wake its
        readers; unless it is finished already. Tells which."""
        ...
