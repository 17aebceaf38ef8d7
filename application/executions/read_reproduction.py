"""Read a reproduction: find an execution with its replay, and compare the two once the replay has ended.

Equal digests prove that the replay's result is the recorded one. They prove nothing about the bytes that are stored, so
these are compared with the recorded digest too.
"""

from typing import Final, TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.read import UnknownExecution, read_execution
from application.executions.reproduce import Reproduction, ReproductionPorts
from application.executions.stored_comparison import FirstDifference, first_difference, stored_sha256
from application.ports.stored_bodies import StoredBody
from domain.execution import Execution, Failed, Finished, Succeeded
from domain.outcome import error_sha256
from domain.reproduction import Aspect, Comparison, Difference, compare, is_reproduction, run_of

UNREADABLE: Final = "unreadable"
"""The digest of stored bytes that are missing, do not decrypt, or are no text of the recorded size."""


@frozen
class UnknownReproduction:
    """The execution has no reproduction with that id."""

    execution_id: UUID
    id: UUID


ReproductionUnknown: TypeAlias = UnknownExecution | UnknownReproduction


@frozen
class Examined:
    """A finished reproduction: its comparison, and the place where the results differ, if both are still stored.

    What is expected there is the execution's result, or if that was altered in the store, the replay's.
    """

    comparison: Comparison
    place: FirstDifference | None = field(default=None, repr=False)


async def find_reproduction(
    ports: ReproductionPorts, execution_id: UUID, replay_id: UUID, wait_seconds: float = 0
) -> Result[Reproduction, ReproductionUnknown]:
    """Read a reproduction, at once or when the replay has ended or `wait_seconds` have passed."""
    executions = ports.executions
    original, replay = await executions.report(execution_id, 0), await executions.report(replay_id, 0)
    if original is None:
        return Failure(UnknownExecution(execution_id))
    if replay is None or not _is_reproduction(original.execution, replay.execution):
        return Failure(UnknownReproduction(execution_id, replay_id))
    if wait_seconds <= 0:
        return Success(_paired(original.execution, replay.execution))
    awaited = await read_execution(
        executions, ports.completions, execution_id=replay_id, result_up_to=0, wait_seconds=wait_seconds
    )
    return awaited.map(lambda report: _paired(original.execution, report.execution))


async def examine(ports: ReproductionPorts, original: Finished, replay: Finished) -> Examined:
    """Compare an execution with its finished replay, and what is stored of its outcome with what was recorded.

    Results are read part by part, so this holds a few parts of each, however large they are.
    """
    if isinstance(original, Failed):
        return Examined(_altered_error(original) or compare(original, replay))
    comparison = await _altered_result(ports, original) or compare(original, replay)
    match comparison:
        case Difference(of=Aspect.RESULT):
            return Examined(comparison, await _place(ports, expected=original, actual=replay))
        case Difference(of=Aspect.STORED_RESULT):
            return Examined(comparison, await _place(ports, expected=replay, actual=original))
        case _:
            return Examined(comparison)


def _is_reproduction(original: Execution, replay: Execution) -> bool:
    has_run = isinstance(original, Succeeded | Failed) and is_successful(run_of(original))
    return has_run and is_reproduction(replay.submission, original.submission)


def _paired(original: Execution, replay: Execution) -> Reproduction:
    assert isinstance(original, Succeeded | Failed), "only finished executions have reproductions"
    return Reproduction(original, replay)


def _altered_error(original: Failed) -> Difference | None:
    """Compare the stored texts of an error with its recorded digest, if both are there."""
    if original.error_sha256 is None or original.content_removed_at is not None:
        return None
    stored = error_sha256(original.error)
    return None if stored == original.error_sha256 else Difference(Aspect.STORED_ERROR, original.error_sha256, stored)


async def _altered_result(ports: ReproductionPorts, original: Succeeded) -> Difference | None:
    """Compare the stored result with its recorded digest, unless it was removed."""
    body = await _result(ports, original)
    stored = None if body is None else await stored_sha256(ports.bodies, body)
    if stored == original.output.sha256 or (body is None and await _is_removed(ports, original)):
        return None
    return Difference(Aspect.STORED_RESULT, original.output.sha256, stored or UNREADABLE)


async def _place(ports: ReproductionPorts, expected: Finished, actual: Finished) -> FirstDifference | None:
    one, other = await _result(ports, expected), await _result(ports, actual)
    if one is None or other is None:
        return None
    try:
        return await first_difference(ports.bodies, one, other)
    except ValueError:  # one of them is unreadable
        return None


async def _result(ports: ReproductionPorts, execution: Finished) -> StoredBody | None:
    try:
        return await ports.executions.result(execution.submission.id)
    except ValueError:  # its data key does not decrypt
        return None


async def _is_removed(ports: ReproductionPorts, original: Succeeded) -> bool:
    """Tell whether the content has been removed, even if that was after the execution was read."""
    report = await ports.executions.report(original.submission.id, 0)
    return (
        report is None
        or not isinstance(report.execution, Succeeded)
        or (report.execution.content_removed_at is not None)
    )
