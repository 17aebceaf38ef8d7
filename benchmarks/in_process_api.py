"""An API process without a network, a database or a worker: the server's protocol, the middlewares and the use cases.

Usage: python benchmarks/in_process_api.py CHECKOUT

For each line of standard input, `[level, requests]`, it answers with the microseconds of CPU of one request: a small
dataset, posted with `Prefer: wait` on one of 32 connections, and answered with the result. Executions end as soon as
they are submitted. The modules are those of the checkout, which needs no part of this file.
"""

import asyncio
import json
import logging
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "bacen"
SOURCE: Final = (EXAMPLE / "script.js").read_text("utf-8")
DATASET: Final = (EXAMPLE / "payload.json").read_bytes()
RESULT: Final = (EXAMPLE / "expected.json").read_bytes()
CONNECTIONS: Final = 32


class Wire:
    """The transport of one connection, which reports the end of each answer."""

    def __init__(self) -> None:
        self._ends = socket.socketpair()
        self._answer: asyncio.Future[bytes] | None = None
        self._head = b""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        known = {"socket": self._ends[0], "peername": ("127.0.0.1", 50_000), "sockname": ("127.0.0.1", 8000)}
        return known.get(name, default)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        raise AssertionError("a connection is closed")

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def set_write_buffer_limits(self, high: int, low: int) -> None:
        pass

    def write(self, data: bytes) -> None:
        self._head += data
        if not self._head.endswith(b"\r\n\r\n") and self._answer is not None and not self._answer.done():
            self._answer.set_result(self._head)

    async def call(self, protocol: asyncio.Protocol, request: bytes) -> bytes:
        """Send a request to the protocol, and wait for the answer."""
        self._head, self._answer = b"", asyncio.get_running_loop().create_future()
        protocol.data_received(request)
        return await self._answer


async def serve() -> None:
    """Measure what standard input asks for."""
    connections, request = await connected()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        level, requests = json.loads(line)
        logging.getLogger().setLevel(level)
        before = time.process_time()
        await drain(connections, request, requests)
        print((time.process_time() - before) * 1e6 / requests, flush=True)


async def drain(connections: list[tuple[Wire, asyncio.Protocol]], request: bytes, requests: int) -> None:
    """Send so many requests over the connections."""
    left = iter(range(requests))

    async def one_after_another(wire: Wire, protocol: asyncio.Protocol) -> None:
        for _ in left:
            answer = await wire.call(protocol, request)
            assert answer.startswith(b"HTTP/1.1 200 "), answer

    async with asyncio.TaskGroup() as group:
        for one in connections:
            group.create_task(one_after_another(*one))


async def connected() -> tuple[list[tuple[Wire, asyncio.Protocol]], bytes]:
    """Create the API with a script and its connections, and encode the request."""
    import uvicorn
    from uvicorn.server import ServerState

    from adapters.http.server.connections import Bounds, protocol_within
    from adapters.system import uuid7

    config = uvicorn.Config(
        await an_app(),
        http=protocol_within(Bounds(new_id=uuid7)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
    )
    config.load()
    state = ServerState()
    state.default_headers = [(b"date", b"Fri, 27 Nov 2026 12:00:00 GMT")]
    connections = []
    for _ in range(CONNECTIONS):
        wire, protocol = Wire(), config.http_protocol_class(config=config, server_state=state, app_state={})  # type: ignore[call-arg]
        protocol.connection_made(wire)  # type: ignore[arg-type]
        connections.append((wire, protocol))
    lines = (
        "POST /v1/scripts/benchmark/executions HTTP/1.1",
        "Host: 127.0.0.1:8000",
        "Content-Type: application/json",
        "Prefer: wait=30",
        f"Content-Length: {len(DATASET)}",
    )
    return connections, "\r\n".join(lines).encode() + b"\r\n\r\n" + DATASET  # type: ignore[return-value]


async def an_app() -> Any:
    """Build the application with the wiring of an API process, but for its store."""
    from attrs import evolve
    from prometheus_client import CollectorRegistry

    from adapters.http.app import build_app
    from adapters.metrics.instruments import Instruments
    from adapters.metrics.metered import metered_executions
    from application.executions.admission import Admission
    from application.executions.completion_signals import WatchedCompletions
    from application.log_context import LogContextFilter
    from application.maintenance.flush_audit_reads import AuditReadBuffer
    from entrypoints.composition import bootstrap
    from entrypoints.configuration.logs import configure_logging
    from entrypoints.configuration.settings import read_settings
    from tests.adapters.http.api import Api

    if collect_cycles_rarely := getattr(bootstrap, "collect_cycles_rarely", None):
        collect_cycles_rarely()
    configure_logging(read_settings({"BATEIA_LOG_FORMAT": "json"}).unwrap(), "api", LogContextFilter())
    instruments = Instruments(CollectorRegistry())
    completions = WatchedCompletions()
    executions = metered_executions(await ended_executions(completions), instruments)
    api = Api(
        executions=executions,
        admission=Admission(executions.waiting, 100_000, time.monotonic),
        reads=AuditReadBuffer(Discarding(), lambda: datetime.now(UTC), capacity=10_000_000),  # type: ignore[arg-type]
        observe_request=instruments.observe_request,
    )
    api.app = build_app(evolve(api.deps, executions=evolve(api.deps.executions, completions=completions)))
    answer = await api.ask("POST", "/v1/scripts", json={"name": "benchmark", "source": SOURCE})
    assert answer.status_code == 201, answer.text
    return api.app


class Discarding:
    """An audit trail that keeps nothing."""

    async def add(self, events: object) -> None:
        pass


async def ended_executions(endings: Any) -> Any:
    """Create the port `Executions` whose executions all end with the example's result, behind the present callback."""
    from returns.result import Success

    from adapters.json.bodies import JsonBodies
    from application.ports.executions import ExecutionDetails
    from domain.execution import Succeeded
    from domain.outcome import Logs, Measures, Provenance

    result = (await JsonBodies().encode(RESULT)).unwrap()
    provenance = Provenance("quickjs-ng 0.1", Measures(1.5, 1.25, 5_000_000), ())
    reports: dict[Any, ExecutionDetails] = {}

    class Ended:
        async def add(self, new: Any) -> Any:
            submission = new.execution.submission
            reports[submission.id] = ExecutionDetails(new.execution, Logs(), None)
            asyncio.get_running_loop().call_later(0.001, self._end, submission)
            return Success(None)

        def _end(self, submission: Any) -> None:
            at = submission.submitted_at
            reports[submission.id] = ExecutionDetails(
                Succeeded(submission, 1, at, at, result.digest, provenance), Logs(), result
            )
            endings.notify([submission.id])

        async def report(self, execution_id: Any, result_up_to: int) -> Any:
            report = reports[execution_id]
            if report.result is not None:
                del reports[execution_id]
            return report

        async def cancel(self) -> None:
            raise NotImplementedError

        async def waiting(self, up_to: int) -> int:
            return 0

    return Ended()


if __name__ == "__main__":
    sys.path[0] = sys.argv[1]
    import uvloop

    uvloop.run(serve())
