"""Capabilities that the use cases require of the outside world. Every adapter is held to the same contract tests.

`application.messages` has what they take and give. What is not there is `None` or a `Result` failure.
"""

from asyncio import Event
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from returns.result import Result

from application.messages import (
    AuditFilter,
    Claimed,
    Ending,
    ExecutionFilter,
    MalformedJson,
    NameTaken,
    NotRunnable,
    Outdated,
    Readiness,
    Report,
    Return,
    RunFailure,
    ScriptKey,
    Taken,
    Vitals,
)
from application.sealing import WrappedKey
from application.stored_bodies import PartBuffer, StoredBody
from domain.access import ApiKey
from domain.audit import NOBODY, Actor, Deed, Recorded
from domain.body import Body
from domain.engine import EngineName
from domain.execution import Execution, Failed, Finished, Pending, Running, Unfinished
from domain.idempotency import IdempotencyKey, KeyedRequest, KeyRecord
from domain.limits import Limits
from domain.outcome import Run
from domain.script import Script, ScriptVersion, Source, VersionSummary
from domain.warnings import NumberWarning, SourceWarning


class Clock(Protocol):
    """The time now, aware, in UTC."""

    def __call__(self) -> datetime: ...


class NewId(Protocol):
    """A fresh, time-ordered id (UUID version 7)."""

    def __call__(self) -> UUID: ...


class Bodies(Protocol):
    """JSON text: to and from its stored form, and what its readers would not get of it. Off the event loop."""

    async def seal(self, text: bytes) -> Result[Body, MalformedJson]:
        """The stored form of text that somebody sent, a user or a sandboxed process, if it is JSON in UTF-8."""
        ...

    async def from_lines(self, text: bytes) -> Result[bytes, MalformedJson]:
        """The JSON array of the values that NDJSON text has, one a line; blank lines are none."""
        ...

    async def survey(self, text: bytes) -> tuple[NumberWarning, ...]:
        """The numbers that JavaScript rounds in text that `seal` has accepted: at most one warning a kind."""
        ...

    async def open(self, body: Body) -> bytes:
        """The text again."""
        ...

    async def count_values(self, text: bytes, most: int) -> int:
        """The values in text that may be JSON, those inside others included; more than `most` is not counted on."""
        ...

    def pieces(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        """The text again, piece by piece. Each is made when it is asked for: if the body is large, not on the loop.

        An empty piece asks for another part of the stored form.
        """
        ...

    def lines(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        """The same of an array's items, each on a line of its own and otherwise as it is written in the text."""
        ...

    async def is_array(self, pieces: AsyncIterator[bytes]) -> bool:
        """Tell whether text in pieces is an array. No more is read than necessary."""
        ...


class Scripts(Protocol):
    """The hosted scripts and their versions. Each change goes into the audit trail with it, as `by`'s."""

    async def add(self, script: Script, version: ScriptVersion, by: Actor = NOBODY) -> Result[None, NameTaken]:
        """Keep a new script with its first version."""
        ...

    async def add_version(self, version: ScriptVersion, by: Actor = NOBODY) -> Result[None, Outdated]:
        """Keep the next version, unless its number is taken or the script has been archived meanwhile."""
        ...

    async def set_archived_at(self, script: Script, by: Actor = NOBODY) -> None:
        """Keep the script's `archived_at`, if it is another."""
        ...

    async def set_retention(self, script: Script, by: Actor = NOBODY) -> None:
        """Keep the script's `retention`, if it is another."""
        ...

    async def find(self, key: ScriptKey) -> Script | None:
        """The script of that id or name."""
        ...

    async def version(self, script_id: UUID, number: int) -> ScriptVersion | None:
        """One version of a script."""
        ...

    async def page(self, before: UUID | None, limit: int) -> Sequence[Script]:
        """Up to `limit` scripts, newest first, whose ids come before `before`."""
        ...

    async def versions(self, script_id: UUID, before: int | None, limit: int) -> Sequence[VersionSummary]:
        """Up to `limit` versions of a script, newest first, whose numbers are less than `before`."""
        ...


class Executions(Protocol):
    """The record of every execution, for those who submit and read. Each change goes into the audit trail with it, as
    `by`'s."""

    async def add(self, pending: Pending, dataset: Body, by: Actor = NOBODY) -> None:
        """Keep a new execution and its dataset, durably, and wake a worker."""
        ...

    async def cancel(self, read: Unfinished, failed: Failed, by: Actor = NOBODY) -> Result[None, Outdated]:
        """Store the cancellation of an execution that is still as it was read, wake its readers, and notify the worker
        that its claim is no longer valid. The notification is best effort; `Queue.renew` is authoritative."""
        ...

    async def remove_content(self, removed: Finished, by: Actor = NOBODY) -> None:
        """Drop dataset, result and logs of an execution that has ended, and keep the record as it is without them.

        All of it at once, and once: if the content is gone already, the record stays as it is.
        """
        ...

    async def report(self, execution_id: UUID, result_up_to: int) -> Report | None:
        """The execution, its logs, and its result if that is at most `result_up_to` bytes long."""
        ...

    async def dataset(self, execution_id: UUID) -> StoredBody | None:
        """The dataset of an execution, unless it was removed."""
        ...

    async def result(self, execution_id: UUID) -> StoredBody | None:
        """The result of an execution that has succeeded, unless it was removed."""
        ...

    async def page(self, wanted: ExecutionFilter, before: UUID | None, limit: int) -> Sequence[Execution]:
        """Up to `limit` executions that the filter shows, newest first, whose ids come before `before`."""
        ...

    async def waiting(self, up_to: int) -> int:
        """The number of pending executions, counted up to `up_to`, which bounds the cost."""
        ...


class IdempotencyKeys(Protocol):
    """The keys of submissions, each remembered for as long as the store was told; after that it is free again."""

    async def find(self, key: IdempotencyKey) -> KeyRecord | None:
        """The record of the key."""
        ...

    async def add(self, pending: Pending, dataset: Body, request: KeyedRequest, by: Actor = NOBODY) -> KeyRecord | None:
        """Store the key, if it is free, and the execution as `Executions.add` does, both or neither.

        If the key is taken, nothing is stored and its record is returned. Atomic across processes: exactly one
        concurrent caller gets None.
        """
        ...

    async def forget_expired(self, count: int) -> int:
        """Remove up to `count` keys whose time is over; how many they were."""
        ...


class ApiKeys(Protocol):
    """The API keys. Of a key's token the store has the SHA-256 alone, 64 hex digits, and finds the key by it.
    Keys that are made and revoked go into the audit trail with that, as `by`'s deeds.

    A look-up by hash takes the same time however much of a wrong token is right, since all of it goes into the hash.
    """

    async def add(self, key: ApiKey, token_digest: str, by: Actor = NOBODY) -> None:
        """Keep a new key."""
        ...

    async def find(self, token_digest: str) -> ApiKey | None:
        """The key of the token with that digest, revoked or not."""
        ...

    async def all(self) -> Sequence[ApiKey]:
        """Every key that there ever was, newest first."""
        ...

    async def any_unrevoked(self) -> bool:
        """Tell whether any key is not revoked, expired or not."""
        ...

    async def revoke(self, revoked: ApiKey, by: Actor = NOBODY) -> None:
        """Keep the key's `revoked_at`, unless it was revoked before."""
        ...

    async def note_uses(self, uses: Mapping[UUID, datetime]) -> None:
        """Keep when keys were used last, where that is later than what is kept."""
        ...


class AuditTrail(Protocol):
    """The audit trail: nothing in it is changed or removed."""

    async def add(self, deeds: Sequence[tuple[datetime, Deed]]) -> None:
        """Write down deeds that changed nothing, all of them or none."""
        ...

    async def page(self, wanted: AuditFilter, before: int | None, limit: int) -> Sequence[Recorded]:
        """Up to `limit` deeds that the filter shows, the last written first, whose numbers are less than `before`."""
        ...


class Queue(Protocol):
    """The same record as the workers see it: the executions that wait, and those that are held.

    Whoever claims gets a lease. While it is renewed nobody else gets the execution; once it has run out,
    `reclaim` takes the execution away. All of them work on batches.
    """

    async def claim(
        self,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str] = (),
    ) -> Sequence[Claimed]:
        """Up to `count` waiting executions, each through `start`, which gets the store's own time.

        Those of versions on an excluded engine go on waiting, and what the same script has behind one of them may too.

        Scripts take turns and give their oldest first: of two scripts that both still have waiting executions, neither
        has been served twice more than the other, in one batch or over all that one worker claims one after another,
        unless a cap on a script's runs or another worker's lock kept it back. Fewer come where their datasets are
        large, but at least one.
        """
        ...

    async def finish(self, endings: Sequence[Ending]) -> frozenset[UUID]:
        """Keep the endings whose claims still hold and wake those who wait for them; the claim ids of the rest."""
        ...

    async def give_back(self, returns: Sequence[Return]) -> frozenset[UUID]:
        """Put executions whose claims still hold back in the queue; the claim ids of the rest."""
        ...

    async def renew(self, held: Collection[Running]) -> frozenset[UUID]:
        """Extend the leases and say that this worker lives; the claim ids that hold no longer."""
        ...

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        """Up to `count` executions whose leases have run out, each through `lose`."""
        ...


class Endings(Protocol):
    """The signal that an execution has ended."""

    def watch(self, execution_id: UUID) -> AbstractContextManager[Event]:
        """An event that is set when the execution ends from now on, or when waiting has become pointless."""
        ...


class DataKeys(Protocol):
    """The wrapped data keys of all executions, for those who change the master key."""

    async def counted(self) -> Mapping[str, int]:
        """The number of data keys that each master key has wrapped, by its id. Reads all of them."""
        ...

    async def rewrap(
        self, master_key_id: str, after: UUID, count: int, rewrap: Callable[[UUID, WrappedKey], WrappedKey | None]
    ) -> UUID | None:
        """Up to `count` keys of that master key, of executions whose ids come after `after`, each through `rewrap`,
        which may leave one as it is; the last of the ids, or None if there were no more. Those that somebody else works
        on are passed over."""
        ...


class ExpiredExecutions(Protocol):
    """The executions that ended some time ago, by the store's own clock, for those who keep them no longer.

    How long ago says the script's own retention, or else `kept_for`; where neither does, they are kept. Both go from
    script to script, in the order of ids and beginning with `first`, and take up to `count` executions, of each version
    the oldest first. Those that somebody else works on are passed over.
    """

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> Taken:
        """Do as `Executions.remove_content` does with those whose content is still there, each through `remove`, which
        gets the store's own time."""
        ...

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> Taken:
        """Delete the record too, with all that belongs to it."""
        ...


class CheckReadiness(Protocol):
    """Checks the service's dependencies. Never raises."""

    async def __call__(self) -> Readiness: ...


class ReadVitals(Protocol):
    """A cheap look at how the store fares, for whoever watches over the service."""

    async def __call__(self) -> Vitals: ...


class RunScript(Protocol):
    """The sandbox that runs scripts."""

    def __call__(self, claimed: Claimed, /) -> Awaitable[Result[Run, RunFailure]]:
        """Run the source on its version's engine over the dataset, within the limits. Cancelling the call ends the run
        at once."""
        ...


class CheckScript(Protocol):
    """The sandbox that tries whether a source can be hosted."""

    async def __call__(
        self, source: Source, limits: Limits, engine: EngineName, /
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        """Check that the source parses, its top level ends within the limits, and `process` is a function then.

        What can be hosted may still be warned about.
        """
        ...
