"""Tasks of held claims: one for each, which waits for a slot and runs, until it has ended or is cancelled."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Final
from uuid import UUID

from application.log_context import log_context
from application.ports.queue import Claimed, Release
from application.worker.attempts import Attempts
from application.worker.claims import HeldClaims
from application.worker.settler import Settlement
from domain.execution import Running
from domain.transitions import release

log: Final = logging.getLogger(__name__)


class ClaimTasks:
    """The tasks of the claims in a register. `on_start` gets the execution of each as its task starts, `on_end` the
    settlement of each as its task ends."""

    def __init__(
        self,
        claims: HeldClaims,
        attempts: Attempts,
        on_start: Callable[[Running], None],
        on_end: Callable[[Settlement], None],
    ) -> None:
        self._claims, self._attempts, self._on_start, self._on_end = claims, attempts, on_start, on_end
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._group: asyncio.TaskGroup | None = None
        self._context = copy_context()

    def open(self, group: asyncio.TaskGroup) -> None:
        """Start tasks from now on, in this group, until they are drained."""
        self._group, self._context = group, copy_context()

    def has_room(self) -> bool:
        """Tell whether another claim would begin to run at once or shortly, judged by how long runs took lately."""
        return self._group is not None and self._attempts.prefetch.room(self._claims.unsettled) > 0

    def start(self, claimed: Claimed, decided: asyncio.Event | None = None) -> None:
        """Start the task of a claim, unless the claim was aborted before it came.

        The claim of an execution that is still being stored brings an event, which is set when that is decided.
        """
        assert self._group is not None, "tasks are started while a group is open"
        if self._claims.accept(claimed.running, is_stored=decided is None):
            task = self._group.create_task(self._execute(claimed, decided), context=self._context.copy())
            self._tasks[claimed.running.claim.id] = task
            self._on_start(claimed.running)

    def abort(self, claim_id: UUID, level: int, reason: str) -> None:
        """Abort a claim if it waits or executes, with a log line that states the reason."""
        if (running := self._claims.abort(claim_id)) is not None:
            with log_context(running.submission, claim_id):
                log.log(level, "claim %s %s; stopping its run", claim_id, reason)
            self._cancel(claim_id)

    async def drain(self, grace_seconds: float) -> None:
        """Release the claims that wait at once, and those whose runs have not ended after the grace time."""
        self._group = None
        for claim_id in self._claims.waiting:
            self._cancel(claim_id)
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=grace_seconds)
        unfinished = list(self._tasks.values())
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished)

    async def _execute(self, claimed: Claimed, decided: asyncio.Event | None) -> None:
        claim_id = claimed.running.claim.id
        with log_context(claimed.running.submission, claim_id):
            try:
                settlement = await self._attempts.run(claimed, on_begin=self._claims.begin)
            except asyncio.CancelledError:  # the worker stops, or the claim was aborted
                settlement = Release(claim_id, release(claimed.running))
            if decided is not None:
                with suppress(asyncio.CancelledError):  # aborted; or the worker stops, and the store decides
                    await decided.wait()
        del self._tasks[claim_id]
        self._on_end(settlement)

    def _cancel(self, claim_id: UUID) -> None:
        # Behind the task's first step, for a task that is cancelled before it never runs, and clears up nothing.
        task = self._tasks[claim_id]
        task.get_loop().call_soon(task.cancel)
