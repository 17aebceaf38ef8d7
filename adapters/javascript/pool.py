"""The zygotes of a sandbox, one a slot: lent for a run at a time, replaced when they are lost or have served enough.

Children inherit a zygote's layout in memory, so what one run could learn of it is of use to later ones only until the
zygote is replaced.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from attrs import frozen

from adapters.javascript.host import Zygote
from adapters.javascript.launch import CannotConfine, Setup

log: Final = logging.getLogger(__name__)


@frozen
class Service:
    """After how many runs, or how many seconds, a zygote is replaced."""

    runs: int
    seconds: float


SERVICE: Final = Service(runs=10_000, seconds=3_600)


class ZygotePool:
    """`open` it, and `close` it in any case."""

    def __init__(self, setup: Setup, slots: int, service: Service, replaced: Callable[[bool], None]) -> None:
        self._setup, self._slots = setup, slots
        self._service, self._tell = service, replaced
        self._idle: asyncio.LifoQueue[Zygote] = asyncio.LifoQueue()
        self._zygotes: set[Zygote] = set()
        self._replacements: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """Start every zygote; the version that the engine tells. `CannotConfine` if a script could not be held here."""
        for _ in range(self._slots):
            self._idle.put_nowait(await self._start())
        return next(iter(self._zygotes)).engine_version

    async def close(self) -> None:
        """End every zygote and child."""
        for replacement in self._replacements:
            replacement.cancel()
        await asyncio.gather(*self._replacements, return_exceptions=True)
        await asyncio.gather(*(zygote.close() for zygote in self._zygotes))
        self._zygotes.clear()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Zygote]:
        """A zygote for one run, as soon as one is idle; `CannotConfine` if it was lost and could not be replaced."""
        zygote = await self._idle.get()
        try:
            if zygote.lost:
                zygote = await self._replaced(zygote)
            yield zygote
        finally:
            self._take_back(zygote)

    def _take_back(self, zygote: Zygote) -> None:
        if zygote.lost or not zygote.has_served(self._service.runs, self._service.seconds):
            self._idle.put_nowait(zygote)
        else:
            replacement = asyncio.create_task(self._relieve(zygote))
            self._replacements.add(replacement)
            replacement.add_done_callback(self._replacements.discard)

    async def _relieve(self, zygote: Zygote) -> None:
        """Replace a zygote while nobody waits for it; where that fails, whoever needs the slot tries again."""
        try:
            zygote = await self._replaced(zygote)
        except CannotConfine as error:
            log.warning("a zygote that has served long could not be replaced yet: %s", error)
        self._idle.put_nowait(zygote)

    async def _replaced(self, old: Zygote) -> Zygote:
        was_lost = old.lost
        await old.close()
        new = await self._start()
        self._zygotes.discard(old)
        self._tell(was_lost)
        return new

    async def _start(self) -> Zygote:
        zygote = await Zygote.start(self._setup)
        self._zygotes.add(zygote)
        return zygote
