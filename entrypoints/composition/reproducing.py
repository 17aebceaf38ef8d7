"""The sampler of a worker, with the ports that it has of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from adapters.javascript.engines import installed_release
from adapters.json.bodies import JsonBodies
from adapters.metrics.instruments import Instruments
from adapters.system import utc_now, uuid7
from application.executions.admission import Admission
from application.executions.completion_signals import WatchedCompletions
from application.executions.reproduce import ReproductionPorts
from application.executions.use_cases import ReproductionUseCases
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.executions import Executions
from application.scripts.known import KnownScripts
from application.worker.reproduction_sampler import STEP_SECONDS, ReproductionAlarm, ReproductionSampler
from domain.execution import Finished
from entrypoints.composition.background import background_task


def reproduction_ports(known_scripts: KnownScripts, executions: Executions) -> ReproductionPorts:
    """Provide the ports of a sampler. Its replays are few, so the depth of the queue does not concern them."""
    return ReproductionPorts(
        known_scripts=known_scripts,
        executions=executions,
        completions=WatchedCompletions(),
        replay_admission=Admission(executions.replays_waiting, 0, monotonic),
        bodies=JsonBodies(),
        clock=utc_now,
        new_id=uuid7,
        installed_engine=installed_release,
    )


@asynccontextmanager
async def sampling(
    ports: ReproductionPorts, every: int, instruments: Instruments, monitor: TaskMonitor, alarm: ReproductionAlarm
) -> AsyncIterator[Callable[[Finished], None]]:
    """Sample one in `every` of the executions that are passed to the function provided, in the background."""
    sampler = ReproductionSampler(ReproductionUseCases(ports), every, instruments.observe_reproduction, alarm)
    async with background_task(periodic(BackgroundTask.SAMPLE_REPRODUCTIONS, STEP_SECONDS, sampler.step, monitor)):
        yield sampler.offer
