"""Processes of another user of this machine, who means harm. They can be made by root alone."""

import multiprocessing
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, Final

import pytest

from tests.support.processes import command, family

STRANGER: Final = 65_534
PAUSE_SECONDS: Final = 0.005
"""Between two looks, each of which takes as long; a server needs several times that from its start to its port."""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")

_CLEARTEXT_PASSWORD: Final = b"R\0\0\0\x08\0\0\0\x03"
_NO_TLS: Final = b"N"


def become(uid: int) -> None:
    """Become an ordinary user."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


@contextmanager
def a_stranger(work: Callable[..., None], *words: Any) -> Iterator[Connection]:
    """Run a process of another user, which does the work over a connection and is killed after the block."""
    ours, its = multiprocessing.get_context("fork").Pipe()
    process = multiprocessing.get_context("fork").Process(target=_work, args=(work, its, *words))
    process.start()
    try:
        yield ours
    finally:
        process.kill()
        process.join()


def as_stranger(ask: Callable[[], object], uid: int = STRANGER) -> object:
    """Call the function as another user, and return its answer or the name of its exception."""
    with a_stranger(_answer, ask, uid) as stranger:
        return stranger.recv()


def hold_lock(its: Connection, path: str) -> None:
    """Hold a lock by way of a descriptor that can only read, once it can be opened; tell that it is held."""
    import fcntl

    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    its.send("held")
    its.recv()


def impersonate(its: Connection, pid: int, ports: tuple[int, ...] = ()) -> None:
    """Take every TCP port that is named to a server among the descendants of `pid`, as soon as it is free, and ask for
    passwords. Asked, tell all that was received there."""
    listeners: dict[int, socket.socket] = {}
    received: list[bytes] = []
    while True:
        for port in {*ports, *_named_ports(pid)} - listeners.keys():
            with suppress(OSError):
                listeners[port] = socket.create_server(("127.0.0.1", port))
                listeners[port].setblocking(False)
        for listener in listeners.values():
            with suppress(OSError):
                _ask_for_password(listener.accept()[0], received)
        if its.poll(PAUSE_SECONDS):
            its.recv()
            its.send((sorted(listeners), received))


def _named_ports(pid: int) -> set[int]:
    words = " ".join(command(one) for one in family(pid) if "postgres" in command(one)).split()
    return {int(word[5:]) for word in words if word.startswith("port=") and word[5:].isdecimal()} if pid else set()


def _ask_for_password(client: socket.socket, received: list[bytes]) -> None:
    client.settimeout(2)
    with client, suppress(OSError):
        first = client.recv(4096)
        received.append(first)
        if len(first) == 8:
            client.sendall(_NO_TLS)
            received.append(client.recv(4096))
        client.sendall(_CLEARTEXT_PASSWORD)
        received.append(client.recv(4096))


def _answer(its: Connection, ask: Callable[[], object], _: int) -> None:
    try:
        its.send(ask())
    except Exception as error:
        its.send(f"{type(error).__name__}: {error}")


def _work(work: Callable[..., None], its: Connection, *words: Any) -> None:
    become(words[1] if work is _answer else STRANGER)
    work(its, *words)
