"""In-process notification of completed executions.

The store, or a listener to its notifications, announces completions here. A waiter costs one event, no thread and no
query. Thousands of waiters for one completion are woken in batches, so that other requests are served in between.
"""

import asyncio
from asyncio import Event
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

_WOKEN_AT_ONCE: Final = 32
_PAUSE_SECONDS: Final = 0.005
"""About the time that a batch of woken readers takes to answer."""


async def wait_for(ended: Event, seconds: float) -> None:
    """Return when the event is set, which it is after so many seconds at the latest."""
    timer = asyncio.get_running_loop().call_later(seconds, ended.set)
    try:
        await ended.wait()
    finally:
        timer.cancel()


class WatchedCompletions:
    """The port `CompletionSignals`, with the side that notifies. For one event loop."""

    def __init__(self) -> None:
        self._watched: dict[UUID, set[Event]] = {}
        self._to_wake: deque[Event] = deque()
        self._waking = False
        self._released = False

    @contextmanager
    def watch(self, execution_id: UUID) -> Iterator[Event]:
        """Provide an event that is set when the execution ends from now on, or when waiting has become pointless."""
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
        """List the executions with waiting readers."""
        return frozenset(self._watched)

    def waiting(self) -> int:
        """Count the waiting readers, over all executions."""
        return sum(map(len, self._watched.values()))

    def notify(self, ended: Iterable[UUID]) -> None:
        """Wake the readers that wait for these executions."""
        for execution_id in ended:
            self._to_wake.extend(self._watched.get(execution_id, ()))
        if not self._waking:
            self._wake_some()

    def _wake_some(self) -> None:
        for _ in range(min(_WOKEN_AT_ONCE, len(self._to_wake))):
            self._to_wake.popleft().set()
        self._waking = bool(self._to_wake)
        if self._waking:
            asyncio.get_running_loop().call_later(_PAUSE_SECONDS, self._wake_some)

    def shut_down(self) -> None:
        """Wake all readers, and let none wait from now on: the process is about to stop."""
        self._released = True
        self.notify(tuple(self._watched))
