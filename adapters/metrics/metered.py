"""Metered ports, each a wrapper of another one. A method that is not counted is the wrapped port's own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Result

from adapters.metrics.instruments import Instruments
from application.ports.errors import Conflict
from application.ports.executions import Executions, IdempotencyKeys
from application.ports.queue import Claimed, Completion, Queue, Release
from application.ports.sandbox import RunFailure, RunScript
from domain.audit import ANONYMOUS, Actor
from domain.body import Body
from domain.execution import Failed, Pending, Running, Unfinished
from domain.idempotency import KeyRecord, RequestFingerprint
from domain.outcome import Run


class MeteredExecutions:
    """The port `Executions`, counting submissions and cancellations."""

    def __init__(self, executions: Executions, instruments: Instruments) -> None:
        self._executions, self._instruments = executions, instruments
        self.remove_content: Final = executions.remove_content
        self.report: Final = executions.report
        self.dataset: Final = executions.dataset
        self.result: Final = executions.result
        self.page: Final = executions.page
        self.waiting: Final = executions.waiting

    async def add(self, pending: Pending, dataset: Body, by: Actor = ANONYMOUS) -> None:
        await self._executions.add(pending, dataset, by)
        self._instruments.submissions.inc()

    async def cancel(self, read: Unfinished, failed: Failed, by: Actor = ANONYMOUS) -> Result[None, Conflict]:
        kept = await self._executions.cancel(read, failed, by)
        if is_successful(kept):
            self._instruments.observe_ending(failed)
        return kept


class MeteredIdempotencyKeys:
    """The port `IdempotencyKeys`, counting submissions that no earlier one under the same key had made."""

    def __init__(self, keys: IdempotencyKeys, instruments: Instruments) -> None:
        self._keys, self._instruments = keys, instruments
        self.find: Final = keys.find
        self.forget_expired: Final = keys.forget_expired

    async def add(
        self, pending: Pending, dataset: Body, request: RequestFingerprint, by: Actor = ANONYMOUS
    ) -> KeyRecord | None:
        found = await self._keys.add(pending, dataset, request, by)
        if found is None:
            self._instruments.submissions.inc()
        return found


class MeteredQueue:
    """The port `Queue`, counting completions, releases, reclaimed executions and stale settlements."""

    def __init__(self, queue: Queue, instruments: Instruments) -> None:
        self._queue, self._instruments = queue, instruments
        self.claim: Final = queue.claim
        self.renew: Final = queue.renew

    async def finish(self, endings: Sequence[Completion]) -> frozenset[UUID]:
        stale = await self._queue.finish(endings)
        self._instruments.stale.inc(len(stale))
        for one in endings:
            if one.claim_id not in stale:
                self._instruments.observe_ending(one.execution)
        return stale

    async def release(self, returns: Sequence[Release]) -> frozenset[UUID]:
        stale = await self._queue.release(returns)
        self._instruments.stale.inc(len(stale))
        self._instruments.given_back.inc(len(returns) - len(stale))
        return stale

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        taken = await self._queue.reclaim(count, lose)
        self._instruments.reclaimed.inc(len(taken))
        for one in taken:
            if isinstance(one, Failed):
                self._instruments.observe_ending(one)
        return taken


def metered_runs(run: RunScript, instruments: Instruments) -> RunScript:
    """Wrap the port `RunScript` with a gauge of the current runs."""

    async def metered(claimed: Claimed, /) -> Result[Run, RunFailure]:
        instruments.running.inc()
        try:
            return await run(claimed)
        finally:
            instruments.running.dec()

    started: Callable[[Claimed], Awaitable[Result[Run, RunFailure]]] = metered
    return started
