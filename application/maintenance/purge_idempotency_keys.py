"""Idempotency keys whose time is over are removed, some at a time. They are free before that: this only saves room."""

import asyncio
import logging
from typing import Final

from application.ports.errors import Unavailable
from application.ports.executions import IdempotencyKeys

BATCH: Final = 1_000

log: Final = logging.getLogger(__name__)


async def purge_idempotency_keys(keys: IdempotencyKeys, every_seconds: float) -> None:
    """Do it for ever. Several processes may, at the same time."""
    while True:
        try:
            while await keys.forget_expired(BATCH) == BATCH:
                pass
        except Unavailable as error:
            log.warning("cannot delete expired idempotency keys yet: %s", error)
        await asyncio.sleep(every_seconds)
