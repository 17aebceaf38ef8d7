"""The limit of the engine's heap: what a script may take, and what is done on its behalf and does not count."""

from collections.abc import Callable
from typing import Final, TypeVar

from adapters.javascript.confined.quickjs import QuickJS

_T = TypeVar("_T")

_HEADROOM_BYTES: Final = 4 * 1024 * 1024
"""Memory beyond the limit for work that is not the script's: an error's message, a warning."""


class HeapLimit:
    """The limit of one engine, of which there is none at first."""

    def __init__(self, js: QuickJS) -> None:
        self._js, self._bytes = js, 0

    def set(self, size_bytes: int) -> None:
        """Let the heap hold `size_bytes`, which count what it holds already; 0 for no limit."""
        self._bytes = size_bytes
        self._js.limit_heap(size_bytes)

    def give_headroom(self) -> None:
        """Raise it for what is said of a run. It stays one, for a script's getters and traps may run."""
        self.set(self._bytes + _HEADROOM_BYTES)

    def unmetered(self, work: Callable[[], _T]) -> _T:
        """Raise it by what the work leaves behind, for that is not the script's doing.

        No code of a script may run in it. Work that throws raises nothing, for a script can repeat it at will.
        """
        held_before = self._js.held_bytes
        self._js.limit_heap(0)
        try:
            made = work()
            self._bytes += max(0, self._js.held_bytes - held_before)
        finally:
            self._js.limit_heap(self._bytes)
        return made

    def suspended(self, work: Callable[[], _T]) -> _T:
        """Do work whose memory does not count while it is done, and stays what the script holds afterwards."""
        self._js.limit_heap(0)
        try:
            return work()
        finally:
            self._js.limit_heap(self._bytes)

    def snapshot(self) -> Callable[[], None]:
        """Return a function that sets the present limit again."""
        size_bytes = self._bytes
        return lambda: self.set(size_bytes)
