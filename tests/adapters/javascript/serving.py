"""Runs one after another in one forked process, whose engine returns to its snapshot after each."""

import ctypes
import os
import pickle
import resource
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, NamedTuple

from adapters.javascript import wire
from adapters.javascript.confined.child import ScriptRun
from adapters.javascript.confined.engine import Engine
from adapters.javascript.confined.warm_up import warm_up
from adapters.javascript.engines import library_of
from domain.engine import EngineName

MIB = 1024 * 1024


class Program(NamedTuple):
    """A source and its dataset."""

    source: bytes
    dataset: bytes = b"{}"


class Served(NamedTuple):
    """All frames of a run, and the bytes that the engine's heap held before it, after it and once it was restored."""

    frames: bytes
    held: tuple[int, int, int]


@cache
def restorable_engine(name: EngineName, intl: bool = False) -> Engine:
    """Provide a warm engine with a snapshot, which only forked processes may run."""
    limits = resource.getrlimit(resource.RLIMIT_STACK)
    engine = Engine(str(library_of(name)), intl)
    resource.setrlimit(resource.RLIMIT_STACK, limits)
    warm_up(engine)
    engine.snapshot()
    return engine


def serve(engine: Engine, programs: Iterable[Program]) -> list[Served]:
    """Serve the programs one after another in one process."""
    served: list[Served] = in_child(lambda: list(map(server(engine), programs)))
    return served


def server(engine: Engine, heap_bytes: int = 32 * MIB) -> Callable[[Program], Served]:
    """Provide a function that serves one program in this process, which must be a forked one, and restores."""

    def serve_one(program: Program) -> Served:
        ours = _new_stream()  # a run that fails early leaves its dataset in the old one
        source, dataset = program
        sizes = (10_000, MIB, len(source), len(dataset))
        header = wire.HEADER.pack(wire.Mode.RUN, 1, 60_000, *sizes, heap_bytes, 1_600_000_000_000, 1, 2, 3, 4, 0, 0)
        ours.sendall(header + source + dataset)
        before = engine._js.held_bytes
        ScriptRun(engine, None).handle_request()
        after = engine._js.held_bytes
        engine.restore()
        with ours:
            return Served(b"".join(_received(ours)), (before, after, engine._js.held_bytes))

    return serve_one


def _new_stream() -> socket.socket:
    ours, childs = socket.socketpair()
    with childs:
        os.dup2(childs.fileno(), 0)
        os.dup2(childs.fileno(), 1)
    return ours


def _received(stream: socket.socket) -> Iterator[bytes]:
    with suppress(BlockingIOError):
        while True:
            yield stream.recv(MIB, socket.MSG_DONTWAIT)


def in_child(work: Callable[[], Any]) -> Any:
    """Do the work in a forked process and return its result."""
    with forked(work) as (pid, result):
        content = result.read()
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return pickle.loads(content)


@contextmanager
def forked(work: Callable[[], Any]) -> Iterator[tuple[int, Any]]:
    """Provide the number of a process that does the work, and a reader of the pickled result."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            content = pickle.dumps(work())
            with os.fdopen(write, "wb") as file:
                file.write(content)
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as reader:
        yield pid, reader


def arena(engine: Engine) -> bytes:
    """Copy the whole arena and the record of its blocks."""
    heap = engine._js._allocator._heap  # type: ignore[union-attr]
    return ctypes.string_at(heap.arena, heap.arena_end - heap.arena) + bytes(heap.now)


def snapshot(engine: Engine) -> bytes:
    """Copy what `arena` has to be after a restore, without a look at the arena."""
    heap = engine._js._allocator._heap  # type: ignore[union-attr]
    beyond = heap.arena_end - heap.arena - heap.snapshot_size
    return ctypes.string_at(heap.snapshot, heap.snapshot_size) + bytes(beyond) + bytes(heap.then)
