"""Production of a response's content from a stored body, a piece at a time and on a thread, and its memory."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Final

from adapters.http.operations import JSON, NDJSON
from adapters.http.transport.codings.coding import Coding
from adapters.http.transport.codings.encoding import PIECE_BYTES, encoded
from application.executions.body_text import PIECES_AT_ONCE, is_short, produced
from application.ports.bodies import Bodies
from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Encoding
from domain.limits import MIB

_SENDING_BYTES: Final = (PIECES_AT_ONCE + 1) * PIECE_BYTES
"""Pieces that have been made and one that the transport holds."""
_DECODER_BYTES: Final = MIB
"""The memory for decoding the stored form: a window of up to half that, and buffers."""
_ENCODER_BYTES: Final[Mapping[Coding, int]] = {Coding.IDENTITY: 0, Coding.GZIP: 384 * 1024, Coding.ZSTD: 3 * MIB // 2}
"""The memory for compressing: a window, and tables."""


def held_bytes(body: StoredBody, media_type: str = JSON, coding: Coding = Coding.IDENTITY) -> int:
    """Estimate the most bytes held at once while the content is produced and sent."""
    if is_short(body):
        return 0
    if _is_as_stored(body, media_type, coding):
        return body.held_bytes + _SENDING_BYTES
    decoder = 0 if body.encoding is Encoding.IDENTITY else _DECODER_BYTES
    return body.held_bytes + decoder + _ENCODER_BYTES[coding] + _SENDING_BYTES


def content_pieces(bodies: Bodies, body: StoredBody, media_type: str, coding: Coding) -> AsyncIterator[bytes]:
    """Produce the content as that media type (`NDJSON`, or the body's own) in that coding."""
    if _is_as_stored(body, media_type, coding):
        return produced(body, _as_stored)
    text = bodies.lines if media_type == NDJSON else bodies.pieces
    return produced(body, lambda parts: encoded(text(body, parts), coding))


def _is_as_stored(body: StoredBody, media_type: str, coding: Coding) -> bool:
    return media_type != NDJSON and coding is Coding.ZSTD and body.encoding is Encoding.ZSTD


def _as_stored(parts: PartBuffer) -> Iterator[bytes]:
    while True:
        while parts.wants_more:
            yield b""
        if not (piece := parts.read(PIECE_BYTES)):
            return
        yield piece
