"""Read an execution, at once or as soon as it has ended, and the bodies that belong to it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias, assert_never
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from application.executions.completion_signals import wait_for
from application.ports.executions import CompletionSignals, ExecutionDetails, Executions
from application.ports.stored_bodies import StoredBody
from domain.body import Digest
from domain.execution import Failed, NotFinished, Pending, Running, Submission, Succeeded


@frozen
class ExecutionOfAnotherScript:
    """The execution belongs to another script than the one that the request is about."""

    id: UUID


@frozen
class UnknownExecution:
    """No execution has that id."""

    id: UUID


@frozen
class HasFailed:
    """The execution ended without a result."""

    execution: Failed


@frozen
class ContentRemoved:
    """The execution's content has been removed."""

    id: UUID


DatasetUnavailable: TypeAlias = UnknownExecution | ContentRemoved
ResultUnavailable: TypeAlias = UnknownExecution | NotFinished | HasFailed | ContentRemoved


@frozen
class StoredContent:
    """The facts of a dataset or a result, and a function that reads its bytes, which may be removed by then."""

    submission: Submission
    digest: Digest
    fetch: Callable[[], Awaitable[Result[StoredBody, ContentRemoved]]] = field(repr=False, eq=False)


async def read_execution(
    executions: Executions,
    endings: CompletionSignals,
    *,
    execution_id: UUID,
    result_up_to: int,
    wait_seconds: float = 0,
) -> Result[ExecutionDetails, UnknownExecution]:
    """Read the execution as it is now, or, if it has not ended, when it ends or `wait_seconds` have passed."""
    with endings.watch(execution_id) as ended:  # before the first look, so that no ending falls between the two
        report = await executions.report(execution_id, result_up_to)
        if wait_seconds > 0 and report is not None and isinstance(report.execution, Pending | Running):
            await wait_for(ended, wait_seconds)
            report = await executions.report(execution_id, result_up_to)
    if report is None:
        return Failure(UnknownExecution(execution_id))
    if isinstance(report.execution, Pending):
        return Success(evolve(report, queue=await executions.queue_place(report.execution)))
    return Success(report)


async def read_result(executions: Executions, execution_id: UUID) -> Result[StoredContent, ResultUnavailable]:
    """Find the result, of any size."""
    report = await executions.report(execution_id, 0)
    if report is None:
        return Failure(UnknownExecution(execution_id))
    match report.execution:
        case Pending() | Running() as unfinished:
            return Failure(NotFinished(unfinished))
        case Failed() as failed:
            return Failure(HasFailed(failed))
        case Succeeded(content_removed_at=None, output=output):
            return Success(_content(report.execution.submission, output, executions.result))
        case Succeeded():
            return Failure(ContentRemoved(execution_id))
        case _:
            assert_never(report.execution)


async def find_dataset(executions: Executions, execution_id: UUID) -> Result[StoredContent, UnknownExecution]:
    """Find the facts of a dataset, which outlast its bytes. If those have been removed, reading them shows it."""
    report = await executions.report(execution_id, 0)
    if report is None:
        return Failure(UnknownExecution(execution_id))
    submission = report.execution.submission
    return Success(_content(submission, submission.dataset, executions.dataset))


async def read_dataset(executions: Executions, execution_id: UUID) -> Result[StoredContent, DatasetUnavailable]:
    """Find the dataset, as it was sent."""
    report = await executions.report(execution_id, 0)
    if report is None:
        return Failure(UnknownExecution(execution_id))
    submission = report.execution.submission
    match report.execution:
        case Pending() | Running() | Succeeded(content_removed_at=None) | Failed(content_removed_at=None):
            return Success(_content(submission, submission.dataset, executions.dataset))
        case Succeeded() | Failed():
            return Failure(ContentRemoved(execution_id))
        case _:
            assert_never(report.execution)


def _content(
    submission: Submission, digest: Digest, read: Callable[[UUID], Awaitable[StoredBody | None]]
) -> StoredContent:
    async def fetch() -> Result[StoredBody, ContentRemoved]:
        body = await read(submission.id)
        return Failure(ContentRemoved(submission.id)) if body is None else Success(body)

    return StoredContent(submission, digest, fetch)
