"""Waiting for what must come true, with a deadline: the only place where tests sleep."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], seconds: float = 30, pause: float = 0.005) -> T:
    """Return the value of `look` as soon as it is true; fail if that takes too long."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(pause)
    return seen


async def eventually_sees(look: Callable[[], Awaitable[T]], seconds: float = 10) -> T:
    """Do the same inside an event loop."""
    clock = asyncio.get_running_loop().time  # which may be virtual
    deadline = clock() + seconds
    while not (seen := await look()):
        assert clock() < deadline, "it did not come true in time"
        await asyncio.sleep(0.003)
    return seen
