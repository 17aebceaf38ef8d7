"""When keys were used last is written now and then, never while somebody waits for an answer."""

import asyncio
import logging
from typing import Final

from application.access.authorise import Access
from application.ports.errors import Unavailable

log: Final = logging.getLogger(__name__)


async def keep_key_uses(access: Access, every_seconds: float) -> None:
    """Do it for ever: each key at most once in that time."""
    while True:
        await asyncio.sleep(every_seconds)
        await keep_key_uses_now(access)


async def keep_key_uses_now(access: Access) -> None:
    """Do it once; what the store does not take now stays for the next time."""
    try:
        await access.keep_uses()
    except Unavailable as error:
        log.warning("API key usage is not stored yet: %s", error)
