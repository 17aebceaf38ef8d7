"""The zygotes of one kind, at most one a slot: each starts when a run first needs it, is lent for a run at a time, and
is replaced when it is lost or has served enough. `end_idle` ends those of a pool that has not been used for a while.

Children inherit a zygote's layout in memory, so what one run could learn of it is of use to later ones only until the
zygote is replaced.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import asynccontextmanager
from time import monotonic
from types import TracebackType
from typing import Final

from attrs import frozen

from adapters.javascript.breaker import CircuitBreaker
from adapters.javascript.launch import Setup, ZygoteStartFailed
from adapters.javascript.process_reuse import Affinity, LentProcess, ProcessReuse
from adapters.javascript.warm_processes import ReusePolicy
from adapters.javascript.zygote_client import ZygoteClient

log: Final = logging.getLogger(__name__)


@frozen
class RecyclePolicy:
    """After how many runs, or how many seconds, a zygote is replaced; after how many seconds without a run of its pool
    it may be ended to return its memory."""

    runs: int
    seconds: float
    idle_seconds: float = 600


RECYCLE_POLICY: Final = RecyclePolicy(runs=10_000, seconds=3_600)


class ZygotePool:
    """A pool without zygotes, until they are needed or `open` starts them. `close` it in any case."""

    def __init__(
        self,
        setup: Setup,
        slots: int,
        service: RecyclePolicy,
        replaced: Callable[[bool], None],
        reuse: ReusePolicy | None = None,
    ) -> None:
        self._setup, self._slots = setup, slots
        self._service, self._tell = service, replaced
        self.reuse: Final = ProcessReuse(reuse or ReusePolicy())
        # None is a slot whose zygote has not started. These are at the bottom, so that an idle zygote is lent first.
        self._idle: asyncio.LifoQueue[ZygoteClient | None] = asyncio.LifoQueue()
        for _ in range(slots):
            self._idle.put_nowait(None)
        self._zygotes: set[ZygoteClient] = set()
        self._tasks: set[asyncio.Task[None]] = set()  # which end or replace zygotes
        self._last_used = monotonic()
        self._breaker = CircuitBreaker()
        self._closed = False

    @property
    def trouble(self) -> str:
        """The reason why no zygote started when that was last tried; empty if one did."""
        return self._breaker.reason

    @property
    def engines(self) -> Collection[str]:
        """The engines of the zygotes that run, as executions name them: more than one if its package is replaced."""
        return {zygote.engine for zygote in self._zygotes}

    @property
    def is_resting(self) -> bool:
        """Tell whether a start failed so recently that none is attempted yet."""
        return self._breaker.is_open(monotonic())

    async def open(self) -> None:
        """Start every zygote. Raises `ZygoteStartFailed` if a script could not be confined."""
        for _ in range(self._slots):
            self._idle.get_nowait()
        started = [await self._start() for _ in range(self._slots)]
        for zygote in started:
            self._idle.put_nowait(zygote)

    async def close(self) -> None:
        """End every zygote and child, and every one that is about to start."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.reuse.close()
        await asyncio.gather(*(zygote.close() for zygote in self._zygotes))
        self._zygotes.clear()

    def end_idle(self) -> None:
        """End the zygotes if none has been lent for a while. Runs start others, also in the place of a lost one."""
        is_in_use = self._idle.qsize() < self._slots
        if is_in_use or monotonic() - self._last_used < self._service.idle_seconds:
            return
        for zygote in [self._idle.get_nowait() for _ in range(self._slots)]:
            if zygote is None or zygote.lost:
                self._idle.put_nowait(zygote)
            else:
                self._idle.put_nowait(None)
                self._begin(self._end(zygote))

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[ZygoteClient]:
        """Lend a zygote for one run, as soon as one is idle. Raises `ZygoteStartFailed` if none could be started."""
        zygote = await self.take()
        try:
            yield zygote
        finally:
            self.release(zygote)

    def lend(self, affinity: Affinity) -> "Loan":
        """Lend a process for one run of an affinity, as soon as a zygote is idle. Raises `ZygoteStartFailed`."""
        return Loan(self, affinity)

    async def take(self) -> ZygoteClient:
        """Take a zygote for one run, as soon as one is idle; the caller must `release` it. Raises
        `ZygoteStartFailed`."""
        idle = await self._idle.get()
        if idle is not None and not idle.lost:
            return idle
        try:
            return await (self._start() if idle is None else self._replaced(idle))
        except BaseException:
            self._idle.put_nowait(idle)
            raise

    def release(self, zygote: ZygoteClient) -> None:
        """Take a zygote back after its run."""
        self._last_used = monotonic()
        if zygote.lost or not zygote.has_served(self._service.runs, self._service.seconds):
            self._idle.put_nowait(zygote)
        else:
            self._begin(self._recycle(zygote))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self, zygote: ZygoteClient) -> None:
        await self._retire(zygote)
        self._zygotes.discard(zygote)

    async def _recycle(self, zygote: ZygoteClient) -> None:
        """Replace a zygote while no run waits for it; where that fails, the slot's next run tries again."""
        try:
            zygote = await self._replaced(zygote)
        except ZygoteStartFailed as error:
            log.warning("a zygote that has served long could not be replaced yet: %s", error)
        self._idle.put_nowait(zygote)

    async def _replaced(self, old: ZygoteClient) -> ZygoteClient:
        was_lost = old.lost
        await self._retire(old)
        new = await self._start()
        self._zygotes.discard(old)
        self._tell(was_lost)
        return new

    async def _retire(self, zygote: ZygoteClient) -> None:
        """End a zygote once the runs have ended that its processes do, which may have been lent with another zygote."""
        self.reuse.end_all_of(zygote)
        await zygote.finished()
        self.reuse.end_all_of(zygote)
        await zygote.close()

    async def _start(self) -> ZygoteClient:
        """Start a zygote. Raises `ZygoteStartFailed`, for the same reason as last time if that was a moment ago."""
        if self.is_resting:
            raise ZygoteStartFailed(self.trouble)
        try:
            zygote = await ZygoteClient.start(self._setup)
        except ZygoteStartFailed as error:
            self._breaker.record_failure(str(error), monotonic())
            raise
        self._breaker.record_success()
        if self._closed:
            await zygote.close()
            raise ZygoteStartFailed("the sandbox is closed")
        self._zygotes.add(zygote)
        return zygote


class Loan:
    """The loan of a process for one run: to enter it takes the process, to leave it ends one that is not kept.

    It is no generator: as a context manager, that takes longer, and every run of an execution has a loan.
    """

    def __init__(self, pool: ZygotePool, affinity: Affinity) -> None:
        self._pool, self._affinity = pool, affinity

    async def __aenter__(self) -> LentProcess:
        """Take the process."""
        self._zygote = await self._pool.take()
        self._lent = LentProcess(self._pool.reuse, self._zygote, self._affinity)
        return self._lent

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the process, unless it is kept, and return its zygote."""
        try:
            self._lent.end()
        finally:
            self._pool.release(self._zygote)
