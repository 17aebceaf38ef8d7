"""Register of idle processes that have served a run and may serve another of the same affinity.

It is pure and synchronous: it is told the time, and returns the processes that its holder must end. What they may hold
is bounded in bytes rather than in number; the one that has been idle for longest goes first.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from attrs import frozen

from domain.limits import MIB

P = TypeVar("P", bound=Hashable)


@frozen
class ReusePolicy:
    """Bounds of reuse: the runs of a process, its idle time, the bytes that all idle ones may hold, and the growth of
    one's memory over that of a fresh one."""

    runs: int = 200
    idle_seconds: float = 30
    idle_bytes: int = 256 * MIB
    growth_bytes: int = 64 * MIB


@frozen
class _Idle:
    affinity: Hashable
    size_bytes: int
    since: float


class WarmProcesses(Generic[P]):
    """The idle processes, in the order in which they became idle, and by affinity."""

    def __init__(self, idle_bytes: int, idle_seconds: float) -> None:
        self._idle_bytes, self._idle_seconds = idle_bytes, idle_seconds
        self._idle: dict[P, _Idle] = {}
        self._by_affinity: dict[Hashable, list[P]] = {}
        self._held_bytes = 0

    def __len__(self) -> int:
        """Count the idle processes."""
        return len(self._idle)

    @property
    def held_bytes(self) -> int:
        """The bytes that the idle processes hold."""
        return self._held_bytes

    def put(self, process: P, affinity: Hashable, size_bytes: int, now: float) -> list[P]:
        """Enter a process that has become idle; return those for which there is no room any more."""
        self._idle[process] = _Idle(affinity, size_bytes, now)
        self._by_affinity.setdefault(affinity, []).append(process)
        self._held_bytes += size_bytes
        return self._remove_oldest(lambda: self._held_bytes > self._idle_bytes)

    def take(self, affinity: Hashable) -> P | None:
        """Remove and return the process of that affinity that became idle last; None if there is none."""
        waiting = self._by_affinity.get(affinity)
        if not waiting:
            return None
        process = waiting[-1]
        self._remove(process)
        return process

    def expire(self, now: float) -> list[P]:
        """Remove and return the processes that have been idle for too long."""
        return self._remove_oldest(lambda: now - next(iter(self._idle.values())).since >= self._idle_seconds)

    def remove_if(self, is_meant: Callable[[P], bool]) -> list[P]:
        """Remove and return every process that is meant."""
        removed = [process for process in self._idle if is_meant(process)]
        for process in removed:
            self._remove(process)
        return removed

    def _remove_oldest(self, is_due: Callable[[], bool]) -> list[P]:
        removed = []
        while self._idle and is_due():
            removed.append(next(iter(self._idle)))
            self._remove(removed[-1])
        return removed

    def _remove(self, process: P) -> None:
        idle = self._idle.pop(process)
        self._held_bytes -= idle.size_bytes
        waiting = self._by_affinity[idle.affinity]
        waiting.remove(process)
        if not waiting:
            del self._by_affinity[idle.affinity]
