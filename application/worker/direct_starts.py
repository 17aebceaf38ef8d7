"""Direct starts: executions that begin in this worker's slots while the process that accepted them stores them.

An execution starts directly only where it overtakes no other: nothing is pending as far as this worker knows, and it
takes its turn behind all claims held here. It is stored as running, with the claim of this worker and a lease, so a
crash at any moment leaves either nothing or an execution whose lease expires.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from application.ports.direct_start import LocalCompletion, Submitted
from application.ports.executions import ExecutionDetails
from application.ports.queue import Claimed, Completion
from application.worker.backlog import Backlog
from application.worker.claim_tasks import ClaimTasks
from application.worker.claims import HeldClaims
from application.worker.config import WorkerConfig, WorkerPorts
from domain.body import Body
from domain.execution import Claim, Pending, Running
from domain.limits import MIB
from domain.transitions import start
from domain.versions import ScriptVersion

MOST_HELD_BYTES: Final = 64 * MIB
"""Datasets, decoded, that are held here when another execution may start directly, which may be of any size."""


class DirectStarts:
    """The port `DirectStart` of one worker."""

    def __init__(
        self, ports: WorkerPorts, config: WorkerConfig, claims: HeldClaims, tasks: ClaimTasks, backlog: Backlog
    ) -> None:
        self._ports, self._config = ports, config
        self._claims, self._tasks, self._backlog = claims, tasks, backlog
        self._completions: dict[UUID, LocalCompletion] = {}

    @asynccontextmanager
    async def start(self, pending: Pending, version: ScriptVersion, dataset: Body) -> AsyncIterator[Submitted]:
        """Implement the port `DirectStart`."""
        if not await self._may_start(pending):
            yield Submitted(pending)
            return
        running = start(pending, Claim(self._ports.new_id(), self._config.worker), pending.submission.submitted_at)
        decided = self._begin(Claimed(running, version.source, dataset, version.warnings))
        submitted = Submitted(running, self._completions[running.claim.id])
        try:
            yield submitted
        except asyncio.CancelledError:  # it may be stored or not: the store refuses the outcome if it is not
            submitted.confirm()
            raise
        finally:
            self._decide(running, submitted.is_stored)
            decided.set()

    def complete(self, completion: Completion) -> None:
        """Hand a completion that is stored to the readers of an execution that was started here."""
        if (local := self._completions.pop(completion.claim_id, None)) is not None:
            local.details = ExecutionDetails(completion.execution, completion.logs, completion.result)

    def forget(self, claim_id: UUID) -> None:
        """Forget a claim that gets no completion here."""
        self._completions.pop(claim_id, None)

    async def _may_start(self, pending: Pending) -> bool:
        """Tell whether a new execution may begin now. A cap on a script's runs is for claims to enforce, and a replay
        waits behind all other executions."""
        submission = pending.submission
        if self._config.capped or submission.script.engine in self._ports.resting_engines():
            return False
        if submission.replay_of is not None:
            return False
        return self._has_room() and await self._backlog.is_empty() and self._has_room()

    def _has_room(self) -> bool:
        return self._tasks.has_room() and self._claims.dataset_bytes < MOST_HELD_BYTES

    def _begin(self, claimed: Claimed) -> asyncio.Event:
        """Begin to run an execution; the event must be set when it is known whether it is stored."""
        decided = asyncio.Event()
        self._completions[claimed.running.claim.id] = LocalCompletion()
        with self._claims.expecting():
            self._tasks.start(claimed, decided)
        return decided

    def _decide(self, running: Running, is_stored: bool) -> None:
        if is_stored:
            self._claims.confirm(running.claim.id)
        else:
            self._tasks.abort(running.claim.id, logging.INFO, "is of a submission that was not stored")
