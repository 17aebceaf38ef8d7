"""Workers that join an existing cluster, as many as fit on this machine, until it is gone or they shall end."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from adapters.dask.configuration import configure
from adapters.dask.embedded import ClusterSize, JobNanny
from adapters.dask.engines import ExistingCluster, security_of
from adapters.dask.worker import CAPACITY, RESOURCE
from application.ports.errors import Unavailable

_DEATH_SECONDS: Final = 60
"""A worker that does not find its scheduler for so long ends."""


async def join(cluster: ExistingCluster, size: ClusterSize) -> None:
    """Perform tasks of the cluster until cancelled. Raises `Unavailable` when a worker has left it for good."""
    configure()
    security = security_of(cluster)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bateia-jobs-", ignore_cleanup_errors=True)))
        nannies = [
            JobNanny(
                cluster.address,
                nthreads=CAPACITY,
                memory_limit=size.worker_bytes,
                security=security,
                protocol=cluster.address.partition("://")[0],
                resources={RESOURCE: CAPACITY},
                local_directory=str(folder),
                death_timeout=_DEATH_SECONDS,
                performer=size.performer,
            )
            for _ in range(size.workers)
        ]
        try:
            for one in nannies:
                await stack.enter_async_context(one)
        except Exception as error:
            cause = _first_cause(error)
            raise Unavailable(
                f"a worker cannot start: {type(cause).__qualname__}: {cause} (warnings in the log may say more: a "
                f"certificate of another authority is refused so)"
            ) from error
        finished: list[Any] = [one.finished for one in nannies]
        ends = [asyncio.create_task(one()) for one in finished]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        raise Unavailable("a worker has left the cluster: its scheduler is gone")


def _first_cause(error: BaseException) -> BaseException:
    """Find the exception that others were raised from: Dask wraps what it cannot start for."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
