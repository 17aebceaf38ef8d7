"""Webhooks on the console: created, tested, followed, rotated, disabled and removed, with a real receiver."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import pytest
from anyio.from_thread import start_blocking_portal
from asyncio import StreamWriter
from attrs import define, field
from playwright.sync_api import Locator, Page, Route, expect
from standardwebhooks import Webhook

from tests.browser.steps import heading
from tests.support.receivers import Received, Receiver, a_receiver
from tests.system.conftest import Service

ECHO: Final = "function process(data) { if (data.fails) throw new Error('no'); return data; }"
SECRET: Final = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


def answer(status: int, text: str = "") -> bytes:
    """Build a response of a receiver."""
    return f"HTTP/1.1 {status} -\r\nContent-Length: {len(text.encode())}\r\n\r\n{text}".encode()


@define
class Answering:
    """A receiver that answers as it is told."""

    response: bytes = answer(200, "thanks")
    receiver: Receiver = field(factory=lambda: Receiver(0))

    async def respond(self, writer: StreamWriter) -> None:
        """Write the present response."""
        writer.write(self.response)
        await writer.drain()

    @property
    def url(self) -> str:
        """The URL without a path."""
        return f"http://127.0.0.1:{self.receiver.port}"

    @property
    def requests(self) -> list[Received]:
        """The messages that came."""
        return self.receiver.requests


@contextmanager
def receiving() -> Iterator[Answering]:
    """Receive messages for the block."""
    answering = Answering()
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(a_receiver(answering.respond)) as receiver,
    ):
        answering.receiver = receiver
        yield answering
