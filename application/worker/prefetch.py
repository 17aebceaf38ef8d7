"""Prefetching: keeps slots busy without holding executions that another worker could run."""

from math import inf

from attrs import define

_WEIGHT = 0.2


@define
class PrefetchWindow:
    """As many executions as the slots get through in `ahead_seconds`, judged by how long runs took lately.

    So short runs are claimed in batches. Long ones are claimed for free slots alone: an execution must not wait here
    while another worker could run it. At most `most` are claimed ahead, and none before the first run has ended.
    """

    slots: int
    ahead_seconds: float
    most: int
    _mean_seconds: float = inf

    def record(self, seconds: float) -> None:
        """Take a run's duration into account."""
        known = self._mean_seconds < inf
        self._mean_seconds = (1 - _WEIGHT) * self._mean_seconds + _WEIGHT * seconds if known else seconds

    def reset(self) -> None:
        """Claim nothing ahead until a run has ended, since a claimed execution waited in vain."""
        self._mean_seconds = inf

    def room(self, held: int) -> int:
        """Compute the number of executions that a worker which holds `held` could hold besides."""
        return self.slots + self._ahead() - held

    def claim_count(self, held: int) -> int:
        """Compute the number of executions to claim now for a worker that holds `held`; 0 until a claim pays."""
        free = self.room(held)
        return free if held < self.slots or 2 * free > self._ahead() else 0

    def _ahead(self) -> int:
        return min(self.most, int(self.slots * self.ahead_seconds / max(self._mean_seconds, 1e-6)))
