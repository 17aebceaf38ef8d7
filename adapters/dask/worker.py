"""A Dask worker that performs tasks of jobs, one in the sandbox and one around it, on its own event loop.

The performer is opened as the worker starts, and closed as it ends, with the sandbox's processes. It has a dotted name,
because this package knows neither stores nor sandbox. No exception of a task reaches Dask, which would log it with its
arguments.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from importlib import import_module
from traceback import format_tb
from typing import Any, Final, TypeAlias

from distributed import Worker, WorkerPlugin, get_worker

from adapters.dask.configuration import configure
from adapters.dask.parcels import Broken, Deferred, Parcel, ParcelOutcome, Reported
from application.ports.errors import Unavailable
from application.ports.job_tasks import PerformTask

log: Final = logging.getLogger(__name__)

RESOURCE: Final = "bateia"
"""Only workers that have it perform tasks: a cluster may have others."""
CAPACITY: Final = 2
"""The tasks of a worker. Its sandbox runs one script at a time; the rows of the next are read meanwhile."""
_LOOK_SECONDS: Final = 0.2
_PLUGIN: Final = "bateia-performer"

OpenPerformer: TypeAlias = Callable[[], AbstractAsyncContextManager[PerformTask]]


class PerformerPlugin(WorkerPlugin):
    """The performer of a worker, for as long as it lives. `opener` is `module:function`, an `OpenPerformer`."""

    name = _PLUGIN

    def __init__(self, opener: str) -> None:
        self._opener, self._stack = opener, AsyncExitStack()
        self.performer: PerformTask | None = None

    async def setup(self, worker: Worker) -> None:
        """Open the performer: the worker takes no task before."""
        module, _, function = self._opener.partition(":")
        open_performer: OpenPerformer = getattr(import_module(module), function)
        self.performer = await self._stack.enter_async_context(open_performer())

    async def teardown(self, worker: Worker) -> None:
        """Close the performer."""
        await self._stack.aclose()


class JobWorker(Worker):
    """A worker with a performer, and without Dask's HTTP server, which knows no certificates."""

    def __init__(self, *args: Any, performer: str, **more: Any) -> None:
        configure()
        super().__init__(*args, plugins=(PerformerPlugin(performer),), **more)

    def start_http_server(self, *args: Any, **more: Any) -> None:
        """Serve nothing by HTTP."""


async def perform(parcel: Parcel) -> ParcelOutcome:
    """Perform a task, unless it is cancelled. This is what workers are asked to run."""
    worker = get_worker()
    plugin = worker.plugins[_PLUGIN]
    assert isinstance(plugin, PerformerPlugin)
    assert plugin.performer is not None
    work = asyncio.create_task(_outcome(plugin.performer, parcel))
    try:
        while not work.done() and _is_wanted(worker, parcel.key):
            await asyncio.wait([work], timeout=_LOOK_SECONDS)
    finally:
        work.cancel()
        await asyncio.wait([work])
    return Deferred("cancelled") if work.cancelled() else work.result()


async def _outcome(performer: PerformTask, parcel: Parcel) -> ParcelOutcome:
    try:
        return Reported(await performer(parcel.task))
    except Unavailable as error:
        return Deferred(str(error))
    except Exception as error:
        log.error(
            "task %s failed: %s at\n%s", parcel.key, type(error).__qualname__, "".join(format_tb(error.__traceback__))
        )
        return Broken(type(error).__qualname__)


def _is_wanted(worker: Worker, key: str) -> bool:
    """Tell whether the scheduler still wants a task. Dask lets one that is cancelled go on, and ignores its result."""
    with suppress(KeyError):
        return worker.state.tasks[key].state not in ("cancelled", "resumed")
    return False
