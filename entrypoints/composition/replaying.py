"""The replays on versions that a worker carries on, with the ports that it has for them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from time import monotonic

from adapters.comparison.results import comparing_results
from adapters.json.bodies import JsonBodies
from adapters.metrics.instruments import Instruments
from adapters.postgres.connections import Pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.replay_work import PostgresReplayWork
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.version_replays import PostgresVersionReplays
from adapters.system import utc_now
from application.executions.admission import Admission
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.comparison import CompareResults
from application.ports.encryption import Keyring
from application.ports.errors import Unavailable
from application.replays.add_execution import AddingPorts
from application.replays.runner import IDLE_SECONDS, ReplayRunner, RunnerPorts
from application.replays.settle_execution import SettlingPorts
from application.scripts.known import KnownScripts
from domain.execution import Finished
from entrypoints.composition.background import background_task
from entrypoints.configuration.settings import Settings

_RENEWALS_PER_LEASE = 3


@asynccontextmanager
async def carrying_replays_on(
    pool: Pool, settings: Settings, seals: Keyring, instruments: Instruments, monitor: TaskMonitor
) -> AsyncIterator[Callable[[Finished], None]]:
    """Carry replays on in the background. The function provided is to be called with each completed execution."""
    async with AsyncExitStack() as stack:
        compare = await stack.enter_async_context(comparing_results(JsonBodies()))
        runner = ReplayRunner(_runner_ports(pool, settings, seals, instruments, compare))
        stack.push_async_callback(_release, runner)
        for task, seconds, step in (
            (BackgroundTask.CARRY_ON_REPLAYS, IDLE_SECONDS, runner.step),
            (BackgroundTask.RENEW_REPLAYS, settings.lease_seconds / _RENEWALS_PER_LEASE, runner.renew),
        ):
            await stack.enter_async_context(background_task(periodic(task, seconds, step, monitor)))
        yield runner.offer


async def _release(runner: ReplayRunner) -> None:
    with suppress(Unavailable):  # then the leases expire
        await runner.release()


def _runner_ports(
    pool: Pool, settings: Settings, seals: Keyring, instruments: Instruments, compare: CompareResults
) -> RunnerPorts:
    lease, bodies = timedelta(seconds=settings.lease_seconds), JsonBodies()
    executions = PostgresExecutions(pool, seals, lease)
    adding = AddingPorts(
        known_scripts=KnownScripts(PostgresScripts(pool)),
        executions=executions,
        admission=Admission(executions.replays_waiting, settings.queue_depth, monotonic),
        bodies=bodies,
        clock=utc_now,
    )
    return RunnerPorts(
        work=PostgresReplayWork(pool, lease, seals),
        replays=PostgresVersionReplays(pool, seals),
        adding=adding,
        settling=SettlingPorts(executions=executions, bodies=bodies, compare=compare, clock=utc_now),
        observe=instruments.observe_replayed,
    )
