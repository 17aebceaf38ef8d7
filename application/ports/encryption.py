"""Content sealed at rest: what the stores need for it, and what they have where nothing is to be sealed.

Each execution has a data key of its own, which seals its dataset, its result, its logs and the words of its error. It
is kept wrapped by a master key, which the database never sees. Deleting the wrapped key shreds the content.
"""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from attrs import field, frozen

from application.ports.errors import Unavailable


class ContentPart(StrEnum):
    """The parts of an execution's content. Data sealed as one part does not open as another."""

    DATASET = "dataset"
    RESULT = "result"
    LOGS = "logs"
    ERROR = "error"


@frozen
class WrappedKey:
    """A data key as it is kept, and the id of the master key that unwraps it."""

    master_key_id: str
    data: bytes = field(repr=False)


class MasterKeyMissing(Unavailable):
    """The content was sealed under a master key that this process was not given: an outage, until it is."""

    def __init__(self, master_key_ids: Collection[str]) -> None:
        super().__init__(f"content is encrypted under missing master keys: {', '.join(sorted(master_key_ids))}")


class DecryptionFailed(ValueError):
    """Sealed bytes are not what was sealed for this execution and part. The text repeats nothing of them."""


class DataKey(Protocol):
    """The data key of one execution."""

    @property
    def wrapped(self) -> WrappedKey:
        """The key as it is to be kept."""
        ...

    def encrypt(self, part: ContentPart, data: bytes) -> bytes:
        """The part's bytes, sealed; different each time."""
        ...

    def decrypt(self, part: ContentPart, sealed: bytes) -> bytes:
        """The data that `close` was given; raises `SealBroken`."""
        ...

    def decryption(self, part: ContentPart, size_bytes: int) -> "Decryption":
        """The same for sealed bytes of that length, which are given one after another."""
        ...


class Decryption(Protocol):
    """Sealed bytes that are being opened from their beginning to their end."""

    @property
    def wanted_bytes(self) -> int:
        """The number of bytes needed to open more; 0 at the end."""
        ...

    def feed(self, data: bytes) -> bytes:
        """The data that these further bytes open, at most those that were wanted; raises `SealBroken`."""
        ...


class Keyring(Protocol):
    """The master keys, in use. What they do takes microseconds a key, and a large body's time a large body."""

    @property
    def key_ids(self) -> frozenset[str]:
        """The ids of the master keys that are here."""
        ...

    @property
    def primary_key_id(self) -> str | None:
        """The id of the one that wraps new data keys, or None if nothing new is to be sealed."""
        ...

    def generate(self, execution_id: UUID) -> DataKey | None:
        """A new data key for an execution, unless nothing is to be sealed."""
        ...

    def unwrap(self, execution_id: UUID, wrapped: WrappedKey) -> DataKey:
        """The data key that was wrapped for that execution; raises `MasterKeyMissing` and `SealBroken`."""
        ...

    def rewrap(self, execution_id: UUID, wrapped: WrappedKey) -> WrappedKey:
        """The same data key under the current master key; raises as `unwrap`."""
        ...


class NoEncryption:
    """No master key: nothing is sealed, and nothing that was sealed can be opened."""

    key_ids: Final[frozenset[str]] = frozenset()
    primary_key_id: Final = None

    def generate(self, execution_id: UUID) -> DataKey | None:
        return None

    def unwrap(self, execution_id: UUID, wrapped: WrappedKey) -> DataKey:
        raise MasterKeyMissing([wrapped.master_key_id])

    def rewrap(self, execution_id: UUID, wrapped: WrappedKey) -> WrappedKey:
        raise MasterKeyMissing([wrapped.master_key_id])


NO_ENCRYPTION: Final = NoEncryption()


class DataKeys(Protocol):
    """The wrapped data keys of all executions, for those who change the master key."""

    async def counted(self) -> Mapping[str, int]:
        """The number of data keys that each master key has wrapped, by its id. Reads all of them."""
        ...

    async def rewrap(
        self, master_key_id: str, after: UUID, count: int, rewrap: Callable[[UUID, WrappedKey], WrappedKey | None]
    ) -> UUID | None:
        """Up to `count` keys of that master key, of executions whose ids come after `after`, each through `rewrap`,
        which may leave one as it is; the last of the ids, or None if there were no more. Those that somebody else works
        on are passed over."""
        ...
