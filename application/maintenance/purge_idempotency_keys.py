"""Purge of expired idempotency keys, in batches. They are free before that: this only saves room."""

from typing import Final

from application.ports.executions import IdempotencyKeys

BATCH: Final = 1_000


async def purge_idempotency_keys(keys: IdempotencyKeys) -> None:
    """Delete all that have expired by now. Several processes may run it concurrently."""
    while await keys.forget_expired(BATCH) == BATCH:
        pass
