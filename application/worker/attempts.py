"""Attempts: a claimed execution waits for one of the worker's slots, runs, and gives a settlement."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from attrs import evolve
from returns.result import Failure, Result

from application.ports.queue import Claimed, Release
from application.ports.sandbox import RunFailure, RunScript, SandboxLost
from application.worker.config import WorkerConfig
from application.worker.prefetch import PrefetchWindow
from application.worker.settler import Settlement, settlement_of
from application.worker.slots import Slots
from domain.execution import Running, state_of
from domain.outcome import Run
from domain.transitions import adjust_start, release

log: Final = logging.getLogger(__name__)


class Attempts:
    """Runs claimed executions, at most `config.slots` at once; `prefetch` learns how long they take.

    A run that goes on for longer than executions are prefetched for makes their window shut at once: another worker
    could run what would wait behind it.
    """

    def __init__(self, run_script: RunScript, monotonic: Callable[[], float], config: WorkerConfig) -> None:
        self._run_script, self._monotonic, self._config = run_script, monotonic, config
        self._slots = Slots(config.slots)
        self.prefetch: Final = PrefetchWindow(config.slots, config.prefetch_seconds, config.max_prefetch)

    async def run(self, claimed: Claimed, on_begin: Callable[[UUID], None]) -> Settlement:
        """Run an execution as soon as a slot is free, or release it if none is for too long. `on_begin` gets the id of
        a claim that has its slot."""
        claimed_at = self._monotonic()
        if not await self._slots.take(self._config.max_slot_wait_seconds):
            self.prefetch.reset()  # the runs before it take longer than those before them did
            return Release(claimed.running.claim.id, release(claimed.running))
        too_long = asyncio.get_running_loop().call_later(self._config.prefetch_seconds, self.prefetch.reset)
        try:
            on_begin(claimed.running.claim.id)
            waited = timedelta(seconds=self._monotonic() - claimed_at)
            return await self._run(evolve(claimed, running=adjust_start(claimed.running, waited)))
        finally:
            too_long.cancel()
            self._slots.release()

    async def _run(self, claimed: Claimed) -> Settlement:
        running, began = claimed.running, self._monotonic()
        run: Result[Run, RunFailure]
        try:
            run = await self._run_script(claimed)
        except Exception:
            log.exception("the run of execution %s failed unexpectedly", running.submission.id)
            run = Failure(SandboxLost())
        elapsed = timedelta(seconds=self._monotonic() - began)
        self.prefetch.record(elapsed.total_seconds())
        settlement = settlement_of(running, run, elapsed, self._config.max_attempts)
        if running.submission.attribution.trace is not None:  # its user follows it; a line for each would be too much
            _log_attempt(running, settlement, elapsed.total_seconds() * 1000)
        return settlement


def _log_attempt(running: Running, settlement: Settlement, milliseconds: float) -> None:
    log.info(
        "execution %s, attempt %d: %s in %.1f ms",
        running.submission.id,
        running.attempt,
        state_of(settlement.execution),
        milliseconds,
        extra={"attempt": running.attempt, "milliseconds": round(milliseconds, 1)},
    )
