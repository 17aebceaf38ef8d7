"""Read an execution, at once or as soon as it has ended, and the bodies that belong to it."""

from typing import TypeAlias, assert_never
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from application.endings import comes_within
from application.messages import Report
from application.ports import Bodies, Endings, Executions
from domain.body import Digest
from domain.execution import Failed, Pending, Running, Succeeded, Unfinished


@frozen
class UnknownExecution:
    """No execution has that id."""

    id: UUID


@frozen
class NotFinished:
    """The execution has no result yet."""

    execution: Unfinished


@frozen
class HasFailed:
    """The execution ended without a result."""

    execution: Failed


ResultUnavailable: TypeAlias = UnknownExecution | NotFinished | HasFailed


async def read_execution(
    executions: Executions, endings: Endings, *, execution_id: UUID, result_up_to: int, wait_seconds: float = 0
) -> Result[Report, UnknownExecution]:
    """The execution as it is now, or, if it has not ended, as it is when it ends or `wait_seconds` have passed."""
    with endings.watch(execution_id) as ended:  # before the first look, so that no ending falls between the two
        report = await executions.report(execution_id, result_up_to)
        if wait_seconds > 0 and report is not None and isinstance(report.execution, Pending | Running):
            await comes_within(ended, wait_seconds)
            report = await executions.report(execution_id, result_up_to)
    return Success(report) if report is not None else Failure(UnknownExecution(execution_id))


async def read_result(
    executions: Executions, bodies: Bodies, execution_id: UUID
) -> Result[tuple[Digest, bytes], ResultUnavailable]:
    """The digest and the JSON text of the result, whatever its size."""
    report = await executions.report(execution_id, 0)
    if report is None:
        return Failure(UnknownExecution(execution_id))
    match report.execution:
        case Pending() | Running() as unfinished:
            return Failure(NotFinished(unfinished))
        case Failed() as failed:
            return Failure(HasFailed(failed))
        case Succeeded(output=output):
            body = await executions.result(execution_id)
            assert body is not None, "a succeeded execution has a result"
            return Success((output, await bodies.open(body)))
        case _:
            assert_never(report.execution)


async def read_dataset(
    executions: Executions, bodies: Bodies, execution_id: UUID
) -> Result[tuple[Digest, bytes], UnknownExecution]:
    """The digest and the JSON text of the dataset, as it was sent."""
    body = await executions.dataset(execution_id)
    if body is None:
        return Failure(UnknownExecution(execution_id))
    return Success((body.digest, await bodies.open(body)))
