"""Connections that another process leaves waiting at its listening socket are taken over, with the usual limits."""

import asyncio
import os
import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from adapters.http.server.shared_address import MOST_TAKEN, Takeover
from tests.support.waiting import eventually_sees


class Greeting(asyncio.Protocol):
    """Greets, and closes the connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"hello")
        transport.close()


@pytest.fixture
def other() -> Iterator[socket.socket]:
    """Provide the listening socket of another process, which accepts nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        yield listener


@pytest.fixture
def connect(other: socket.socket) -> Iterator[Callable[[], socket.socket]]:
    clients: list[socket.socket] = []

    def one() -> socket.socket:
        clients.append(socket.create_connection(other.getsockname()))
        clients[-1].setblocking(False)
        return clients[-1]

    yield one
    for client in clients:
        client.close()


async def greeted(client: socket.socket) -> bool:
    return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(client, 9), 10) == b"hello"


async def greeted_so_far(clients: list[socket.socket]) -> int:
    """Count the clients that have been answered once everything that was begun is over."""
    for _ in range(10):
        await asyncio.sleep(0)
    return sum(map(has_answer, clients))


def has_answer(client: socket.socket) -> bool:
    try:
        return client.recv(9, socket.MSG_PEEK) == b"hello"
    except BlockingIOError:
        return False


async def test_a_connection_is_taken_at_the_second_look_and_not_at_the_first(
    other: socket.socket, connect: Callable[[], socket.socket]
) -> None:
    takeover = Takeover([other], Greeting)
    takeover.look()
    client = connect()
    takeover.look()
    assert await greeted_so_far([client]) == 0
    takeover.look()
    assert await greeted(client)


async def test_nothing_is_taken_from_a_process_that_accepts_between_the_looks(
    other: socket.socket, connect: Callable[[], socket.socket]
) -> None:
    takeover = Takeover([other], Greeting)
    for _ in range(3):
        client = connect()
        takeover.look()
        accepted, _ = other.accept()
        takeover.look()
        accepted.close()
        assert await greeted_so_far([client]) == 0


async def test_each_look_takes_a_bounded_number_and_the_next_ones_the_rest(
    other: socket.socket, connect: Callable[[], socket.socket], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    takeover = Takeover([other], Greeting)
    clients = [connect() for _ in range(MOST_TAKEN + 5)]
    takeover.look()
    takeover.look()
    assert all([await greeted(client) for client in clients[:MOST_TAKEN]])
    assert await greeted_so_far(clients[MOST_TAKEN:]) == 0
    takeover.look()
    assert all([await greeted(client) for client in clients[MOST_TAKEN:]])
    assert caplog.messages == ["taking over connections that another API process leaves waiting"]


async def test_without_descriptors_connections_wait_and_the_log_says_so_once(
    other: socket.socket, connect: Callable[[], socket.socket], caplog: pytest.LogCaptureFixture
) -> None:
    takeover, client = Takeover([other], Greeting), connect()
    takeover.look()
    with no_descriptors_left():
        takeover.look()
        takeover.look()
    assert [line for line in caplog.messages if "Too many open files" in line] == [
        "cannot take over a connection: [Errno 24] Too many open files"
    ]
    takeover.look()
    assert await greeted(client)


@contextmanager
def no_descriptors_left() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def test_one_connection_that_cannot_be_taken_harms_no_other(
    other: socket.socket, connect: Callable[[], socket.socket]
) -> None:
    protocols: Iterator[asyncio.Protocol] = iter([Greeting()])
    takeover, clients = Takeover([other], lambda: next(protocols)), [connect(), connect()]
    takeover.look()
    takeover.look()
    assert await greeted(clients[0])
    assert await asyncio.wait_for(asyncio.get_running_loop().sock_recv(clients[1], 9), 10) == b""


async def test_once_closed_it_takes_nothing_and_clients_are_refused(
    other: socket.socket, connect: Callable[[], socket.socket]
) -> None:
    takeover, client = Takeover([other], Greeting), connect()
    takeover.look()
    takeover.close()
    takeover.look()

    async def refused() -> bool:
        try:
            return client.recv(9) == b""
        except ConnectionResetError:
            return True
        except BlockingIOError:
            return False

    assert await eventually_sees(refused)
