"""Signers of receipts: with keys that stay, and with those of a file, which may change while the process runs."""

import logging
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from returns.pipeline import is_successful

from adapters.signing.key_file import read_key_file
from adapters.signing.signing_keys import SigningKey, SigningKeys
from application.ports.signing import PublicKey, Signer
from domain.dsse import Signature

log: Final = logging.getLogger(__name__)


class WatchedSigner(Signer, Protocol):
    """A signer that reports trouble with its keys."""

    @property
    def trouble(self) -> str:
        """The reason why changed keys are not used; empty if there is none."""
        ...


class Ed25519Signer:
    """A signer with keys that stay as they are."""

    def __init__(self, keys: SigningKeys) -> None:
        self._keyid, seed = keys.current.keyid, keys.current.seed
        assert seed is not None, "the key that signs has one"
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        rest = (one for one in keys.keys if one is not keys.current)
        self._public = tuple(_published(one) for one in (keys.current, *rest))

    @property
    def trouble(self) -> str:
        return ""

    def sign(self, message: bytes) -> Signature:
        return Signature(self._keyid, self._private.sign(message))

    def public_keys(self) -> tuple[PublicKey, ...]:
        return self._public


class FileSigner:
    """A signer with the keys of a file. At each use it looks whether the file has changed, and if so reads it again.

    A file that has become unusable is logged once, and the former keys stay in use.
    """

    def __init__(self, path: Path, keys: SigningKeys) -> None:
        """`keys` are those of the file now, or a moment ago."""
        self._path, self._signer, self._trouble = path, Ed25519Signer(keys), ""
        self._seen: tuple[int, ...] | None = None

    @property
    def trouble(self) -> str:
        self._refresh()
        return self._trouble

    def sign(self, message: bytes) -> Signature:
        return self._refresh().sign(message)

    def public_keys(self) -> tuple[PublicKey, ...]:
        return self._refresh().public_keys()

    def _refresh(self) -> Ed25519Signer:
        """Read the file if it is not as it was at the last look. The look comes first, so no later change is missed."""
        seen = _state_of(self._path)
        if seen != self._seen or not seen:
            self._seen = seen
            self._read()
        return self._signer

    def _read(self) -> None:
        keys = read_key_file(self._path)
        if is_successful(keys):
            self._signer, self._trouble = Ed25519Signer(keys.unwrap()), ""
            return
        trouble = f"the file of signing keys is unusable, and the former keys stay in use: {keys.failure()}"
        if trouble != self._trouble:
            log.error("%s", trouble)
        self._trouble = trouble


def _published(key: SigningKey) -> PublicKey:
    return PublicKey(keyid=key.keyid, pem=key.pem, created_at=key.created_at, retired_at=key.retired_at)


def _state_of(path: Path) -> tuple[int, ...]:
    """Identify the content of a file, without reading it; empty if it cannot be found."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
