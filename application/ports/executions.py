"""Ports to the record of executions, for clients that submit and read them."""

from asyncio import Event
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.ports.errors import Conflict
from application.ports.stored_bodies import StoredBody
from domain.aliases import AliasName
from domain.audit import ANONYMOUS, Actor
from domain.body import Body
from domain.execution import Execution, Failed, Finished, Pending, State, Unfinished
from domain.idempotency import IdempotencyKey, KeyRecord, RequestFingerprint
from domain.outcome import Logs
from domain.queue_state import QueuePlace


@frozen
class ExecutionFilter:
    """Filter of a list of executions. An absent member shows all; times are `submitted_from <= t < submitted_to`.

    Replays are left out unless `replays` is set, or `replay_of`, which selects those of one execution. `input_of`
    selects the executions whose submissions named the dataset of that one, and `batch` those of a batch.
    """

    script: UUID | None = None
    version: int | None = None
    state: State | None = None
    submitted_from: datetime | None = None
    submitted_to: datetime | None = None
    replays: bool = False
    replay_of: UUID | None = None
    input_of: UUID | None = None
    batch: UUID | None = None


@frozen
class ExecutionDetails:
    """An execution with its logs and result. `result` is absent if there is none or it exceeds the requested size;
    `queue` is absent unless the execution is pending and its place was read."""

    execution: Execution
    logs: Logs
    result: Body | None
    queue: QueuePlace | None = None


@frozen
class Expected:
    """The state in which a script must be for an execution of it to be stored: open; if an execution of its latest
    version is to be stored, without a version after `latest`; and with an `alias` that leads to the version `leads_to`,
    or without such an alias if that is None. A replay does not need an open script."""

    latest: int | None = None
    must_be_open: bool = True
    alias: AliasName | None = None
    leads_to: int | None = None


OPEN: Final = Expected()


@frozen
class NewExecution:
    """An execution to be stored, its dataset, the actor who submitted both, and the expected state of its script."""

    execution: Unfinished
    dataset: Body
    by: Actor = ANONYMOUS
    expected: Expected = OPEN


class Executions(Protocol):
    """The record of every execution, for submitting and reading.

    Each change is audited in the same transaction, with the actor `by`.
    """

    async def add(self, new: NewExecution) -> Result[None, Conflict]:
        """Keep a new execution and its dataset, durably. A pending one wakes a worker; a running one has a lease from
        now on, and no worker is told of it.

        If the script is not as expected, by a read that begins after this call, nothing is stored.
        """
        ...

    async def cancel(self, read: Unfinished, failed: Failed, by: Actor = ANONYMOUS) -> Result[Logs, Conflict]:
        """Store the cancellation of an execution that is still as it was read, wake its readers, and notify the worker
        that its claim is no longer valid. The notification is best effort; `Queue.renew` is authoritative.

        What was stored of the log of a running attempt becomes the log of the execution, and is returned."""
        ...

    async def remove_content(self, removed: Finished, by: Actor = ANONYMOUS) -> None:
        """Remove dataset, result and logs of an execution that has ended, and retain the rest of the record.

        All of it at once, and once: if the content is gone already, the record stays as it is.
        """
        ...

    async def report(self, execution_id: UUID, result_up_to: int) -> ExecutionDetails | None:
        """Read the execution, its logs, and its result if that is at most `result_up_to` bytes long."""
        ...

    async def dataset(self, execution_id: UUID) -> StoredBody | None:
        """Find the dataset of an execution, unless it was removed."""
        ...

    async def result(self, execution_id: UUID) -> StoredBody | None:
        """Find the result of an execution that has succeeded, unless it was removed."""
        ...

    async def page(self, wanted: ExecutionFilter, before: UUID | None, limit: int) -> Sequence[Execution]:
        """List up to `limit` executions that match the filter, newest first, whose ids come before `before`."""
        ...

    async def waiting(self, up_to: int) -> int:
        """Count the pending executions but replays, up to `up_to`, which bounds the cost."""
        ...

    async def queue_place(self, pending: Pending) -> QueuePlace:
        """Read the place of a pending execution in the queue, or of a pending replay among the replays."""
        ...

    async def replays_waiting(self, up_to: int) -> int:
        """Count the pending replays up to `up_to`."""
        ...


class IdempotencyKeys(Protocol):
    """The idempotency keys of submissions. Each is stored for a configured time, after which it is free again."""

    async def find(self, key: IdempotencyKey) -> KeyRecord | None:
        """Find the record of the key."""
        ...

    async def add(self, new: NewExecution, request: RequestFingerprint) -> Result[None, KeyRecord | Conflict]:
        """Store the key, if it is free, and the execution as `Executions.add` does, both or neither.

        If the key is taken, its record is the failure, even if the script is not as expected. Atomic across processes:
        exactly one concurrent caller succeeds.
        """
        ...

    async def forget_expired(self, count: int) -> int:
        """Remove up to `count` keys whose time is over; how many they were."""
        ...


class CompletionSignals(Protocol):
    """The signal that an execution has ended."""

    def watch(self, execution_id: UUID) -> AbstractContextManager[Event]:
        """Provide an event that is set when the execution ends from now on, or when waiting has become pointless."""
        ...
