"""The worker: claims, runs and settles executions in a loop, with leases that make crashes safe.

Four activities run concurrently: one claims for free slots and, if runs are short, a little ahead of them; a task per
claim waits for a slot and runs; a `Settler` stores the outcomes; two timers renew this worker's leases and reclaim
those of dead workers. A claim is renewed until its outcome is stored, so a slow database never makes a live worker look
dead before its lease expires.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

from attrs import evolve, frozen
from returns.result import Failure, Result

from application.log_context import log_context
from application.ports.errors import Unavailable
from application.ports.queue import Claimed, Queue, Release
from application.ports.sandbox import RunFailure, RunScript, SandboxLost
from application.ports.system import NewId
from application.worker.prefetch import PrefetchWindow
from application.worker.settler import Settlement, Settler, settlement_of
from domain.execution import Claim, Running, state_of
from domain.limits import MIB
from domain.outcome import Run
from domain.transitions import adjust_start, lose, release, start

log: Final = logging.getLogger(__name__)

_RECLAIM_BATCH: Final = 100
_MUCH_BYTES: Final = 16 * MIB
"""With so much in it a claim may have been cut short, although more waits."""


@frozen(kw_only=True)
class WorkerConfig:
    """Configuration of a worker: its name, slots (concurrent runs), attempts per execution, and intervals in seconds.

    It prefetches `prefetch_seconds` of work, but at most `max_prefetch` executions. Claims that wait longer than
    `max_slot_wait_seconds` for a slot are released. Under load, a settlement waits `linger_seconds` for others.
    `capped` is true if the queue limits the runs of a script, so that a finished run makes room for another.
    """

    worker: str
    slots: int
    max_attempts: int
    renew_seconds: float
    reclaim_seconds: float
    grace_seconds: float
    poll_seconds: float = 2
    retry_seconds: float = 0.5
    prefetch_seconds: float = 0.05
    max_prefetch: int = 64
    max_slot_wait_seconds: float = 0.5
    linger_seconds: float = 0.02
    capped: bool = False


class Worker:
    """One worker. Setting `wake` announces that executions may be pending; `stop` ends it cleanly.

    It claims nothing for engines whose sandbox processes failed to start a moment ago.
    """

    def __init__(
        self,
        queue: Queue,
        run_script: RunScript,
        new_id: NewId,
        monotonic: Callable[[], float],
        policy: WorkerConfig,
        resting_engines: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._queue, self._run_script, self._new_id, self._monotonic = queue, run_script, new_id, monotonic
        self._policy, self._resting_engines = policy, resting_engines
        self.wake: Final = asyncio.Event()
        self._stopping = False
        self._seen_at = -math.inf
        self._more = True  # whether more may be waiting than the last claim took, for which no signal will come
        self._runs: dict[UUID, asyncio.Task[None]] = {}
        self._leases: dict[UUID, Running] = {}
        self._aborted: set[UUID] = set()
        self._waiting: set[UUID] = set()
        self._slots = asyncio.Semaphore(policy.slots)
        self._prefetch = PrefetchWindow(policy.slots, policy.prefetch_seconds, policy.max_prefetch)
        self._settler = Settler(
            queue,
            policy.retry_seconds,
            on_settled=self._on_settled,
            more_to_come=lambda: bool(self._waiting),
            gather_seconds=policy.linger_seconds,
        )

    @property
    def stale(self) -> int:
        """The number of results and releases discarded so far because their claims were no longer valid."""
        return self._settler.stale

    def seen(self, seconds: float) -> bool:
        """Tell whether the queue has seen this worker within so many seconds, so worker and database both work."""
        return self._monotonic() - self._seen_at < seconds

    def stop(self) -> None:
        """Claim no more; finish the current runs within the grace time and release the rest."""
        self._stopping = True
        self.wake.set()

    def abort(self, claim_id: UUID) -> None:
        """End the run of a claim that its user cancelled, at once, and discard its outcome.

        The claim of another worker is ignored, and so is one whose completion is queued already: the store refuses
        that.
        """
        if claim_id in self._runs:
            with log_context(self._leases[claim_id].submission, claim_id):
                log.info("claim %s was cancelled; stopping its run", claim_id)
        self._abort(claim_id)

    async def run(self) -> None:
        """Work until `stop` is called and all claimed executions are finished or released."""
        async with asyncio.TaskGroup() as group:
            clocks = [
                group.create_task(self._settler.run()),
                group.create_task(self._every(self._policy.renew_seconds, self._renew)),
                group.create_task(self._every(self._policy.reclaim_seconds, self._reclaim)),
            ]
            await self._claim_until_stopped(group)
            await self._drain()
            for clock in clocks:
                clock.cancel()

    async def _claim_until_stopped(self, group: asyncio.TaskGroup) -> None:
        while not self._stopping:
            self.wake.clear()  # before claiming: a signal that comes meanwhile must not be lost
            self._aborted.intersection_update(self._runs)  # the rest were not ours, or are over
            wanted = self._prefetch.claim_count(len(self._runs))
            claimed = await self._claim(wanted)
            for one in claimed:
                self._begin(group, one)
            self._more = len(claimed) == wanted or sum(len(one.dataset.data) for one in claimed) >= _MUCH_BYTES
            if wanted == 0 or not self._more:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), self._policy.poll_seconds)

    async def _claim(self, count: int) -> list[Claimed]:
        if count == 0:
            return []
        try:
            return list(
                await self._queue.claim(
                    count,
                    lambda pending, at: start(pending, Claim(id=self._new_id(), worker=self._policy.worker), at),
                    self._resting_engines(),
                )
            )
        except Unavailable as error:
            log.warning("claiming failed: %s", error)
            await asyncio.sleep(self._policy.retry_seconds)
            self.wake.set()
            return []

    def _begin(self, group: asyncio.TaskGroup, claimed: Claimed) -> None:
        claim_id = claimed.running.claim.id
        self._leases[claim_id] = claimed.running
        self._runs[claim_id] = group.create_task(self._execute(claimed))
        if claim_id in self._aborted:  # its user was faster than the answer to the claim
            self._end_run(claim_id)

    def _abort(self, claim_id: UUID) -> None:
        if claim_id not in self._aborted:
            self._aborted.add(claim_id)
            self._end_run(claim_id)

    def _end_run(self, claim_id: UUID) -> None:
        if (run := self._runs.get(claim_id)) is not None:
            # Behind the task's first step, for a task that is cancelled before it never runs, and clears up nothing.
            run.get_loop().call_soon(run.cancel)

    async def _execute(self, claimed: Claimed) -> None:
        claim_id = claimed.running.claim.id
        with log_context(claimed.running.submission, claim_id):
            try:
                settlement = await self._wait_for_slot(claimed)
            except asyncio.CancelledError:  # the worker stops, or the claim holds no longer
                settlement = Release(claim_id, release(claimed.running))
        del self._runs[claim_id]
        if claim_id in self._aborted:
            del self._leases[claim_id]
        else:
            self._settler.add(settlement)
        if self._more:
            self.wake.set()

    async def _wait_for_slot(self, claimed: Claimed) -> Settlement:
        claim_id, claimed_at = claimed.running.claim.id, self._monotonic()
        self._waiting.add(claim_id)
        try:
            async with asyncio.timeout(self._policy.max_slot_wait_seconds):
                await self._slots.acquire()
        except TimeoutError:  # the runs before it take longer than those before them did
            self._prefetch.reset()
            return Release(claim_id, release(claimed.running))
        finally:
            self._waiting.remove(claim_id)
        try:
            waited = timedelta(seconds=self._monotonic() - claimed_at)
            return await self._attempt(evolve(claimed, running=adjust_start(claimed.running, waited)))
        finally:
            self._slots.release()

    async def _attempt(self, claimed: Claimed) -> Settlement:
        running, began = claimed.running, self._monotonic()
        run: Result[Run, RunFailure]
        try:
            run = await self._run_script(claimed)
        except Exception:
            log.exception("the run of execution %s failed unexpectedly", running.submission.id)
            run = Failure(SandboxLost())
        elapsed = timedelta(seconds=self._monotonic() - began)
        self._prefetch.record(elapsed.total_seconds())
        settlement = settlement_of(running, run, elapsed, self._policy.max_attempts)
        if running.submission.trace is not None:  # a line for each execution that belongs to no trace would be too much
            taken, state = elapsed.total_seconds() * 1000, state_of(settlement.execution)
            log.info(
                "execution %s, attempt %d: %s in %.1f ms",
                running.submission.id,
                running.attempt,
                state,
                taken,
                extra={"attempt": running.attempt, "milliseconds": round(taken, 1)},
            )
        return settlement

    def _on_settled(self, settlement: Settlement) -> None:
        del self._leases[settlement.claim_id]
        if isinstance(settlement, Release) or self._policy.capped:
            self.wake.set()

    async def _every(self, seconds: float, tick: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await tick()
            except Unavailable as error:
                log.warning("%s failed: %s", tick.__name__, error)
            await asyncio.sleep(seconds)

    async def _renew(self) -> None:
        lost = await self._queue.renew(tuple(self._leases.values()))
        self._seen_at = self._monotonic()
        for claim_id in lost & self._runs.keys() - self._aborted:  # stale completions are refused when they are stored
            with log_context(self._leases[claim_id].submission, claim_id):
                log.warning("claim %s was lost; stopping its run", claim_id)
            self._abort(claim_id)

    async def _reclaim(self) -> None:
        for execution in await self._queue.reclaim(
            _RECLAIM_BATCH, lambda running, at: lose(running, at, self._policy.max_attempts)
        ):
            with log_context(execution.submission):
                log.warning("reclaimed execution %s from a lost worker", execution.submission.id)

    async def _drain(self) -> None:
        for claim_id in self._waiting:
            self._end_run(claim_id)
        if self._runs:
            await asyncio.wait(self._runs.values(), timeout=self._policy.grace_seconds)
        given_back = list(self._runs.values())
        for run in given_back:
            run.cancel()
        await asyncio.gather(*given_back)
        with suppress(TimeoutError):  # the database is away: the leases will run out instead
            await asyncio.wait_for(self._settler.drained(), self._policy.grace_seconds)
