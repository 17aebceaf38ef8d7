"""The worker: claims, runs and settles executions in a loop, with leases that make crashes safe.

Four activities run concurrently: claiming for free slots and, if runs are short, a little ahead of them; a task for
each claim, which waits for a slot and runs; a `Settler`, which stores the outcomes; and two periodic tasks, which renew
this worker's leases and reclaim those of dead workers. A claim is renewed until its outcome is stored, so a slow
database never makes a live worker look dead before its lease expires. `application.worker.claims` has their phases.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Final
from uuid import UUID

from application.ports.queue import Release
from application.worker.attempts import Attempts
from application.worker.claim_tasks import ClaimTasks
from application.worker.claims import HeldClaims
from application.worker.config import WorkerConfig, WorkerPorts
from application.worker.leases import Leases
from application.worker.settler import Settlement, Settler
from domain.limits import MIB

_LARGE_BATCH_BYTES: Final = 16 * MIB
"""A batch with so many bytes may have been cut short, although more executions are pending."""


class Worker:
    """One worker. Set `wake` when executions may be pending; `stop` ends it cleanly."""

    def __init__(self, ports: WorkerPorts, config: WorkerConfig) -> None:
        self._config, self._claims = config, HeldClaims()
        self.wake: Final = asyncio.Event()
        self._stopping = False
        self._more = True  # more may be pending than the last batch had, for which no signal will come
        self._leases = Leases(ports, config, self._claims)
        self._attempts = Attempts(ports.run_script, ports.monotonic, config)
        self._tasks = ClaimTasks(self._claims, self._attempts, self._on_ended)
        self._settler = Settler(
            ports.queue,
            config.retry_seconds,
            on_settled=self._on_settled,
            more_to_come=lambda: bool(self._claims.waiting),
            gather_seconds=config.linger_seconds,
        )

    @property
    def stale(self) -> int:
        """The number of results and releases discarded so far because their claims were no longer valid."""
        return self._settler.stale

    def seen(self, seconds: float) -> bool:
        """Tell whether the queue has seen this worker within so many seconds, so worker and database both work."""
        return self._leases.renewed_within(seconds)

    def stop(self) -> None:
        """Claim no more; finish what runs within the grace time and release the rest."""
        self._stopping = True
        self.wake.set()

    def abort(self, claim_id: UUID) -> None:
        """End the run of a claim that its user cancelled, at once, and store nothing of it.

        The claim of another worker is ignored, and so is one whose outcome is known: the store refuses that.
        """
        self._tasks.abort(claim_id, logging.INFO, "was cancelled")

    def check_claims(self) -> None:
        """Look soon for claims that were cancelled or lost: a notification of that may have been missed."""
        self._leases.check_soon()

    async def run(self) -> None:
        """Work until `stop` is called and all that was claimed is finished or released."""
        async with asyncio.TaskGroup() as group:
            background = [
                group.create_task(self._settler.run()),
                group.create_task(self._leases.maintain(self._on_lost)),
            ]
            while not self._stopping:
                await self._fill_slots(group)
            await self._tasks.drain(self._config.grace_seconds)
            with suppress(TimeoutError):  # the database is away: the leases will expire instead
                await asyncio.wait_for(self._settler.drained(), self._config.grace_seconds)
            for task in background:
                task.cancel()

    async def _fill_slots(self, group: asyncio.TaskGroup) -> None:
        self.wake.clear()  # before claiming: a signal that comes meanwhile must not be lost
        wanted = self._attempts.prefetch.claim_count(self._claims.unsettled)
        with self._claims.expecting():
            batch = await self._leases.claim(wanted) if wanted else ()
            for claimed in batch or ():
                self._tasks.start(group, claimed)
        if batch is None:
            return
        self._more = len(batch) == wanted or sum(len(one.dataset.data) for one in batch) >= _LARGE_BATCH_BYTES
        if wanted == 0 or not self._more:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), self._config.poll_seconds)

    def _on_ended(self, settlement: Settlement) -> None:
        if self._claims.settle(settlement.claim_id):
            self._settler.add(settlement)
        if self._more:
            self.wake.set()

    def _on_settled(self, settlement: Settlement) -> None:
        self._claims.remove(settlement.claim_id)
        if isinstance(settlement, Release) or self._config.capped:
            self.wake.set()

    def _on_lost(self, claim_id: UUID) -> None:
        self._tasks.abort(claim_id, logging.WARNING, "was lost")
