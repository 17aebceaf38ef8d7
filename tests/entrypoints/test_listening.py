"""Listening sockets of several processes: one each, on all addresses of the host, and of one service alone."""

import errno
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from entrypoints.configuration.settings import Settings, read_settings
from entrypoints.supervision.listening import StartFailed, await_port, shared_address
from tests.support.processes import free_port


def settings_for(host: str = "127.0.0.1", processes: int = 2) -> Settings:
    env = {"BATEIA_HOST": host, "BATEIA_PORT": str(free_port()), "BATEIA_API_PROCESSES": str(processes)}
    return read_settings(env).unwrap()


@contextmanager
def connected(settings: Settings, count: int, host: str = "127.0.0.1") -> Iterator[None]:
    clients = [socket.create_connection((host, settings.port), 10) for _ in range(count)]
    yield
    for client in clients:
        client.close()


def accepted(listener: socket.socket) -> int:
    """Count the connections that wait at a socket."""
    listener.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


def test_a_burst_of_connections_is_spread_over_the_processes() -> None:
    settings = settings_for(processes=4)
    with shared_address(settings) as address, connected(settings, 400):
        found = [accepted(one) for (one,) in address.of_processes]
    assert sum(found) == 400
    assert min(found) > 40  # fewer than ten standard deviations below a hundred would be one in 10^10


@pytest.mark.parametrize("host", ["::1", "localhost", "0.0.0.0", "::"])
def test_each_process_listens_on_all_addresses_of_the_host(host: str) -> None:
    settings = settings_for(host)
    found = {address[0] for *_, address in socket.getaddrinfo(host, settings.port, type=socket.SOCK_STREAM)}
    with shared_address(settings) as shared:
        for own in shared.of_processes:
            assert {one.getsockname()[0] for one in own} == found


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Make every host name resolve to these addresses."""

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> Sequence[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


NOT_HERE = "192.0.2.1"
"""An address for documentation, which no machine has."""


def test_an_address_that_the_machine_lacks_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, NOT_HERE, "127.0.0.2", "127.0.0.1", "127.0.0.1")
    settings = settings_for("data.example")
    with shared_address(settings) as shared:
        found = [[one.getsockname()[0] for one in own] for own in shared.of_processes]
    assert found == [["127.0.0.2", "127.0.0.1"]] * 2


def test_a_host_without_an_address_here_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, NOT_HERE)
    with pytest.raises(StartFailed, match=r"^cannot listen on data\.example:\d+: Cannot assign .*; set BATEIA_HOST$"):
        await_port(settings_for("data.example"))


def test_one_taken_address_of_several_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "127.0.0.1", "127.0.0.2")
    settings = settings_for("data.example")
    with socket.create_server(("127.0.0.2", settings.port)), pytest.raises(StartFailed, match="set BATEIA_PORT"):
        shared_address(settings).__enter__()
    with shared_address(settings) as shared:
        assert len(shared.sockets) == 4  # the failure left none open


@pytest.mark.parametrize("shares", [False, True], ids=["one socket", "shared sockets"])
def test_an_address_that_another_service_of_the_same_user_has_is_never_shared(shares: bool) -> None:
    """Also if the other one began to listen after the port was found free."""
    settings = settings_for()
    await_port(settings)
    with (
        socket.create_server(("127.0.0.1", settings.port), reuse_port=shares),
        pytest.raises(StartFailed, match=r"^cannot listen on .*: Address already in use; set BATEIA_PORT$"),
    ):
        shared_address(settings).__enter__()


def test_a_second_service_is_refused_while_the_first_listens() -> None:
    settings = settings_for(processes=3)
    with (
        shared_address(settings),
        pytest.raises(StartFailed, match="Address already in use; set BATEIA_PORT"),
    ):
        shared_address(settings).__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_cannot_join() -> None:
    settings = settings_for()
    with shared_address(settings):
        if (child := os.fork()) == 0:
            os.setuid(61_001)
            try:
                socket.create_server(("127.0.0.1", settings.port), reuse_port=True)
            except OSError as error:
                os._exit(error.errno or 255)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == errno.EADDRINUSE


def test_once_closed_the_address_is_free() -> None:
    settings = settings_for()
    with shared_address(settings) as shared:
        shared.close()
        with shared_address(settings):
            pass


def test_a_single_process_listens_by_itself() -> None:
    settings = settings_for(processes=1)
    with shared_address(settings) as shared, socket.create_server(("127.0.0.1", settings.port)):
        assert shared.sockets == []
