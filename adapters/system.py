"""The machine's clock and randomness, as the ports `Clock` and `NewId`."""

import os
import time
from datetime import UTC, datetime
from typing import Final
from uuid import UUID


def utc_now() -> datetime:
    """Read the wall clock, aware, in UTC."""
    return datetime.now(UTC)


class Uuid7:
    """UUIDs version 7 (RFC 9562, section 5.7), each greater than the one before it from the same generator.

    48 bits of Unix milliseconds, 12 bits of a millisecond's fraction (section 6.2, method 3) and 62 random bits.
    A clock that stands still or goes back is overruled by the last time plus one step of 244 ns.
    """

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> UUID:
        self._last = max((time.time_ns() << 12) // 1_000_000, self._last + 1)
        milliseconds, fraction = self._last >> 12, self._last & 0xFFF
        random = int.from_bytes(os.urandom(8), "big") >> 2
        return UUID(int=milliseconds << 80 | 0x7000 << 64 | fraction << 64 | 0b10 << 62 | random)


uuid7: Final = Uuid7()
