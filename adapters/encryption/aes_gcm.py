"""`Seals` with AES-256-GCM: a data key an execution, wrapped by a master key.

A master key encrypts nothing itself. For each execution a wrapping key is derived from it (HKDF-Expand with SHA-256,
one block, RFC 5869), so that the random nonces of one key are few and no number of executions wears a master key out.
"""

import hashlib
import hmac
import os
from typing import Final
from uuid import UUID

from attrs import field, frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.encryption.master_keys import MasterKeys
from adapters.encryption.stream_framing import StreamOpening, opened, seal
from application.ports.encryption import MasterKeyMissing, Part, Seal, SealBroken, WrappedKey

_DATA_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


@frozen
class AesSeal:
    """An execution's data key."""

    wrapped: WrappedKey
    _execution_id: UUID
    _key: AESGCM = field(repr=False, eq=False)

    def close(self, part: Part, data: bytes) -> bytes:
        return seal(self._key, data, self._about(part))

    def open(self, part: Part, sealed: bytes) -> bytes:
        return opened(self._key, sealed, self._about(part))

    def opening(self, part: Part, size_bytes: int) -> StreamOpening:
        return StreamOpening(self._key, self._about(part), size_bytes)

    def _about(self, part: Part) -> bytes:
        return b"bateia content 1" + self._execution_id.bytes + part.encode()


class AesSeals:
    """The master keys of a process."""

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys.by_id
        self.current: Final = keys.current
        self.known: Final = frozenset(keys.by_id)

    def fresh(self, execution_id: UUID) -> Seal | None:
        if self.current is None:
            return None
        data_key = os.urandom(_DATA_KEY_BYTES)
        return AesSeal(self._wrap(self.current, execution_id, data_key), execution_id, AESGCM(data_key))

    def unwrap(self, execution_id: UUID, wrapped: WrappedKey) -> Seal:
        return AesSeal(wrapped, execution_id, AESGCM(self._data_key(execution_id, wrapped)))

    def rewrap(self, execution_id: UUID, wrapped: WrappedKey) -> WrappedKey:
        if self.current is None:
            raise MasterKeyMissing(["a current one"])
        return self._wrap(self.current, execution_id, self._data_key(execution_id, wrapped))

    def _wrap(self, master_key_id: str, execution_id: UUID, data_key: bytes) -> WrappedKey:
        nonce = os.urandom(_NONCE_BYTES)
        wrapping = self._wrapping_key(master_key_id, execution_id)
        return WrappedKey(
            master_key_id, nonce + wrapping.encrypt(nonce, data_key, _about_key(master_key_id, execution_id))
        )

    def _data_key(self, execution_id: UUID, wrapped: WrappedKey) -> bytes:
        wrapping = self._wrapping_key(wrapped.master_key_id, execution_id)
        nonce, encrypted = wrapped.data[:_NONCE_BYTES], wrapped.data[_NONCE_BYTES:]
        try:
            return wrapping.decrypt(nonce, encrypted, _about_key(wrapped.master_key_id, execution_id))
        except (InvalidTag, ValueError):
            raise SealBroken("a wrapped key is not what was wrapped for its execution by that master key") from None

    def _wrapping_key(self, master_key_id: str, execution_id: UUID) -> AESGCM:
        if (master := self._keys.get(master_key_id)) is None:
            raise MasterKeyMissing([master_key_id])
        expanded = hmac.digest(master, b"bateia wrapping key 1" + execution_id.bytes + b"\x01", hashlib.sha256)
        return AESGCM(expanded)


def _about_key(master_key_id: str, execution_id: UUID) -> bytes:
    return b"bateia data key 1" + execution_id.bytes + master_key_id.encode()
