"""Digests of a file in every form that the service could have stored it in, from one reading, piece by piece.

The service stores text: without a byte order mark, decompressed if it was sent with a content coding, and lines as the
array of their values. A digest that matches in any form proves that the file has that content.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from adapters.http.requests.byte_order_mark import ByteOrderMark
from adapters.http.transport.codings.decoders import Decoder, MalformedEncoding
from adapters.http.transport.codings.gzip_decoder import GzipDecoder
from adapters.http.transport.codings.zstd_decoder import ZstdDecoder
from adapters.json.line_digest import LineDigest
from domain.verification_report import Form

_PIECE_BYTES: Final = 128 * 1024
_CODINGS: Final[Mapping[bytes, Callable[[], Decoder]]] = {
    b"\x1f\x8b": GzipDecoder,
    b"\x28\xb5\x2f\xfd": ZstdDecoder,
}
"""Decoders by the bytes that encoded content begins with."""


def digests_of(file: Path) -> Mapping[Form, str]:
    """Compute the SHA-256 of each form of a file. Raises OSError."""
    with file.open("rb") as opened:
        return _digests(iter(lambda: opened.read(_PIECE_BYTES), b""))


def _digests(pieces: Iterator[bytes]) -> Mapping[Form, str]:
    first = next(pieces, b"")
    raw, text = hashlib.sha256(), _Text(Form.WITHOUT_MARK, Form.LINES)
    decoded = next((_Decoded(make()) for magic, make in _CODINGS.items() if first.startswith(magic)), None)
    for piece in _from(first, pieces):
        raw.update(piece)
        text.update(piece)
        if decoded is not None:
            decoded.update(piece)
    return {Form.RAW: raw.hexdigest(), **text.digests(), **({} if decoded is None else decoded.digests())}


def _from(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


class _Text:
    """Text without its byte order mark, and as lines."""

    def __init__(self, whole: Form, lines: Form) -> None:
        self._mark, self._sha256, self._lines = ByteOrderMark(), hashlib.sha256(), LineDigest()
        self._forms = (whole, lines)

    def update(self, piece: bytes) -> None:
        self._add(self._mark.without(piece))

    def digests(self) -> Mapping[Form, str]:
        self._add(self._mark.end())
        return dict(zip(self._forms, (self._sha256.hexdigest(), self._lines.sha256()), strict=True))

    def _add(self, text: bytes) -> None:
        self._sha256.update(text)
        self._lines.update(text)


class _Decoded:
    """Encoded text, decoded until a fault."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder, self._text, self._is_valid = decoder, _Text(Form.DECODED, Form.DECODED_LINES), True

    def update(self, piece: bytes) -> None:
        for decoded in self._decoder.decode(piece) if self._is_valid else ():
            if isinstance(decoded, MalformedEncoding):
                self._is_valid = False
                return
            self._text.update(decoded)

    def digests(self) -> Mapping[Form, str]:
        return self._text.digests() if self._is_valid and self._decoder.end() is None else {}
