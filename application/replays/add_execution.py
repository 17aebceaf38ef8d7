"""Add an execution of a replay: the verified dataset of the original, on the version, in the recorded circumstances."""

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.admission import Admission
from application.executions.stored_comparison import read_verified
from application.ports.bodies import Bodies
from application.ports.errors import QueueFull
from application.ports.executions import Executions, Expected, NewExecution
from application.ports.system import Clock
from application.scripts.known import KnownScripts
from domain import transitions
from domain.audit import Actor
from domain.body import Body
from domain.execution import Attribution, Finished
from domain.replayed_executions import ReplayedExecution, ReplayReason, Settled, replayable, skipped
from domain.version_replays import VersionReplay


@frozen(kw_only=True)
class AddingPorts:
    """The ports for adding executions of replays."""

    known_scripts: KnownScripts
    executions: Executions
    admission: Admission
    bodies: Bodies
    clock: Clock


async def add_execution(
    ports: AddingPorts, replay: VersionReplay, execution: ReplayedExecution
) -> Settled | QueueFull | None:
    """Store the replay of an original; unless that is skipped, or so many replays wait that no more are taken."""
    report = await ports.executions.report(execution.original_id, 0)
    original = replayable(None if report is None else report.execution)
    if not is_successful(original):
        return original.failure()
    admitted = await ports.admission.admit()
    if not is_successful(admitted):
        return admitted.failure()
    dataset = await _dataset(ports, execution)
    if not is_successful(dataset):
        return dataset.failure()
    await _store(ports, replay, execution, original.unwrap(), dataset.unwrap())
    return None


async def _dataset(ports: AddingPorts, execution: ReplayedExecution) -> Result[Body, Settled]:
    try:
        found = await ports.executions.dataset(execution.original_id)
    except ValueError:  # its data key does not decrypt
        return Failure(skipped(ReplayReason.DATASET_ALTERED))
    if found is None:  # it was removed a moment ago
        return Failure(skipped(ReplayReason.CONTENT_REMOVED))
    verified = await read_verified(ports.bodies, found)
    return Failure(skipped(ReplayReason.DATASET_ALTERED)) if verified is None else Success(verified)


async def _store(
    ports: AddingPorts, replay: VersionReplay, execution: ReplayedExecution, original: Finished, dataset: Body
) -> None:
    """Store the execution for the actor of the replay. An archived script's replays that have begun are completed."""
    found = (await ports.known_scripts.resolve(replay.script_id, replay.version)).unwrap()  # no version is ever removed
    attribution = Attribution(submitted_by=replay.created_by)
    pending = transitions.replay(
        original, execution.execution_id, found.script, found.version, ports.clock(), attribution
    )
    new = NewExecution(pending, dataset, Actor(replay.created_by), Expected(must_be_open=False))
    (await ports.executions.add(new)).unwrap()
