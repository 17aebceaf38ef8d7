"""Operations on executions, batches, previews and replays, as flows."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

from bateia import documents
from bateia.datasets import JSON, Payload, batch_payload, dataset_payload, encoded
from bateia.documents import Batch, BatchLine, Document, Execution, Preview, Replay
from bateia.errors import ExecutionFailed, TimedOut
from bateia.exchange import WAIT_SECONDS, BytesBody, Flow, Progress, Request, Response, Sink, exchange, now, work
from bateia.results import Result, lines_of
from bateia.verification import Expected, Verification, verified

T = TypeVar("T")
LIVE = "live"
"""The alias that submissions follow; where a script has none, its latest version."""
_SLACK_SECONDS = 60


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
        return {name: value for name in ("clock", "seed") if (value := getattr(self, name)) is not None}

    def path(self, script: str, what: str) -> str:
        """Make the path of the script's executions or batches, of the chosen version."""
        version = "" if self.version == LIVE else f"/versions/{segment(self.version)}"
        return f"/v1/scripts/{segment(script)}{version}/{what}"


SUBMISSION = Submission()


def segment(value: object) -> str:
    """Quote a segment of a path."""
    return quote(str(value), safe="")


def json_request(method: str, path: str, value: Any, **more: Any) -> Request:
    """Make a request with a JSON document."""
    headers = {"Content-Type": JSON, **more.pop("headers", {})}
    return Request(method, path, headers=headers, body=BytesBody(encoded(value).encode()), **more)


def read(path: str, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Flow[Any]:
    """Read a JSON document."""
    return (yield from exchange(Request("GET", path, query or {}, headers or {}))).json()


def read_text(path: str, query: Mapping[str, str] | None = None) -> Flow[bytes]:
    """Read a body as it is."""
    return (yield from exchange(Request("GET", path, query or {}))).body


def pages(path: str, limit: int, query: Mapping[str, str] | None = None) -> Flow[list[Document]]:
    """Read the first items of a list, over as many pages as they take."""
    items: list[Document] = []
    sent = dict(query or {})
    while True:
        page = yield from read(path, {**sent, "limit": str(min(200, limit - len(items)))})
        items += page["items"]
        if page.get("next_cursor") is None or len(items) >= limit:
            return items[:limit]
        sent["cursor"] = page["next_cursor"]


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
    headers = {**payload.headers, "Idempotency-Key": key, **_preference(wait_seconds)}
    request = Request(
        "POST",
        choices.path(script, what),
        choices.query,
        headers,
        payload.body,
        progress=choices.progress,
        seconds=wait_seconds + _SLACK_SECONDS,
    )
    return (yield from exchange(request))


def _preference(wait_seconds: int) -> dict[str, str]:
    return {"Prefer": f"wait={wait_seconds}"} if wait_seconds > 0 else {}


def run(script: str, data: Any, choices: Submission = SUBMISSION, timeout: float | None = None) -> Flow[Result]:
    """Submit a dataset, wait for the outcome, and read the result. Raises `ExecutionFailed` or `TimedOut`."""
    began = yield from now()
    seconds = WAIT_SECONDS if timeout is None else min(WAIT_SECONDS, int(timeout))
    execution = yield from submit(script, data, choices, seconds)
    spent = (yield from now()) - began
    left = None if timeout is None else max(0.0, timeout - spent)
    execution = yield from wait_for_execution(execution, left)
    return (yield from result(execution))


def read_execution(execution: str, wait_seconds: int = 0) -> Flow[Execution]:
    """Read an execution."""
    return documents.execution((yield from _awaited(f"/v1/executions/{segment(execution)}", wait_seconds)))


def read_batch(batch: str, wait_seconds: int = 0) -> Flow[Batch]:
    """Read a batch."""
    return documents.batch((yield from _awaited(f"/v1/batches/{segment(batch)}", wait_seconds)))


def read_replay(script: str, version: int | str, replay: str, wait_seconds: int = 0) -> Flow[Replay]:
    """Read a replay on a version."""
    path = f"/v1/scripts/{segment(script)}/versions/{segment(version)}/replays/{segment(replay)}"
    return documents.replay((yield from _awaited(path, wait_seconds)))


def _awaited(path: str, wait_seconds: int) -> Flow[Any]:
    request = Request("GET", path, headers=_preference(wait_seconds), seconds=wait_seconds + _SLACK_SECONDS)
    return (yield from exchange(request)).json()


Watch = Callable[[Any], None]
"""Gets what is waited for each time that it has been read."""


def wait_for_execution(one: Execution, timeout: float | None = None, watch: Watch | None = None) -> Flow[Execution]:
    """Wait for an execution to end."""
    return (yield from _until_finished(one, lambda seconds: read_execution(one.id, seconds), timeout, watch))


def wait_for_batch(one: Batch, timeout: float | None = None, watch: Watch | None = None) -> Flow[Batch]:
    """Wait for a batch to finish."""
    return (yield from _until_finished(one, lambda seconds: read_batch(one.id, seconds), timeout, watch))


def wait_for_replay(one: Replay, timeout: float | None = None, watch: Watch | None = None) -> Flow[Replay]:
    """Wait for a replay to finish."""

    def again(seconds: int) -> Flow[Replay]:
        return read_replay(one.script, one.version, one.id, seconds)

    return (yield from _until_finished(one, again, timeout, watch))


_W = TypeVar("_W", Execution, Batch, Replay)


def _until_finished(one: _W, again: Callable[[int], Flow[_W]], timeout: float | None, watch: Watch | None) -> Flow[_W]:
    """Read again and again until it has finished. With a `watch`, each request waits for a second only."""
    began = yield from now()
    while not one.has_finished:
        spent = (yield from now()) - began
        left = float("inf") if timeout is None else timeout - spent
        if left <= 0:
            raise TimedOut(f"{one.id} is still {one.status} when its time is over, and goes on", one.id)
        one = yield from again(max(1, min(1 if watch else WAIT_SECONDS, int(min(left, WAIT_SECONDS)))))
        if watch is not None:
            watch(one)
    return one


def result(execution: Execution) -> Flow[Result]:
    """Read the result of an execution that has finished. Raises `ExecutionFailed`."""
    if execution.has_finished and not execution.has_succeeded:
        raise ExecutionFailed(execution)
    received = Result(execution)
    yield from download(f"/v1/executions/{segment(execution.id)}/result", received)
    return received


def download(path: str, sink: Sink, accept: str | None = None) -> Flow[None]:
    """Read a body into a sink."""
    headers = {"Accept": accept} if accept else {}
    yield from exchange(Request("GET", path, headers=headers, sink=sink))


class _Received:
    """A sink that keeps nothing but a digest."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def begin(self) -> None:
        """Discard what an earlier attempt wrote."""
        self.digest = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        self.digest.update(piece)


def batch_results(batch: Batch, status: str | None = None) -> Flow[Iterator[BatchLine]]:
    """Read the results of a batch, and yield them one by one in the order of its lines."""
    received = Result(NO_EXECUTION)
    query = f"?status={status}" if status else ""
    yield from download(f"/v1/batches/{segment(batch.id)}/results{query}", received)
    return map(documents.batch_line, lines_of(received.file))


NO_EXECUTION = Execution("", "", 0, "", "", None, None, (), (), {})


def preview(source: str, data: Any, **choices: Any) -> Flow[Preview]:
    """Run a source that is not saved, over a dataset of at most 1 MiB. Nothing is stored, so it may be repeated."""
    wanted = {"source": source, "dataset": data, **{name: one for name, one in choices.items() if one is not None}}
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
        given = {name: value for name, value in members.items() if value is not None}
        return {**given, **({"tolerance": tolerance} if any(tolerance.values()) else {})}


LATEST = Selection()
"""The last 50 executions."""


def start_replay(script: str, version: int | str, selection: Selection) -> Flow[Replay]:
    """Start a replay of past executions on a version. It is not sent twice: that would start another."""
    path = f"/v1/scripts/{segment(script)}/versions/{segment(version)}/replays"
    return documents.replay((yield from exchange(json_request("POST", path, selection.document))).json())


def verify(execution_id: str, keys: bytes | None = None, expected: Expected | None = None) -> Flow[Verification]:
    """Verify the receipt of an execution, and that the stored outcome is the one that it states.

    Without `keys`, those of the service are taken, which proves only that the service agrees with itself.
    """
    path = f"/v1/executions/{segment(execution_id)}"
    execution = yield from read_execution(execution_id)
    receipt = yield from read_text(f"{path}/receipt")
    trusted = keys if keys is not None else (yield from read_text("/v1/receipts/keys"))
    if execution.has_succeeded:
        received = _Received()
        yield from download(f"{path}/result", received)
        outcome = received.digest.hexdigest()
    else:
        outcome = error_digest(execution.document["error"])
    stated = expected or Expected()
    facts = Expected(execution.id, stated.installation, outcome, stated.dataset, stated.source)
    return verified(receipt, trusted, facts)


def error_digest(error: Document) -> str:
    """Compute the digest of an error, as receipts state it."""
    members = {name: error[name] for name in ("column", "kind", "line", "message", "stack")}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def compare(before: str, after: str, key: Sequence[str] = (), **tolerance: float | None) -> Flow[Document]:
    """Compare the results of two executions."""
    query = {"against": after, **({"key": ",".join(key)} if key else {})}
    query |= {name: repr(value) for name, value in tolerance.items() if value}
    return (yield from read(f"/v1/executions/{segment(before)}/comparison", query))  # type: ignore[no-any-return]
