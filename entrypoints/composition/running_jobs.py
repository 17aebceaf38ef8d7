"""The process that carries jobs on: the runner with its ports, until no job has waited for a while."""

import asyncio
import os
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from typing import Final

from adapters.comparison.results import comparing_results
from adapters.dask.engines import DaskEngines
from adapters.http.responses.comparisons import comparison
from adapters.http.wire.json import json_bytes
from adapters.json.bodies import JsonBodies
from adapters.partitions.streams import StreamSplitter
from adapters.postgres.connections import Pool, open_pool
from adapters.postgres.job_work import PostgresJobWork
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.notifier import notifier_of
from adapters.system import utc_now
from application.jobs.carried import RunnerPorts
from application.jobs.runner import JobRunner
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.comparison import CompareResults
from application.ports.errors import Unavailable
from application.ports.job_tasks import OpenEngine
from domain.comparison.report import ResultComparison
from entrypoints.composition.background import background_task
from entrypoints.composition.connection_budget import RUNNER_POOL
from entrypoints.composition.dask_cluster import cluster_of
from entrypoints.composition.job_counts import write_end, write_partition
from entrypoints.composition.object_stores import object_stores
from entrypoints.composition.startup_checks import await_schema, usable
from entrypoints.configuration.keyring import keyring_of
from entrypoints.configuration.settings import Settings

_RENEWALS_PER_LEASE: Final = 3
_LOOK_SECONDS: Final = 0.5
_SECRETS: Final = ("DATABASE_URL", "DATABASE_DIRECT_URL", "BATEIA_MASTER_KEYS", "BATEIA_SIGNING_KEYS")
"""Variables that Dask's worker processes, which inherit the environment, do not need."""


async def run_jobs(settings: Settings) -> None:
    """Carry jobs on until none has waited for `job_idle_seconds`. A cancellation releases the job first."""
    for secret in _SECRETS:
        os.environ.pop(secret, None)
    engines = DaskEngines(cluster_of(settings))
    async with AsyncExitStack() as stack:
        await usable(settings)
        pool = open_pool(settings.database_url, "bateia jobs", RUNNER_POOL, settings.pooling)
        await stack.enter_async_context(pool)
        await await_schema(pool, settings)
        stack.push_async_callback(notifier_of(pool).drain)
        stack.push_async_callback(engines.close)
        compare = await stack.enter_async_context(comparing_results(JsonBodies()))
        runner = JobRunner(_ports(pool, settings, engines, compare))
        stack.push_async_callback(_release, runner)
        renewing = periodic(
            BackgroundTask.RENEW_JOBS, settings.lease_seconds / _RENEWALS_PER_LEASE, runner.renew, TaskMonitor()
        )
        await stack.enter_async_context(background_task(renewing))
        await carry_on_until_idle(runner, settings.job_idle_seconds)


async def carry_on_until_idle(runner: JobRunner, idle_seconds: float) -> None:
    """Carry one job on after another, until none has waited for so long."""
    clock = asyncio.get_running_loop().time
    last = clock()
    while clock() - last < idle_seconds:
        if await runner.carry_one_on():
            last = clock()
        else:
            await asyncio.sleep(_LOOK_SECONDS)


async def _release(runner: JobRunner) -> None:
    with suppress(Unavailable):  # then the lease expires
        await runner.release()


def _ports(pool: Pool, settings: Settings, open_engine: OpenEngine, compare: CompareResults) -> RunnerPorts:
    lease, seals = timedelta(seconds=settings.lease_seconds), keyring_of(settings)
    return RunnerPorts(
        work=PostgresJobWork(pool, lease, seals),
        find=PostgresJobs(pool, timedelta(hours=settings.idempotency_hours), seals).find,
        open_engine=open_engine,
        stores=object_stores(settings),
        split=StreamSplitter(),
        compare=compare,
        clock=utc_now,
        write_differences=_differences_json,
        observe_partition=write_partition,
        observe_end=write_end,
    )


def _differences_json(compared: ResultComparison) -> bytes:
    return json_bytes(comparison(compared))
