"""The process that carries jobs on: `python -m entrypoints.job_runner`. A worker starts it when a job waits.

It ends when none has waited for a while. TERM, INT and HUP end it in order: its job is left to others.
"""

import asyncio
import sys
from typing import Final

import adapters.dask  # noqa: F401 - first: Dask's worker processes import this module too, and are isolated by it
from application.log_context import LogContextFilter
from entrypoints.composition.bootstrap import start, stop_signals
from entrypoints.configuration.command_line import CONFINING, DASK, DIRECT, SEALING, STORES, CommandLine

_SETTINGS: Final = (
    *SEALING,
    *DIRECT,
    *CONFINING,
    *STORES,
    *DASK,
    "BATEIA_API_PROCESSES",
    "BATEIA_WORKERS",
    "BATEIA_LEASE_SECONDS",
    "BATEIA_IDEMPOTENCY_HOURS",
    "BATEIA_JOB_IDLE_SECONDS",
)


async def run_until_stopped() -> None:
    """Carry jobs on until there are none, or until a signal to stop."""
    from entrypoints.composition.running_jobs import run_jobs  # what Dask's worker processes need not import

    work = asyncio.create_task(run_jobs(start("job-runner", LogContextFilter())))
    for number in stop_signals():
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    await asyncio.wait([work])
    if not work.cancelled():
        work.result()  # raises its failure


def main() -> int:
    """Carry jobs on as configured; return the exit status."""
    CommandLine(
        "python -m entrypoints.job_runner",
        description="Carry jobs on until none has waited for BATEIA_JOB_IDLE_SECONDS, or until SIGTERM, SIGINT or\n"
        "SIGHUP. Workers start it by themselves. The database must be migrated.",
        settings=_SETTINGS,
    ).parse_args()
    from entrypoints.composition.refusals import JOB_REFUSALS

    try:
        asyncio.run(run_until_stopped())
    except JOB_REFUSALS as refusal:
        print(f"job_runner: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
