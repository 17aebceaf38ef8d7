"""A text of any length as segments of AES-GCM: the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015).

A sealed text is a version byte, seven random bytes, and the segments, each encrypted on its own with its tag behind it.
A segment's nonce is those seven bytes, its number (four bytes, big-endian) and one byte that is 1 in the last segment
and 0 in all others. So a segment that is missing, doubled, moved, or was not the last when it was sealed does not open,
and neither does one of another text. An empty text has one empty segment. All but the last have the same length.
"""

import os
from collections.abc import Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.sealing import SealBroken

VERSION: Final = b"\x01"
SEGMENT_BYTES: Final = 1024 * 1024
"""OpenSSL works on a segment without holding the interpreter."""
TAG_BYTES: Final = 16
_SALT_BYTES: Final = 7
HEAD_BYTES: Final = len(VERSION) + _SALT_BYTES


def seal(key: AESGCM, text: bytes, about: bytes, segment_bytes: int = SEGMENT_BYTES) -> bytes:
    """The text, sealed. It opens only with the same key and the same `about`."""
    salt, view = os.urandom(_SALT_BYTES), memoryview(text)
    segments = (key.encrypt(nonce, view[at:to], about) for at, to, nonce in _segments(salt, len(text), segment_bytes))
    return b"".join((VERSION, salt, *segments))


def opened(key: AESGCM, sealed: bytes, about: bytes, segment_bytes: int = SEGMENT_BYTES) -> bytes:
    """The text again; raises `SealBroken`."""
    if len(sealed) < HEAD_BYTES + TAG_BYTES or not sealed.startswith(VERSION):
        raise SealBroken("sealed bytes have another form")
    salt, view = sealed[len(VERSION) : HEAD_BYTES], memoryview(sealed)[HEAD_BYTES:]
    try:
        return b"".join(
            key.decrypt(nonce, view[at:to], about)
            for at, to, nonce in _segments(salt, len(view), segment_bytes + TAG_BYTES)
        )
    except InvalidTag:
        raise SealBroken("sealed bytes are not what was sealed here") from None


def _segments(salt: bytes, length: int, segment_bytes: int) -> Iterator[tuple[int, int, bytes]]:
    """Begin, end and nonce of each segment."""
    last = max(0, (length - 1) // segment_bytes)
    for number in range(last + 1):
        nonce = salt + number.to_bytes(4) + (b"\x01" if number == last else b"\x00")
        yield number * segment_bytes, min(length, (number + 1) * segment_bytes), nonce
