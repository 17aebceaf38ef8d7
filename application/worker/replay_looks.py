"""A worker's looks for replays, which wait behind all other executions: it looks only while nothing else is pending.

Such a look is a statement of its own, so that looks for other executions cost no more than without replays. It follows
a look that left slots free, but at most one in `REST_SECONDS`, unless the one before may have left some.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Final

REST_SECONDS: Final = 0.25
_LEAST_SECONDS: Final = 0.01
"""The shortest pause for the rest of a rest: a clock need not advance within a shorter one."""


class ReplayLooks:
    """`more` is true if the last look may have left some, so that they are looked for as soon as a slot is free."""

    def __init__(self, monotonic: Callable[[], float], poll_seconds: float) -> None:
        self._monotonic, self._poll_seconds = monotonic, poll_seconds
        self._is_due, self._next_at = False, -inf
        self.more = False

    def may_look(self, free_slots: int) -> bool:
        """Tell whether a look for as many replays may follow now; otherwise it is due later."""
        self._is_due = True
        return free_slots > 0 and (self.more or self._monotonic() >= self._next_at)

    @contextmanager
    def look(self) -> Iterator[None]:
        """Look during the block, which sets `more`."""
        self.more = False
        try:
            yield
        finally:
            self._is_due, self._next_at = self.more, self._monotonic() + REST_SECONDS

    def pause(self, free_slots: int) -> float:
        """Compute the seconds for which a worker waits for a signal before it looks again."""
        if not self._is_due or free_slots <= 0:
            return self._poll_seconds
        rest = 0.0 if self.more else max(_LEAST_SECONDS, self._next_at - self._monotonic())
        return min(self._poll_seconds, rest)
