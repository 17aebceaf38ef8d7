"""Removal of deliveries that ended long ago, in batches."""

from datetime import timedelta
from typing import Final

from application.ports.system import Clock
from application.ports.webhooks import Webhooks

BATCH: Final = 1_000


async def forget_deliveries(webhooks: Webhooks, clock: Clock, kept_for: timedelta) -> int:
    """Remove all deliveries that ended longer ago; return their number. Several processes may run it concurrently."""
    before, total, removed = clock() - kept_for, 0, BATCH
    while removed == BATCH:
        removed = await webhooks.forget_deliveries(before, BATCH)
        total += removed
    return total
