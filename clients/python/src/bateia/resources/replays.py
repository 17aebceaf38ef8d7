"""Replays of past executions on a version. `Client.replay` starts one, and `Client.wait` waits for its end."""

from __future__ import annotations

from collections.abc import Iterator

from bateia import documents, waiting
from bateia.documents import Document, Replay
from bateia.exchange import Flow
from bateia.hosting import path_of
from bateia.listing import Listing
from bateia.operations import receive
from bateia.requesting import change
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.results import lines_of
from bateia.work_records import ReplayedExecution


def list_replays(script: str, version: int | str) -> Listing[Replay]:
    """List the replays on a version, the newest first."""
    return Listing(path_of(script, "versions", version, "replays"), documents.replay)


def read_replay(script: str, version: int | str, replay: str) -> Flow[Replay]:
    """Read a replay."""
    return waiting.read_replay(script, version, replay)


def list_replayed_executions(replay: Replay) -> Listing[ReplayedExecution]:
    """List the executions of a replay, each with its outcome."""
    return Listing(_path_of(replay, "executions"), ReplayedExecution.of)


def read_differences(replay: Replay) -> Flow[Iterator[Document]]:
    """Read the differences that a replay stores, and yield them one by one."""
    return lines_of((yield from receive(_path_of(replay, "differences"))).file)


def accept_replay(replay: Replay, note: str) -> Flow[Replay]:
    """Accept the differences of a replay, so that the gate lets the version pass."""
    accepted = yield from change("POST", _path_of(replay, "acceptance"), {"note": note}, repeatable=True)
    return documents.replay(accepted)


def _path_of(replay: Replay, what: str) -> str:
    return path_of(replay.script, "versions", replay.version, "replays", replay.id, what)


class Replays(Group[C]):
    """Replays on versions."""

    list = ItemsOf(list_replays)
    get = Operation(read_replay)
    executions = ItemsOf(list_replayed_executions)
    differences = Operation(read_differences)
    accept = Operation(accept_replay)
