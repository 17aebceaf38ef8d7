"""The worker: claims, runs and settles executions in a loop, with leases that make crashes safe.

Four activities run concurrently: claiming for free slots and, if runs are short, a little ahead of them; a task for
each claim, which waits for a slot and runs; a `Settler`, which stores the outcomes; and two periodic tasks, which renew
this worker's leases and reclaim those of dead workers. The process that accepts executions may start them here
directly. A claim is renewed until its outcome is stored, so a slow database never makes a live worker look dead before
its lease expires. `application.worker.claims` has their phases.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Final
from uuid import UUID

from application.ports.direct_start import Submitted
from application.ports.queue import Claimed, Completion, Release
from application.worker.attempts import Attempts
from application.worker.backlog import Backlog
from application.worker.claim_tasks import ClaimTasks
from application.worker.claims import HeldClaims
from application.worker.config import WorkerConfig, WorkerPorts
from application.worker.direct_starts import DirectStarts
from application.worker.leases import Leases
from application.worker.live_logs import LogPublisher
from application.worker.replay_looks import ReplayLooks
from application.worker.settler import Settlement, Settler
from domain.body import Body
from domain.execution import Pending
from domain.limits import MIB
from domain.versions import ScriptVersion

_LARGE_BATCH_BYTES: Final = 16 * MIB
"""A batch with so many bytes may have been cut short, although more executions are pending."""


class Worker:
    """One worker. Set `wake` when executions may be pending; `stop` ends it cleanly."""

    def __init__(self, ports: WorkerPorts, config: WorkerConfig) -> None:
        self._config, self._claims = config, HeldClaims()
        self.wake: Final = asyncio.Event()
        self._stopping = False
        self._backlog = Backlog(self.wake)
        self._replays = ReplayLooks(ports.monotonic, config.poll_seconds)
        self._leases = Leases(ports, config, self._claims)
        self._attempts = Attempts(ports.run_script, ports.monotonic, config)
        self._tasks = ClaimTasks(self._claims, self._attempts, self._replays.note_start, self._on_ended)
        self._direct = DirectStarts(ports, config, self._claims, self._tasks, self._backlog)
        self._on_completed, self._monitor = ports.on_completed, ports.monitor
        logs = ports.live_logs
        self._publisher = None if logs is None else LogPublisher(logs, ports.running_log, self._claims)
        self._settler = Settler(
            ports.queue,
            config.retry_seconds,
            on_settled=self._on_settled,
            more_to_come=lambda: self._claims.has_waiting,
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

    def start_directly(
        self, pending: Pending, version: ScriptVersion, dataset: Body
    ) -> AbstractAsyncContextManager[Submitted]:
        """Implement the port `DirectStart`."""
        return self._direct.start(pending, version, dataset)

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
            if self._publisher is not None:
                publishing = self._publisher.maintain(self._config.reclaim_seconds, self._monitor)
                background.append(group.create_task(publishing))
            self._tasks.open(group)
            while not self._stopping:
                await self._fill_slots()
            await self._tasks.drain(self._config.grace_seconds)
            with suppress(TimeoutError):  # the database is away: the leases will expire instead
                await asyncio.wait_for(self._settler.drained(), self._config.grace_seconds)
            for task in background:
                task.cancel()

    async def _fill_slots(self) -> None:
        with self._backlog.look():
            wanted = self._attempts.prefetch.claim_count(self._claims.unsettled)
            batch = await self._claim(self._leases.claim, wanted)
            self._backlog.more = batch is None or _may_leave_more(batch, wanted)
        if batch is not None and (wanted == 0 or not self._backlog.more):
            await self._fill_with_replays()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), self._replays.pause(self._free_slots))

    async def _fill_with_replays(self) -> None:
        """Claim replays for the slots that are free while nothing else is pending, and none ahead."""
        if self._backlog.more or self.wake.is_set() or not self._replays.may_look(self._free_slots):
            return
        with self._replays.look(self._free_slots) as wanted:
            batch = await self._claim(self._leases.claim_replays, wanted)
            self._replays.more = batch is not None and _may_leave_more(batch, wanted)

    @property
    def _free_slots(self) -> int:
        return self._config.slots - self._claims.unsettled

    async def _claim(
        self, claim: Callable[[int], Awaitable[Sequence[Claimed] | None]], wanted: int
    ) -> Sequence[Claimed] | None:
        with self._claims.expecting():
            batch = await claim(wanted) if wanted else ()
            for claimed in batch or ():
                self._tasks.start(claimed)
        return batch

    def _on_ended(self, settlement: Settlement) -> None:
        if self._claims.settle(settlement.claim_id):
            self._settler.add(settlement)
        else:
            self._direct.forget(settlement.claim_id)
        if self._may_claim_more() or self._replays.wants_slot:
            self.wake.set()

    def _may_claim_more(self) -> bool:
        """Tell whether a claim would follow if the worker looked now, which costs as much as a tenth of a short run."""
        return self._backlog.more and self._attempts.prefetch.claim_count(self._claims.unsettled) > 0

    def _on_settled(self, settlement: Settlement, is_stored: bool) -> None:
        self._claims.remove(settlement.claim_id)
        if isinstance(settlement, Completion) and is_stored:
            self._direct.complete(settlement)
            self._on_completed(settlement.execution)
        self._direct.forget(settlement.claim_id)
        if isinstance(settlement, Release) or self._config.capped:
            self.wake.set()

    def _on_lost(self, claim_id: UUID) -> None:
        self._tasks.abort(claim_id, logging.WARNING, "was lost")


def _may_leave_more(batch: Sequence[Claimed], wanted: int) -> bool:
    return len(batch) == wanted or sum(len(one.dataset.data) for one in batch) >= _LARGE_BATCH_BYTES
