"""Sends responses so that a slow client holds few bytes, and those are accounted for until they have been sent.

The server's transport buffers all that it receives in one call, and a response counts as sent then. So long bodies are
passed to it in pieces, each when there is room, and the reservation lasts until the last one has room.
"""

from collections.abc import AsyncIterator
from typing import Final

from returns.result import Failure, Result, Success
from starlette.responses import Response, StreamingResponse

from adapters.http.problems.refusals import TooMuchInFlight
from adapters.http.transport.codings.encoding import cut
from adapters.http.transport.memory_budget import Reservation

SMALL_BYTES: Final = 16 * 1024
"""A body up to here goes out at once and is not accounted for: a connection costs as much."""
SENDING_BYTES: Final = 128 * 1024
"""A piece that is being made and one that the transport holds."""


class SharedResponse(Response):
    """A response whose body is one object for all clients, so that it costs no memory of its own."""


def deliverable(response: Response, memory: Reservation) -> Result[Response, TooMuchInFlight]:
    """Prepare a response for sending, with its body accounted for in the memory budget."""
    if isinstance(response, StreamingResponse) or len(response.body) <= SMALL_BYTES:
        return Success(response)
    own_bytes = 0 if isinstance(response, SharedResponse) else len(response.body)
    if not memory.resize(own_bytes + SENDING_BYTES):
        return Failure(TooMuchInFlight())
    streamed = StreamingResponse(_pieces(bytes(response.body)), response.status_code)
    streamed.raw_headers = response.raw_headers
    return Success(streamed)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for piece in cut(body):
        yield piece
