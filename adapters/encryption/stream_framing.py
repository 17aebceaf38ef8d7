"""A text of any length as segments of AES-GCM: the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015).

An encrypted text is a version byte, seven random bytes, and the segments, each encrypted on its own with its tag behind
it. A segment's nonce is those seven bytes, its number (four bytes, big-endian) and one byte that is 1 in the last
segment and 0 in all others. So decryption fails for a segment that is missing, doubled, moved, of another text, or was
not the last when it was encrypted. An empty text has one empty segment. All but the last have the same length.
"""

import os
from collections.abc import Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.ports.encryption import DecryptionFailed

VERSION: Final = b"\x01"
SEGMENT_BYTES: Final = 1024 * 1024
"""OpenSSL works on a segment without holding the interpreter."""
TAG_BYTES: Final = 16
_SALT_BYTES: Final = 7
HEAD_BYTES: Final = len(VERSION) + _SALT_BYTES


def encrypt(key: AESGCM, text: bytes, about: bytes, segment_bytes: int = SEGMENT_BYTES) -> bytes:
    """Encrypt the text. Decryption needs the same key and the same `about`."""
    salt, view = os.urandom(_SALT_BYTES), memoryview(text)
    segments = (key.encrypt(salt + own, view[at:to], about) for at, to, own in _segments(len(text), segment_bytes))
    return b"".join((VERSION, salt, *segments))


def decrypt(key: AESGCM, sealed: bytes, about: bytes, segment_bytes: int = SEGMENT_BYTES) -> bytes:
    """Decrypt to the text. Raises `DecryptionFailed`."""
    opening, view, texts = StreamDecryption(key, about, len(sealed), segment_bytes), memoryview(sealed), []
    while wanted := opening.wanted_bytes:
        texts.append(opening.feed(view[:wanted]))
        view = view[wanted:]
    return b"".join(texts)


class StreamDecryption:
    """An encrypted text of `size_bytes` that is decrypted segment by segment.

    No byte of a segment is returned before its tag has been checked; a missing segment is detected at the last one.
    """

    def __init__(self, key: AESGCM, about: bytes, size_bytes: int, segment_bytes: int = SEGMENT_BYTES) -> None:
        if size_bytes < HEAD_BYTES + TAG_BYTES:
            raise DecryptionFailed("sealed bytes have another form")
        self._key, self._about = key, about
        self._length, self._segment = size_bytes - HEAD_BYTES, segment_bytes + TAG_BYTES
        self._salt, self._held = b"", bytearray()
        self._segments = _segments(self._length, self._segment)
        self._next = next(self._segments, None)

    @property
    def wanted_bytes(self) -> int:
        """The number of bytes missing from the next segment, including the head before the first one; 0 at the end."""
        if self._next is None:
            return 0
        begin, end, _ = self._next
        return (0 if self._salt else HEAD_BYTES) + end - begin - len(self._held)

    def feed(self, data: bytes | memoryview) -> bytes:
        """Add bytes, and return the text of the segment that they complete; empty if they complete none."""
        wanted = self.wanted_bytes
        self._held += data
        if len(data) < wanted:
            return b""
        if not self._salt:
            self._take_head()
        return self._open_segment()

    def _take_head(self) -> None:
        if not self._held.startswith(VERSION):
            raise DecryptionFailed("sealed bytes have another form")
        self._salt = bytes(self._held[len(VERSION) : HEAD_BYTES])
        del self._held[:HEAD_BYTES]

    def _open_segment(self) -> bytes:
        assert self._next is not None, "nothing is fed behind the last segment"
        segment, (_, _, number) = self._held, self._next
        self._held, self._next = bytearray(), next(self._segments, None)
        try:
            return self._key.decrypt(self._salt + number, segment, self._about)
        except InvalidTag:
            raise DecryptionFailed("sealed bytes are not what was sealed here") from None


def _segments(length: int, segment_bytes: int) -> Iterator[tuple[int, int, bytes]]:
    """Begin and end of each segment, and the part of its nonce that is its own."""
    last = max(0, (length - 1) // segment_bytes)
    for number in range(last + 1):
        counted = number.to_bytes(4) + (b"\x01" if number == last else b"\x00")
        yield number * segment_bytes, min(length, (number + 1) * segment_bytes), counted
