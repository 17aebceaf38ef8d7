"""Reads a request's body as a stream of any length, at no less than the minimum rate.

Nothing of it is kept: the server reads on from the connection only as the pieces are taken.
"""

from collections.abc import AsyncIterator
from typing import Any, Final

from returns.result import Failure, Result, Success

from adapters.http.operations import RequestContext
from adapters.http.problems.refusals import TooMuchInFlight, UnsupportedEncoding
from adapters.http.requests.content_encoding import content_coding
from adapters.http.transport.codings.coding import Coding
from adapters.http.transport.minimum_rate import PacedBody, TooSlow
from domain.limits import MIB

HELD_BYTES: Final = 16 * MIB
"""The memory of a stream on its way into a store: the parts that object storage takes at once."""


class BodyTooSlow(Exception):
    """The client sends too slowly. What receives the pieces passes it on."""

    def __init__(self, refusal: TooSlow) -> None:
        super().__init__("the client sends its body too slowly")
        self.refusal = refusal


def admit(call: RequestContext[Any]) -> Result[None, UnsupportedEncoding | TooMuchInFlight]:
    """Admit the body: as it is, since the digest of an object is that of the bytes that were sent, and if there is
    memory for it."""
    coding = content_coding(call.request).value_or(None)
    if coding is not Coding.IDENTITY:
        sent = ", ".join(call.request.headers.getlist("content-encoding"))
        return Failure(UnsupportedEncoding((Coding.IDENTITY.value,), sent))
    return Success(None) if call.request_memory.resize(_held(call)) else Failure(TooMuchInFlight())


async def body_pieces(call: RequestContext[Any]) -> AsyncIterator[bytes]:
    """Receive the pieces. Raises ClientDisconnect if the client leaves, and `BodyTooSlow`."""
    sent, more = PacedBody(call.request.receive, call.deps.limits.minimum_rate), True
    while more:
        came = await sent.next_chunk()
        if isinstance(came, Failure):
            raise BodyTooSlow(came.failure())
        chunk = came.unwrap()
        more = chunk.more
        if chunk.data:
            yield chunk.data


def _held(call: RequestContext[Any]) -> int:
    length = call.request.headers.get("content-length", "")
    is_short = length.isascii() and length.isdigit() and len(length) < 9
    return min(int(length), HELD_BYTES) if is_short else HELD_BYTES
