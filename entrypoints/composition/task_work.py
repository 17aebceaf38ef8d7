"""The work of a Dask worker's process: the stores and the sandbox with which it performs tasks of jobs."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from adapters.javascript.runner import JavaScriptSandbox
from adapters.json.bodies import JsonBodies
from adapters.partitions.memory_reuse import keep_memory
from adapters.partitions.performer import TaskPerformer
from application.ports.job_tasks import PerformTask
from domain.engine import EngineName
from domain.limits import MIB
from entrypoints.composition.bootstrap import harden_process, settings_from
from entrypoints.composition.object_stores import object_stores
from entrypoints.configuration.logs import configure_logging

_OWN_BYTES: Final = 128 * MIB
"""The memory of a worker without data, once it has read a table. Libraries keep as much of the rest as tasks use."""


@asynccontextmanager
async def open_performer() -> AsyncIterator[PerformTask]:
    """Provide the performer. Its zygote starts with the worker, and ends with it."""
    harden_process()
    keep_memory()
    settings = settings_from(os.environ)
    configure_logging(settings, "dask-worker")
    stores, bodies = object_stores(settings), JsonBodies()
    async with JavaScriptSandbox(
        bodies,
        slots=1,
        allow_unconfined=settings.allow_unconfined,
        engine=EngineName(settings.engine),
        analyses=False,
    ) as sandbox:
        memory = (settings.job_worker_memory_mb * MIB - _OWN_BYTES) // 2
        yield TaskPerformer(stores, sandbox.run_trial, bodies, memory_bytes=memory)
