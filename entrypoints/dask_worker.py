"""Workers for an existing Dask cluster: `python -m entrypoints.dask_worker`. TERM, INT and HUP end them in order.

They have the service's code, its sandbox, and the stores of the same file; they need no database.
"""

import asyncio
import sys
from typing import Final

import adapters.dask  # noqa: F401 - first: Dask's worker processes import this module too, and are isolated by it
from entrypoints.composition.bootstrap import start_without_database, stop_signals
from entrypoints.configuration.command_line import CONFINING, DASK, STORES, CommandLine
from entrypoints.configuration.settings import Settings

_SETTINGS: Final = ("BATEIA_LOG_LEVEL", "BATEIA_LOG_FORMAT", *CONFINING, *STORES, *DASK)


async def work(settings: Settings, address: str) -> None:
    """Perform tasks until a signal to stop. Raises `Unavailable` when the scheduler is gone."""
    from adapters.dask.members import join
    from entrypoints.composition.dask_cluster import cluster_size, existing_cluster

    joined = asyncio.create_task(join(existing_cluster(settings, address), cluster_size(settings)))
    for number in stop_signals():
        asyncio.get_running_loop().add_signal_handler(number, joined.cancel)
    await asyncio.wait([joined])
    if not joined.cancelled():
        joined.result()  # raises its failure


def main() -> int:
    """Perform tasks as configured; return the exit status."""
    parser = CommandLine(
        "python -m entrypoints.dask_worker",
        description="Perform tasks of jobs as workers of a Dask cluster, until SIGTERM, SIGINT or SIGHUP.",
        settings=_SETTINGS,
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", default="", help="scheduler, if not BATEIA_DASK_ADDRESS")
    given = parser.parse_args()
    settings = start_without_database("dask-worker")
    address = given.scheduler or settings.dask_address
    if not address:
        print("dask_worker: no scheduler: give --scheduler, or set BATEIA_DASK_ADDRESS", file=sys.stderr)
        return 2
    from adapters.dask.engines import ClusterRefused
    from application.ports.errors import Unavailable

    try:
        asyncio.run(work(settings, address))
    except (ClusterRefused, Unavailable) as refusal:
        print(f"dask_worker: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
