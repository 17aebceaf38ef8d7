"""The API's processes as children of the supervisor: their listening sockets, their metrics, and their slots."""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from entrypoints.configuration.settings import Settings
from entrypoints.supervision.listening import SharedAddress
from entrypoints.supervision.supervisor import Child

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_WORK: Final = ("--work",)


@contextmanager
def api_children(
    settings: Settings, program: tuple[str, ...], with_slots: int, address: SharedAddress
) -> Iterator[list[Child]]:
    """Configure the API's processes, of which the first `with_slots` run executions too.

    Several share a folder for their metrics, so that each can expose those of all.
    """
    if settings.api_processes == 1:
        yield [Child("api", (*program, *_WORK) if with_slots else program)]
        return
    descriptors = tuple(one.fileno() for one in address.sockets)
    with TemporaryDirectory(prefix="bateia-metrics-", dir=_memory()) as metrics:
        numbers = range(1, settings.api_processes + 1)
        measured = {one: ("--metrics-in", metrics, "--number", str(one)) for one in numbers}
        work = {one: _WORK if one <= with_slots else () for one in numbers}
        yield [
            Child(f"api {one}", (*program, *_listening(address, one), *measured[one], *work[one]), descriptors)
            for one in numbers
        ]


def _listening(address: SharedAddress, number: int) -> tuple[str, ...]:
    """Name the listening sockets of a process, and those that it has to watch."""
    own = address.of_processes[number - 1]
    others = [one for sockets in address.of_processes if sockets is not own for one in sockets]
    return ("--listen-on", *_descriptors(own), "--relieve", *_descriptors(others))


def _descriptors(sockets: Sequence[socket.socket]) -> list[str]:
    return [str(one.fileno()) for one in sockets]


def _memory() -> str | None:
    """Find a folder whose files are in memory, if the machine has one: metrics are written at each request."""
    return str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None
