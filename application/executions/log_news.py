"""News of running logs: readers that wait for lines are woken when some have been stored.

One look a second serves all waiting readers of a process, and without any there is none. A notification of each part
would be sent whether or not anybody reads, and come to every process.
"""

import asyncio
from asyncio import Event
from collections.abc import Hashable, Mapping
from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

from application.executions.completion_signals import WatchedCompletions
from application.ports.live_logs import LiveLogs

LOOK_SECONDS: Final = 1.0


class LogNews:
    """The readers of a process that wait for lines of logs. For one event loop."""

    def __init__(self, live_logs: LiveLogs) -> None:
        self._live_logs, self._readers = live_logs, WatchedCompletions()
        self._ends: Mapping[UUID, Hashable] = {}

    def watch(self, execution_id: UUID) -> AbstractContextManager[Event]:
        """Provide an event that is set when the log may have lines that were stored from now on."""
        return self._readers.watch(execution_id)

    async def look(self) -> None:
        """Look for new lines of the watched logs, and wake the readers of those that have some.

        Of a log that was not watched at the last look it is unknown, so its readers are woken too.
        """
        watched = self._readers.watched()
        found = await self._live_logs.ends(sorted(watched)) if watched else {}
        before, self._ends = self._ends, {one: found.get(one) for one in watched}
        self._readers.notify([one for one, end in self._ends.items() if one not in before or before[one] != end])


async def wait_for_either(one: Event, other: Event, seconds: float) -> None:
    """Return when one of the events is set, or so many seconds have passed."""
    waiting = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
