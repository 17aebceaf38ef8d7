"""Tasks of held claims: one for each, which waits for a slot and runs, until it has ended or is cancelled."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final
from uuid import UUID

from application.log_context import log_context
from application.ports.queue import Claimed, Release
from application.worker.attempts import Attempts
from application.worker.claims import HeldClaims
from application.worker.settler import Settlement
from domain.transitions import release

log: Final = logging.getLogger(__name__)


class ClaimTasks:
    """The tasks of the claims in a register. `on_end` gets the settlement of each as its task ends."""

    def __init__(self, claims: HeldClaims, attempts: Attempts, on_end: Callable[[Settlement], None]) -> None:
        self._claims, self._attempts, self._on_end = claims, attempts, on_end
        self._tasks: dict[UUID, asyncio.Task[None]] = {}

    def start(self, group: asyncio.TaskGroup, claimed: Claimed) -> None:
        """Start the task of a claim, in the group, unless the claim was aborted before it came."""
        if self._claims.accept(claimed.running):
            self._tasks[claimed.running.claim.id] = group.create_task(self._execute(claimed))

    def abort(self, claim_id: UUID, level: int, reason: str) -> None:
        """Abort a claim if it waits or executes, with a log line that states the reason."""
        if (running := self._claims.abort(claim_id)) is not None:
            with log_context(running.submission, claim_id):
                log.log(level, "claim %s %s; stopping its run", claim_id, reason)
            self._cancel(claim_id)

    async def drain(self, grace_seconds: float) -> None:
        """Release the claims that wait at once, and those whose runs have not ended after the grace time."""
        for claim_id in self._claims.waiting:
            self._cancel(claim_id)
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=grace_seconds)
        unfinished = list(self._tasks.values())
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished)

    async def _execute(self, claimed: Claimed) -> None:
        claim_id = claimed.running.claim.id
        with log_context(claimed.running.submission, claim_id):
            try:
                settlement = await self._attempts.run(claimed, on_begin=self._claims.begin)
            except asyncio.CancelledError:  # the worker stops, or the claim was aborted
                settlement = Release(claim_id, release(claimed.running))
        del self._tasks[claim_id]
        self._on_end(settlement)

    def _cancel(self, claim_id: UUID) -> None:
        # Behind the task's first step, for a task that is cancelled before it never runs, and clears up nothing.
        task = self._tasks[claim_id]
        task.get_loop().call_soon(task.cancel)
