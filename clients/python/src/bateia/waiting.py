"""Executions, batches and replays read until they have ended, as flows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from bateia import documents
from bateia.documents import Batch, Execution, Replay
from bateia.errors import TimedOut
from bateia.exchange import WAIT_SECONDS, Flow, now
from bateia.requesting import awaited, path_to
from bateia.texts import say


def read_execution(execution: str, wait_seconds: int = 0) -> Flow[Execution]:
    """Read an execution."""
    return documents.execution((yield from awaited(path_to("executions", execution), wait_seconds)))


def read_batch(batch: str, wait_seconds: int = 0) -> Flow[Batch]:
    """Read a batch."""
    return documents.batch((yield from awaited(path_to("batches", batch), wait_seconds)))


def read_replay(script: str, version: int | str, replay: str, wait_seconds: int = 0) -> Flow[Replay]:
    """Read a replay on a version."""
    path = path_to("scripts", script, "versions", version, "replays", replay)
    return documents.replay((yield from awaited(path, wait_seconds)))


Watch = Callable[[Any], None]
"""Gets what is waited for each time that it has been read."""


def wait_for_execution(one: Execution, timeout: float | None = None, watch: Watch | None = None) -> Flow[Execution]:
    """Wait for an execution to end."""
    return (yield from until_finished(one, lambda seconds: read_execution(one.id, seconds), timeout, watch))


def wait_for_batch(one: Batch, timeout: float | None = None, watch: Watch | None = None) -> Flow[Batch]:
    """Wait for a batch to finish."""
    return (yield from until_finished(one, lambda seconds: read_batch(one.id, seconds), timeout, watch))


def wait_for_replay(one: Replay, timeout: float | None = None, watch: Watch | None = None) -> Flow[Replay]:
    """Wait for a replay to finish."""

    def again(seconds: int) -> Flow[Replay]:
        return read_replay(one.script, one.version, one.id, seconds)

    return (yield from until_finished(one, again, timeout, watch))


class Work(Protocol):
    """Work of the service that ends."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def status(self) -> str:
        """Its state."""
        ...

    @property
    def has_finished(self) -> bool:
        """Tell whether it has ended."""
        ...


W = TypeVar("W", bound=Work)


def until_finished(one: W, again: Callable[[int], Flow[W]], timeout: float | None, watch: Watch | None) -> Flow[W]:
    """Read again and again until it has finished. With a `watch`, each request waits for a second only."""
    began = yield from now()
    while not one.has_finished:
        spent = (yield from now()) - began
        left = float("inf") if timeout is None else timeout - spent
        if left <= 0:
            raise TimedOut(
                say("{id} is still {status} when its time is over, and goes on", id=one.id, status=one.status), one.id
            )
        one = yield from again(max(1, min(1 if watch else WAIT_SECONDS, int(min(left, WAIT_SECONDS)))))
        if watch is not None:
            watch(one)
    return one
