"""A worker process: `python -m entrypoints.worker`. TERM, INT and HUP stop it cleanly.

With `--number N` it is the Nth of several on this machine, each of which has a port of its own for metrics and health.
"""

import asyncio
import logging
import os
import sys
from typing import Final

import uvloop

from adapters.javascript.launch import ZygoteStartFailed
from adapters.metrics.metrics import Metrics
from adapters.metrics.server import CannotServe
from adapters.postgres.failures import DatabaseRefused
from adapters.postgres.schema import SchemaConflict
from adapters.webhooks.certificates import CertificatesRefused
from application.log_context import LogContextFilter
from entrypoints.composition.bootstrap import start, stop_signals
from entrypoints.composition.local_slots import WorkerContext, working
from entrypoints.composition.spans import around_runs
from entrypoints.configuration.command_line import CONFINING, DELIVERING, DIRECT, REUSING, SEALING, CommandLine
from entrypoints.configuration.keyring import MasterKeysRefused

log: Final = logging.getLogger(__name__)

_SETTINGS: Final = (
    *SEALING,
    *DIRECT,
    "BATEIA_API_PROCESSES",
    "BATEIA_WORKERS",
    *CONFINING,
    *REUSING,
    "BATEIA_SLOTS",
    "BATEIA_SCRIPT_RUNS",
    "BATEIA_LEASE_SECONDS",
    "BATEIA_ATTEMPTS",
    "BATEIA_REPRODUCE_EVERY",
    "BATEIA_JOBS",
    "BATEIA_GRACE_SECONDS",
    "BATEIA_WORKER_METRICS_PORT",
    "BATEIA_METRICS_SCRIPTS",
    "BATEIA_HOST",
    *DELIVERING,
)


async def work(context: WorkerContext) -> None:
    """Run executions until a signal to stop."""
    async with working(context) as worker:
        for stop_signal in stop_signals():
            asyncio.get_running_loop().add_signal_handler(stop_signal, worker.stop)
        await worker.run()
        log.info("worker stopped; discarded %d stale results and releases in total", worker.stale)


def main() -> int:
    """Run the worker as configured; return the exit status."""
    parser = CommandLine(
        "python -m entrypoints.worker",
        description="Run executions until SIGTERM, SIGINT or SIGHUP. The database must be migrated.",
        settings=_SETTINGS,
    )
    parser.add_argument("--number", type=int, default=1, help="number of this worker on this machine")
    number = parser.parse_args().number
    settings = start("worker", LogContextFilter())
    try:
        with around_runs(os.environ) as around:
            metrics = Metrics(scripts=settings.metrics_scripts)
            uvloop.run(work(WorkerContext(settings=settings, metrics=metrics, number=number, around=around)))
    except (
        DatabaseRefused,
        SchemaConflict,
        ZygoteStartFailed,
        CannotServe,
        MasterKeysRefused,
        CertificatesRefused,
    ) as refusal:
        print(f"worker: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
