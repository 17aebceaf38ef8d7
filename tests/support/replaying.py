"""A runner of replays over the store in memory."""

from collections.abc import Callable
from time import monotonic

from adapters.json.bodies import JsonBodies
from adapters.memory.replay_work import MemoryReplayWork
from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.executions.admission import Admission
from application.ports.comparison import CompareResults
from application.replays.add_execution import AddingPorts
from application.replays.runner import ReplayRunner, RunnerPorts
from application.replays.settle_execution import SettlingPorts
from application.scripts.known import KnownScripts
from domain.replayed_executions import ReplayOutcome
from tests.support.plain_comparison import PlainComparison


def runner_of(
    store: MemoryStore,
    compare: CompareResults | None = None,
    observe: Callable[[ReplayOutcome], None] = lambda outcome: None,
    work: MemoryReplayWork | None = None,
    depth: int = 0,
) -> ReplayRunner:
    """Create the runner of a process."""
    bodies = JsonBodies()
    adding = AddingPorts(
        known_scripts=KnownScripts(store.scripts),
        executions=store.executions,
        admission=Admission(store.executions.replays_waiting, depth, monotonic),
        bodies=bodies,
        clock=utc_now,
    )
    settling = SettlingPorts(
        executions=store.executions, bodies=bodies, compare=compare or PlainComparison(bodies), clock=utc_now
    )
    ports = RunnerPorts(
        work=work or store.replay_work, replays=store.replays, adding=adding, settling=settling, observe=observe
    )
    return ReplayRunner(ports)


async def carry_on(runner: ReplayRunner) -> None:
    """Take one round of the runner's step, without its pause."""
    await runner._carry_all_on(await runner._take())
