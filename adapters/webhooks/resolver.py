"""Resolving of names off the event loop, by the system's resolver.

Each lookup has a thread of its own that nothing waits for. A lookup cannot be cancelled and may take a minute: a name
server that never answers would otherwise occupy threads that other work needs, or delay the end of the process.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread
from typing import Final, TypeAlias

from adapters.webhooks.addresses import Address

Resolve: TypeAlias = Callable[[str], Awaitable[Sequence[Address]]]
"""Return the addresses of a name, or of an address in any spelling. Raises `OSError` if there are none."""

MAX_LOOKUPS: Final = 64


class SystemResolver:
    """The system's resolver, asked about up to `max_lookups` names at once; further ones wait."""

    def __init__(self, look_up: Callable[[str], Sequence[Address]] | None = None, max_lookups: int = MAX_LOOKUPS):
        self._look_up = look_up or system_addresses
        self._room = asyncio.Semaphore(max_lookups)

    async def __call__(self, host: str) -> Sequence[Address]:
        """Look the name up. Cancelled, it leaves the lookup to itself, which counts until it ends."""
        await self._room.acquire()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[Sequence[Address]] = loop.create_future()

        def deliver(outcome: Sequence[Address] | OSError) -> None:
            self._room.release()
            if found.done():
                return
            if isinstance(outcome, OSError):
                found.set_exception(outcome)
            else:
                found.set_result(outcome)

        def run() -> None:
            outcome = self._outcome(host)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(deliver, outcome)

        Thread(target=run, name="name lookup", daemon=True).start()
        return await found

    def _outcome(self, host: str) -> Sequence[Address] | OSError:
        try:
            return self._look_up(host)
        except OSError as error:
            return error


def system_addresses(host: str) -> Sequence[Address]:
    """Ask the system, which also reads the spellings of addresses that its connections would: octal, short ones."""
    # as bytes, so that no codec for international names raises about a name that no server has either
    rows = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return tuple(ip_address(str(row[4][0])) for row in rows)
