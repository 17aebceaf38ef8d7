"""Leases: a worker gets them by claiming, renews them while it holds the claims, and reclaims those of dead workers."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from application.log_context import log_context
from application.maintenance.periodic import BackgroundTask, periodic
from application.ports.queue import Claimed
from application.worker.claims import HeldClaims
from application.worker.config import WorkerConfig, WorkerPorts
from domain.execution import Claim, Failed, Pending, Running
from domain.transitions import lose, start

log: Final = logging.getLogger(__name__)

_RECLAIM_BATCH: Final = 100
_Claim: TypeAlias = Callable[
    [int, Callable[[Pending, datetime], Running], Collection[str]], Awaitable[Sequence[Claimed]]
]


class Leases:
    """The leases of the claims in a register: `claim` gets new ones from the queue, `maintain` extends all of them."""

    def __init__(self, ports: WorkerPorts, config: WorkerConfig, claims: HeldClaims) -> None:
        self._ports, self._config, self._claims = ports, config, claims
        self._renewed_at = -math.inf
        self._check = asyncio.Event()

    def renewed_within(self, seconds: float) -> bool:
        """Tell whether the queue has seen this worker within so many seconds, so worker and database both work."""
        return self._ports.monotonic() - self._renewed_at < seconds

    def check_soon(self) -> None:
        """Renew the leases of held claims now, which tells the ones that were cancelled."""
        if self._claims.held:
            self._check.set()

    async def claim(self, count: int) -> Sequence[Claimed] | None:
        """Claim up to `count` pending executions but replays. None, after a pause, if that failed."""
        return await self._claim(self._ports.queue.claim, count)

    async def claim_replays(self, count: int) -> Sequence[Claimed] | None:
        """Claim up to `count` pending replays. None, after a pause, if that failed."""
        return await self._claim(self._ports.queue.claim_replays, count)

    async def _claim(self, claim: _Claim, count: int) -> Sequence[Claimed] | None:
        try:
            claimed = await claim(count, self._start, self._ports.resting_engines())
        except Exception as error:  # even a bug must not end the runs of claims that are held
            self._ports.monitor.failed(BackgroundTask.CLAIM_EXECUTIONS, error)
            await asyncio.sleep(self._config.retry_seconds)
            return None
        self._ports.monitor.succeeded(BackgroundTask.CLAIM_EXECUTIONS)
        return claimed

    def _start(self, pending: Pending, at: datetime) -> Running:
        return start(pending, Claim(id=self._ports.new_id(), worker=self._config.worker), at)

    async def maintain(self, on_lost: Callable[[UUID], None]) -> None:
        """Renew the leases of all held claims and reclaim expired ones, until cancelled. `on_lost` gets the id of each
        claim that is no longer valid."""
        config, monitor = self._config, self._ports.monitor

        async def renew() -> None:
            for claim_id in await self._renew():
                on_lost(claim_id)

        async def renew_when_asked() -> None:
            await self._check.wait()
            self._check.clear()
            await renew()

        async with asyncio.TaskGroup() as group:
            group.create_task(periodic(BackgroundTask.RENEW_LEASES, config.renew_seconds, renew, monitor))
            group.create_task(periodic(BackgroundTask.RENEW_LEASES, 0, renew_when_asked, monitor))
            group.create_task(
                periodic(BackgroundTask.RECLAIM_EXECUTIONS, config.reclaim_seconds, self._reclaim, monitor)
            )

    async def _renew(self) -> frozenset[UUID]:
        lost = await self._ports.queue.renew(self._claims.held)
        self._renewed_at = self._ports.monotonic()
        return lost

    async def _reclaim(self) -> None:
        def lose_one(running: Running, at: datetime) -> Pending | Failed:
            return lose(running, at, self._config.max_attempts)

        for execution in await self._ports.queue.reclaim(_RECLAIM_BATCH, lose_one):
            with log_context(execution.submission):
                log.warning("reclaimed execution %s from a lost worker", execution.submission.id)
