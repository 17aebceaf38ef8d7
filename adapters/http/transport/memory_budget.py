"""Per-process memory budget for the bodies of requests and responses.

A request reserves before it holds bytes, and is refused if there is no room. One event loop counts; nothing here may be
called from another thread.
"""

from enum import StrEnum
from types import TracebackType
from typing import Self


class Use(StrEnum):
    """Purpose of a reservation."""

    REQUEST = "request"
    RESPONSE = "response"


class MemoryBudget:
    """The count of all reserved bytes, and the bound on it."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit, self._reserved = limit_bytes, dict.fromkeys(Use, 0)

    @property
    def held_bytes(self) -> int:
        """All reserved bytes."""
        return sum(self._reserved.values())

    @property
    def response_bytes(self) -> int:
        """Bytes reserved for responses alone."""
        return self._reserved[Use.RESPONSE]

    def reserve(self, use: Use) -> "Reservation":
        """Open an empty reservation, whose block returns it to the budget however it ends."""
        return Reservation(self, use)

    def change(self, use: Use, by: int) -> bool:
        """Count so many bytes more, or fewer; false, and nothing is counted, if that would be too many."""
        if by > 0 and self.held_bytes + by > self._limit:
            return False
        self._reserved[use] += by
        return True


class Reservation:
    """Bytes reserved for one request or one response."""

    def __init__(self, budget: MemoryBudget, use: Use = Use.REQUEST) -> None:
        self._budget, self._use, self._held = budget, use, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.resize(0)

    def resize(self, size_bytes: int) -> bool:
        """Reserve that many bytes instead of the present ones; return false, without a change, if there is no room."""
        if not self._budget.change(self._use, size_bytes - self._held):
            return False
        self._held = size_bytes
        return True
