"""The stored form of a text: as it is, or compressed where that is shorter."""

import sys
from typing import Final

from domain.body import Body, Encoding, digest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_COMPRESSIBLE_BYTES: Final = 1024
"""Below, a decompressor takes longer to set up than it saves: docs/decisions/bodies-are-bytes.md."""
_WORTHWHILE: Final = 0.9
_SHORT_BYTES: Final = 16 * 1024
_LEVEL: Final = 1
_FOR_SHORT_TEXTS: Final = zstd.ZstdCompressor(_LEVEL)
"""Threads take turns with it, by its own lock."""


def stored_form(text: bytes | memoryview) -> Body:
    """Encode a text, which is not checked."""
    if len(text) >= _COMPRESSIBLE_BYTES:
        packed = _compressed(text)
        if len(packed) < len(text) * _WORTHWHILE:
            return Body(digest=digest(text), encoding=Encoding.ZSTD, data=packed)
    return Body(digest=digest(text), encoding=Encoding.IDENTITY, data=bytes(text))


def _compressed(text: bytes | memoryview) -> bytes:
    """Compress to one frame. To set up a compressor takes longer than to compress a short text, so those share one."""
    if len(text) >= _SHORT_BYTES:
        return zstd.compress(text, _LEVEL)
    return _FOR_SHORT_TEXTS.compress(text, zstd.ZstdCompressor.FLUSH_FRAME)
