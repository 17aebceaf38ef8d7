"""Reproduce an execution: run its script version again over its stored dataset, in the recorded circumstances.

The replay is an ordinary execution behind all other work; `read_reproduction` compares the two. The dataset is verified
before it is stored anew, in its stored form: what was altered in the store is reported as that, and not as a difference
of the results.
"""

from collections.abc import Callable
from typing import Final, TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.admission import Admission
from application.executions.read import UnknownExecution
from application.executions.stored_comparison import read_verified
from application.executions.stored_datasets import DatasetAltered
from application.ports.bodies import Bodies
from application.ports.errors import QueueFull
from application.ports.executions import CompletionSignals, ExecutionFilter, Executions, Expected, NewExecution
from application.ports.system import Clock, NewId
from application.scripts.known import KnownScripts
from domain import transitions
from domain.audit import ANONYMOUS, Actor
from domain.body import Body
from domain.execution import (
    Attribution,
    Execution,
    Finished,
    NotFinished,
    Pending,
    Running,
    Unfinished,
    as_finished,
)
from domain.reproduction import NothingToReproduce, engine_release, is_reproduction, run_of

_LATEST_REPLAYS: Final = 20

InstalledEngine: TypeAlias = Callable[[str], str | None]
"""The release of an engine that is installed, by its name, as executions name it; None if it is not installed."""


@frozen
class ContentMissing:
    """The execution's content has been removed, so there is no dataset to run over."""

    id: UUID


@frozen
class RecordedEngineNotInstalled:
    """The engine that the execution ran on is not installed here, or only in another release."""

    recorded: str
    installed: str | None


ReproductionRefused: TypeAlias = (
    UnknownExecution
    | NotFinished
    | NothingToReproduce
    | ContentMissing
    | RecordedEngineNotInstalled
    | DatasetAltered
    | QueueFull
)


@frozen(kw_only=True)
class ReproductionPorts:
    """The ports of reproductions.."""

    known_scripts: KnownScripts
    executions: Executions
    completions: CompletionSignals
    replay_admission: Admission
    bodies: Bodies
    clock: Clock
    new_id: NewId
    installed_engine: InstalledEngine


@frozen(kw_only=True)
class Reproduce:
    """The command: repeat an execution that `find_reproducible` returned on its own script version."""

    original: Finished
    actor: Actor = ANONYMOUS


@frozen
class Reproduction:
    """An execution and its replay. `is_shared` if the replay was under way already when it was asked for."""

    original: Finished
    replay: Execution
    is_shared: bool = field(default=False, eq=False)


async def find_reproducible(ports: ReproductionPorts, execution_id: UUID) -> Result[Finished, ReproductionRefused]:
    """Find an execution of which all that its run depended on is still there, apart from its dataset's bytes."""
    report = await ports.executions.report(execution_id, 0)
    if report is None:
        return Failure(UnknownExecution(execution_id))
    return _reproducible(ports.installed_engine, report.execution)


async def reproduce(ports: ReproductionPorts, command: Reproduce) -> Result[Reproduction, ReproductionRefused]:
    """Store the replay of an execution, or find one that has not finished, which serves all who ask meanwhile.

    Storing it holds the dataset in its stored form, and twice for a moment.
    """
    under_way = await _under_way(ports.executions, command.original)
    if under_way is not None:
        return Success(Reproduction(command.original, under_way, is_shared=True))
    admitted = await ports.replay_admission.admit()
    if not is_successful(admitted):
        return Failure(admitted.failure())
    dataset = await _dataset(ports, command.original.submission.id)
    if not is_successful(dataset):
        return Failure(dataset.failure())
    return Success(await _store(ports, command, dataset.unwrap()))


async def _under_way(executions: Executions, original: Finished) -> Unfinished | None:
    """Find a reproduction among the execution's latest replays that has not finished."""
    of_original = ExecutionFilter(replay_of=original.submission.id)
    for replay in await executions.page(of_original, None, _LATEST_REPLAYS):
        if isinstance(replay, Pending | Running) and is_reproduction(replay.submission, original.submission):
            return replay
    return None


def _reproducible(installed_engine: InstalledEngine, execution: Execution) -> Result[Finished, ReproductionRefused]:
    """Check that all that the run depended on is still there, except for the dataset's bytes."""
    narrowed = as_finished(execution)
    if not is_successful(narrowed):
        return Failure(narrowed.failure())
    finished = narrowed.unwrap()
    run = run_of(finished)
    if not is_successful(run):
        return Failure(run.failure())
    if finished.content_removed_at is not None:
        return Failure(ContentMissing(finished.submission.id))
    recorded, installed = run.unwrap().engine, installed_engine(finished.submission.script.engine)
    if installed is None or engine_release(installed) != engine_release(recorded):
        return Failure(RecordedEngineNotInstalled(recorded, installed))
    return Success(finished)


async def _dataset(ports: ReproductionPorts, execution_id: UUID) -> Result[Body, ContentMissing | DatasetAltered]:
    try:
        found = await ports.executions.dataset(execution_id)
    except ValueError:  # its data key does not decrypt
        return Failure(DatasetAltered(execution_id))
    if found is None:  # it was removed a moment ago
        return Failure(ContentMissing(execution_id))
    verified = await read_verified(ports.bodies, found)
    return Failure(DatasetAltered(execution_id)) if verified is None else Success(verified)


async def _store(ports: ReproductionPorts, command: Reproduce, dataset: Body) -> Reproduction:
    original, reference = command.original, command.original.submission.script
    found = (await ports.known_scripts.resolve(reference.id, reference.version)).unwrap()  # no script is ever removed
    attribution = Attribution(submitted_by=command.actor.key_id)
    replay = transitions.replay(original, ports.new_id(), found.script, found.version, ports.clock(), attribution)
    new = NewExecution(replay, dataset, command.actor, Expected(must_be_open=False))
    (await ports.executions.add(new)).unwrap()  # an archived script takes replays too
    return Reproduction(original, replay)
