"""Reads a request's body: decodes it as it arrives, up to the size limit, at no less than the minimum rate.

After a refusal, `lingering_close` discards the rest. No Python object is made of a body's values.
"""

import asyncio
import io
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, TypeAlias

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.requests import Request

from adapters.http.operations import RequestContext
from adapters.http.problems import types
from adapters.http.problems.refusals import (
    BatchTooLarge,
    DatasetTooLarge,
    DocumentTooLarge,
    ShortDocumentTooLarge,
    TooMuchInFlight,
    UnsupportedEncoding,
)
from adapters.http.requests.byte_order_mark import ByteOrderMark
from adapters.http.requests.content_encoding import content_coding, decoder_of
from adapters.http.transport.codings.coding import Coding
from adapters.http.transport.codings.decoders import PIECE_BYTES, MalformedEncoding
from adapters.http.transport.memory_budget import Reservation
from adapters.http.transport.minimum_rate import PacedBody, TooSlow
from domain.limits import MIB

_INLINE_BYTES: Final = 16 * 1024
"""Up to here decoding is shorter than the way to a thread and back."""
_PIECES_AT_ONCE: Final = MIB // PIECE_BYTES
BODY_REFUSALS: Final = (
    types.UNSUPPORTED_ENCODING,
    types.MALFORMED_ENCODING,
    types.REQUEST_TIMEOUT,
)
"""The problems that any body can have, its size aside."""


TooLarge: TypeAlias = DatasetTooLarge | BatchTooLarge | DocumentTooLarge | ShortDocumentTooLarge
BodyRefused: TypeAlias = UnsupportedEncoding | TooLarge | TooSlow | TooMuchInFlight | MalformedEncoding


async def read_text(call: RequestContext[Any], too_large: TooLarge) -> Result[bytes, BodyRefused]:
    """Read a body of JSON or NDJSON as `read_body` does, without a byte order mark at its beginning.

    The mark may be ignored (RFC 8259, section 8.1); it counts for no limit.
    """
    return await _read(call, too_large, ByteOrderMark())


async def read_body(call: RequestContext[Any], too_large: TooLarge) -> Result[bytes, BodyRefused]:
    """Read and decode the whole body, at most as many bytes as `too_large` allows; the call's reservation accounts for
    them.

    Nothing is read if the announced length is too large, and nothing beyond the limit of any other body.
    """
    return await _read(call, too_large, None)


async def _read(
    call: RequestContext[Any], too_large: TooLarge, mark: ByteOrderMark | None
) -> Result[bytes, BodyRefused]:
    coding = content_coding(call.request)
    if not is_successful(coding):
        return Failure(coding.failure())
    body = _Incoming(coding.unwrap(), too_large, call.request_memory, mark)
    if _announced(call.request) > body.sent_limit_bytes:
        return Failure(_of_size(too_large, call.request, body))
    sent = PacedBody(call.request.receive, call.deps.limits.minimum_rate)
    while True:
        came = await sent.next_chunk()
        if not is_successful(came):
            return Failure(came.failure())
        chunk = came.unwrap()
        if (refused := await body.take(chunk.data)) is not None:
            return Failure(refused)
        if not chunk.more:
            return body.end()


class _Incoming:
    """The part of a body that has come so far."""

    def __init__(
        self, coding: Coding, too_large: TooLarge, memory: Reservation, mark: ByteOrderMark | None = None
    ) -> None:
        self._decoder, self._too_large, self._memory, self._mark = decoder_of(coding), too_large, memory, mark
        self.is_plain = coding is Coding.IDENTITY
        limit = too_large.limit_bytes + (0 if mark is None else len(BOM_UTF8))
        self.sent_limit_bytes = limit if self.is_plain else _longest_encoded(limit)
        self._text, self._sent, self._size = io.BytesIO(), 0, 0

    async def take(self, data: bytes) -> BodyRefused | None:
        """Decode received bytes; return the refusal if no more are accepted."""
        self._sent += len(data)
        if self._sent > self.sent_limit_bytes:
            return self._too_large
        if not self._hold(len(data)):
            return TooMuchInFlight()
        pieces, before = self._decoder.decode(data), self._size
        while some := await self._some(pieces, len(data) <= _INLINE_BYTES and self._size < before + PIECE_BYTES):
            for piece in some:
                if (refused := self._keep(piece, len(data))) is not None:
                    return refused
        self._hold(0)
        return None

    def end(self) -> Result[bytes, MalformedEncoding]:
        """Return the whole body, if it may end here."""
        if self._mark is not None:
            self._size += self._text.write(self._mark.end())
        self._memory.resize(self._size)
        fault = self._decoder.end()
        return Success(self._text.getvalue()) if fault is None else Failure(fault)

    async def _some(
        self, pieces: Iterator[bytes | MalformedEncoding], is_short: bool
    ) -> list[bytes | MalformedEncoding]:
        """Decode the next pieces; on a thread, unless they are sure to take little time."""
        if self.is_plain or is_short:
            return list(islice(pieces, 1))
        return await asyncio.to_thread(list, islice(pieces, _PIECES_AT_ONCE))

    def _keep(self, piece: bytes | MalformedEncoding, sent_bytes: int) -> BodyRefused | None:
        if isinstance(piece, MalformedEncoding):
            return piece
        if self._mark is not None:
            piece = self._mark.without(piece)
        self._size += len(piece)
        if self._size > self._too_large.limit_bytes:
            return self._too_large
        if not self._hold(sent_bytes):
            return TooMuchInFlight()
        self._text.write(piece)
        return None

    def _hold(self, sent_bytes: int) -> bool:
        """Account for the text, the decoder's window, and the received bytes that are being decoded."""
        return self._memory.resize(self._size + min(self._size, self._decoder.window_bytes) + sent_bytes)


def _of_size(too_large: TooLarge, request: Request, body: _Incoming) -> TooLarge:
    """Add the announced size of a dataset, which is its own if it is not compressed."""
    if isinstance(too_large, DatasetTooLarge) and body.is_plain:
        return evolve(too_large, size_bytes=_announced(request))
    return too_large


def _longest_encoded(limit_bytes: int) -> int:
    """Bound the encoded length of a text up to the limit: incompressible text grows a little."""
    return limit_bytes + limit_bytes // 16 + 64 * 1024


def _announced(request: Request) -> int:
    """Parse the announced length, which may be false; a missing or malformed one is left to the server."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0
