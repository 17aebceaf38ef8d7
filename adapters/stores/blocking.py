"""Work that blocks, in threads, and the open files that it uses."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

_T = TypeVar("_T")


async def in_thread(work: Callable[[], _T]) -> _T:
    """Do work in a thread. A cancellation waits for its end: a file that is still written to must not be closed, since
    its number might be another file's by then."""
    doing = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        while not doing.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([doing])
        if not doing.cancelled():
            doing.exception()  # it is nobody's now, and not to be reported as forgotten
        raise


class Descriptor:
    """An open file, closed at the latest when nothing refers to it: an iterator that never starts has no `finally`, and
    work whose caller was cancelled returns to nobody."""

    def __init__(self, number: int) -> None:
        self.number: Final = number
        self._is_open = True

    def close(self) -> None:
        """Close the file, which ends its locks."""
        if self._is_open:
            self._is_open = False
            os.close(self.number)

    def __del__(self) -> None:
        self.close()


def write_all(opened: Descriptor, data: bytes) -> None:
    """Write bytes, which the kernel may take in several parts."""
    left = memoryview(data)
    while left:
        left = left[os.write(opened.number, left) :]
