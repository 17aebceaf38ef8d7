"""A cluster of this process and its own worker processes, which nobody else can use.

It listens on the loopback only, to peers with a certificate that exists in the memory of these processes alone. Workers
end with this process, however it ends: each holds a pipe to it.
"""

import logging
from asyncio import Lock
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from attrs import frozen
from distributed import LocalCluster, Nanny, Scheduler, Security

from adapters.dask.configuration import configure
from adapters.dask.worker import CAPACITY, RESOURCE, JobWorker

log: Final = logging.getLogger(__name__)

_LOOPBACK: Final = "127.0.0.1"


@frozen
class ClusterSize:
    """The number of worker processes, the memory that each may take before it is killed, and their performer as
    `module:function`."""

    workers: int
    worker_bytes: int
    performer: str


class JobNanny(Nanny):
    """The parent of a worker process, which starts it again when it has died."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{**more, "worker_class": JobWorker})


class _JobScheduler(Scheduler):
    def start_http_server(self, *args: Any, **more: Any) -> None:
        """Serve nothing by HTTP."""


class EmbeddedCluster:
    """The cluster, which starts when it is first asked for. Close it at the end."""

    def __init__(self, size: ClusterSize) -> None:
        self._size, self._starting, self._stack = size, Lock(), AsyncExitStack()
        self._cluster: Any = None
        self.security = Security.temporary()

    async def address(self) -> str:
        """Return the address of the scheduler, which is started unless it runs and has workers. Raises `OSError` and
        what Dask raises where workers cannot start."""
        async with self._starting:
            if self._cluster is not None and not any(one.is_alive() for one in self._cluster.workers.values()):
                log.warning("the cluster of jobs has no workers any more and is started anew")
                await self._stack.aclose()
                self._cluster = None
            if self._cluster is None:
                self._cluster = await self._start()
        return str(self._cluster.scheduler_address)

    async def close(self) -> None:
        """End the workers and the scheduler, which log each other's absence as errors."""
        self._cluster = None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        await self._stack.aclose()

    async def _start(self) -> Any:
        configure()
        async with AsyncExitStack() as failing:
            folder = Path(failing.enter_context(TemporaryDirectory(prefix="bateia-jobs-", ignore_cleanup_errors=True)))
            cluster = LocalCluster(
                n_workers=self._size.workers,
                threads_per_worker=CAPACITY,
                processes=True,
                worker_class=JobNanny,
                host=_LOOPBACK,
                protocol="tls://",
                security=self.security,
                dashboard_address=None,
                asynchronous=True,
                silence_logs=False,
                memory_limit=self._size.worker_bytes,
                resources={RESOURCE: CAPACITY},
                local_directory=str(folder),
                performer=self._size.performer,
            )
            cluster.scheduler_spec["cls"] = _JobScheduler
            await failing.enter_async_context(cluster)
            self._stack = failing.pop_all()
            return cluster
