"""The header of a zstd frame, read for the one field that the library does not give: the window (RFC 8878, 3.1.1)."""

from typing import Final

MAX_HEADER_BYTES: Final = 18
"""The longest header, with the magic number."""

_MAGIC_BYTES, _FRAME, _SKIPPABLE_FRAME = 4, 0xFD2FB528, 0x184D2A50
_DICTIONARY_BYTES: Final = (0, 1, 2, 4)


class FrameFault(Exception):
    """The bytes begin no frame, or one that is not accepted; the argument is the reason."""


class WindowTooLarge(Exception):
    """A frame needs a larger window than a decoder provides."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"a window of {size_bytes} bytes")
        self.window_bytes = size_bytes


def window_bytes(start: bytes) -> int | None:
    """Return the bytes of output that a decoder of this frame must remember; None while its header is incomplete.

    A skippable frame needs none. FrameFault where no frame begins.
    """
    if len(start) < _MAGIC_BYTES:
        return None
    magic = int.from_bytes(start[:_MAGIC_BYTES], "little")
    if magic & ~0xF == _SKIPPABLE_FRAME:
        return 0
    if magic != _FRAME:
        raise FrameFault("no frame begins here")
    return _window(start[_MAGIC_BYTES:])


def _window(fields: bytes) -> int | None:
    """Read the window from its descriptor, or the content's size if the frame is a single segment."""
    if len(fields) < 2:
        return None
    if not fields[0] >> 5 & 1:
        base = 1 << 10 + (fields[1] >> 3)
        return base + base // 8 * (fields[1] & 7)
    at, size = 1 + _DICTIONARY_BYTES[fields[0] & 3], 1 << (fields[0] >> 6)
    if len(fields) < at + size:
        return None
    return int.from_bytes(fields[at : at + size], "little") + (256 if size == 2 else 0)
