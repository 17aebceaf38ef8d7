"""Those who wait for executions to end, in this process.

Whoever learns of endings (the store itself, or a listener to its notifications) announces them here. A waiter
costs one event, no thread and no query.
"""

import asyncio
from asyncio import Event
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID


async def comes_within(ended: Event, seconds: float) -> None:
    """Return when the event is set, or after so many seconds."""
    with suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), seconds)


class WatchedEndings:
    """The port `Endings`, with the side that announces. For one event loop."""

    def __init__(self) -> None:
        self._watched: dict[UUID, set[Event]] = {}
        self._released = False

    @contextmanager
    def watch(self, execution_id: UUID) -> Iterator[Event]:
        """An event that is set when the execution ends from now on, or when waiting has become pointless."""
        ended = Event()
        if self._released:
            ended.set()
        self._watched.setdefault(execution_id, set()).add(ended)
        try:
            yield ended
        finally:
            self._watched[execution_id].discard(ended)
            if not self._watched[execution_id]:
                del self._watched[execution_id]

    def watched(self) -> frozenset[UUID]:
        """The executions that somebody waits for."""
        return frozenset(self._watched)

    def announce(self, ended: Iterable[UUID]) -> None:
        """Wake those who wait for these executions."""
        for execution_id in ended:
            for event in self._watched.get(execution_id, ()):
                event.set()

    def release(self) -> None:
        """Wake everybody, and let nobody wait from now on: the process is about to stop."""
        self._released = True
        self.announce(tuple(self._watched))
