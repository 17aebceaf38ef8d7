"""Encryption of content at rest: the port of the stores, and its replacement where encryption is off.

Each execution has a data key of its own, which encrypts its dataset, its result, its logs, the texts of its error and
the differences that a replay on a version has found. So has each test of a script, for its dataset and its
expectation, each webhook, for its secrets, and each job that has failed, for the texts of its errors and the
differences that its verification has found. A data key is stored wrapped by a master key, which the database never
sees. Deleting the wrapped key shreds the content.
"""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from attrs import field, frozen

from application.ports.errors import Unavailable


class ContentPart(StrEnum):
    """The encrypted parts of an execution, a test, a webhook or a job. Data encrypted as one is no other."""

    DATASET = "dataset"
    RESULT = "result"
    LOGS = "logs"
    LIVE_LOG = "live_log"
    ERROR = "error"
    EXPECTATION = "expectation"
    DIFFERENCES = "differences"
    COLUMNS = "columns"
    SIGNING_KEY = "signing_key"
    FORMER_SIGNING_KEY = "former_signing_key"
    JOB_ERROR = "job_error"
    PARTITION_ERROR = "partition_error"
    JOB_DIFFERENCES = "job_differences"


@frozen
class WrappedKey:
    """A data key in its stored form, and the id of the master key that unwraps it."""

    master_key_id: str
    data: bytes = field(repr=False)


class MasterKeyMissing(Unavailable):
    """The content was encrypted under a master key that this process does not have: an outage, until it has it."""

    def __init__(self, master_key_ids: Collection[str]) -> None:
        super().__init__(f"content is encrypted under missing master keys: {', '.join(sorted(master_key_ids))}")


class DecryptionFailed(ValueError):
    """Bytes that were not encrypted for this owner and part. The message repeats nothing of them."""


class DataKey(Protocol):
    """The data key of one execution, test, webhook or job, its owner."""

    @property
    def wrapped(self) -> WrappedKey:
        """The key in its stored form."""
        ...

    def encrypt(self, part: ContentPart, data: bytes) -> bytes:
        """Encrypt the part's bytes; the output differs each time."""
        ...

    def decrypt(self, part: ContentPart, sealed: bytes) -> bytes:
        """Decrypt the output of `encrypt`. Raises `DecryptionFailed`."""
        ...

    def decryption(self, part: ContentPart, size_bytes: int) -> "Decryption":
        """Start the decryption of that many bytes, which come one after another."""
        ...


class Decryption(Protocol):
    """Encrypted bytes that are being decrypted from their beginning to their end."""

    @property
    def wanted_bytes(self) -> int:
        """The number of bytes needed to open more; 0 at the end."""
        ...

    def feed(self, data: bytes) -> bytes:
        """Decrypt further bytes, at most as many as are wanted. Raises `DecryptionFailed`."""
        ...


class Keyring(Protocol):
    """The master keys, in use. An operation takes microseconds a key; for a large body, as long as its bytes take."""

    @property
    def key_ids(self) -> frozenset[str]:
        """The ids of the master keys that are here."""
        ...

    @property
    def primary_key_id(self) -> str | None:
        """The id of the key that wraps new data keys, or None if encryption is off."""
        ...

    def generate(self, owner_id: UUID) -> DataKey | None:
        """Generate a data key for an execution, a test, a webhook or a job, unless encryption is off."""
        ...

    def unwrap(self, owner_id: UUID, wrapped: WrappedKey) -> DataKey:
        """Unwrap the data key of that owner. Raises `MasterKeyMissing` and `DecryptionFailed`."""
        ...

    def rewrap(self, owner_id: UUID, wrapped: WrappedKey) -> WrappedKey:
        """Wrap the same data key under the current master key. Raises as `unwrap`."""
        ...


class NoEncryption:
    """No master key: nothing is encrypted, and no encrypted content can be read."""

    key_ids: Final[frozenset[str]] = frozenset()
    primary_key_id: Final = None

    def generate(self, owner_id: UUID) -> DataKey | None:
        return None

    def unwrap(self, owner_id: UUID, wrapped: WrappedKey) -> DataKey:
        raise MasterKeyMissing([wrapped.master_key_id])

    def rewrap(self, owner_id: UUID, wrapped: WrappedKey) -> WrappedKey:
        raise MasterKeyMissing([wrapped.master_key_id])


NO_ENCRYPTION: Final = NoEncryption()


class DataKeys(Protocol):
    """The wrapped data keys of all executions, tests, webhooks and jobs, for the rotation of the master key."""

    async def counted(self) -> Mapping[str, int]:
        """Count the data keys that each master key has wrapped, by its id. Reads all of them."""
        ...

    async def rewrap(
        self, master_key_id: str, after: UUID, count: int, rewrap: Callable[[UUID, WrappedKey], WrappedKey | None]
    ) -> UUID | None:
        """Rewrap up to `count` keys of that master key, whoever their owners are, whose ids come after `after`.

        `rewrap` may leave a key as it is. Keys locked by another transaction are skipped. Returns the last of the ids,
        or None if there were no more.
        """
        ...
