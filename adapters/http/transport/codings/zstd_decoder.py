"""Decoder for the content coding `zstd`: frames (RFC 8878) one after another, and nothing else between or after them.

The library bounds its output and reads one frame. What is left to do here: the next frame, and the limit of HTTP to a
frame's window, which the library does not enforce on a frame that arrives whole.
"""

import sys
from collections.abc import Iterator
from typing import Final

from adapters.http.transport.codings.decoders import PIECE_BYTES, MalformedEncoding, incomplete, invalid
from adapters.http.transport.codings.zstd_header import MAX_HEADER_BYTES, FrameFault, WindowTooLarge, window_bytes
from domain.hint import hint
from domain.limits import MIB

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_WINDOW_BYTES: Final = 8 * MIB
"""The largest window that a frame may need (RFC 9659)."""

_INPUT_BYTES: Final = 8 * 1024
"""The input of one call: the library copies what follows a frame, which many small frames would make quadratic."""


class ZstdDecoder:
    """The decoder."""

    def __init__(self) -> None:
        self.window_bytes = 0
        self._frame: zstd.ZstdDecompressor | None = None
        self._frame_at, self._begun = 0, False
        self._held, self._used, self._before_held = b"", 0, 0

    def decode(self, data: bytes) -> Iterator[bytes | MalformedEncoding]:
        """Decode further bytes into pieces. The position of a fault is where its frame begins."""
        self._before_held += self._used
        self._held, self._used = self._held[self._used :] + data, 0
        try:
            while (frame := self._frame or self._next_frame()) and (self._is_left() or not frame.needs_input):
                if piece := self._decompress(frame):
                    yield piece
        except WindowTooLarge as error:
            sizes = {"window_bytes": error.window_bytes, "limit_bytes": MAX_WINDOW_BYTES}
            yield MalformedEncoding(hint("encoding-window-too-large", **sizes), self._frame_at)
        except (FrameFault, zstd.ZstdError) as error:
            yield invalid(str(error).rpartition(": ")[2], self._frame_at)

    def end(self) -> MalformedEncoding | None:
        """Require that the last frame is complete."""
        if self._begun and self._frame is None and not self._is_left():
            return None
        return incomplete(self._before_held + len(self._held))

    def _is_left(self) -> bool:
        return self._used < len(self._held)

    def _next_frame(self) -> zstd.ZstdDecompressor | None:
        """Begin the next frame once its header has arrived."""
        self._frame_at = self._before_held + self._used
        window = window_bytes(self._held[self._used : self._used + MAX_HEADER_BYTES])
        if window is None:
            return None
        if window > MAX_WINDOW_BYTES:
            raise WindowTooLarge(window)
        self.window_bytes = window
        self._begun, self._frame = True, zstd.ZstdDecompressor()
        return self._frame

    def _decompress(self, frame: zstd.ZstdDecompressor) -> bytes:
        step = self._held[self._used : self._used + _INPUT_BYTES] if frame.needs_input else b""
        piece = frame.decompress(step, PIECE_BYTES)
        self._used += len(step)
        if frame.eof:
            self._used -= len(frame.unused_data)
            self._frame = None
        return piece
