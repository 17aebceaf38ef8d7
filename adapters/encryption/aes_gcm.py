"""`Keyring` with AES-256-GCM: a data key an execution, wrapped by a master key.

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
from adapters.encryption.stream_framing import StreamDecryption, decrypt, encrypt
from application.ports.encryption import ContentPart, DataKey, DecryptionFailed, MasterKeyMissing, WrappedKey

_DATA_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


@frozen
class AesDataKey:
    """An execution's data key."""

    wrapped: WrappedKey
    _owner_id: UUID
    _key: AESGCM = field(repr=False, eq=False)

    def encrypt(self, part: ContentPart, data: bytes) -> bytes:
        return encrypt(self._key, data, self._about(part))

    def decrypt(self, part: ContentPart, sealed: bytes) -> bytes:
        return decrypt(self._key, sealed, self._about(part))

    def decryption(self, part: ContentPart, size_bytes: int) -> StreamDecryption:
        return StreamDecryption(self._key, self._about(part), size_bytes)

    def _about(self, part: ContentPart) -> bytes:
        return b"bateia content 1" + self._owner_id.bytes + part.encode()


class AesKeyring:
    """The master keys of a process."""

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys.by_id
        self.primary_key_id: Final = keys.current
        self.key_ids: Final = frozenset(keys.by_id)

    def generate(self, owner_id: UUID) -> DataKey | None:
        if self.primary_key_id is None:
            return None
        data_key = os.urandom(_DATA_KEY_BYTES)
        return AesDataKey(self._wrap(self.primary_key_id, owner_id, data_key), owner_id, AESGCM(data_key))

    def unwrap(self, owner_id: UUID, wrapped: WrappedKey) -> DataKey:
        return AesDataKey(wrapped, owner_id, AESGCM(self._data_key(owner_id, wrapped)))

    def rewrap(self, owner_id: UUID, wrapped: WrappedKey) -> WrappedKey:
        if self.primary_key_id is None:
            raise MasterKeyMissing(["a current one"])
        return self._wrap(self.primary_key_id, owner_id, self._data_key(owner_id, wrapped))

    def _wrap(self, master_key_id: str, owner_id: UUID, data_key: bytes) -> WrappedKey:
        nonce = os.urandom(_NONCE_BYTES)
        wrapping = self._wrapping_key(master_key_id, owner_id)
        return WrappedKey(master_key_id, nonce + wrapping.encrypt(nonce, data_key, _about_key(master_key_id, owner_id)))

    def _data_key(self, owner_id: UUID, wrapped: WrappedKey) -> bytes:
        wrapping = self._wrapping_key(wrapped.master_key_id, owner_id)
        nonce, encrypted = wrapped.data[:_NONCE_BYTES], wrapped.data[_NONCE_BYTES:]
        try:
            return wrapping.decrypt(nonce, encrypted, _about_key(wrapped.master_key_id, owner_id))
        except (InvalidTag, ValueError):
            raise DecryptionFailed(
                "a wrapped key is not what was wrapped for its execution by that master key"
            ) from None

    def _wrapping_key(self, master_key_id: str, owner_id: UUID) -> AESGCM:
        if (master := self._keys.get(master_key_id)) is None:
            raise MasterKeyMissing([master_key_id])
        expanded = hmac.digest(master, b"bateia wrapping key 1" + owner_id.bytes + b"\x01", hashlib.sha256)
        return AESGCM(expanded)


def _about_key(master_key_id: str, owner_id: UUID) -> bytes:
    return b"bateia data key 1" + owner_id.bytes + master_key_id.encode()
