"""The runner: carries replays on versions on, in the background of a worker, until each of their executions is settled.

The store alone knows how far a replay is. So any process may take it over once the lease of the one before has expired:
what it would do twice, adding an execution or settling it, the store does once. A few executions of a replay are under
way at a time, those with the lowest numbers; their ends are looked up together, at once if this process has run one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, TypeVar
from uuid import UUID

from attrs import frozen

from application.ports.encryption import MasterKeyMissing
from application.ports.errors import QueueFull, Unavailable
from application.ports.version_replays import OpenExecution, ReplayWork, Settlement, VersionReplays
from application.replays.add_execution import AddingPorts, add_execution
from application.replays.report import report_of
from application.replays.settle_execution import SettlingPorts, settle_execution
from domain.execution import Finished
from domain.replayed_executions import ReplayedExecution, ReplayOutcome, ReplayReason, Settled, incomplete
from domain.version_replays import VersionReplay

_T = TypeVar("_T")

log: Final = logging.getLogger(__name__)

MOST_HELD: Final = 4
MOST_UNDER_WAY: Final = 16
IDLE_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 0.5


@frozen(kw_only=True)
class RunnerPorts:
    """The ports of the runner. `observe` gets the outcome of each execution that this process has settled."""

    work: ReplayWork
    replays: VersionReplays
    adding: AddingPorts
    settling: SettlingPorts
    observe: Callable[[ReplayOutcome], None]


class ReplayRunner:
    """The replays that this process carries on."""

    def __init__(self, ports: RunnerPorts) -> None:
        self._ports, self._held = ports, frozenset[UUID]()
        self._ended = asyncio.Event()

    def offer(self, finished: Finished) -> None:
        """Look soon, if an execution that this process has completed is a replay."""
        if finished.submission.replay_of is not None:
            self._ended.set()

    async def renew(self) -> None:
        """Extend the leases of the replays that are carried on."""
        if self._held:
            await self._ports.work.renew(self._held)

    async def release(self) -> None:
        """Leave the replays to other processes."""
        if self._held:
            await self._ports.work.release()

    async def step(self) -> None:
        """Carry replays on until none is left for this process."""
        while taken := await self._take():
            self._ended.clear()
            if not await self._carry_all_on(taken):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ended.wait(), LOOK_SECONDS)

    async def _take(self) -> Sequence[VersionReplay]:
        taken = await self._ports.work.take(MOST_HELD)
        self._held = frozenset(one.id for one in taken)
        return taken

    async def _carry_all_on(self, taken: Sequence[VersionReplay]) -> bool:
        """Carry each replay on by a step; tell whether there was progress. A failure of one delays no other."""
        failures, progress = _Failures(), False
        for replay in taken:
            progress |= bool(await failures.collect(self._carry_on(replay, failures)))
        failures.raise_first()
        return progress

    async def _carry_on(self, replay: VersionReplay, failures: "_Failures") -> bool:
        """Add executions before others are compared, so that they run meanwhile."""
        window = await self._ports.work.open_executions(replay.id, MOST_UNDER_WAY)
        if not window:
            await self._ports.work.finish(replay.id, await report_of(self._ports.replays, replay.id))
            return True
        settled = await self._add(replay, [one.execution for one in window if not one.is_added], failures)
        for one in _finished(window):
            settled |= bool(await failures.collect(self._settle(replay, one)))
        return settled

    async def _add(self, replay: VersionReplay, new: Sequence[ReplayedExecution], failures: "_Failures") -> bool:
        """Add executions until the queue is full; tell whether any was skipped."""
        progress = False
        for one in new:
            added = await failures.collect(self._add_one(replay, one))
            if isinstance(added, QueueFull):
                break
            progress |= isinstance(added, Settled)
        return progress

    async def _add_one(self, replay: VersionReplay, execution: ReplayedExecution) -> Settled | QueueFull | None:
        added = await self._or_incomplete(execution, add_execution(self._ports.adding, replay, execution))
        if isinstance(added, Settled) and await self._is_added(execution):
            return None  # by another process, meanwhile
        if isinstance(added, Settled):
            await self._store(Settlement(execution, added))
        return added

    async def _is_added(self, execution: ReplayedExecution) -> bool:
        try:
            return await self._ports.adding.executions.report(execution.execution_id, 0) is not None
        except ValueError:  # it is there, and does not decrypt
            return True

    async def _settle(self, replay: VersionReplay, execution: ReplayedExecution) -> bool:
        ports, request = self._ports.settling, replay.request
        settled = await self._or_incomplete(execution, settle_execution(ports, request, execution))
        await self._store(Settlement(execution, settled) if isinstance(settled, Settled) else settled)
        return True

    async def _store(self, settlement: Settlement) -> None:
        if await self._ports.work.settle(settlement):
            self._ports.observe(settlement.settled.outcome)

    async def _or_incomplete(self, execution: ReplayedExecution, work: Awaitable[_T]) -> _T | Settled:
        """Do the work; what fails for this execution alone, and would fail again, leaves it incomplete."""
        try:
            return await work
        except MasterKeyMissing:
            return incomplete(ReplayReason.NOT_COMPARABLE, "its content is encrypted under a missing master key")
        except Unavailable:
            raise
        except Exception:  # damaged rows, for example
            log.exception("execution %s of a replay of %s failed", execution.execution_id, execution.original_id)
            return incomplete(ReplayReason.NOT_COMPARABLE, "a stored record cannot be read; the log has the reason")


class _Failures:
    """The failures of several pieces of work, of which each is tried."""

    def __init__(self) -> None:
        self._errors: list[Exception] = []

    async def collect(self, work: Awaitable[_T]) -> _T | None:
        try:
            return await work
        except Exception as error:
            self._errors.append(error)
            return None

    def raise_first(self) -> None:
        """Raise one of the failures, a bug rather than an outage."""
        for error in sorted(self._errors, key=lambda one: isinstance(one, Unavailable)):
            raise error


def _finished(window: Sequence[OpenExecution]) -> Sequence[ReplayedExecution]:
    return [one.execution for one in window if one.is_finished]
