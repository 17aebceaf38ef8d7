"""An API process: `python -m entrypoints.api`. TERM, INT and HUP stop it cleanly: waiting clients are answered first.

With `--listen-on DESCRIPTOR…` it takes its connections from inherited listening sockets, and with `--relieve
DESCRIPTOR…` also those that other processes leave waiting at theirs. With `--metrics-in FOLDER --number N` it is the
Nth of several that are measured as one. With `--work` it runs executions too, in slots of its own, so that it can start
those that it accepts without a claim; it is a worker like any other.
"""

import os
import signal
import socket
import sys
from argparse import ArgumentTypeError
from asyncio import wait
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import uvloop
from starlette.types import ASGIApp

from adapters.javascript.launch import ZygoteStartFailed
from adapters.metrics.metrics import Metrics
from adapters.metrics.server import CannotServe
from adapters.postgres.failures import DatabaseRefused
from adapters.postgres.schema import SchemaConflict
from adapters.stores.configuration import StoresRefused
from adapters.webhooks.certificates import CertificatesRefused
from application.log_context import LogContextFilter
from entrypoints.composition.api_wiring import api_dependencies
from entrypoints.composition.bootstrap import start, stop_signals
from entrypoints.composition.http_server import Listeners, Server, config_of
from entrypoints.composition.local_slots import LocalSlots, WorkerContext
from entrypoints.composition.spans import around_requests, around_runs
from entrypoints.composition.startup_checks import AnonymousAccessRefused
from entrypoints.configuration.command_line import CONFINING, DELIVERING, DIRECT, REUSING, SEALING, SIGNING, CommandLine
from entrypoints.configuration.keyring import MasterKeysRefused
from entrypoints.configuration.settings import Settings, limit_settings
from entrypoints.configuration.signing import SigningKeysRefused

_SETTINGS: Final = (
    "BATEIA_HOST",
    "BATEIA_PORT",
    "BATEIA_TRUSTED_PROXIES",
    "BATEIA_ALLOWED_HOSTS",
    *SEALING,
    *SIGNING,
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
    *DELIVERING,
    "BATEIA_WEBHOOK_DAYS",
    "BATEIA_SLOTS",
    "BATEIA_SCRIPT_RUNS",
    "BATEIA_ATTEMPTS",
    "BATEIA_REPRODUCE_EVERY",
    "BATEIA_JOBS",
    "BATEIA_WORKER_METRICS_PORT",
    "BATEIA_METRICS_SCRIPTS",
    "BATEIA_ALLOW_OPEN",
)


async def answer(
    settings: Settings, metrics: Metrics, around: Callable[[ASGIApp], ASGIApp], listeners: Listeners
) -> bool:
    """Answer requests until a signal to stop; return false if it could not listen."""
    async with api_dependencies(settings, metrics) as (dependencies, endings):
        server = Server(config_of(settings, dependencies, around), endings.shut_down, listeners)
        return await server.serve_until_stopped()


async def answer_and_work(context: WorkerContext, around: Callable[[ASGIApp], ASGIApp], listeners: Listeners) -> bool:
    """Answer requests, and run executions in slots of this process, until a signal to stop."""
    slots = LocalSlots()
    wired = api_dependencies(context.settings, context.metrics, slots.start_directly, context.alarm)
    async with wired as (dependencies, endings):

        def before_shutdown() -> None:
            endings.shut_down()
            slots.stop()

        server = Server(config_of(context.settings, dependencies, around), before_shutdown, listeners)
        work = slots.begin(context, endings)
        work.add_done_callback(lambda _: setattr(server, "should_exit", True))
        has_listened = await server.serve_until_stopped()
        slots.stop()
        await wait([work])
        if not work.cancelled():
            work.result()  # raises its failure
        return has_listened


def inherited(word: str) -> socket.socket:
    """Take over a listening socket inherited from the parent process."""
    try:
        listener = socket.socket(fileno=int(word))
    except (ValueError, OverflowError, OSError) as error:
        raise ArgumentTypeError(f"{word!r} is not the descriptor of an inherited socket") from error
    if not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listener.detach()  # not ours to close
        raise ArgumentTypeError(f"{word!r} is the descriptor of a socket that does not listen")
    listener.set_inheritable(False)  # no process of the sandbox needs it
    return listener


def main() -> int:
    """Serve as configured; return the exit status."""
    parser = CommandLine(
        "python -m entrypoints.api",
        description="Serve the HTTP API until SIGTERM, SIGINT or SIGHUP. The database must be migrated.",
        settings=_SETTINGS,
    )
    parser.add_argument(
        "--listen-on",
        type=inherited,
        nargs="+",
        default=(),
        metavar="DESCRIPTOR",
        help="inherited listening sockets to take connections from",
    )
    parser.add_argument(
        "--relieve",
        type=inherited,
        nargs="+",
        default=(),
        metavar="DESCRIPTOR",
        help="inherited listening sockets of other processes, whose late connections are taken over",
    )
    parser.add_argument(
        "--metrics-in", type=Path, metavar="FOLDER", help="folder where several API processes share their metrics"
    )
    parser.add_argument("--number", type=int, default=1, help="number of this process among them")
    parser.add_argument("--work", action="store_true", help="run executions too, in slots of this process")
    given = parser.parse_args()
    listeners = Listeners(given.listen_on, given.relieve)
    settings = start("api", LogContextFilter())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises the signal again, before the clean-up that follows
    if signal.SIGHUP in stop_signals():  # uvicorn knows nothing of it
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        with ExitStack() as stack:
            around = stack.enter_context(around_requests(os.environ))
            metrics = Metrics(given.metrics_in, given.number, settings.metrics_scripts)
            if not given.work:
                return 0 if uvloop.run(answer(settings, metrics, around, listeners)) else 1
            runs = stack.enter_context(around_runs(os.environ))
            context = WorkerContext(settings=settings, metrics=metrics, number=given.number, around=runs)
            return 0 if uvloop.run(answer_and_work(context, around, listeners)) else 1
    except (
        DatabaseRefused,
        SchemaConflict,
        ZygoteStartFailed,
        AnonymousAccessRefused,
        MasterKeysRefused,
        SigningKeysRefused,
        CertificatesRefused,
        CannotServe,
        StoresRefused,
    ) as refusal:
        print(f"api: {refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
