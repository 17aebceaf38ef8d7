"""The application behind the real server, on a port of its own and in this very event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from attrs import evolve, field, frozen
from starlette.types import ASGIApp

from adapters.http.server.connections import Bounds, protocol_within
from adapters.system import uuid7
from tests.support.waiting import eventually_sees

BOUNDS = Bounds(new_id=uuid7)


@frozen
class Connection:
    """A client's end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Read the next answer: status, headers, content."""
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 10)).decode()
        first, *lines = head.strip().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        return int(first.split()[1]), headers, await self.reader.readexactly(int(headers.get("content-length", "0")))

    async def ended(self) -> bytes:
        """Read everything until the server closes the connection."""
        try:
            return await asyncio.wait_for(self.reader.read(), 10)
        except ConnectionResetError:
            return b""


@frozen
class Served:
    """A server that runs."""

    server: uvicorn.Server
    port: int
    clients: list[Connection] = field(factory=list)

    async def connect(self) -> Connection:
        self.clients.append(Connection(*await asyncio.open_connection("127.0.0.1", self.port)))
        return self.clients[-1]


@asynccontextmanager
async def served(app: ASGIApp, **bounds: Any) -> AsyncIterator[Served]:
    """Run the server, with changed bounds."""
    config = uvicorn.Config(
        app,
        port=0,
        http=protocol_within(evolve(BOUNDS, **bounds)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    running = Served(server, server.servers[0].sockets[0].getsockname()[1])
    try:
        yield running
    finally:
        for client in running.clients:
            client.writer.transport.abort()
        await server.shutdown()


async def connections(of: Served, count: int) -> None:
    """Wait until the server has that many."""

    async def has() -> bool:
        return len(of.server.server_state.connections) == count

    await eventually_sees(has)
