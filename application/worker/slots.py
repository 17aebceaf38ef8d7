"""The slots of a worker, given to its claims in the order in which they ask."""

import asyncio
from collections import deque


class Slots:
    """A number of slots, for one event loop. Each is taken by one claim at a time."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._turns: deque[asyncio.Future[bool]] = deque()

    async def take(self, patience_seconds: float) -> bool:
        """Take a slot, which the caller must `release`; false if none was free within so many seconds."""
        if self._free:  # nothing waits then
            self._free -= 1
            return True
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[bool] = loop.create_future()
        self._turns.append(turn)
        timer = loop.call_later(patience_seconds, _end_wait, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.result():
                self.release()
            raise
        finally:
            timer.cancel()

    def release(self) -> None:
        """Pass a slot on to the claim that has waited longest."""
        while self._turns:
            turn = self._turns.popleft()
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1


def _end_wait(turn: "asyncio.Future[bool]") -> None:
    if not turn.done():
        turn.set_result(False)
