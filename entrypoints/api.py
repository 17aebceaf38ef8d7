"""An API process: `python -m entrypoints.api`. TERM, INT and HUP stop it cleanly: waiting clients are answered first.

With `--listen-on DESCRIPTOR` it takes its connections from a listening socket that it has inherited. With `--metrics-in
FOLDER --number N` it is the Nth of several that are measured as one. With `--work` it runs executions too, in slots of
its own, so that it can start those that it accepts without a claim; it is a worker like any other.
"""

import os
import resource
import signal
import socket
import sys
from argparse import ArgumentTypeError
from asyncio import wait
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import uvicorn
import uvloop
from starlette.types import ASGIApp

from adapters.http.app import build_app
from adapters.http.dependencies import Dependencies
from adapters.http.server.connections import Bounds, protocol_within
from adapters.javascript.launch import ZygoteStartFailed
from adapters.metrics.metrics import Metrics
from adapters.metrics.server import CannotServe
from adapters.postgres.failures import DatabaseRefused
from adapters.postgres.schema import SchemaConflict
from application.log_context import LogContextFilter
from entrypoints.composition.bootstrap import start, stop_signals
from entrypoints.composition.local_slots import LocalSlots, WorkerContext
from entrypoints.composition.spans import around_requests, around_runs
from entrypoints.composition.startup_checks import AnonymousAccessRefused
from entrypoints.composition.wiring import api_dependencies
from entrypoints.configuration.command_line import CONFINING, DIRECT, REUSING, SEALING, CommandLine
from entrypoints.configuration.keyring import MasterKeysRefused
from entrypoints.configuration.settings import Settings, limit_settings

_OTHER_DESCRIPTORS: Final = 512
"""Files and sockets that are no client's connection, and connections that are refused because there are too many."""
_SETTINGS: Final = (
    "BATEIA_HOST",
    "BATEIA_PORT",
    "BATEIA_ROOT_PATH",
    "BATEIA_TRUSTED_PROXIES",
    "BATEIA_ALLOWED_HOSTS",
    *SEALING,
    *DIRECT,
    "BATEIA_API_PROCESSES",
    "BATEIA_WORKERS",
    *CONFINING,
    *REUSING,
    "BATEIA_QUEUE_DEPTH",
    "BATEIA_IDEMPOTENCY_HOURS",
    *limit_settings(),
    "BATEIA_SOURCE_BYTES",
    "BATEIA_DATASET_BYTES",
    "BATEIA_INLINE_RESULT_BYTES",
    "BATEIA_INFLIGHT_BYTES",
    "BATEIA_SILENCE_SECONDS",
    "BATEIA_PACE_SECONDS",
    "BATEIA_HEAD_BYTES",
    "BATEIA_CONNECTIONS",
    "BATEIA_LEASE_SECONDS",
    "BATEIA_GRACE_SECONDS",
    "BATEIA_RETAIN_CONTENT_DAYS",
    "BATEIA_RETAIN_ROWS_DAYS",
    "BATEIA_SLOTS",
    "BATEIA_SCRIPT_RUNS",
    "BATEIA_ATTEMPTS",
    "BATEIA_WORKER_METRICS_PORT",
    "BATEIA_ALLOW_OPEN",
)


class Server(uvicorn.Server):
    """uvicorn's server, which calls `before_shutdown` on a signal to stop and before it waits for its answers."""

    def __init__(self, config: uvicorn.Config, before_shutdown: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_shutdown = before_shutdown

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_shutdown()
        await super().shutdown(sockets)


def connections_for(wanted: int) -> int:
    """Raise the descriptor limit as far as permitted, and return the number of connections that it allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    descriptors = wanted + _OTHER_DESCRIPTORS
    if soft < descriptors:
        soft = descriptors if hard == resource.RLIM_INFINITY else min(descriptors, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _OTHER_DESCRIPTORS))


async def answer(
    settings: Settings, metrics: Metrics, around: Callable[[ASGIApp], ASGIApp], listener: socket.socket | None
) -> bool:
    """Answer requests until a signal to stop; return false if it could not listen."""
    async with api_dependencies(settings, metrics) as (dependencies, endings):
        server = Server(config_of(settings, dependencies, around), before_shutdown=endings.shut_down)
        await server.serve(None if listener is None else [listener])
        return server.started


async def answer_and_work(
    context: WorkerContext, around: Callable[[ASGIApp], ASGIApp], listener: socket.socket | None
) -> bool:
    """Answer requests, and run executions in slots of this process, until a signal to stop."""
    slots = LocalSlots()
    async with api_dependencies(context.settings, context.metrics, slots.start_directly) as (dependencies, endings):

        def before_shutdown() -> None:
            endings.shut_down()
            slots.stop()

        server = Server(config_of(context.settings, dependencies, around), before_shutdown)
        work = slots.begin(context, endings)
        work.add_done_callback(lambda _: setattr(server, "should_exit", True))
        await server.serve(None if listener is None else [listener])
        slots.stop()
        await wait([work])
        if not work.cancelled():
            work.result()  # raises its failure
        return server.started


def config_of(settings: Settings, dependencies: Dependencies, around: Callable[[ASGIApp], ASGIApp]) -> uvicorn.Config:
    """Configure the server of the application."""
    bounds = Bounds(
        new_id=dependencies.operations.new_id,
        root_path=settings.root_path,
        head_bytes=settings.head_bytes,
        head_seconds=settings.silence_seconds,
        unread_seconds=settings.pace_seconds,
        connections=connections_for(settings.connections),
    )
    return uvicorn.Config(
        around(build_app(dependencies)),
        host=settings.host,
        port=settings.port,
        http=protocol_within(bounds),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.grace_seconds,
    )


def inherited(word: str) -> socket.socket:
    """Take over the listening socket inherited from the parent process."""
    try:
        return socket.socket(fileno=int(word))
    except (ValueError, OSError) as error:
        raise ArgumentTypeError(f"{word!r} is not the descriptor of an inherited socket") from error


def main() -> int:
    """Serve as configured; return the exit status."""
    parser = CommandLine(
        "python -m entrypoints.api",
        description="Serve the HTTP API until SIGTERM, SIGINT or SIGHUP. The database must be migrated.",
        settings=_SETTINGS,
    )
    parser.add_argument("--listen-on", type=inherited, metavar="DESCRIPTOR", help="an inherited listening socket")
    parser.add_argument(
        "--metrics-in", type=Path, metavar="FOLDER", help="folder where several API processes share their metrics"
    )
    parser.add_argument("--number", type=int, default=1, help="number of this process among them")
    parser.add_argument("--work", action="store_true", help="run executions too, in slots of this process")
    given = parser.parse_args()
    settings = start("api", LogContextFilter())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises the signal again, before the clean-up that follows
    if signal.SIGHUP in stop_signals():  # uvicorn knows nothing of it
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        with ExitStack() as stack:
            around, metrics = stack.enter_context(around_requests(os.environ)), Metrics(given.metrics_in, given.number)
            if not given.work:
                return 0 if uvloop.run(answer(settings, metrics, around, given.listen_on)) else 1
            runs = stack.enter_context(around_runs(os.environ))
            context = WorkerContext(settings=settings, metrics=metrics, number=given.number, around=runs)
            return 0 if uvloop.run(answer_and_work(context, around, given.listen_on)) else 1
    except (
        DatabaseRefused,
        SchemaConflict,
        ZygoteStartFailed,
        AnonymousAccessRefused,
        MasterKeysRefused,
        CannotServe,
    ) as refusal:
        print(f"api: {refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
