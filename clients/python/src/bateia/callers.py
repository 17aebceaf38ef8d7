"""The two ways to perform flows and to read lists: with blocking calls, and with asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

import httpx

from bateia.exchange import Flow, RetryPolicy
from bateia.listing import Listing
from bateia.transports import perform, perform_async

T = TypeVar("T")


class Blocking:
    """Performs flows with blocking calls."""

    def __init__(self, http: httpx.Client, retries: RetryPolicy) -> None:
        self.http, self.retries = http, retries

    def do(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        return perform(self.http, self.retries, flow)

    def items(self, listing: Listing[T]) -> Iterator[T]:
        """Yield the items of all pages."""
        page = self.do(listing.page())
        yield from page.items
        while page.next_cursor is not None:
            page = self.do(listing.page(page.next_cursor))
            yield from page.items


class Asynchronous:
    """Performs flows while other tasks run."""

    def __init__(self, http: httpx.AsyncClient, retries: RetryPolicy) -> None:
        self.http, self.retries = http, retries

    async def do(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        return await perform_async(self.http, self.retries, flow)

    async def items(self, listing: Listing[T]) -> AsyncIterator[T]:
        """Yield the items of all pages."""
        page = await self.do(listing.page())
        for item in page.items:
            yield item
        while page.next_cursor is not None:
            page = await self.do(listing.page(page.next_cursor))
            for item in page.items:
                yield item
