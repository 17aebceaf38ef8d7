"""An event loop whose clock jumps to the next thing that is due, so that minutes pass in no time."""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

T = TypeVar("T")

_BEGINNING: Final = datetime(2030, 1, 1, tzinfo=UTC)


class _Jumping(selectors.DefaultSelector):
    """Waits for nothing: the time that it should wait has passed when it returns."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everything waits, and nothing is due"
            self.now += max(timeout, 0)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """The event loop. There may be no threads and no sockets in its tasks."""

    def __init__(self) -> None:
        self._clock = _Jumping()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def virtual_now() -> datetime:
    """Return the running loop's time as a date, for clocks that must agree with it."""
    return _BEGINNING + timedelta(seconds=asyncio.get_running_loop().time())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine to its end, its clock starting at zero."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(work)
