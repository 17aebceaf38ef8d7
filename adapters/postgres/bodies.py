"""Datasets and results, read part by part: a reader holds a part or two, and no connection while its client is slow.

Parts are fetched by one statement each. A body never changes, so they fit together; it may be removed between two.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, TypeAlias
from uuid import UUID

from attrs import frozen

from adapters.postgres.connections import Pool, Row, connection, repeated_if_lost
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.queries import query
from application.ports.encryption import ContentPart, Decryption
from application.ports.errors import Unavailable
from application.ports.stored_bodies import PART_BYTES, StoredBody
from domain.body import Digest, Encoding

_INLINE_BYTES: Final = 64 * 1024
"""Up to here opening is shorter than the way to a thread and back."""
_COPIES: Final = 2
"""A part is in libpq's memory and in Python's, or encrypted and decrypted, at one time, beside the first part."""


@frozen
class _Kind:
    """The statements that read one kind of body."""

    first: str
    further: str
    part: ContentPart


DATASET: Final = _Kind("dataset", "dataset_part", ContentPart.DATASET)
RESULT: Final = _Kind("result", "result_part", ContentPart.RESULT)


class StoredBodies:
    """The bodies of one database."""

    def __init__(self, pool: Pool, sealing: EncryptedRows) -> None:
        self._pool, self._sealing = pool, sealing

    async def find(self, kind: _Kind, execution_id: UUID) -> StoredBody | None:
        """Find the body and its first part."""
        row = await self._row(kind.first, {"id": execution_id, "count": PART_BYTES})
        if row is None:
            return None
        return StoredBody(
            digest=Digest(sha256=row["sha256"].hex(), size_bytes=row["size_bytes"]),
            encoding=Encoding(row["encoding"]),
            held_bytes=len(row["part"]) + _COPIES * self._reading(kind, row).wanted_bytes,
            parts=lambda: self._parts(kind, row),
        )

    async def _parts(self, kind: _Kind, row: Row) -> AsyncIterator[bytes]:
        reading, at, part = self._reading(kind, row), 0, row["part"]
        while True:
            at += len(part)
            yield await _fed(reading, part)
            if not (wanted := reading.wanted_bytes):
                return
            further = await self._row(kind.further, {"id": row["id"], "start": at + 1, "count": wanted})
            if further is None or not further["part"]:
                raise Unavailable("the content was removed while it was read")
            part = further["part"]

    def _reading(self, kind: _Kind, row: Row) -> "_Reading":
        size: int = row["stored_bytes"]
        return self._sealing.decryption(row, kind.part, size) if row["sealed"] else _Unsealed(size)

    @repeated_if_lost
    async def _row(self, name: str, parameters: dict[str, object]) -> Row | None:
        async with connection(self._pool) as conn:
            return await (await conn.execute(query(name), parameters, binary=True)).fetchone()


class _Unsealed:
    """Bytes that are stored as they are."""

    def __init__(self, size_bytes: int) -> None:
        self._left = size_bytes

    @property
    def wanted_bytes(self) -> int:
        return min(self._left, PART_BYTES)

    def feed(self, data: bytes) -> bytes:
        self._left -= len(data)
        return data


_Reading: TypeAlias = Decryption | _Unsealed


async def _fed(reading: _Reading, part: bytes) -> bytes:
    if len(part) < _INLINE_BYTES or isinstance(reading, _Unsealed):
        return reading.feed(part)
    return await asyncio.to_thread(reading.feed, part)
