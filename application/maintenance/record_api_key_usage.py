"""When keys were used last is written now and then, never while somebody waits for an answer."""

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
    """Do it once; what the store does not take now stays for the next time."""
    try:
        await access.flush_last_used()
    except Unavailable as error:
        log.warning("API key usage is not stored yet: %s", error)
