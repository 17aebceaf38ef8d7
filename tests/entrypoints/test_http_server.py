"""The server with inherited listening sockets: its own, and those of another process, which hangs."""

import asyncio
import errno
import socket
from collections.abc import Iterator

import pytest
import uvicorn
import uvloop
from attrs import evolve
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from adapters.http.server.connection_limit import CROWDED
from adapters.http.server.connections import protocol_within
from entrypoints.composition.http_server import Listeners, Server
from tests.adapters.http.served import BOUNDS, Connection
from tests.support.waiting import eventually_sees

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def show_connection(scope: Scope, receive: Receive, send: Send) -> None:
    """Show the ends of the request's connection, and whether it is one too many."""
    shown = f"{scope['client'][1]} to {scope['server'][1]}: {scope['state'][CROWDED]}"
    await PlainTextResponse(shown)(scope, receive, send)


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    own, other = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
    with own, other:
        yield Listeners([own], [other])


def server_on(listeners: Listeners, stopped: list[bool]) -> Server:
    config = uvicorn.Config(
        show_connection,
        http=protocol_within(evolve(BOUNDS, connections=1)),
        ws="none",
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    return Server(config, lambda: stopped.append(True), listeners)


def test_connections_of_another_process_have_the_same_limits_and_both_sockets_are_closed_at_the_end(
    listeners: Listeners,
) -> None:
    stopped, clients = list[bool](), list[Connection]()
    addresses = [one.getsockname() for one in (*listeners.own, *listeners.others)]

    async def answer_of(address: tuple[str, int]) -> str:
        clients.append(Connection(*await asyncio.open_connection(*address)))
        await clients[-1].send(GET)
        port = clients[-1].writer.get_extra_info("sockname")[1]
        return (await clients[-1].answer())[2].decode().replace(f"{port} to {address[1]}", "its ends")

    async def refused(address: tuple[str, int]) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(address) == errno.ECONNREFUSED

    async def serve() -> tuple[list[str], bool]:
        server = server_on(listeners, stopped)
        serving = asyncio.create_task(server.serve_until_stopped())
        try:
            answers = [await answer_of(address) for address in addresses]
        finally:
            server.should_exit = True
            for address in addresses:
                await eventually_sees(lambda address=address: refused(address))  # type: ignore[misc]
            assert [await client.ended() for client in clients] == [b""] * len(clients)
            for client in clients:
                client.writer.close()
        return answers, await serving

    assert uvloop.run(serve()) == (["its ends: False", "its ends: True"], True)
    assert stopped == [True]
