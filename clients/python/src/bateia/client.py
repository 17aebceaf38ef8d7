"""The clients: the same operations with blocking calls and with asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias, TypeVar, overload

import httpx

from bateia import jobs, operations, proof, waiting
from bateia.callers import Asynchronous, Blocking
from bateia.connection import connection_settings
from bateia.documents import Batch, BatchLine, Execution, Preview, Replay
from bateia.exchange import DEFAULT_RETRIES, Flow, RetryPolicy
from bateia.job_documents import Job, JobRequest
from bateia.logs import FollowedLog, LogPart
from bateia.operations import LATEST, LIVE, Selection, Submission
from bateia.resources import Resources
from bateia.resources.executions import wait_for_reproduction
from bateia.resources.scripts import source_text
from bateia.results import Result
from bateia.verification import Expected, Verification
from bateia.work_records import Reproduction

T = TypeVar("T")
Work: TypeAlias = "Execution | Batch | Replay | Job | Reproduction"
"""Work of the service that ends, so that it can be waited for."""


def _wait_for(work: str | Work, timeout: float | None) -> Flow[Any]:
    match work:
        case Batch():
            return waiting.wait_for_batch(work, timeout)
        case Replay():
            return waiting.wait_for_replay(work, timeout)
        case Job():
            return jobs.wait_for_job(work, timeout)
        case Reproduction():
            return wait_for_reproduction(work, timeout)
        case Execution():
            return waiting.wait_for_execution(work, timeout)
        case _:
            return _wait_for_id(work, timeout)


def _wait_for_id(execution: str, timeout: float | None) -> Flow[Execution]:
    found = yield from waiting.read_execution(execution)
    return (yield from waiting.wait_for_execution(found, timeout))


def _id_of(execution: str | Execution) -> str:
    return execution if isinstance(execution, str) else execution.id


def _result_of(execution: str | Execution) -> Flow[Result]:
    if not isinstance(execution, Execution) or not execution.has_finished:
        execution = yield from waiting.read_execution(_id_of(execution))
    return (yield from operations.result(execution))


def _replayed(script: str, version: int | str, selection: Selection, wait: bool) -> Flow[Replay]:
    replay = yield from operations.start_replay(script, version, selection)
    return (yield from waiting.wait_for_replay(replay)) if wait else replay


def _preview(source: str | Path, data: Any, choices: Mapping[str, Any]) -> Flow[Preview]:
    return operations.preview(source_text(source), data, **choices)


def _keys(keys: bytes | Path | None) -> bytes | None:
    return keys.read_bytes() if isinstance(keys, Path) else keys


class Client(Resources[Blocking]):
    """A client of a service. Without arguments, BATEIA_URL and BATEIA_KEY name the service and the API key.

    Runs are methods of the client itself; `scripts`, `keys`, `webhooks` and others are groups of more methods.
    It is safe to share between threads. Close it, or use it as a context manager.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        language: str = "en",
        retries: RetryPolicy = DEFAULT_RETRIES,
        http: httpx.Client | None = None,
    ) -> None:
        self._http = http or httpx.Client(**connection_settings(url, key, language))
        super().__init__(Blocking(self._http, retries))

    def __repr__(self) -> str:
        return f"Client({str(self._http.base_url)!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, one: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def do(self, flow: Flow[T]) -> T:
        """Perform any operation, such as those of `bateia.operations` and `bateia.hosting`."""
        return self._caller.do(flow)

    def run(self, script: str, data: Any, version: int | str = LIVE, *, timeout: float | None = None) -> Result:
        """Submit a dataset, wait for the outcome, and return the result. Raises `ExecutionFailed` or `TimedOut`."""
        return self.do(operations.run(script, data, Submission(version), timeout))

    def submit(
        self, script: str, data: Any, version: int | str = LIVE, *, clock: str | None = None, seed: str | None = None
    ) -> Execution:
        """Submit a dataset."""
        return self.do(operations.submit(script, data, Submission(version, clock, seed)))

    def batch(
        self, script: str, datasets: Iterable[Any], version: int | str = LIVE, *, refs: Iterable[str] | None = None
    ) -> Batch:
        """Submit many datasets, each with an execution of its own; `refs` are ids of yours for them."""
        return self.do(operations.submit_batch(script, datasets, refs, Submission(version)))

    def job(self, script: str, wanted: JobRequest, version: int | str = LIVE) -> Job:
        """Submit a job over objects of stores; `wait` waits for its end."""
        return self.do(jobs.submit(script, wanted, Submission(version)))

    @overload
    def wait(self, work: str | Execution, timeout: float | None = None) -> Execution: ...
    @overload
    def wait(self, work: Batch, timeout: float | None = None) -> Batch: ...
    @overload
    def wait(self, work: Replay, timeout: float | None = None) -> Replay: ...
    @overload
    def wait(self, work: Job, timeout: float | None = None) -> Job: ...
    @overload
    def wait(self, work: Reproduction, timeout: float | None = None) -> Reproduction: ...
    def wait(self, work: str | Work, timeout: float | None = None) -> Any:
        """Wait for an execution (or its id), a batch, a replay, a job or a reproduction to end. Raises `TimedOut`."""
        return self.do(_wait_for(work, timeout))

    def follow_log(self, execution: str | Execution, timeout: float | None = None) -> Iterator[LogPart]:
        """Yield the lines of a log as they come, to the end of the execution. Raises `TimedOut`."""
        log = FollowedLog(_id_of(execution), timeout)
        while (part := self.do(log.next_part())) is not None:
            yield part

    def result(self, execution: str | Execution) -> Result:
        """Read the result of an execution. Raises `ExecutionFailed`."""
        return self.do(_result_of(execution))

    def batch_results(self, batch: Batch, status: str | None = None) -> Iterator[BatchLine]:
        """Read the results of a batch, in the order of its lines."""
        return self.do(operations.batch_results(batch, status))

    def preview(self, source: str | Path, data: Any, **choices: Any) -> Preview:
        """Run a source that is not saved. Choices are `engine`, `limits`, `clock`, `seed`, `script`, `version`."""
        return self.do(_preview(source, data, choices))

    def replay(
        self,
        script: str,
        version: int | str,
        selection: Selection = LATEST,
        *,
        wait: bool = True,
    ) -> Replay:
        """Run past executions on a version, and compare the outcomes. It never repeats a request by itself."""
        return self.do(_replayed(script, version, selection, wait))

    def verify(
        self, execution: str, keys: bytes | Path | None = None, expected: Expected | None = None
    ) -> Verification:
        """Verify the receipt of an execution. `keys` is the document of keys that you trust, or its file."""
        return self.do(proof.verify(execution, _keys(keys), expected))


class AsyncClient(Resources[Asynchronous]):
    """A client of a service for asyncio, with the methods of `Client`."""

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        language: str = "en",
        retries: RetryPolicy = DEFAULT_RETRIES,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._http = http or httpx.AsyncClient(**connection_settings(url, key, language))
        super().__init__(Asynchronous(self._http, retries))

    def __repr__(self) -> str:
        return f"AsyncClient({str(self._http.base_url)!r})"

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, one: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def do(self, flow: Flow[T]) -> T:
        """Perform any operation, such as those of `bateia.operations` and `bateia.hosting`."""
        return await self._caller.do(flow)

    async def run(self, script: str, data: Any, version: int | str = LIVE, *, timeout: float | None = None) -> Result:
        """Submit a dataset, wait for the outcome, and return the result. Raises `ExecutionFailed` or `TimedOut`."""
        return await self.do(operations.run(script, data, Submission(version), timeout))

    async def submit(
        self, script: str, data: Any, version: int | str = LIVE, *, clock: str | None = None, seed: str | None = None
    ) -> Execution:
        """Submit a dataset."""
        return await self.do(operations.submit(script, data, Submission(version, clock, seed)))

    async def batch(
        self, script: str, datasets: Iterable[Any], version: int | str = LIVE, *, refs: Iterable[str] | None = None
    ) -> Batch:
        """Submit many datasets, each with an execution of its own; `refs` are ids of yours for them."""
        return await self.do(operations.submit_batch(script, datasets, refs, Submission(version)))

    async def job(self, script: str, wanted: JobRequest, version: int | str = LIVE) -> Job:
        """Submit a job over objects of stores; `wait` waits for its end."""
        return await self.do(jobs.submit(script, wanted, Submission(version)))

    @overload
    async def wait(self, work: str | Execution, timeout: float | None = None) -> Execution: ...
    @overload
    async def wait(self, work: Batch, timeout: float | None = None) -> Batch: ...
    @overload
    async def wait(self, work: Replay, timeout: float | None = None) -> Replay: ...
    @overload
    async def wait(self, work: Job, timeout: float | None = None) -> Job: ...
    @overload
    async def wait(self, work: Reproduction, timeout: float | None = None) -> Reproduction: ...
    async def wait(self, work: str | Work, timeout: float | None = None) -> Any:
        """Wait for an execution (or its id), a batch, a replay, a job or a reproduction to end. Raises `TimedOut`."""
        return await self.do(_wait_for(work, timeout))

    async def follow_log(self, execution: str | Execution, timeout: float | None = None) -> AsyncIterator[LogPart]:
        """Yield the lines of a log as they come, to the end of the execution. Raises `TimedOut`."""
        log = FollowedLog(_id_of(execution), timeout)
        while (part := await self.do(log.next_part())) is not None:
            yield part

    async def result(self, execution: str | Execution) -> Result:
        """Read the result of an execution. Raises `ExecutionFailed`."""
        return await self.do(_result_of(execution))

    async def batch_results(self, batch: Batch, status: str | None = None) -> Iterator[BatchLine]:
        """Read the results of a batch, in the order of its lines."""
        return await self.do(operations.batch_results(batch, status))

    async def preview(self, source: str | Path, data: Any, **choices: Any) -> Preview:
        """Run a source that is not saved. Choices are `engine`, `limits`, `clock`, `seed`, `script`, `version`."""
        return await self.do(_preview(source, data, choices))

    async def replay(
        self,
        script: str,
        version: int | str,
        selection: Selection = LATEST,
        *,
        wait: bool = True,
    ) -> Replay:
        """Run past executions on a version, and compare the outcomes. It never repeats a request by itself."""
        return await self.do(_replayed(script, version, selection, wait))

    async def verify(
        self, execution: str, keys: bytes | Path | None = None, expected: Expected | None = None
    ) -> Verification:
        """Verify the receipt of an execution. `keys` is the document of keys that you trust, or its file."""
        return await self.do(proof.verify(execution, _keys(keys), expected))
