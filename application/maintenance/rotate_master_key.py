"""Master key rotation: rewraps every data key under the current master key, in batches.

Content is not touched and stays readable to processes that have both keys. Rotation can be interrupted and restarted
at any moment, and several processes may run it: a rewrapped key is not selected again.
"""

import logging
from collections.abc import Callable
from typing import Final
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from application.ports.encryption import DataKeys, DecryptionFailed, Keyring, WrappedKey

BATCH: Final = 200
_BEFORE_ALL: Final = UUID(int=0)

log: Final = logging.getLogger(__name__)


@frozen
class NoCurrentKey:
    """No master key is current: there is nothing to rewrap under."""


@frozen
class KeyCounts:
    """The numbers of data keys under the current master key, under other configured ones, and under missing ones."""

    current: int
    outdated: dict[str, int]
    unknown: dict[str, int]


async def key_counts(data_keys: DataKeys, seals: Keyring) -> KeyCounts:
    """Count the data keys by master key."""
    counted = await data_keys.counted()
    others = {one: keys for one, keys in counted.items() if one != seals.primary_key_id}
    return KeyCounts(
        current=counted.get(seals.primary_key_id, 0) if seals.primary_key_id else 0,
        outdated={one: keys for one, keys in others.items() if one in seals.key_ids},
        unknown={one: keys for one, keys in others.items() if one not in seals.key_ids},
    )


async def rotate_master_key(
    data_keys: DataKeys, seals: Keyring, on_progress: Callable[[int], None] = lambda keys: None
) -> Result[KeyCounts, NoCurrentKey]:
    """Rewrap all available keys and return the final counts; `on_progress` receives the number of keys rewrapped so
    far.

    A key that is outdated afterwards is damaged, was locked by another transaction, or was wrapped under the old key
    since.
    """
    if seals.primary_key_id is None:
        return Failure(NoCurrentKey())
    rewrapping = _Rewrapping(seals)
    for master_key_id in sorted((await key_counts(data_keys, seals)).outdated):
        last: UUID | None = _BEFORE_ALL
        while last is not None:
            last = await data_keys.rewrap(master_key_id, last, BATCH, rewrapping)
            on_progress(rewrapping.done)
    return Success(await key_counts(data_keys, seals))


class _Rewrapping:
    """The keyring's `rewrap`, counted. A damaged key stays as it is, so that it does not block the others."""

    def __init__(self, seals: Keyring) -> None:
        self._seals, self.done = seals, 0

    def __call__(self, owner_id: UUID, wrapped: WrappedKey) -> WrappedKey | None:
        try:
            rewrapped = self._seals.rewrap(owner_id, wrapped)
        except DecryptionFailed as error:
            log.error("cannot rewrap the data key of %s: %s", owner_id, error)
            return None
        self.done += 1
        return rewrapped
