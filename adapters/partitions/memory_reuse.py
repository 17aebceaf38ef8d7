"""Reuse of memory between partitions. Each allocates the same tens of megabytes again and again. The C library would
return them to the kernel, which clears them for the next one: half of the CPU time around a run."""

import ctypes
from contextlib import suppress
from typing import Final

from domain.limits import MIB

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of `mallopt` (malloc.h of glibc)."""
_LARGEST_PIECE: Final = 32 * MIB
"""The most that glibc takes as threshold."""
_KEPT: Final = 256 * MIB


def keep_memory() -> None:
    """Have this process keep freed memory, where the C library is glibc."""
    with suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGEST_PIECE)
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
