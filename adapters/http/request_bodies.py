"""Reads a request's body as bytes, up to a limit. What is beyond a refusal is discarded by `unread_bodies`."""

from attrs import frozen
from returns.result import Failure, Result, Success
from starlette.requests import Request


@frozen
class TooLong:
    """The body has more bytes than the limit."""

    limit_bytes: int


async def read_body(request: Request, limit_bytes: int) -> Result[bytes, TooLong]:
    """The whole body. Nothing is read if its announced length is too much, and no more than that of any other."""
    if _announced(request) > limit_bytes:
        return Failure(TooLong(limit_bytes))
    chunks: list[bytes] = []
    left = limit_bytes
    async for chunk in request.stream():
        left -= len(chunk)
        if left < 0:
            return Failure(TooLong(limit_bytes))
        chunks.append(chunk)
    return Success(b"".join(chunks))


def _announced(request: Request) -> int:
    """The announced length, which may be false; a missing or malformed one is the server's business."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0
