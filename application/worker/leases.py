"""Leases: a worker gets them by claiming, renews them while it holds the claims, and reclaims those of dead workers."""

import logging
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from application.log_context import log_context
from application.ports.queue import Claimed
from application.worker.claims import HeldClaims
from application.worker.config import WorkerConfig, WorkerPorts
from domain.execution import Claim, Failed, Pending, Running
from domain.transitions import lose, start

log: Final = logging.getLogger(__name__)

_RECLAIM_BATCH: Final = 100


class Leases:
    """The leases of the claims in a register: `claim` gets new ones from the queue, `renew` extends all of them."""

    def __init__(self, ports: WorkerPorts, config: WorkerConfig, claims: HeldClaims) -> None:
        self._ports, self._config, self._claims = ports, config, claims
        self._renewed_at = -math.inf

    def renewed_within(self, seconds: float) -> bool:
        """Tell whether the queue has seen this worker within so many seconds, so worker and database both work."""
        return self._ports.monotonic() - self._renewed_at < seconds

    async def claim(self, count: int) -> Sequence[Claimed]:
        """Claim up to `count` pending executions."""

        def start_one(pending: Pending, at: datetime) -> Running:
            return start(pending, Claim(id=self._ports.new_id(), worker=self._config.worker), at)

        return await self._ports.queue.claim(count, start_one, self._ports.resting_engines())

    async def renew(self) -> frozenset[UUID]:
        """Extend the leases of all held claims; return the ids of those that are no longer valid."""
        lost = await self._ports.queue.renew(self._claims.held)
        self._renewed_at = self._ports.monotonic()
        return lost

    async def reclaim(self) -> None:
        """Reclaim executions whose leases have expired."""

        def lose_one(running: Running, at: datetime) -> Pending | Failed:
            return lose(running, at, self._config.max_attempts)

        for execution in await self._ports.queue.reclaim(_RECLAIM_BATCH, lose_one):
            with log_context(execution.submission):
                log.warning("reclaimed execution %s from a lost worker", execution.submission.id)
