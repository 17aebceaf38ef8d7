"""A worker's looks for replays, which wait behind all other executions: it looks only while nothing else is pending.

Such a look is a statement of its own, so that looks for other executions cost no more than without replays. It follows
a look that left slots free, but at most one in `REST_SECONDS`, unless the one before may have left some.

Replays also take processor time from executions that come one after another and never wait. So while others come, one
replay at a time is taken, in each `BUSY_REST_SECONDS`: a small part of a processor, and replays still get on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Final

from domain.execution import Running

REST_SECONDS: Final = 0.25
BUSY_SECONDS: Final = 1.0
"""The time after the start of another execution for which more of them are expected."""
BUSY_REST_SECONDS: Final = 0.5
_LEAST_SECONDS: Final = 0.01
"""The shortest pause for the rest of a rest: a clock need not advance within a shorter one."""


class ReplayLooks:
    """`more` is true if the last look may have left some, so that they are looked for as soon as a slot is free."""

    def __init__(self, monotonic: Callable[[], float], poll_seconds: float) -> None:
        self._monotonic, self._poll_seconds = monotonic, poll_seconds
        self._is_due, self._is_resting, self._next_at, self._busy_until = False, False, -inf, -inf
        self.more = False

    def note_start(self, running: Running) -> None:
        """Take the start of an execution into account, of a replay or another."""
        if running.submission.replay_of is None:
            self._busy_until = self._monotonic() + BUSY_SECONDS

    def may_look(self, free_slots: int) -> bool:
        """Tell whether a look for as many replays may follow now; otherwise it is due later."""
        self._is_due = True
        return free_slots > 0 and self._may_follow

    @property
    def wants_slot(self) -> bool:
        """Tell whether a look is to follow as soon as a slot is free."""
        return self.more and self._may_follow

    @contextmanager
    def look(self, free_slots: int) -> Iterator[int]:
        """Look during the block for the number of replays that it gets. The block sets `more`."""
        self.more = False
        self._is_resting = self._monotonic() < self._busy_until
        try:
            yield min(1, free_slots) if self._is_resting else free_slots
        finally:
            rest = BUSY_REST_SECONDS if self._is_resting else REST_SECONDS
            self._is_due, self._next_at = self.more, self._monotonic() + rest

    def pause(self, free_slots: int) -> float:
        """Compute the seconds for which a worker waits for a signal before it looks again."""
        left = self._next_at - self._monotonic()
        if not self._is_due or (free_slots <= 0 and (left <= 0 or not self._is_resting)):
            return self._poll_seconds
        rest = 0.0 if self.more and not self._is_resting else max(_LEAST_SECONDS, left)
        return min(self._poll_seconds, rest)

    @property
    def _may_follow(self) -> bool:
        """Tell whether a look may follow now: at once if the last one may have left some, or after a rest."""
        return (self.more and not self._is_resting) or self._monotonic() >= self._next_at
