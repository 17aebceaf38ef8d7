"""Settlements of attempts, stored in batches and retried until the store accepts them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeAlias, TypeVar, assert_never
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Result

from application.log_context import log_context
from application.ports.errors import Unavailable
from application.ports.queue import Completion, Queue, Release
from application.ports.sandbox import EngineMissing, RunFailure, SandboxLost, SandboxUnavailable
from domain.execution import Failed, Pending, Running
from domain.outcome import Logs, Produced, Run
from domain.transitions import finish, lose, reject_engine, release

log: Final = logging.getLogger(__name__)

Settlement: TypeAlias = Completion | Release
_S = TypeVar("_S", Completion, Release)


def settlement_of(running: Running, run: Result[Run, RunFailure], elapsed: timedelta, max_attempts: int) -> Settlement:
    """Decide the settlement of an attempt that took so long."""
    if is_successful(run):
        ran = run.unwrap()
        result = ran.outcome.result if isinstance(ran.outcome, Produced) else None
        return Completion(running.claim.id, finish(running, ran, elapsed), ran.logs, result)
    after = _after_failure(running, run.failure(), elapsed, max_attempts)
    if isinstance(after, Pending):
        return Release(running.claim.id, after)
    return Completion(running.claim.id, after, Logs(), None)


def _after_failure(running: Running, failure: RunFailure, elapsed: timedelta, max_attempts: int) -> Pending | Failed:
    match failure:
        case SandboxLost():
            return lose(running, running.started_at + elapsed, max_attempts)
        case SandboxUnavailable():
            return release(running)
        case EngineMissing():
            return reject_engine(running, elapsed)
        case _:
            assert_never(failure)


class Settler:
    """Batches settlements and retries until they are stored; calls `on_settled` for each, with whether it is stored.

    While `more_to_come` is true, the first settlement waits for others to share its transaction, at most
    `gather_seconds`. It is asked with each settlement, so that the last of a burst ends the wait.
    `stale` counts settlements whose claims are no longer valid, which are discarded.
    """

    def __init__(
        self,
        queue: Queue,
        retry_seconds: float,
        on_settled: Callable[[Settlement, bool], None],
        more_to_come: Callable[[], bool],
        gather_seconds: float,
    ) -> None:
        self._queue, self._retry_seconds, self._on_settled = queue, retry_seconds, on_settled
        self._more_to_come, self._gather_seconds = more_to_come, gather_seconds
        self._waiting: asyncio.Queue[Settlement] = asyncio.Queue()
        self._gathered = asyncio.Event()
        self.stale = 0

    def add(self, settlement: Settlement) -> None:
        """Queue a settlement for storage."""
        self._waiting.put_nowait(settlement)
        if not self._more_to_come():
            self._gathered.set()

    async def run(self) -> None:
        """Store the queued settlements, for ever."""
        while True:
            batch = [await self._waiting.get()]
            await self._gather()
            while not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            stored = await self._settle(batch)
            for settlement in batch:
                self._on_settled(settlement, settlement.claim_id in stored)
                self._waiting.task_done()

    async def _gather(self) -> None:
        self._gathered.clear()
        if self._more_to_come():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._gather_seconds):
                    await self._gathered.wait()

    async def drained(self) -> None:
        """Return once everything that was added is over."""
        await self._waiting.join()

    async def _settle(self, batch: list[Settlement]) -> frozenset[UUID]:
        """Store a batch; return the claim ids of the settlements that are stored."""
        completions = [one for one in batch if isinstance(one, Completion)]
        releases = [one for one in batch if isinstance(one, Release)]
        stored = await self._persist(self._queue.finish, completions)
        return stored | await self._persist(self._queue.release, releases)

    def _without_stale(self, settlements: list[_S], stale: frozenset[UUID]) -> frozenset[UUID]:
        for one in settlements:
            if one.claim_id in stale:
                self._drop(one)
        return frozenset(one.claim_id for one in settlements) - stale

    def _drop(self, settlement: Settlement) -> None:
        self.stale += 1
        with log_context(settlement.execution.submission, settlement.claim_id):
            log.warning(
                "discarded stale result of claim %s (%d so far)",
                settlement.claim_id,
                self.stale,
            )

    async def _persist(
        self, store: Callable[[list[_S]], Awaitable[frozenset[UUID]]], settlements: list[_S]
    ) -> frozenset[UUID]:
        while settlements:
            try:
                return self._without_stale(settlements, await store(settlements))
            except Unavailable as error:
                log.warning("%d settlements are waiting to be stored: %s", len(settlements), error)
                await asyncio.sleep(self._retry_seconds)
            except Exception:
                if len(settlements) == 1:
                    with log_context(settlements[0].execution.submission, settlements[0].claim_id):
                        log.exception("cannot settle claim %s; leaving its lease to expire", settlements[0].claim_id)
                    break
                return await self._persist_each(store, settlements)
        return frozenset()

    async def _persist_each(
        self, store: Callable[[list[_S]], Awaitable[frozenset[UUID]]], settlements: list[_S]
    ) -> frozenset[UUID]:
        """Store each settlement alone, so that one that the store rejects does not fail the others of its batch."""
        return frozenset().union(*[await self._persist(store, [one]) for one in settlements])
