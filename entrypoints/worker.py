"""A worker process: `python -m entrypoints.worker`. TERM and INT stop it cleanly."""

import asyncio
import logging
import signal
import sys
from typing import Final

import uvloop

from adapters.javascript.launch import CannotConfine
from adapters.postgres.schema import SchemaConflict
from application.tracing import TraceFilter
from entrypoints.process import begin
from entrypoints.seals import MasterKeysRefused
from entrypoints.settings import Settings
from entrypoints.wiring import worker_of

log: Final = logging.getLogger(__name__)


async def work(settings: Settings) -> None:
    """Run executions until a signal says to stop."""
    async with worker_of(settings) as worker:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, worker.stop)
        await worker.run()
        log.info("the worker ends, and has dropped %d stale endings and returns in its life", worker.stale)


def main() -> int:
    """Work as the environment says; the exit status."""
    settings = begin(TraceFilter())
    try:
        uvloop.run(work(settings))
    except (SchemaConflict, CannotConfine, MasterKeysRefused) as refusal:
        print(f"worker: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
