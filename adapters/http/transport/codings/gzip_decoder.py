"""Undoes the content coding `gzip`: members (RFC 1952) one after another, and nothing else between or behind them."""

import zlib
from collections.abc import Iterator
from typing import Final

from adapters.http.transport.codings.decoders import PIECE_BYTES, MalformedEncoding, incomplete, invalid

_GZIP: Final = 16 + zlib.MAX_WBITS
"""The value with which zlib expects gzip's header and trailer, and no other."""


class GzipDecoder:
    """The decoder."""

    window_bytes: Final = 1 << zlib.MAX_WBITS

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._at = 0

    def decode(self, data: bytes) -> Iterator[bytes | MalformedEncoding]:
        """Decode further bytes into pieces."""
        full = False  # then there may be more of what has been read already
        while data or full:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP)
            before = self._member.copy()
            try:
                piece = self._member.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                yield invalid(_reason(error), self._at + _place(before, data))
                return
            rest = self._member.unused_data or self._member.unconsumed_tail
            self._at += len(data) - len(rest)
            data, full = rest, len(piece) == PIECE_BYTES and not self._member.eof
            if piece:
                yield piece

    def end(self) -> MalformedEncoding | None:
        """Require that the last member is complete."""
        return None if self._member.eof else incomplete(self._at)


def _place(member: "zlib._Decompress", data: bytes) -> int:
    """Find the first byte that the member rejects, by feeding it one byte after the other."""
    for place in range(len(data)):
        try:
            member.decompress(data[place : place + 1])
        except zlib.error:
            return place
    return len(data)


def _reason(error: zlib.error) -> str:
    return str(error).rpartition(": ")[2]
