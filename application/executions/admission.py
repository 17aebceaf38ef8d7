"""Admission control: rejects submissions while the queue is full, and replays, which have a queue of their own."""

from collections.abc import Awaitable, Callable
from math import inf
from typing import Final, TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.errors import QueueFull

CountWaiting: TypeAlias = Callable[[int], Awaitable[int]]
"""Counts the executions that wait, up to a number: `Executions.waiting` or `Executions.replays_waiting`."""

COUNTED_EVERY_SECONDS: Final = 1.0
RETRY_AFTER_SECONDS: Final = 5


class Admission:
    """Admission of submissions while no more than `depth` executions wait with them; with a depth of 0, always.

    It relies on an estimate, so that a submission costs no count: the store's count of the last second, up to `depth`,
    plus all submissions admitted here since. Nothing accepted is ever dropped for it. Its error: submissions of other
    processes are seen a second late, and those on their way into the store (admitted before a count and stored after
    it) not until the next count, so more than `depth` may wait, by the submissions of other processes in a second and
    those under way in this one. Executions that start directly take no room; one that does so during a count makes the
    estimate one too low until the next. Executions that were claimed, and submissions admitted and then refused for
    another reason, count for up to a second more.
    """

    def __init__(self, count_waiting: CountWaiting, depth: int, monotonic: Callable[[], float]) -> None:
        self._count_waiting, self._depth, self._monotonic = count_waiting, depth, monotonic
        self._counted = self._admitted = 0
        self._count_at = monotonic()

    async def check(self, count: int = 1) -> Result[None, QueueFull]:
        """Refuse an execution, or so many at once, for which there is no room; admit none."""
        if self._depth == 0:
            return Success(None)
        if self._monotonic() >= self._count_at:
            await self._count()
        if self._counted + self._admitted + count > self._depth:
            return Failure(QueueFull(RETRY_AFTER_SECONDS))
        return Success(None)

    async def admit(self, count: int = 1) -> Result[None, QueueFull]:
        """Admit an execution, or so many at once, which take the room, or refuse them."""
        checked = await self.check(count)
        if is_successful(checked):
            self._admitted += count
        return checked

    def give_back(self) -> None:
        """Free the room of an execution that was admitted and does not wait, since its run has begun."""
        self._admitted -= 1

    async def _count(self) -> None:
        """Count anew; concurrent submissions use the estimate as it is."""
        self._count_at, before = inf, self._admitted
        try:
            self._counted = await self._count_waiting(self._depth)
            self._admitted -= before
        finally:
            self._count_at = self._monotonic() + COUNTED_EVERY_SECONDS
