"""A circuit breaker: after a failed start there is no attempt for a while, longer after each failure."""

from typing import Final

_FIRST_PAUSE_SECONDS: Final = 0.25
_LONGEST_PAUSE_SECONDS: Final = 8.0


class CircuitBreaker:
    """The failures since the last success. `reason` is the last failure's, empty after a success."""

    def __init__(self) -> None:
        self.reason = ""
        self._failures, self._closes_at = 0, 0.0

    def is_open(self, now: float) -> bool:
        """Tell whether it is too early for another attempt; `now` is monotonic, in seconds."""
        return now < self._closes_at

    def record_failure(self, reason: str, now: float) -> None:
        """Allow no attempt for a pause, twice as long as the one before."""
        self._failures += 1
        pause = min(_FIRST_PAUSE_SECONDS * 2 ** min(self._failures - 1, 16), _LONGEST_PAUSE_SECONDS)
        self.reason, self._closes_at = reason, now + pause

    def record_success(self) -> None:
        """Forget all failures."""
        self.reason, self._failures, self._closes_at = "", 0, 0.0
