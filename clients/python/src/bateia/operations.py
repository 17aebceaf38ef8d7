"""Submissions, runs, batches, previews and replays, as flows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bateia import documents
from bateia.datasets import Payload, batch_payload, dataset_payload
from bateia.documents import Batch, BatchLine, Execution, Preview, Replay, without_none
from bateia.errors import ExecutionFailed
from bateia.exchange import WAIT_SECONDS, Flow, Progress, Request, Response, exchange, now, work
from bateia.requesting import SLACK_SECONDS, download, json_request, path_to, preference
from bateia.results import Result, lines_of
from bateia.waiting import wait_for_execution

T = TypeVar("T")
LIVE = "live"
"""The alias that submissions follow; where a script has none, its latest version."""


@dataclass(frozen=True)
class Submission:
    """The choices of a submission. `clock` and `seed` are what the script sees; the service chooses what is None."""

    version: int | str = LIVE
    clock: str | None = None
    seed: str | None = None
    idempotency_key: str | None = None
    progress: Progress | None = field(default=None, repr=False)

    @property
    def query(self) -> dict[str, str]:
        """The query of the request."""
        return without_none({"clock": self.clock, "seed": self.seed})

    def path(self, script: str, what: str) -> str:
        """Make the path of the script's executions or batches, of the chosen version."""
        version = () if self.version == LIVE else ("versions", self.version)
        return path_to("scripts", script, *version, what)


SUBMISSION = Submission()


def submit(script: str, data: Any, choices: Submission = SUBMISSION, wait_seconds: int = 0) -> Flow[Execution]:
    """Submit a dataset, and wait for the outcome for some seconds at most."""
    payload = yield from work(lambda: dataset_payload(data))
    response = yield from _submitted(script, "executions", payload, choices, wait_seconds)
    return documents.execution(response.json())


def submit_batch(
    script: str, datasets: Iterable[Any], refs: Iterable[str] | None = None, choices: Submission = SUBMISSION
) -> Flow[Batch]:
    """Submit many datasets, each with an execution of its own."""
    payload = yield from work(lambda: batch_payload(datasets, refs))
    return documents.batch((yield from _submitted(script, "batches", payload, choices, 0)).json())


def submit_payload(script: str, payload: Payload, choices: Submission = SUBMISSION) -> Flow[Execution]:
    """Submit a dataset that is encoded already."""
    return documents.execution((yield from _submitted(script, "executions", payload, choices, 0)).json())


def submit_lines(script: str, payload: Payload, choices: Submission = SUBMISSION) -> Flow[Batch]:
    """Submit a batch whose lines are written already."""
    return documents.batch((yield from _submitted(script, "batches", payload, choices, 0)).json())


def _submitted(script: str, what: str, payload: Payload, choices: Submission, wait_seconds: int) -> Flow[Response]:
    key = choices.idempotency_key or str(uuid.uuid4())
    headers = {**payload.headers, "Idempotency-Key": key, **preference(wait_seconds)}
    request = Request(
        "POST",
        choices.path(script, what),
        choices.query,
        headers,
        payload.body,
        progress=choices.progress,
        seconds=wait_seconds + SLACK_SECONDS,
    )
    return (yield from exchange(request))


def run(script: str, data: Any, choices: Submission = SUBMISSION, timeout: float | None = None) -> Flow[Result]:
    """Submit a dataset, wait for the outcome, and read the result. Raises `ExecutionFailed` or `TimedOut`."""
    began = yield from now()
    seconds = WAIT_SECONDS if timeout is None else min(WAIT_SECONDS, int(timeout))
    execution = yield from submit(script, data, choices, seconds)
    spent = (yield from now()) - began
    left = None if timeout is None else max(0.0, timeout - spent)
    execution = yield from wait_for_execution(execution, left)
    return (yield from result(execution))


def result(execution: Execution, accept: str | None = None) -> Flow[Result]:
    """Read the result of an execution that has finished, as JSON or as `accept`. Raises `ExecutionFailed`."""
    if execution.has_finished and not execution.has_succeeded:
        raise ExecutionFailed(execution)
    received = Result(execution)
    yield from download(path_to("executions", execution.id, "result"), received, accept)
    return received


def batch_results(batch: Batch, status: str | None = None) -> Flow[Iterator[BatchLine]]:
    """Read the results of a batch, and yield them one by one in the order of its lines."""
    return map(documents.batch_line, lines_of((yield from batch_lines(batch.id, status)).file))


def batch_lines(batch: str, status: str | None = None) -> Flow[Result]:
    """Read the results of a batch as lines of JSON."""
    return receive(path_to("batches", batch, "results"), {"status": status} if status else None)


_NO_EXECUTION = Execution("", "", 0, "", "", None, None, (), (), {})


def receive(path: str, query: Mapping[str, str] | None = None, accept: str | None = None) -> Flow[Result]:
    """Receive a body of any length that is not the result of an execution; it can be read as one."""
    received = Result(_NO_EXECUTION)
    yield from download(path, received, accept, query)
    return received


def preview(source: str, data: Any, **choices: Any) -> Flow[Preview]:
    """Run a source that is not saved, over a dataset of at most 1 MiB. Nothing is stored, so it may be repeated."""
    wanted = {"source": source, "dataset": data, **without_none(choices)}
    request = yield from work(lambda: json_request("POST", "/v1/previews", wanted, repeatable=True))
    return documents.preview((yield from exchange(request)).json())


@dataclass(frozen=True)
class Selection:
    """The executions to replay: named ones, or the last ones; and how their results are compared."""

    executions: Sequence[str] = ()
    last: int | None = None
    since: str | None = None
    of_version: int | None = None
    key: Sequence[str] = ()
    absolute: float = 0
    relative: float = 0

    @property
    def document(self) -> Mapping[str, Any]:
        """The document of the request."""
        members = {
            "executions": list(self.executions) or None,
            "last": self.last if self.executions or self.last is not None else 50,
            "since": self.since,
            "of_version": self.of_version,
            "key": list(self.key) or None,
        }
        tolerance = {"absolute": self.absolute, "relative": self.relative}
        return {**without_none(members), **({"tolerance": tolerance} if any(tolerance.values()) else {})}


LATEST = Selection()
"""The last 50 executions."""


def start_replay(script: str, version: int | str, selection: Selection) -> Flow[Replay]:
    """Start a replay of past executions on a version. It is not sent twice: that would start another."""
    path = path_to("scripts", script, "versions", version, "replays")
    return documents.replay((yield from exchange(json_request("POST", path, selection.document))).json())
