"""The bytes of request bodies that a process holds at this moment, over all requests, and the bound on them.

One event loop counts; nothing here may be called from another thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class InFlight:
    """The count."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit, self._held = limit_bytes, 0

    @property
    def held_bytes(self) -> int:
        """What all requests hold together."""
        return self._held

    @contextmanager
    def share(self) -> Iterator["Share"]:
        """One request's part, given back whichever way the block is left."""
        share = Share(self)
        try:
            yield share
        finally:
            share.hold(0)

    def change(self, by: int) -> bool:
        """Count so many bytes more, or fewer; false, and nothing is counted, if that would be too many."""
        if by > 0 and self._held + by > self._limit:
            return False
        self._held += by
        return True


class Share:
    """What one request holds."""

    def __init__(self, of: InFlight) -> None:
        self._of, self._held = of, 0

    def hold(self, size_bytes: int) -> bool:
        """Hold that many bytes instead of those so far; false, and nothing changes, if there is no room."""
        if not self._of.change(size_bytes - self._held):
            return False
        self._held = size_bytes
        return True
