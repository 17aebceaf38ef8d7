"""A worker's knowledge of the queue: whether executions may be pending there that it has not claimed.

It comes from the worker's own looks, each a claim. A look that got fewer executions than it asked for has seen an empty
queue. Until a signal arrives (a notification, a release, a listener that is deaf), nothing has been added since. This
is fresher than a count: signals arrive in milliseconds, and a look follows each of them at once.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_LOOK_SECONDS: Final = 0.05
"""The time in which a look ends, unless the database is slow."""


class Backlog:
    """`signal` is set by whatever may have made executions pending. `more` is true if the last look may have left some,
    for which no signal will come."""

    def __init__(self, signal: asyncio.Event) -> None:
        self._signal, self._looking, self._next_look = signal, False, asyncio.Event()
        self.more = True

    @contextmanager
    def look(self) -> Iterator[None]:
        """Look during the block, which sets `more`. A signal that arrives meanwhile demands another look."""
        self._looking = True
        self._signal.clear()
        try:
            yield
        finally:
            self._looking = False
            ended, self._next_look = self._next_look, asyncio.Event()
            ended.set()

    async def is_empty(self) -> bool:
        """Tell whether nothing is pending, as far as is known; a look that is due or under way is waited for.

        Without that wait, submissions during a look would go to the queue, each would signal, and each signal would be
        another look.
        """
        if self._is_due:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    while self._is_due:
                        await self._next_look.wait()
        return not (self._is_due or self.more)

    @property
    def _is_due(self) -> bool:
        return self._looking or self._signal.is_set()
