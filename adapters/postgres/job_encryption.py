"""Encryption of what jobs quote of their data: messages of errors, and differences.

A job gets a data key when its first text is stored, since most jobs have none. Each text says whether it is encrypted,
so those that were stored without encryption remain valid beside the others.
"""

import asyncio
from typing import Final, TypeVar
from uuid import UUID

from adapters.postgres.connections import Pool, Row, connection
from adapters.postgres.queries import query
from application.ports.encryption import ContentPart, DataKey, DecryptionFailed, Keyring, WrappedKey

_Text = TypeVar("_Text", bytes, bytes | None)
_INLINE_BYTES: Final = 64 * 1024
"""Up to here the work is shorter than the way to a thread and back."""


class HoldLost(Exception):
    """The process does not hold the job, so it must store nothing. It may get it back before it tries."""


class JobTexts:
    """The texts of jobs, with the keyring of one process."""

    def __init__(self, pool: Pool, keyring: Keyring) -> None:
        self._pool, self._keyring = pool, keyring

    async def data_key(self, job_id: UUID, holder: UUID) -> DataKey | None:
        """Find the data key of a job that this process holds, or give it one; none, if encryption is off. Raises
        `HoldLost`: what was encrypted with a key that is not stored could never be read."""
        key = self._keyring.generate(job_id)
        if key is None:
            return None
        wanted = {"job_id": job_id, "holder": holder, "master_key_id": key.wrapped.master_key_id}
        async with connection(self._pool) as conn:
            found = await conn.execute(query("job_data_key"), wanted | {"wrapped": key.wrapped.data}, binary=True)
            row = await found.fetchone()
        if row is None:
            raise HoldLost
        if row["wrapped"] == key.wrapped.data:
            return key
        return self._keyring.unwrap(job_id, WrappedKey(row["master_key_id"], row["wrapped"]))

    async def decrypt(self, row: Row, job_id: UUID, part: ContentPart, column: str, flag: str) -> bytes | None:
        """Read a text from its column. Raises `MasterKeyMissing` and `DecryptionFailed`."""
        text: bytes | None = row[column]
        if text is None or not row[flag]:
            return text
        if row["wrapped"] is None:
            raise DecryptionFailed("what is encrypted has lost its key")
        key = self._keyring.unwrap(job_id, WrappedKey(row["master_key_id"], row["wrapped"]))
        if len(text) <= _INLINE_BYTES:
            return key.decrypt(part, text)
        return await asyncio.to_thread(key.decrypt, part, text)


async def encrypted(key: DataKey | None, part: ContentPart, text: _Text) -> _Text:
    """Encrypt a text, if there is a key and a text."""
    if key is None or text is None:
        return text
    if len(text) <= _INLINE_BYTES:
        return key.encrypt(part, text)
    return await asyncio.to_thread(key.encrypt, part, text)
