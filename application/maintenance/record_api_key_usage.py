"""Periodic storage of the times when API keys were last used, never while a client waits for an answer."""

import asyncio
import logging
from typing import Final

from application.access.authorise import Authorizer
from application.ports.errors import Unavailable

log: Final = logging.getLogger(__name__)


async def record_api_key_usage(access: Authorizer, every_seconds: float) -> None:
    """Do it for ever: each key at most once in that time."""
    while True:
        await asyncio.sleep(every_seconds)
        await record_api_key_usage_now(access)


async def record_api_key_usage_now(access: Authorizer) -> None:
    """Store the usage once; usage that the store does not accept now stays for the next time."""
    try:
        await access.flush_last_used()
    except Unavailable as error:
        log.warning("API key usage is not stored yet: %s", error)
