"""Stored bodies, read to their end at once."""

from collections.abc import AsyncIterator
from typing import overload

from application.ports.stored_bodies import StoredBody
from domain.body import Body


@overload
async def whole(stored: StoredBody) -> Body: ...
@overload
async def whole(stored: None) -> None: ...
@overload
async def whole(stored: StoredBody | None) -> Body | None: ...
async def whole(stored: StoredBody | None) -> Body | None:
    """Read the body with all its bytes."""
    if stored is None:
        return None
    return Body(stored.digest, stored.encoding, b"".join([part async for part in stored.parts()]))


async def in_parts(data: bytes, size: int) -> AsyncIterator[bytes]:
    """Yield the bytes, so many at a time."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
